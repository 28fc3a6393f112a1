"""Background work on the file: deleting what is left of closed channels, and traces of text.

SQLite overwrites deleted rows at once (`secure_delete`), but two places keep their words: the
search index, until its segments are merged (before SQLite 3.42, which has an option for it), and
the write-ahead log, until it is emptied.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable

from guildwatch.model import Deletion
from guildwatch.store.database import Database
from guildwatch.store.errors import StoreError

Bury = Callable[[Deletion], Awaitable[object]]

_log = logging.getLogger(__name__)
_CHUNK = 500
_PAUSE = 0.005  # between chunks, so that the writer's next user comes in
_QUIET_SECONDS = 2.0
_SHARE = 20  # cleaning takes at most a twentieth of the time: the index may be large
_MERGED_PAGES = 64
_ERASES_AT_ONCE = sqlite3.sqlite_version_info >= (3, 42)


class Upkeep:
    """Wakes when text was deleted, waits a moment for more, and cleans up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._work = asyncio.Event()
        self._work.set()  # a crash may have left some

    def wake(self) -> None:
        """Says that text was deleted or a channel closed."""
        self._work.set()

    async def run(self, bury: Bury) -> None:
        """Cleans up whenever there is something to, until it is cancelled."""
        while True:
            await self._work.wait()
            await asyncio.sleep(_QUIET_SECONDS)
            self._work.clear()
            begun = time.monotonic()
            try:
                await self.sweep(bury)
                if not await self.erase():
                    self._work.set()
            except StoreError:
                _log.exception("Cleaning up after deletions failed; it is tried again later")
                self._work.set()
            await asyncio.sleep(_SHARE * (time.monotonic() - begun))

    async def sweep(self, bury: Bury) -> None:
        """Deletes what is left in closed channels, a chunk at a time."""
        for channel in await self._database.rows("SELECT id FROM channels WHERE closed = 1"):
            await self._sweep_channel(channel["id"], bury)

    async def erase(self) -> bool:
        """Removes the traces of deleted text from index and log; False when a reader is in the way.

        Afterwards no deleted text is in the database file or beside it.
        """
        traces = await self._traces()
        if traces == 0:
            return True
        if not _ERASES_AT_ONCE:
            await self._merge()
        if not await self._empty_log():
            return False
        async with self._database.transaction() as transaction:
            await transaction.execute("UPDATE upkeep SET traces = 0 WHERE traces = ?", (traces,))
        return await self._traces() == 0

    async def _sweep_channel(self, channel_id: int, bury: Bury) -> None:
        last = 0
        while True:
            records = await self._database.rows(
                "SELECT id, guild_id FROM messages WHERE channel_id = ? AND id > ? "
                "AND text IS NOT NULL ORDER BY id LIMIT ?",
                (channel_id, last, _CHUNK),
            )
            if not records:
                break
            last = records[-1]["id"]
            ids = tuple(record["id"] for record in records)
            await bury(Deletion(records[0]["guild_id"], channel_id, ids))
            await asyncio.sleep(_PAUSE)
        async with self._database.transaction() as transaction:
            await transaction.execute("UPDATE channels SET closed = 2 WHERE id = ?", (channel_id,))

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

    async def _empty_log(self) -> bool:
        async with self._database.writer() as connection:
            await connection.execute("PRAGMA busy_timeout = 200")
            try:
                ((busy, _, _),) = await connection.execute_fetchall(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )
            finally:
                await connection.execute("PRAGMA busy_timeout = 5000")
            return not busy
