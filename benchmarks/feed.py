"""What the console costs while chat pours in: it looks, where a log widget is pushed to.

    python benchmarks/feed.py [MESSAGES_A_SECOND [SECONDS]]

The same messages come in batches into a pulse alone, into a pulse that the whole console looks
at, and one by one into a RichLog. CPU is the share of one core; lag is how much later than asked
a task of the same loop wakes, which is what Discord's heartbeat and every answer would feel.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time as clock_time
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import RichLog

from guildwatch.capture import BackfillProgress, Intake, Pulse, Roster
from guildwatch.config import load
from guildwatch.console import Console, View
from guildwatch.digest import Digester
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Guild,
    LedgerEntry,
    Message,
    first_id_at,
    utc_now,
)
from guildwatch.mood import Vader
from guildwatch.report import ReportWriter
from guildwatch.schedule import PostOutcome, Runner
from guildwatch.store import Store

TEXT = "The save bug is back since the update, <@101>; can anybody look at it? Thanks 😀"
KEPT = 2_000
SIZE = (120, 36)
BATCHES_A_SECOND = 100

Take = Callable[[Sequence[Message]], None]


class State:
    """A connection and a history without trouble."""

    connected_since = utc_now()
    trouble = ""
    progress = BackfillProgress(0, 0, None, "")
    going_on = ()


class PushedLog(App[None]):
    """A log widget that is told of every message."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield RichLog(max_lines=KEPT)

    def take(self, batch: Sequence[Message]) -> None:
        """Writes each as a line."""
        log = self.query_one(RichLog)
        for one in batch:
            log.write(f"{one.created_at:%H:%M} #general {one.author.name} {one.text}")


@dataclass(frozen=True)
class Measured:
    """CPU seconds a second, and the 99th and 100th percentile of lag in ms."""

    cpu: float
    p99: float
    worst: float

    def __str__(self) -> str:
        return f"CPU {self.cpu:6.1%}   lag p99 {self.p99:8.1f} ms   worst {self.worst:8.1f} ms"


async def measure(take: Take, rate: int, seconds: float) -> Measured:
    """Gives messages at this rate for so long, and watches the clock and the loop."""
    lags: list[float] = []
    watch = asyncio.create_task(watch_lag(lags))
    began, cpu = time.perf_counter(), time.process_time()
    given = 0
    while (passed := time.perf_counter() - began) < seconds:
        due = int(passed * rate)
        take([message(given + number) for number in range(due - given)])
        given = due
        await asyncio.sleep(1 / BATCHES_A_SECOND)
    took = time.perf_counter() - began
    used = time.process_time() - cpu
    watch.cancel()
    lags.sort()
    return Measured(used / took, lags[int(len(lags) * 0.99)], lags[-1])


async def watch_lag(lags: list[float]) -> None:
    """Notes every few milliseconds by how many it was woken late."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append((time.perf_counter() - before - 0.005) * 1000)


def message(number: int) -> Message:
    """One of many, by 40 people in 5 channels."""
    return Message(
        id=first_id_at(utc_now()) + number % 4_000_000,
        guild_id=1,
        channel_id=10 + number % 5,
        author=Author(100 + number % 40, f"member {number % 40}"),
        text=f"{TEXT[number % 30 :]} {number}",
        mentioned=(Author(101, "Mara"),),
        score=0.3,
    )


@asynccontextmanager
async def parts(folder: Path) -> AsyncIterator[View]:
    """What a console needs, on an empty store."""
    names = ("general", "support", "jam", "dev", "art")
    channels = (Channel(10 + at, 1, name, ChannelKind.TEXT) for at, name in enumerate(names))
    async with Store.open(folder / "guildwatch.db") as store:
        roster = Roster(store)
        await roster.put_guild(Guild(1, "Pixel Forge", channels=tuple(channels)), None)
        pulse = Pulse(lambda _guild: "UTC", kept=KEPT)
        state = State()

        async def write(entry: LedgerEntry) -> int | None:
            raise NotImplementedError  # the schedule does not run here

        async def post(entry: LedgerEntry) -> PostOutcome:
            raise NotImplementedError

        yield View(
            config=load(folder / "config.toml", {"GUILDWATCH_REPORT__ZONE": "Europe/Berlin"}),
            config_file=folder / "config.toml",
            environ={},
            log_file=folder / "guildwatch.log",
            store=store,
            roster=roster,
            pulse=pulse,
            intake=Intake(store, Vader(), pulse),
            backfill=state,
            writer=ReportWriter(store, Digester(None, cache=None), clock=utc_now),
            runner=Runner(
                store, roster, time=clock_time(), zone="UTC", write=write, post=post, clock=utc_now
            ),
            connection=state,
            model=None,
            incidents=state,
            clock=utc_now,
        )


async def main() -> None:
    """Measures the three and prints a line each."""
    rate = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    print(f"{rate:,} messages a second for {seconds:g} s, {SIZE[0]}×{SIZE[1]}")
    with tempfile.TemporaryDirectory() as folder:
        async with parts(Path(folder)) as view:
            print(f"no screen         {await measure(view.pulse.saw, rate, seconds)}")
        for name, keys in (("console", ""), ("console, filtered", "/look")):
            async with parts(Path(folder)) as view, Console(view).run_test(size=SIZE) as pilot:
                await pilot.press(*keys)
                print(f"{name:<18}{await measure(view.pulse.saw, rate, seconds)}")
    log = PushedLog()
    async with log.run_test(size=SIZE):
        print(f"RichLog, pushed   {await measure(log.take, rate, seconds)}")


if __name__ == "__main__":
    asyncio.run(main())
