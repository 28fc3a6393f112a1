"""Brings a database to the shape that this program knows, one numbered script at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import aiosqlite

from guildwatch.store.backup import APPLICATION_ID, back_up_automatically
from guildwatch.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Migration:
    """One script; a database whose `user_version` is below `number` still needs it."""

    number: int
    script: str


def packaged() -> tuple[Migration, ...]:
    """The program's own migrations in their order."""
    folder = files("guildwatch.store") / "migrations"
    scripts = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".sql")), key=lambda one: one.name
    )
    return tuple(Migration(int(one.name[:3]), one.read_text("utf-8")) for one in scripts)


async def migrate(
    connection: aiosqlite.Connection,
    path: Path,
    migrations: Sequence[Migration],
    *,
    backups_kept: int,
) -> None:
    """Applies what is missing, after a backup where there is something to lose.

    Each script is applied whole or not at all. `backups_kept` 0 takes no backup.
    """
    version = await version_of(connection, path, newest=migrations[-1].number)
    missing = [one for one in migrations if one.number > version]
    if missing and version > 0 and backups_kept > 0:
        await back_up_automatically(path, f"version-{version}", kept=backups_kept)
    for one in missing:
        await _apply(connection, one)


async def version_of(connection: aiosqlite.Connection, path: Path, *, newest: int) -> int:
    """The number of the last migration applied to a database, 0 for an empty file.

    Raises StoreError for a database that is not ours or is newer than `newest`.
    """
    ((owner, version, tables),) = await connection.execute_fetchall(
        "SELECT (SELECT application_id FROM pragma_application_id),"
        " (SELECT user_version FROM pragma_user_version),"
        " (SELECT count(*) FROM sqlite_schema)"
    )
    if owner != APPLICATION_ID and (owner or version or tables):
        raise StoreError(
            f"The file {path} is not a guildwatch database: "
            "move it away or name another folder with --data-dir."
        )
    if version > newest:
        raise StoreError(
            f"The database {path} was written by a newer guildwatch (its version is {version}, "
            f"this program knows {newest}): update guildwatch or restore an older backup."
        )
    return int(version)


async def _apply(connection: aiosqlite.Connection, migration: Migration) -> None:
    try:
        await connection.executescript(
            f"BEGIN IMMEDIATE; {migration.script}\n"
            f"PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {migration.number}; COMMIT;"
        )
    except BaseException:
        await connection.rollback()
        raise
