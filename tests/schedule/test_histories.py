"""Any history at all: the periods of each kind tile the time line, and each is accounted for.

A real store and a real planner and worker live through zone and time changes, weeks and months
switched on and off, stops at any point, clocks that jump, absences and lacking permissions.
"""

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from guildwatch.model import (
    Guild,
    GuildSettings,
    LedgerEntry,
    LedgerState,
    Part,
    PeriodKind,
    first_id_at,
)
from guildwatch.schedule import BlockedError, Patience, PostOutcome
from guildwatch.schedule.planner import Planner
from guildwatch.schedule.rolling import next_ready
from guildwatch.schedule.worker import Steps, Worker
from guildwatch.store import Store
from support.reports import empty_report

EXAMPLES = int(os.environ.get("GUILDWATCH_HISTORIES", "12"))
DAY, SPAN = PeriodKind.DAY, PeriodKind.SPAN
REASONS = ("rolled up into", "before ", "away", "not asked for", "silent")
# Whole hours, half an hour of daylight saving, a skipped day, and histories of changes.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Pyongyang",
    "Pacific/Kwajalein",
)
STARTS = (
    datetime(2011, 12, 20, 7, tzinfo=UTC),  # Samoa leaves out 30 December
    datetime(2024, 2, 20, 7, tzinfo=UTC),  # a leap day
    datetime(2024, 3, 25, 7, tzinfo=UTC),
    datetime(2024, 10, 1, 7, tzinfo=UTC),
)


class StoppedError(BaseException):
    """The program is killed."""


class Histories(RuleBasedStateMachine):
    """One guild; `now` is the program's clock, `real` Discord's."""

    @initialize(start=st.sampled_from(STARTS), zone=st.sampled_from(ZONES))
    def begin(self, start: datetime, zone: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.real = start
        self.ahead = timedelta()
        self.zone = zone
        self.is_away = self.is_blocked = False
        self.stops_in: int | None = None
        self.posts: list[str] = []
        self.settings = GuildSettings(1)
        self.stack = AsyncExitStack()
        self.do(self.start())
        self.do(self.store.guilds.save(Guild(1, "One", owner_id=1)))
        self.do(self.look())

    def do(self, work):
        return self.loop.run_until_complete(work)

    @property
    def now(self) -> datetime:
        return self.real + self.ahead

    async def start(self) -> None:
        path = Path(self.folder.name) / "guildwatch.db"
        self.store = await self.stack.enter_async_context(Store.open(path, clock=lambda: self.now))
        self.planner = Planner(self.store.ledger, time=time(), zone=self.zone)
        steps = Steps(self.write, self.post, self.check, self.give_up)
        self.worker = Worker(self.store.ledger, steps, clock=lambda: self.now, patience=Patience())

    def step(self) -> None:
        """A point at which the program may be killed."""
        if self.stops_in is not None:
            self.stops_in -= 1
            if self.stops_in < 0:
                raise StoppedError

    async def check(self, entry: LedgerEntry) -> PostOutcome | None:
        self.step()
        if self.is_blocked:
            raise BlockedError("I lack *Embed Links* there.")
        return None

    async def write(self, entry: LedgerEntry) -> int | None:
        self.step()
        if entry.period.end.day % 7 == 0 or entry.period.start >= self.real:
            return None  # nobody has said anything yet
        return await self.store.reports.save(empty_report(1, entry.period))

    async def post(self, entry: LedgerEntry) -> PostOutcome:
        """As the delivery: the part is noted before and after, and looked for when in doubt."""
        ledger = self.store.ledger
        parts = await ledger.parts(entry)
        self.step()
        if not parts:
            part = Part("glance", "nonce", 1, attempted_at=self.now)
            await ledger.save_part(entry, part)
            self.step()
            self.posts.append(f"{entry.period.kind}:{entry.period.start}")
            made = replace(part, message_id=first_id_at(self.real))
            self.step()
            await ledger.save_part(entry, made)
        elif parts[0].message_id is None:
            key = f"{entry.period.kind}:{entry.period.start}"
            if key not in self.posts:
                self.posts.append(key)
            made = replace(parts[0], message_id=first_id_at(self.real))
            await ledger.save_part(entry, made)
        self.step()
        return PostOutcome()

    async def give_up(self, entry: LedgerEntry, reason: str) -> None: ...

    async def look(self) -> None:
        """What the runner does until nothing is left to do at this moment."""
        if self.is_away:
            await self.planner.pass_over(self.settings, self.now)
            return
        await self.planner.foretold(1, self.now)
        self.dues = await self.planner.plan(self.settings, self.now)
        for _ in range(400):
            entries = await self.store.ledger.open_entries()
            ready = next_ready(entries, self.now)
            if ready is None:
                return
            await self.worker.work(ready, entries)
        raise AssertionError("it never comes to rest")

    @rule(hours=st.floats(0.1, 30))
    def time_passes(self, hours: float) -> None:
        self.real += timedelta(hours=hours)
        self.do(self.look())

    @rule(days=st.integers(2, 40))
    def it_sleeps(self, days: int) -> None:
        self.real += timedelta(days=days)
        self.do(self.look())

    @rule(hours=st.integers(-60, 60))
    def the_clock_is_set_wrong(self, hours: int) -> None:
        self.ahead = timedelta(hours=hours)
        self.do(self.look())

    @rule()
    def the_clock_is_set_right(self) -> None:
        self.ahead = timedelta()
        self.do(self.look())

    @rule(after=st.integers(0, 12), hours=st.floats(1, 100))
    def it_is_killed_while_it_works(self, after: int, hours: float) -> None:
        self.real += timedelta(hours=hours)
        self.stops_in = after
        with suppress(StoppedError):
            self.do(self.look())
        self.stops_in = None
        self.do(self.restart())
        self.do(self.look())

    async def restart(self) -> None:
        await self.stack.aclose()
        await self.start()

    @rule(zone=st.sampled_from(ZONES), at=st.times())
    def another_schedule(self, zone: str, at: time) -> None:
        self.choose(zone=zone, report_time=at.replace(microsecond=0))

    @rule(weekly=st.none() | st.integers(0, 6), monthly=st.booleans())
    def longer_ones_are_switched(self, weekly: int | None, monthly: bool) -> None:
        self.choose(weekly=weekly, monthly=monthly)

    def choose(self, **chosen: object) -> None:
        if not self.is_away:
            self.do(self.planner.plan(self.settings, self.now))
        self.settings = replace(self.settings, since=self.now, **chosen)
        self.do(self.look())

    @rule()
    def the_bot_is_removed_or_comes_back(self) -> None:
        self.do(self.look())
        self.is_away = not self.is_away
        self.do(self.look())

    @rule()
    def a_permission_is_taken_or_given(self) -> None:
        self.is_blocked = not self.is_blocked
        self.real += timedelta(hours=1, minutes=1)
        self.do(self.look())

    @invariant()
    def periods_of_each_kind_tile_the_time_line(self) -> None:
        entries = self.ledger()
        for kind in (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH):
            periods = [one.period for one in entries if one.period.kind is kind]
            assert all(one.start < one.end for one in periods)
            for earlier, later in pairwise(periods):
                assert later.start == earlier.end

    @invariant()
    def each_is_posted_once_or_has_its_reason(self) -> None:
        entries = {one.key: one for one in self.ledger()}
        assert len(self.posts) == len(set(self.posts))
        for one in entries.values():
            if one.state is LedgerState.CLOSED:
                assert one.reason.startswith(REASONS), one
            if one.reason.startswith("rolled up into "):
                assert one.reason.removeprefix("rolled up into ") in entries
        posted = [
            one.period
            for one in entries.values()
            if one.state is LedgerState.POSTED and one.period.kind in (DAY, SPAN)
        ]
        for earlier, later in pairwise(sorted(posted, key=lambda period: period.start)):
            assert later.start >= earlier.end

    @invariant()
    def what_waits_only_waits_for_a_permission_or_its_time(self) -> None:
        if self.is_away or self.is_blocked or self.ahead:
            return
        waiting = [one for one in self.ledger() if not one.state.is_final]
        assert all(
            one.period.end + timedelta(seconds=3) > self.now or one.next_try for one in waiting
        )

    def ledger(self) -> list[LedgerEntry]:
        if not hasattr(self, "store"):
            return []
        entries = self.do(self.store.ledger.recent(10_000))
        return sorted(entries, key=lambda one: one.period.end)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.do(self.stack.aclose())
            self.loop.close()
            self.folder.cleanup()


Histories.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None)
test_any_history = Histories.TestCase
