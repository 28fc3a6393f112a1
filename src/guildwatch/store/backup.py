"""Copies of a database: taken while it is written, verified, and whole or not there at all."""

import asyncio
import os
import re
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guildwatch.model import created_at
from guildwatch.store.durable import settle
from guildwatch.store.errors import DamagedError, StoreError
from guildwatch.store.explaining import SQLITE_ERRORS, problem
from guildwatch.store.integrity import UNFIT_INDEX, full_findings, renew_search_index

APPLICATION_ID = 0x67756C64
""" "guld" in the file's header: how a database is known to be ours."""

BACKUPS_KEPT = 3
_STAMP = "%Y%m%dT%H%M%S%f"
_AUTOMATIC = re.compile(r".+-(\d{8}T\d{12})-(?:version-\d+|replaced(?:-damaged)?)\.db(?:-wal)?")
_PART = re.compile(r"\..+\.part(?:-\w+)?")
_PART_IS_LEFT_AFTER = timedelta(hours=1)
# A megabyte a step and a short rest: the copy takes a part of the disk's time and not all of it.
_PAGES_A_STEP = 256
_REST = 0.002


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a verified backup holds; `size` in bytes, `newest` is when its last message was sent.

    `version` is that of its tables, the number of the last migration applied.
    """

    size: int
    version: int
    messages: int
    guilds: int
    newest: datetime | None


async def back_up(
    source: Path, target: Path, *, force: bool = False, live: bool = True
) -> BackupSummary:
    """Copies a database that may be written meanwhile, and verifies the copy.

    The copy is as the source was at one moment, and a single file for its owner only. It gets its
    name when it has been verified. `force` lets it replace a file; `live` says that another process
    may be writing the source.
    Raises DamagedError when the source is not a sound guildwatch database, and StoreError when the
    target is there already or cannot be written.
    """
    stop = threading.Event()
    copying = asyncio.ensure_future(
        asyncio.to_thread(_backed_up, source, target, force, live, stop)
    )
    try:
        return await asyncio.shield(copying)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([copying])  # no file stays in use
        if copying.exception() is None and not force:
            await asyncio.to_thread(target.unlink, missing_ok=True)  # it had just got its name
        raise


async def back_up_automatically(path: Path, why: str, *, kept: int = BACKUPS_KEPT) -> Path:
    """Copies a database into the folder `backups` beside it; gives the copy's path.

    `why` stands in its name. Of all automatic backups the newest `kept` stay.
    """
    copy = await asyncio.to_thread(automatic_place, path, why)
    await back_up(path, copy)
    await asyncio.to_thread(trim_backups, copy.parent, kept)
    return copy


def automatic_place(path: Path, why: str) -> Path:
    """Where an automatic backup of a database goes now; its folder is there then."""
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{path.stem}-{datetime.now(UTC).strftime(_STAMP)}-{why}.db"


async def expire_backups(folder: Path, before: datetime) -> int:
    """Removes the automatic backups taken before a moment (UTC); gives how many files went.

    Files that guildwatch did not name itself stay. Half a copy that a kill left goes too.
    """
    return await asyncio.to_thread(_expire, folder, before)


def trim_backups(folder: Path, kept: int) -> None:
    """Removes all automatic backups but the newest `kept`."""
    moments = sorted({moment for moment, _ in _automatic(folder)})[-kept:]
    for moment, file in _automatic(folder):
        if moment not in moments:
            file.unlink(missing_ok=True)


def _expire(folder: Path, before: datetime) -> int:
    try:
        gone = [file for moment, file in _automatic(folder) if moment < before]
        gone += _left_parts(folder)
        for file in gone:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"Old backups in {folder} cannot be removed ({error.strerror}): mend its permissions."
        ) from error
    return len(gone)


def _automatic(folder: Path) -> list[tuple[datetime, Path]]:
    if not folder.is_dir():
        return []
    found = ((_AUTOMATIC.fullmatch(file.name), file) for file in folder.iterdir())
    return [
        (datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), file)
        for match, file in found
        if match
    ]


def _left_parts(folder: Path, name: str = "") -> Iterator[Path]:
    oldest = (datetime.now(UTC) - _PART_IS_LEFT_AFTER).timestamp()
    for file in folder.iterdir() if folder.is_dir() else ():
        if _PART.fullmatch(file.name) and file.name.startswith(f".{name}"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < oldest:
                    yield file


def _backed_up(
    source: Path, target: Path, force: bool, live: bool, stop: threading.Event
) -> BackupSummary:
    source, target = source.absolute(), target.absolute()
    try:
        _check_places(source, target, force)
        part = _new_part(target)
        try:
            _copy(source, part, live, stop)
            summary = verified(part, source)
            if stop.is_set():
                raise InterruptedError
            _give_name(part, target, force)
        finally:
            _remove(part)
    except OSError as error:
        raise _unwritable(target, error.strerror or str(error)) from error
    return summary


def _check_places(source: Path, target: Path, force: bool) -> None:
    if not source.is_file():
        raise StoreError(f"There is no database at {source}: check how it is written.")
    if target.exists() and target.samefile(source):
        raise StoreError(f"{target} is the database itself: name another file.")
    if target.name in {f"{source.name}{end}" for end in ("-wal", "-shm", "-journal")}:
        raise _unwritable(target, "SQLite keeps its own files under such names")
    if not os.path.lexists(target):
        return
    if not force:
        raise _taken(target)
    if not target.is_file():
        raise _unwritable(target, "it is not a plain file")
    if target.suffix != ".db" and target.parent.samefile(source.parent):
        raise _unwritable(target, "guildwatch keeps files of its own there")


def _new_part(target: Path) -> Path:
    for file in list(_left_parts(target.parent, target.name)):
        file.unlink(missing_ok=True)
    prefix = f".{target.name[:100]}."
    number, name = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=target.parent)
    os.close(number)
    return Path(name)


def _copy(source: Path, part: Path, live: bool, stop: threading.Event) -> None:
    def rest(*_: int) -> None:
        if stop.wait(_REST):
            raise InterruptedError

    try:
        with closing(_opened(source, live)) as origin, closing(_connected(part)) as copy:
            # One snapshot from here on: without it each write by another process begins it anew.
            origin.execute("BEGIN")
            origin.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            origin.backup(copy, pages=_PAGES_A_STEP, progress=rest)
            # A single file that can be read where nothing can be written.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"{source} could not be copied ({error}): check that there is room beside the copy, "
            "and that both can be read and written."
        ) from error
    except SQLITE_ERRORS as error:
        raise _damaged(source, problem(error)) from error


def _opened(path: Path, live: bool) -> sqlite3.Connection:
    still = not live and not path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.as_uri()}?mode=ro" + ("&immutable=1" if still else "")
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def verified(part: Path, source: Path) -> BackupSummary:
    """What a copy holds, once all of it was looked at. Sentences name the source.

    Raises DamagedError when something is wrong with it or it is no guildwatch database.
    """
    _require_ours(part, source)
    problems = full_findings(part)
    if problems == [UNFIT_INDEX]:  # nothing is lost, and the copy need not inherit it
        renew_search_index(part)
        problems = full_findings(part)
    if problems:
        raise _damaged(source, problems[0].splitlines()[-1][:200])  # else it is a page of pages
    return _summary(part)


def _require_ours(part: Path, source: Path) -> None:
    try:
        with closing(_connected(part)) as copy:
            ((owner,),) = copy.execute("PRAGMA application_id")
    except sqlite3.DatabaseError as error:
        raise _damaged(source, str(error)) from error
    if owner != APPLICATION_ID:
        raise DamagedError(f"{source} is not a guildwatch database: name another file.")


def _summary(part: Path) -> BackupSummary:
    with closing(_connected(part)) as copy:
        ((version, messages, guilds, newest),) = copy.execute(
            "SELECT (SELECT user_version FROM pragma_user_version),"
            " (SELECT count(*) FROM messages WHERE text IS NOT NULL),"
            " (SELECT count(*) FROM guilds),"
            " (SELECT max(id) FROM messages WHERE text IS NOT NULL)"
        )
    return BackupSummary(
        part.stat().st_size, version, messages, guilds, newest and created_at(newest)
    )


def _give_name(part: Path, target: Path, force: bool) -> None:
    settle(part)
    if not force:
        try:
            os.link(part, target)  # unlike a rename it replaces nothing
        except FileExistsError as error:
            raise _taken(target) from error
        except OSError:  # a file system without links
            _check_places(part, target, force)
            part.replace(target)
    else:
        part.replace(target)
    settle(target.parent)


def _remove(part: Path) -> None:
    for end in ("", "-journal", "-wal", "-shm"):
        part.with_name(part.name + end).unlink(missing_ok=True)


def _damaged(path: Path, problem: str) -> DamagedError:
    return DamagedError(f"{path} is damaged ({problem}): restore a backup that is sound.")


def _taken(target: Path) -> StoreError:
    return StoreError(f"{target} is there already: name another file, or say --force.")


def _unwritable(target: Path, reason: str) -> StoreError:
    return StoreError(f"{target} cannot be written ({reason}): name another file.")
