"""Runs the schedule: looks at the clock, enters what is due, and has it written and posted."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, time

from guildwatch.model import Clock, GuildSettings, GuildwatchError, LedgerEntry
from guildwatch.schedule.planner import Planner
from guildwatch.schedule.steps import GuildList, PostStep, WriteStep
from guildwatch.schedule.worker import Worker, next_ready
from guildwatch.store import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuildState:
    """Where a guild's schedule stands.

    `waiting` counts open entries other than the one worked on; `trouble` is a sentence about
    what keeps its schedule from being kept, empty when nothing does.
    """

    next_due: datetime | None
    working: LedgerEntry | None
    waiting: int
    trouble: str


class Runner:
    """Sees to it that each guild's reports are written and posted when they are due.

    It looks at the clock every `tick` seconds and when woken, so that the clock may run fast or
    jump. Guilds are worked on side by side, each guild's reports one after the other, oldest
    first. Cancelling `run` stops it; what was being done is taken up by the next one.
    """

    def __init__(
        self,
        store: Store,
        roster: GuildList,
        *,
        time: time,
        zone: str,
        write: WriteStep,
        post: PostStep,
        clock: Clock,
        tick: float = 1.0,
    ) -> None:
        self._store = store
        self._roster = roster
        self._planner = Planner(store.ledger, time=time, zone=zone)
        self._worker = Worker(store.ledger, write=write, post=post, clock=clock)
        self._clock = clock
        self._tick = tick
        self._woken = asyncio.Event()
        self._next_due: dict[int, datetime] = {}
        self._working: dict[int, LedgerEntry] = {}
        self._waiting: dict[int, int] = {}
        self._trouble: dict[int, str] = {}
        self._look_trouble = ""

    def wake(self) -> None:
        """Make it look at once: settings changed, or Discord is back."""
        self._woken.set()

    def next_due(self, guild_id: int) -> datetime | None:
        """When a guild's next report is due, None before it was first looked at."""
        return self._next_due.get(guild_id)

    def state(self, guild_id: int) -> GuildState:
        """Where a guild's schedule stands, as of the last look."""
        return GuildState(
            self._next_due.get(guild_id),
            self._working.get(guild_id),
            self._waiting.get(guild_id, 0),
            self._trouble.get(guild_id, "") or self._look_trouble,
        )

    async def run(self) -> None:
        """Keep the schedule until cancelled."""
        async with asyncio.TaskGroup() as workers:
            while True:
                await self._look_safely(workers)
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._tick):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def _look_safely(self, workers: asyncio.TaskGroup) -> None:
        try:
            await self._look(workers)
            self._look_trouble = ""
        except Exception as error:  # noqa: BLE001 - the schedule must outlive a store in trouble
            trouble = _sentence(error)
            if trouble != self._look_trouble:
                _log.exception("The schedule could not be looked at.")
            self._look_trouble = trouble

    async def _look(self, workers: asyncio.TaskGroup) -> None:
        guild_ids = [guild.id for guild in self._roster.guilds()]
        settings = await self._store.settings.all()
        for guild_id in guild_ids:
            await self._plan(settings.get(guild_id) or GuildSettings(guild_id))
        # Who is busy now may be done by the time the entries are read, and these then be stale.
        busy = set(self._working)
        by_guild: dict[int, list[LedgerEntry]] = {guild_id: [] for guild_id in guild_ids}
        for entry in await self._store.ledger.open_entries():
            by_guild.get(entry.guild_id, []).append(entry)
        for guild_id, entries in by_guild.items():
            if guild_id not in busy and (ready := next_ready(entries, self._clock())):
                self._working[guild_id] = ready
                workers.create_task(self._work(ready))
            self._waiting[guild_id] = max(0, len(entries) - (guild_id in self._working))

    async def _plan(self, settings: GuildSettings) -> None:
        guild_id = settings.guild_id
        try:
            self._next_due[guild_id] = await self._planner.plan(settings, self._clock())
            self._trouble.pop(guild_id, None)
        except GuildwatchError as error:
            if self._trouble.get(guild_id) != str(error):
                _log.warning("The schedule of guild %d cannot be kept: %s", guild_id, error)
            self._trouble[guild_id] = str(error)

    async def _work(self, entry: LedgerEntry) -> None:
        try:
            await self._worker.work(entry)
            self.wake()  # The guild's next one need not wait for the tick.
        except Exception:  # noqa: BLE001 - the ledger could not be written: it is taken up again
            _log.exception("The report %s could not be worked on.", entry.key)
        finally:
            del self._working[entry.guild_id]


def _sentence(error: Exception) -> str:
    if isinstance(error, GuildwatchError):
        return str(error)
    return f"The schedule stands still by an unexpected {type(error).__name__}: see the log."
