"""A store, a roster with one guild, and a past that a test writes itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guildwatch.audience import Permissions
from guildwatch.capture import (
    ChannelGoneError,
    HistoryError,
    HistoryPage,
    Intake,
    Pulse,
    Roster,
)
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Guild,
    Member,
    Message,
    Role,
    first_id_at,
)
from guildwatch.mood import Vader
from guildwatch.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUILD, GENERAL, SIDE, THREAD, CATEGORY, BOT = 1, 10, 11, 12, 13, 99
ADA = Author(5, "Ada")
READ = int(Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY)
EVERYONE = Role(GUILD, "@everyone", READ)
BOT_MEMBER = Member(GUILD, BOT, "Watcher")


class Make:
    """Nouns for tests; most of them live in one guild with @everyone and the bot."""

    NOON, GUILD, GENERAL, SIDE, THREAD, CATEGORY, BOT = (
        NOON, GUILD, GENERAL, SIDE, THREAD, CATEGORY, BOT,
    )  # fmt: skip
    ADA, EVERYONE, BOT_MEMBER = ADA, EVERYONE, BOT_MEMBER

    @staticmethod
    def guild(*channels: Channel, roles=(EVERYONE,)) -> Guild:
        return Guild(GUILD, "Lighthouse", owner_id=5, roles=tuple(roles), channels=channels)

    @staticmethod
    def channel(id_=GENERAL, kind=ChannelKind.TEXT, **more) -> Channel:
        more = {"name": f"channel-{id_}", **more}
        return Channel(id=id_, guild_id=GUILD, kind=kind, **more)

    @staticmethod
    def id(number: int, at=NOON) -> int:
        """The id of a message `number` milliseconds after a moment."""
        return first_id_at(at) + (number << 22)

    @staticmethod
    def message(number: int, text: str = "hello", *, at=NOON, place=GENERAL, **more) -> Message:
        more = {"author": ADA, **more}
        return Message(id=Make.id(number, at), guild_id=GUILD, channel_id=place, text=text, **more)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture
def past() -> "Past":
    return Past()


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Past:
    """Stands for Discord's REST API; `meanwhile` is called while a page is under way.

    The next `blanks` pages are empty, whatever there is.
    """

    messages: dict[int, Message] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    failures: list[HistoryError] = field(default_factory=list)
    threads: tuple[Channel, ...] = ()
    asked: list[tuple[int, int]] = field(default_factory=list)
    meanwhile: object = None
    blanks: int = 0

    def put(self, *messages: Message) -> None:
        self.messages.update((one.id, one) for one in messages)

    async def page(self, place: Channel, *, after: int, limit: int = 100) -> HistoryPage:
        self.asked.append((place.id, after))
        if self.failures:
            raise self.failures.pop(0)
        if place.id in self.gone:
            raise ChannelGoneError("gone")
        if self.blanks:
            self.blanks -= 1
            return HistoryPage((), after, is_last=True)
        there = sorted(
            (one for one in self.messages.values() if one.channel_id == place.id),
            key=lambda one: one.id,
        )
        found = tuple(one for one in there if one.id > after)[:limit]
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            await act()
        reached = found[-1].id if found else after
        return HistoryPage(found, reached, is_last=len(found) < limit)

    async def has_message(self, place: Channel, message_id: int) -> bool:
        return message_id in self.messages

    async def has_channel(self, channel_id: int) -> bool:
        return channel_id not in self.gone

    async def archived_threads(self, place: Channel, **_options: object) -> tuple[Channel, ...]:
        return tuple(one for one in self.threads if one.parent_id == place.id)


@dataclass
class Parts:
    clock: Hand
    store: Store
    roster: Roster
    pulse: Pulse
    intake: Intake
    pauses: list[float]


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    clock = Hand(NOON + timedelta(minutes=30))
    async with Store.open(tmp_path / "guildwatch.db", clock=clock) as store:
        roster = Roster(store, clock=clock)
        roster.bot_id = BOT
        await roster.put_guild(Make.guild(Make.channel(), Make.channel(SIDE)), BOT_MEMBER)
        pulse = Pulse(lambda _guild: "UTC", clock=clock)
        pauses: list[float] = []

        async def pause(seconds: float) -> None:
            pauses.append(seconds)

        intake = Intake(store, Vader(), pulse, pause=pause)
        yield Parts(clock, store, roster, pulse, intake, pauses)
