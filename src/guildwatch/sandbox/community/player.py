"""Playing a story into a world at any speed, the world's clock in hand."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from guildwatch.model import Clock, utc_now
from guildwatch.sandbox.clock import SandboxClock
from guildwatch.sandbox.community.pace import Pace
from guildwatch.sandbox.community.settlement import Settlement, settle
from guildwatch.sandbox.community.stage import Stage
from guildwatch.sandbox.community.story import Story
from guildwatch.sandbox.world import World

FOUNDED = timedelta(days=-400)
"""When the guild was founded, seen from the story's day."""
WAKES = timedelta(hours=6, minutes=55)
"""When the live day begins: minutes before its first event."""
BEDTIME = timedelta(days=1, seconds=5)
"""When a day that ends at midnight is over: just past it, so that reports have become due."""
_TICK = 0.05  # seconds between two looks of the clock: the console draws 15 times a second
_NOTICE = timedelta(seconds=15)  # what the bot gets, at least, between being told and being due


class Ends(StrEnum):
    """How a played day comes to its end.

    `MIDNIGHT`: the world's clock passes midnight of the story's day and then runs on in real
    time; for a program that is handed the same clock. `NOW`: the day's last event happens at the
    real present, the clock is the real one from then on, and the owner sets the bot's report to
    the next whole minute; for a program of its own that goes by the real clock.
    """

    MIDNIGHT = "midnight"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class PlayProgress:
    """How many of the day's events have happened, and which moment (UTC) it is there."""

    played: int
    total: int
    moment: datetime


class Player:
    """Plays a story: the community and its past at once when built, the day by `play_day`.

    The clock must be the world's; the player alone moves it. `takes` is how many real seconds the
    whole day takes. `day` moves a story that ends at midnight to another date. `bot_is_ready` is
    awaited before the day begins; without it nobody is. Once built, it is early in the morning of
    the day, the bot is invited, and the clock runs in real time.
    """

    def __init__(
        self,
        world: World,
        clock: SandboxClock,
        story: Story,
        *,
        ends: Ends = Ends.MIDNIGHT,
        day: date | None = None,
        takes: float = 60.0,
        bot_is_ready: Callable[[], Awaitable[None]] | None = None,
        now: Clock = utc_now,
    ) -> None:
        self._world = world
        self._clock = clock
        self._story = story
        self._ends = ends
        self._takes = takes
        self._bot_is_ready = bot_is_ready
        self._now = now
        self._midnight = datetime.combine(day or story.day, time(), ZoneInfo(story.zone))
        if ends is Ends.NOW:
            self._midnight = now() - story.live[-1].at
        self._played = 0
        self.town = self._settle()
        self._stage = Stage(world, story.cast, self.town)
        self._tell_the_past()

    @property
    def progress(self) -> PlayProgress:
        """How far the day is."""
        return PlayProgress(self._played, len(self._story.live), self._clock())

    @property
    def speed(self) -> float:
        """Simulated seconds per real second while the day is played."""
        return (self._story.live[-1].at - WAKES).total_seconds() / self._takes

    async def play_day(self) -> None:
        """Wait for the bot, then live the day to its end; cancel it at any time.

        Raises Refusal if somebody may not do what the script says, and for `Ends.NOW` CommandError
        or TimeoutError if the bot has no `/setsummary` or does not answer.
        """
        if self._bot_is_ready is not None:
            await self._bot_is_ready()
        if self._ends is Ends.NOW:
            self._postpone()
        try:
            await self._live()
        finally:
            self._clock.rate = 1.0
        if self._ends is Ends.NOW:
            self._clock.jump_to(max(self._clock(), self._now()))
            await self._ask_for_report()

    def _settle(self) -> Settlement:
        self._clock.rate = 0.0
        self._clock.jump_to(self._moment(FOUNDED))
        return settle(self._world, self._story.cast)

    def _tell_the_past(self) -> None:
        for event in self._story.before:
            self._clock.jump_to(self._moment(event.at))
            self._stage.perform(event)
        self._clock.jump_to(self._moment(WAKES))
        self._clock.rate = 1.0

    def _moment(self, at: timedelta) -> datetime:
        """The moment of a time in the story; where it has a date, that is wall time in its zone."""
        return (self._midnight + at).astimezone(UTC)

    def _postpone(self) -> None:
        """Lay the day so that its last event happens at the real present, which is yet to come."""
        end = self._now() + timedelta(seconds=self._takes)
        self._midnight = end - self._story.live[-1].at
        self._clock.jump_to(max(self._clock(), self._moment(WAKES)))

    async def _live(self) -> None:
        self._clock.rate = 0.0
        pace = Pace(self._clock(), self.speed, asyncio.get_running_loop().time)
        for event in self._story.live:
            await self._pass_until(self._moment(event.at), pace)
            self._stage.perform(event)
            self._played += 1
        if self._ends is Ends.MIDNIGHT:
            await self._pass_until(self._moment(BEDTIME), pace)

    async def _pass_until(self, moment: datetime, pace: Pace) -> None:
        """Let time go by and stop exactly at a moment; others always get their turn."""
        await asyncio.sleep(0)
        while (present := pace.moment()) < moment:
            self._clock.jump_to(max(self._clock(), present))
            await asyncio.sleep(min(pace.until(moment), _TICK))
        self._clock.jump_to(max(self._clock(), moment))

    async def _ask_for_report(self) -> None:
        """The owner has the bot report at the next whole minute of her zone."""
        earliest = (self._now() + _NOTICE).astimezone(ZoneInfo(self._story.zone))
        due = earliest + timedelta(minutes=1)  # formatting cuts the seconds off
        await self._world.command(
            self.town.owner_id,
            self.town.places["#staff"],
            "setsummary",
            {
                "channel": self.town.places[f"#{self._story.cast.report_channel}"],
                "time": due.strftime("%H:%M"),
                "zone": self._story.zone,
            },
        )
