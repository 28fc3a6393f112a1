"""How much room the store takes."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from guildwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the `database` file, of which `free` are unused, its write-ahead `log`, the file of
    `tombstones`, and the automatic `backups` together.
    """

    database: int
    free: int
    log: int
    tombstones: int
    backups: int


async def measure(database: Database, tombstones: Path, backups: Path) -> Sizes:
    """The sizes now. Raises StoreError when the database cannot be read."""
    ((free,),) = await database.rows(
        "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
    )
    log = database.path.with_name(database.path.name + "-wal")
    files = await asyncio.to_thread(
        lambda: (
            [_size(one) for one in (database.path, log, tombstones)]
            + [sum(_size(one) for one in (backups.iterdir() if backups.is_dir() else ()))]
        )
    )
    return Sizes(files[0], free, *files[1:])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
