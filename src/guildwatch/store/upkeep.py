"""Background work on the file: deleting what is left of closed channels, and traces of text."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from guildwatch.model import Deletion
from guildwatch.store.database import Database
from guildwatch.store.erasure import Erasure

Bury = Callable[[Deletion], Awaitable[object]]

_log = logging.getLogger(__name__)
_CHUNK = 500
_PAUSE = 0.005  # between chunks, so that the writer's next user comes in
# Cleaning writes the whole file anew, so that where much is deleted the disk needs rests.
_BYTES_A_SECOND = 500_000
_SMALL = 64 * 1024 * 1024


class Upkeep:
    """Wakes when text was deleted, waits a moment (`quiet` seconds) for more, and cleans up."""

    def __init__(self, database: Database, bury: Bury, *, quiet: float = 2.0) -> None:
        self._database = database
        self._erasure = Erasure(database)
        self._bury = bury
        self._quiet = quiet
        self._cleaning = asyncio.Lock()
        self._work = asyncio.Event()
        self._work.set()  # the last run may have left some

    def wake(self) -> None:
        """Says that text was deleted or a channel closed."""
        self._work.set()

    async def run(self) -> None:
        """Cleans up whenever there is something to, until it is cancelled."""
        while True:
            await self._work.wait()
            await asyncio.sleep(self._quiet)
            self._work.clear()
            try:
                if not await self.clean():
                    self._work.set()
                await asyncio.sleep(self._erasure.written / _BYTES_A_SECOND)
            except Exception:  # noqa: BLE001 - the top of a task that has to live on
                _log.exception("Cleaning up after deletions failed; it is done at the next one")

    async def clean(self) -> bool:
        """Cleans up at once; False when something was in the way."""
        async with self._cleaning:
            await self._sweep()
            return await self._erasure.erase()

    async def finish(self) -> None:
        """Cleans up before the store closes, unless that would take long: the next start does."""
        if await self._erasure.size() <= _SMALL:
            await self.clean()

    async def _sweep(self) -> None:
        """Deletes what is left in closed channels, a chunk at a time."""
        for channel in await self._database.rows("SELECT id FROM channels WHERE closed = 1"):
            await self._sweep_channel(channel["id"])

    async def _sweep_channel(self, channel_id: int) -> None:
        last = 0
        while records := await self._database.rows(
            "SELECT id, guild_id FROM messages WHERE channel_id = ? AND id > ? "
            "AND text IS NOT NULL ORDER BY id LIMIT ?",
            (channel_id, last, _CHUNK),
        ):
            last = records[-1]["id"]
            ids = tuple(record["id"] for record in records)
            await self._bury(Deletion(records[0]["guild_id"], channel_id, ids))
            await asyncio.sleep(_PAUSE)
        async with self._database.transaction() as transaction:
            await transaction.execute("UPDATE channels SET closed = 2 WHERE id = ?", (channel_id,))
