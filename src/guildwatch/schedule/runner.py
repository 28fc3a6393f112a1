"""Runs the schedule: looks at the clock, enters what is due, and has it written and posted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial

from guildwatch.model import Clock, GuildSettings, GuildwatchError, LedgerEntry, PeriodKind
from guildwatch.schedule.calendar import ScheduleError
from guildwatch.schedule.planner import Planner
from guildwatch.schedule.rolling import next_ready
from guildwatch.schedule.steps import (
    CheckStep,
    GiveUpStep,
    GuildList,
    PostStep,
    WriteStep,
    nobody_told,
    nothing_known,
)
from guildwatch.schedule.worker import Patience, Steps, Worker
from guildwatch.store import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuildState:
    """Where a guild's schedule stands.

    `waiting` counts open entries other than the one worked on; `trouble` is a sentence about
    what keeps its schedule from being kept, empty when nothing does. `dues` tells when the next
    report of each kind comes that its admins asked for.
    """

    next_due: datetime | None
    working: LedgerEntry | None
    waiting: int
    trouble: str
    dues: Mapping[PeriodKind, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Blocked:
    """An entry that somebody must clear the way for, and the `revision` of the guilds then."""

    key: str
    revision: int


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
        check: CheckStep = nothing_known,
        give_up: GiveUpStep = nobody_told,
        tick: float = 1.0,
        patience: Patience | None = None,
    ) -> None:
        self._store = store
        self._roster = roster
        self._planner = Planner(store.ledger, time=time, zone=zone)
        self._worker = Worker(
            store.ledger,
            Steps(write, post, check, give_up),
            clock=clock,
            patience=patience or Patience(),
        )
        self._clock = clock
        self._tick = tick
        self._woken = asyncio.Event()
        self._dues: dict[int, Mapping[PeriodKind, datetime]] = {}
        self._working: dict[int, LedgerEntry] = {}
        self._blocked: dict[int, _Blocked] = {}
        self._tried: set[int] = set()
        self._waiting: dict[int, int] = {}
        self._trouble: dict[int, str] = {}
        self._clock_trouble: dict[int, str] = {}
        self._look_trouble = ""

    def wake(self) -> None:
        """Make it look at once: settings changed, or Discord is back."""
        self._woken.set()

    def next_due(self, guild_id: int) -> datetime | None:
        """When a guild's next daily report is due, None before it was first looked at."""
        return self._dues.get(guild_id, {}).get(PeriodKind.DAY)

    def state(self, guild_id: int) -> GuildState:
        """Where a guild's schedule stands, as of the last look."""
        return GuildState(
            self.next_due(guild_id),
            self._working.get(guild_id),
            self._waiting.get(guild_id, 0),
            self._trouble.get(guild_id, "")
            or self._clock_trouble.get(guild_id, "")
            or self._look_trouble,
            self._dues.get(guild_id, {}),
        )

    async def enter_due(self, settings: GuildSettings) -> None:
        """Enter what is due by these settings: called before a guild's settings change.

        Raises `StoreError` where it cannot be saved.
        """
        try:
            await self._planner.plan(settings, self._clock())
        except ScheduleError as error:  # the zone that was chosen before is no more
            _log.warning(
                "Guild %d had a schedule that cannot be kept: %s", settings.guild_id, error
            )

    async def look_back(self) -> None:
        """Close what became due while the bot was away: before Discord can tell that it is back."""
        await self._safely(self._pass_over_left)

    async def run(self) -> None:
        """Keep the schedule until cancelled."""
        async with asyncio.TaskGroup() as workers:
            while True:
                await self._safely(partial(self._look, workers))
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._tick):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def _safely(self, look: Callable[[], Awaitable[None]]) -> None:
        try:
            await look()
            self._look_trouble = ""
        except Exception as error:  # noqa: BLE001 - the schedule must outlive a store in trouble
            trouble = _sentence(error)
            if trouble != self._look_trouble:
                _log.exception("The schedule could not be looked at.")
            self._look_trouble = trouble

    async def _look(self, workers: asyncio.TaskGroup) -> None:
        guild_ids = [guild.id for guild in self._roster.guilds()]
        await self._pass_over_left()
        await self._enter(guild_ids)
        # Who is busy now may be done by the time the entries are read, and these then be stale.
        busy = set(self._working)
        by_guild: dict[int, list[LedgerEntry]] = {guild_id: [] for guild_id in guild_ids}
        for entry in await self._store.ledger.open_entries():
            by_guild.get(entry.guild_id, []).append(entry)
        for guild_id, entries in by_guild.items():
            if guild_id not in busy and (ready := self._ready(guild_id, entries)):
                self._working[guild_id] = ready
                workers.create_task(self._work(ready, entries))
            self._waiting[guild_id] = max(0, len(entries) - (guild_id in self._working))

    async def _enter(self, guild_ids: Collection[int]) -> None:
        """Enter what these guilds owe, and from when on the others of them all will owe it."""
        settings, now = await self._store.settings.all(), self._clock()
        for guild in self._roster.joined():
            chosen = settings.get(guild.id) or GuildSettings(guild.id)
            if guild.id in guild_ids:
                await self._plan(chosen, now)
            else:
                await self._begin(chosen, now)

    def _ready(self, guild_id: int, entries: Sequence[LedgerEntry]) -> LedgerEntry | None:
        return next_ready(entries, self._clock(), cleared=self._cleared(guild_id, entries))

    def _cleared(self, guild_id: int, entries: Sequence[LedgerEntry]) -> Collection[str]:
        """The keys of what need not wait: something has changed since it was blocked."""
        if guild_id not in self._tried:  # a start: nobody knows what was changed before it
            self._tried.add(guild_id)
            return {entry.key for entry in entries if not entry.failures}
        blocked = self._blocked.get(guild_id)
        is_cleared = blocked is not None and blocked.revision != self._roster.revision
        return {blocked.key} if blocked is not None and is_cleared else ()

    async def _plan(self, settings: GuildSettings, now: datetime) -> None:
        guild_id = settings.guild_id
        try:
            if guild_id not in self._working:  # what is being worked on must stay as it is
                await self._take_back(guild_id, now)
            self._dues[guild_id] = await self._planner.plan(settings, now)
            self._trouble.pop(guild_id, None)
        except GuildwatchError as error:
            if self._trouble.get(guild_id) != str(error):
                _log.warning("The schedule of guild %d cannot be kept: %s", guild_id, error)
            self._trouble[guild_id] = str(error)

    async def _begin(self, settings: GuildSettings, now: datetime) -> None:
        try:
            await self._planner.begin(settings, now)
        except ScheduleError as error:
            _log.debug("The schedule of guild %d cannot begin: %s", settings.guild_id, error)

    async def _pass_over_left(self) -> None:
        settings, now = await self._store.settings.all(), self._clock()
        left_ids = await self._store.retention.left()
        self._planner.forget_all_but({*left_ids, *(guild.id for guild in self._roster.joined())})
        for guild_id in left_ids:
            await self._pass_over(settings.get(guild_id) or GuildSettings(guild_id), now)

    async def _pass_over(self, settings: GuildSettings, now: datetime) -> None:
        try:
            await self._planner.pass_over(settings, now)
        except ScheduleError as error:
            _log.debug("The schedule of guild %d is not kept: %s", settings.guild_id, error)

    async def _take_back(self, guild_id: int, now: datetime) -> None:
        """Put right what a clock that was ahead has done, and say so as long as it matters."""
        until = await self._planner.foretold(guild_id, now)
        if until is not None and guild_id not in self._clock_trouble:
            sentence = (
                f"Reports up to {until:%Y-%m-%d %H:%M} UTC are posted already, which is still to "
                "come by this machine's clock: set the clock right. Nothing is posted twice."
            )
            self._clock_trouble[guild_id] = sentence
            await self._store.incidents.begin(guild_id, "clock", "schedule", sentence)
        elif until is None and self._clock_trouble.pop(guild_id, ""):
            await self._store.incidents.end(guild_id, "clock", "schedule")

    async def _work(self, entry: LedgerEntry, waiting: Sequence[LedgerEntry]) -> None:
        revision = self._roster.revision
        try:
            self._blocked.pop(entry.guild_id, None)
            if blocked := await self._worker.work(entry, waiting):
                self._blocked[entry.guild_id] = _Blocked(blocked.key, revision)
            else:
                self.wake()  # The guild's next one need not wait for the tick.
        except Exception:  # noqa: BLE001 - the ledger could not be written: it is taken up again
            _log.exception("The report %s could not be worked on.", entry.key)
        finally:
            del self._working[entry.guild_id]


def _sentence(error: Exception) -> str:
    if isinstance(error, GuildwatchError):
        return str(error)
    return f"The schedule stands still by an unexpected {type(error).__name__}: see the log."
