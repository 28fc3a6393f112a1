"""Removes what is left of deleted text in the database's files.

SQLite overwrites deleted rows (`secure_delete`), yet their words stay in three places: in the
search index until its segments are merged (before SQLite 3.42, which has an option for it), in
stale copies that a page keeps of rows which moved to its neighbour when it was split (measured:
1 in 100 rows of a file filled in random order), and in the write-ahead log until it is emptied.

Merging and emptying are done in small steps beside capture. Only writing the file anew is sure to
leave no stale copies; the writer waits for that, so that big files are rewritten less often.
"""

import asyncio

from guildwatch.store.database import Database
from guildwatch.store.index import ERASES_AT_ONCE

_PAUSE = 0.005  # between steps, so that the writer's next user comes in
_MERGED_PAGES = 64


class Erasure:
    """Cleans the files after deletions; the database itself notes whether that is needed.

    `written` is how many bytes the last cleaning wrote anew, 0 if it did not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._merged = 0
        self.written = 0

    async def size(self) -> int:
        """How many bytes the database file has."""
        return (await asyncio.to_thread(self._database.path.stat)).st_size

    async def erase(self, *, rewriting: bool = True) -> bool:
        """Cleans if needed. False when there is more to do: try again.

        That is so when a reader is in the way, when text went meanwhile, or where the file had to
        be rewritten, which is done only if `rewriting`. After True no deleted text is in the
        database file or beside it.
        """
        self.written = 0
        traces = await self._traces()
        if traces == 0:
            return True
        if not ERASES_AT_ONCE and traces != self._merged:
            await self._merge()
            self._merged = traces
        if rewriting:
            await self._pack()
        if not await self._empty_log() or not rewriting:
            return False
        async with self._database.transaction() as transaction:
            await transaction.execute("UPDATE upkeep SET traces = traces - ?", (traces,))
        self._merged = 0
        return await self._traces() == 0

    async def _traces(self) -> int:
        ((traces,),) = await self._database.rows("SELECT traces FROM upkeep")
        return int(traces)

    async def _merge(self) -> None:
        """Merges the search index into one segment, in which deleted words have no place.

        The first, negative step starts it; a step that changes less than two rows was the last
        (https://sqlite.org/fts5.html#the_merge_command).
        """
        pages = -_MERGED_PAGES
        while True:
            async with self._database.writer() as connection:
                before = connection.total_changes
                await connection.execute(
                    "INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', ?)", (pages,)
                )
                if connection.total_changes - before < 2:
                    return
            pages = _MERGED_PAGES
            await asyncio.sleep(_PAUSE)

    async def _pack(self) -> None:
        """Writes every page anew (about 150 MB a second): no stale copies, no free pages.

        What SQLite copies them through is a file without a name. It belongs beside the database:
        the system's folder for such files may be small, in memory, or on a disk that is not private
        (https://sqlite.org/pragma.html#pragma_temp_store_directory).
        """
        folder = str(self._database.path.parent).replace("'", "''")
        async with self._database.writer() as connection:
            await connection.executescript(
                f"PRAGMA temp_store = FILE; PRAGMA temp_store_directory = '{folder}';"
            )
            try:
                await connection.execute("VACUUM")
            finally:
                await connection.executescript(
                    "PRAGMA temp_store_directory = ''; PRAGMA temp_store = MEMORY;"
                )
        self.written = await self.size()

    async def _empty_log(self) -> bool:
        async with self._database.writer() as connection:
            # It answers with a row: a statement left open would be in the way of the next VACUUM.
            await connection.execute_fetchall("PRAGMA busy_timeout = 200")
            try:
                ((busy, _, _),) = await connection.execute_fetchall(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )
            finally:
                await connection.execute_fetchall("PRAGMA busy_timeout = 5000")
            return not busy
