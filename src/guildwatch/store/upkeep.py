"""Background work on the file: deleting what is left of closed channels, and traces of text."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from guildwatch.model import Deletion
from guildwatch.store.database import Database
from guildwatch.store.erasure import Erasure

Bury = Callable[[Deletion], Awaitable[object]]

_log = logging.getLogger(__name__)
_CHUNK = 500
_PAUSE = 0.005  # between chunks, so that the writer's next user comes in
_SMALL = 64 * 1024 * 1024


class Allowance:
    """How often a file may be written anew where much is deleted, for disk and capture to rest.

    Two or more at once, as long as they are a gigabyte together, and a megabyte a second on the
    long run. One above 1.5 GB, for which capture would wait more than ten seconds each time, is
    rewritten once a day.
    """

    BURST = 1_000_000_000
    RATE = 1_000_000
    LARGE = 1_500_000_000
    DAY = 86_400.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._saved = float(self.BURST)
        self._since = clock()

    def wait(self, size: int) -> float:
        """How many seconds it is until a file of this size may be rewritten."""
        now = self._clock()
        rate = self.RATE if size <= self.LARGE else self.BURST / self.DAY
        self._saved = min(self.BURST, self._saved + (now - self._since) * rate)
        self._since = now
        return max(0.0, (min(size, self.BURST) - self._saved) / rate)

    def spend(self, size: int) -> None:
        """Notes that a file of this size was rewritten."""
        self._saved -= min(size, self.BURST)


class Upkeep:
    """Wakes when text was deleted, waits a moment (`quiet` seconds) for more, and cleans up."""

    def __init__(self, database: Database, bury: Bury, *, quiet: float = 2.0) -> None:
        self._database = database
        self._erasure = Erasure(database)
        self._allowance = Allowance()
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
        again: float | None = None
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(again):
                    await self._work.wait()
            await asyncio.sleep(self._quiet)
            self._work.clear()
            again = None
            try:
                again = await self._attend()
            except Exception:  # noqa: BLE001 - the top of a task that has to live on
                _log.exception("Cleaning up after deletions failed; it is done at the next one")

    async def clean(self, *, rewriting: bool = True) -> bool:
        """Cleans up at once; False when something was in the way, or the file is not rewritten."""
        async with self._cleaning:
            await self._sweep()
            return await self._erasure.erase(rewriting=rewriting)

    async def finish(self) -> None:
        """Cleans up before the store closes, unless that would take long: the next start does."""
        if await self._erasure.size() <= _SMALL:
            await self.clean()

    async def _attend(self) -> float | None:
        """Cleans as far as may be now; gives after how many seconds to go on, None if all is."""
        wait = self._allowance.wait(await self._erasure.size())
        is_clean = await self.clean(rewriting=wait == 0)
        self._allowance.spend(self._erasure.written)
        return None if is_clean else wait

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
