"""A report of a lively day to render, and a store of messages to write one from."""

import itertools
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guildwatch.digest import Digester
from guildwatch.model import (
    Activity,
    Author,
    Channel,
    ChannelCount,
    ChannelKind,
    Coverage,
    Digest,
    EngineUse,
    Guild,
    Highlight,
    HourMood,
    Link,
    MemberCount,
    Message,
    MoodSummary,
    Period,
    PeriodKind,
    Point,
    PointKind,
    Report,
    Role,
    Topic,
    first_id_at,
)
from guildwatch.report import ReportWriter, day_period
from guildwatch.store import Store

ZONE = "Europe/Berlin"
NOON = datetime(2026, 11, 21, 11, tzinfo=UTC)  # noon in Berlin
GUILD, SUPPORT, DEV, STAFF = 1000, 2001, 2002, 2003


def at(hours: float, number: int = 0) -> int:
    """A message id so many hours after Berlin's noon."""
    return first_id_at(NOON + timedelta(hours=hours)) + number


@pytest.fixture
def report() -> Report:
    saves = Topic(
        title="Map editor",
        points=(
            Point("Saves vanished when the name had an umlaut.", PointKind.FACT, (at(1), at(1.1))),
            Point("Does it happen on Linux too?", PointKind.QUESTION, (at(2),)),
            Point("jonas tests the fix tonight.", PointKind.ACTION, (at(2.5),)),
        ),
        channel_ids=(SUPPORT,),
        messages=120,
        people=9,
        continues="Lost saves",
    )
    release = Topic(
        title="Release 2.4",
        points=(Point("It moves to Tuesday.", PointKind.DECISION, (at(3),)),),
        channel_ids=(DEV, SUPPORT),
        messages=80,
        people=12,
    )
    cited = [at(1), at(1.1), at(2), at(2.5), at(3), at(4)]
    return Report(
        guild_id=GUILD,
        guild_name="Pixel Forge",
        period=Period(PeriodKind.DAY, NOON - timedelta(hours=12), NOON + timedelta(hours=12), ZONE),
        coverage=Coverage(312, 298, 41, 9, {"bot": 13, "deleted": 1}),
        digest=Digest(
            headline="The save bug is found; release 2.4 moves to Tuesday.",
            headline_message_ids=(at(1), at(3)),
            topics=(saves, release),
            links=(Link("https://example.org/fix?a=(1)", (at(2.5),)),),
            read=298,
            left_out={"bot": 13, "deleted": 1},
            engine=EngineUse("ollama", "gemma3:27b", 4, 9000, 800, 61.5, 1),
        ),
        mood=MoodSummary(
            0.21,
            "positive",
            0.61,
            0.30,
            0.09,
            12,
            hours=tuple(
                HourMood(NOON + timedelta(hours=hour), 14 + hour, 9, -0.2 if hour == 3 else 0.3)
                for hour in range(-12, 12)
            ),
            highlights=(Highlight(at(4), -0.8),),
        ),
        activity=Activity(
            298,
            41,
            (ChannelCount(SUPPORT, "support", 180), ChannelCount(DEV, "dev", 118)),
            (MemberCount(1, "Mara", 38), MemberCount(2, "jonas", 31), MemberCount(3, "Tiff", 27)),
        ),
        source_ids=(SUPPORT, DEV),
        message_channels=dict.fromkeys(cited, SUPPORT) | {at(3): DEV},
        written_at=NOON + timedelta(hours=13),
    )


@pytest.fixture
def guild() -> Guild:
    channels = [(SUPPORT, "support"), (DEV, "dev"), (STAFF, "staff")]
    return Guild(
        GUILD,
        "Pixel Forge",
        owner_id=1,
        roles=(Role(GUILD, "@everyone", 0),),
        channels=tuple(Channel(id_, GUILD, name, ChannelKind.TEXT) for id_, name in channels),
    )


@pytest.fixture
async def store(tmp_path: Path, guild: Guild) -> AsyncIterator[Store]:
    async with Store.open(tmp_path / "guildwatch.db") as opened:
        await opened.guilds.save(guild)
        yield opened


@pytest.fixture
def writer(store: Store) -> ReportWriter:
    clock = lambda: NOON + timedelta(days=1)  # noqa: E731 - a clock is a function
    return ReportWriter(store, Digester(None, cache=None), clock=clock)


@pytest.fixture
def day() -> Period:
    return day_period(NOON.date(), ZONE)


SPEECH = (
    "The map editor loses saves when the name has an umlaut, on Windows at least.",
    "I can confirm that the save is gone after a restart of the editor.",
    "Could somebody test the fix for the umlaut saves on Linux?",
    "We decided to move release 2.4 to Tuesday because of the two crashes.",
    "The candidate build for release 2.4 is at https://example.org/build/812",
    "Thank you, the fix works for me, the saves are back and I am happy!",
)


@pytest.fixture
def talk() -> Callable[..., list[Message]]:
    """Makes a conversation: so many messages in a channel, one a minute, by three people."""
    serial = itertools.count(1)

    def make(
        channel: int, count: int = 30, *, hours: float = 0, texts: Sequence[str] = SPEECH
    ) -> list[Message]:
        return [
            Message(
                at(hours + number / 60, next(serial)),
                GUILD,
                channel,
                Author(10 + number % 3, ("Mara", "jonas", "Tiff")[number % 3]),
                texts[number % len(texts)],
                score=0.1 * (number % 5) - 0.1,
            )
            for number in range(count)
        ]

    return make


@pytest.fixture
def drawing_command() -> tuple[str, ...]:
    return (sys.executable, "-c", "from guildwatch.report.chart import main; main()")


@pytest.fixture
def with_digest() -> Callable[..., Report]:
    """A report with some fields of its digest replaced."""
    return lambda report, **fields: replace(report, digest=replace(report.digest, **fields))
