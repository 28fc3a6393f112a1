"""Puts a backup in a database's place: prepared beside it, then one rename.

Killed at any moment, this leaves the old database or the new one, each whole.
"""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from guildwatch.model import Clock
from guildwatch.store.backup import (
    BackupSummary,
    automatic_place,
    back_up,
    trim_backups,
    verified,
)
from guildwatch.store.durable import settle
from guildwatch.store.errors import DamagedError, StoreError
from guildwatch.store.migration import packaged
from guildwatch.store.store import Store

RESTORED_AT = "restored_at"
_OWN_FILES = ("-wal", "-shm", "-journal")


async def prepare_restore(
    backup: Path, database: Path, *, clock: Clock
) -> tuple[BackupSummary, BackupSummary]:
    """Copies and verifies a backup beside a database, and makes the copy ready to take its place.

    It is brought up to date, and what was deleted since it was taken is removed from it. Gives what
    it held and what it holds now. Raises
    DamagedError when the backup is not a sound guildwatch database, StoreError when it was written
    by a newer guildwatch or there is no room.
    """
    backup, copy = await asyncio.to_thread(backup.absolute), _beside(database)
    await drop_restore(database)
    if await asyncio.to_thread(_is_same, backup, database):
        raise StoreError(f"{backup} is the database itself: name a backup.")
    summary = await back_up(backup, copy, live=False)
    newest = packaged()[-1].number
    if summary.version > newest:
        await drop_restore(database)
        raise StoreError(
            f"{backup} was written by a newer guildwatch (its version is {summary.version}, this "
            f"program knows {newest}): update guildwatch or restore an older backup."
        )
    async with Store.open(copy, clock=clock, backups_kept=0) as store:
        await store.facts.note(RESTORED_AT, clock())
        await store.tidy()
    await asyncio.to_thread(_fold_log, copy)
    return summary, await asyncio.to_thread(verified, copy, backup)


async def finish_restore(database: Path, *, kept: int) -> Path | None:
    """Puts what was prepared in the database's place; gives where the old one is kept, if any.

    The old one becomes one of `kept` automatic backups, even if it is damaged; its name says so.
    Raises StoreError when another program is reading it.
    """
    there = await asyncio.to_thread(database.exists)
    old = await _keep_old(database) if there else None
    try:
        await asyncio.to_thread(_swap, _beside(database), database)
    except OSError as error:
        raise StoreError(
            f"{database} cannot be replaced ({error.strerror}): "
            "see that no other program uses it, and try again."
        ) from error
    if old is not None:
        await asyncio.to_thread(trim_backups, old.parent, kept)
    return old


async def drop_restore(database: Path) -> None:
    """Removes what a restore that did not come to its end has left beside a database."""
    await asyncio.to_thread(_drop, database)


async def _keep_old(database: Path) -> Path:
    place = await asyncio.to_thread(automatic_place, database, "replaced")
    try:
        await back_up(database, place)
        await asyncio.to_thread(_fold_log, database)
    except DamagedError:
        place = place.with_name(place.name.replace("-replaced.", "-replaced-damaged."))
        await asyncio.to_thread(_copy_as_it_is, database, place)
    return place


def _beside(database: Path) -> Path:
    return database.with_name("restoring.db")


def _is_same(backup: Path, database: Path) -> bool:
    return database.exists() and backup.exists() and backup.samefile(database)


def _drop(database: Path) -> None:
    copy = _beside(database)
    try:
        for file in (copy, *_own_files(copy), *copy.parent.glob(f".{copy.name}.*.part*")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{copy} is left of a restore and cannot be removed ({error.strerror}): remove it."
        ) from error


def _own_files(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in _OWN_FILES]


def _fold_log(database: Path) -> None:
    """Brings what only the write-ahead log has into the database, which then is whole alone.

    A log left beside another database would be taken for its own.
    """
    uri = f"{database.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=1.0)) as connection:
            ((busy, _, _),) = connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"{database} could not be written ({error}): check that its disk has room."
        ) from error
    except sqlite3.DatabaseError as error:
        raise DamagedError(f"{database} is damaged ({error}).") from error
    if busy:
        raise StoreError(
            f"Another program is reading {database}: end it (a report? an export?) and try again."
        )


def _copy_as_it_is(database: Path, place: Path) -> None:
    """Copies what is damaged, with its log, for whoever wants to save something from it."""
    for end in ("-wal", ""):
        file, copy = database.with_name(database.name + end), place.with_name(place.name + end)
        if file.exists():
            copy.touch(mode=0o600)
            shutil.copyfile(file, copy)
            settle(copy)


def _swap(new: Path, database: Path) -> None:
    for file in _own_files(database):
        file.unlink(missing_ok=True)
    os.replace(new, database)  # noqa: PTH105 - the word says what counts
    settle(database.parent)
