"""How much room the store takes."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from guildwatch.store.database import Database
from guildwatch.store.explaining import unusable


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the `database` file, of which `free` are unused, its write-ahead `log`, the file of
    `tombstones`, and the automatic `backups` together; `disk_free` is the room left on its disk.
    """

    database: int
    free: int
    log: int
    tombstones: int
    backups: int
    disk_free: int


async def measure(database: Database, tombstones: Path, backups: Path) -> Sizes:
    """The sizes now. Raises StoreError when the database cannot be read."""
    ((free,),) = await database.rows(
        "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
    )
    log = database.path.with_name(database.path.name + "-wal")
    try:
        file, *others = await asyncio.to_thread(_look, database.path, log, tombstones, backups)
    except OSError as error:
        raise unusable(database.path, "looked at", error) from error
    return Sizes(file, free, *others)


def _look(database: Path, log: Path, tombstones: Path, backups: Path) -> list[int]:
    files = [_size(one) for one in (database, log, tombstones)]
    kept = sum(_size(one) for one in (backups.iterdir() if backups.is_dir() else ()))
    return [*files, kept, shutil.disk_usage(database.parent).free]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
