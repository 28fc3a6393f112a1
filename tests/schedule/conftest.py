"""A schedule at work on a real store, with a clock that is set and steps that record."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from guildwatch.model import Guild, LedgerEntry, Part, Period, first_id_at
from guildwatch.schedule import Patience, PostOutcome, Runner
from guildwatch.schedule.rolling import next_ready
from guildwatch.store import Ledger, Store
from support.reports import empty_report

Step = Callable[[LedgerEntry], Awaitable[None]]


class Scene:
    """One database file, and what happens to it while runners come and go.

    `before_write`, `before_post` and `before_check` run inside the steps, so that a test can fail
    or stop there. `ahead` is how far the program's clock is ahead of Discord's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = datetime(2026, 5, 4, 10, tzinfo=UTC)
        self.members = [Guild(1, "One")]
        self.behind: set[int] = set()
        self.revision = 0
        self.looks = 0
        self.written: list[Period] = []
        self.posted: list[Period] = []
        self.before_write: Step = self.nothing
        self.before_post: Step = self.nothing
        self.before_check: Step = self.nothing
        self.given_up: list[str] = []
        self.ahead = timedelta()
        self.patience = Patience()
        self.open_ledger: Callable[[Ledger], Ledger] = lambda ledger: ledger
        self.silent = False
        self.outcome = PostOutcome()
        self.time, self.zone = time(0), "UTC"
        self.store: Store
        self.kept: Ledger
        self.runner: Runner

    async def nothing(self, entry: LedgerEntry) -> None: ...

    def joined(self) -> list[Guild]:
        return self.members

    def guilds(self) -> list[Guild]:
        self.looks += 1
        return [guild for guild in self.members if guild.id not in self.behind]

    async def write(self, entry: LedgerEntry) -> int | None:
        self.written.append(entry.period)
        await self.before_write(entry)
        return (
            None
            if self.silent
            else await self.store.reports.save(empty_report(entry.guild_id, entry.period))
        )

    async def post(self, entry: LedgerEntry) -> PostOutcome:
        await self.before_post(entry)
        assert entry.report_id is not None
        assert (await self.store.reports.load(entry.report_id)).period == entry.period
        self.posted.append(entry.period)
        if not self.outcome.closed:
            await self.kept.save_part(entry, self.part())
        return self.outcome

    def part(self) -> Part:
        """The part of a post that Discord takes at this moment."""
        made = first_id_at(self.now - self.ahead)
        return Part("glance", "nonce", 1, attempted_at=self.now, message_id=made)

    async def check(self, entry: LedgerEntry) -> PostOutcome | None:
        await self.before_check(entry)
        return None

    async def give_up(self, entry: LedgerEntry, reason: str) -> None:
        self.given_up.append(reason)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Runner]:
        """A program's life: from its first look at the schedule until it is cancelled."""
        async with Store.open(self.path, clock=lambda: self.now) as self.store:
            self.kept = self.store.ledger
            self.store.ledger = self.open_ledger(self.kept)
            self.runner = self.runner_of(self.store)
            run = asyncio.create_task(self.runner.run())
            try:
                await self.until_quiet()
                yield self.runner
            finally:
                run.cancel()
                await asyncio.gather(run, return_exceptions=True)
            assert run.cancelled()

    def runner_of(self, store: Store) -> Runner:
        return Runner(
            store,
            self,
            time=self.time,
            zone=self.zone,
            write=self.write,
            post=self.post,
            check=self.check,
            give_up=self.give_up,
            patience=self.patience,
            clock=lambda: self.now,
            tick=0.01,
        )

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what the runner shows after its next look."""
        self.runner.wake()
        async with asyncio.timeout(60):
            while not holds():
                await asyncio.sleep(0.002)

    async def until_quiet(self) -> None:
        """Wait until all that is due at this moment has been done."""
        is_quiet = False
        async with asyncio.timeout(60):
            while not is_quiet:
                was_quiet = await self._is_quiet()
                await self._look_twice()  # so that the runner's state tells of it, too
                is_quiet = was_quiet and await self._is_quiet()

    async def _look_twice(self) -> None:
        """One look may have begun before whatever was done last."""
        looks = self.looks
        while self.looks < looks + 2:
            self.runner.wake()
            await asyncio.sleep(0.001)

    async def _is_quiet(self) -> bool:
        # The schedule first: what it has entered is then among the entries.
        ready = [guild.id for guild in self.members if guild.id not in self.behind]
        looked = all(self._has_looked(guild_id) for guild_id in ready)
        entries = await self.kept.open_entries()
        return looked and not any(
            next_ready([entry for entry in entries if entry.guild_id == guild.id], self.now)
            for guild in self.members
        )

    def _has_looked(self, guild_id: int) -> bool:
        state = self.runner.state(guild_id)
        due = state.next_due
        return state.working is None and due is not None and due > self.now

    async def go_to(self, *moment: int) -> None:
        self.now = datetime(*moment, tzinfo=UTC)
        await self.until_quiet()

    async def ledger(self, guild_id: int = 1) -> list[LedgerEntry]:
        """The guild's entries, oldest first, without the one that marks its beginning."""
        entries = [e for e in await self.kept.recent(1000) if e.guild_id == guild_id]
        return [e for e in reversed(entries) if not e.reason.startswith("before ")]

    async def choose(self, **chosen: object) -> None:
        settings = replace(await self.store.settings.one(1), since=self.now, **chosen)
        await self.store.settings.save(settings)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "guildwatch.db")
