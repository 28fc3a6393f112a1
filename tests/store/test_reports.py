"""Reports come back as they were saved, less what was deleted since."""

import asyncio
import tempfile
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.model import (
    Activity,
    Author,
    ChannelClosed,
    ChannelCount,
    Coverage,
    Deletion,
    Digest,
    EngineUse,
    Highlight,
    KeyPhrase,
    Link,
    MemberCount,
    MoodSummary,
    Period,
    PeriodKind,
    Point,
    PointKind,
    Report,
    Topic,
)
from guildwatch.store import Store, StoreError
from guildwatch.store.remains import without

GUILD, CHANNEL = 1, 10
DAY = Period(
    PeriodKind.DAY,
    datetime(2024, 3, 5, tzinfo=UTC),
    datetime(2024, 3, 6, tzinfo=UTC),
    "Europe/Berlin",
)
ANN, BEA = Author(7, "Ann"), Author(8, "Bea")


def point(text, *ids):
    return Point(text, PointKind.FACT, ids)


def report_on(first, second, third, fourth) -> Report:
    """A report on four messages: two topics, a headline on the second message."""
    topics = (
        Topic("first title", (point("one", first), point("two", second, third)), (CHANNEL,), 3, 2),
        Topic("second title", (point("four", fourth),), (CHANNEL,), 1, 1),
    )
    links = (Link("https://a.example", (first, second)), Link("https://b.example", (second,)))
    digest = Digest("the headline", (second,), topics, links, 4, {}, EngineUse("extractive"))
    mood = MoodSummary(
        0.1,
        "positive",
        0.5,
        0.5,
        0.0,
        0,
        highlights=(Highlight(second, 0.9), Highlight(first, 0.8)),
    )
    channels = dict.fromkeys((first, second, third, fourth), CHANNEL)
    return Report(
        GUILD,
        "Place",
        DAY,
        Coverage(4, 4, 2, 1, {}),
        digest,
        mood,
        Activity(
            4,
            2,
            (ChannelCount(CHANNEL, "general", 4),),
            (MemberCount(7, "Ann", 3), MemberCount(8, "Bea", 1)),
        ),
        (CHANNEL, 11),
        channels,
        datetime(2024, 3, 6, 0, 1, 2, 345678, tzinfo=UTC),
    )


@pytest.fixture
def said(say):
    """Three messages of Ann's and, second of four, one of Bea's."""
    return [say(author=BEA if n == 1 else ANN, score=0.5) for n in range(4)]


@pytest.fixture
async def saved(store, said):
    await store.messages.apply(said)
    return await store.reports.save(report_on(*(one.id for one in said)))


PLAIN = {
    int: st.integers(1, 9) | st.integers(1, 2**63 - 1),
    str: st.text(max_size=8),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
}


@cache
def anything(kind):
    """Any value of a noun, small enough to be quick."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{one.name: anything(hints[one.name]) for one in fields(kind)})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return st.lists(anything(arguments[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(*map(anything, arguments), max_size=2)
    if origin is UnionType:
        return st.none() | anything(arguments[0])
    return PLAIN[kind] if kind in PLAIN else st.sampled_from(kind)


@settings(max_examples=20, deadline=None)
@given(st.lists(anything(Report), min_size=1, max_size=3))
def test_any_report_comes_back_exactly(reports):
    async def there_and_back():
        with tempfile.TemporaryDirectory() as folder:
            async with Store.open(Path(folder) / "guildwatch.db") as store:
                for report in reports:
                    report_id = await store.reports.save(report)
                    assert await store.reports.load(report_id) == report

    asyncio.run(there_and_back())


async def test_a_report_replaces_the_one_of_the_same_period_and_sources(store, said, saved):
    report = await store.reports.load(saved)
    again = replace(report, digest=replace(report.digest, headline="better"))
    assert await store.reports.save(again) == saved
    narrower = replace(
        report,
        source_ids=(CHANNEL,),
        written_at=report.written_at + timedelta(minutes=1),
        digest=replace(report.digest, headline="for members"),
    )
    other = await store.reports.save(narrower)
    newest = await store.reports.of_period(GUILD, DAY.start, DAY.end)
    assert (newest.id, newest.headline, newest.messages) == (other, "for members", 4)
    assert (newest.engine, newest.period) == ("extractive", DAY)
    of_sources = await store.reports.of_period(GUILD, DAY.start, DAY.end, source_ids={11, CHANNEL})
    assert (of_sources.id, of_sources.headline) == (saved, "better")
    assert await store.reports.of_period(GUILD, DAY.start, DAY.end, PeriodKind.WEEK) is None


async def test_the_overview_lists_the_newest_period_first(store, saved):
    report = await store.reports.load(saved)
    later = replace(DAY, start=DAY.end, end=DAY.end + timedelta(days=1))
    second = await store.reports.save(replace(report, period=later))
    third = await store.reports.save(replace(report, guild_id=2))
    assert [one.id for one in await store.reports.overview(GUILD)] == [second, saved]
    assert {one.id for one in await store.reports.overview()} == {saved, second, third}
    assert len(await store.reports.overview(limit=1)) == 1


async def test_a_report_that_is_not_there_is_one_sentence(store):
    with pytest.raises(StoreError, match="There is no report 5"):
        await store.reports.load(5)


async def test_a_deleted_message_takes_with_it_what_rests_on_it(store, said, saved):
    first, second, third, fourth = (one.id for one in said)
    await store.messages.apply([Deletion(GUILD, CHANNEL, (second,))])
    report = await store.reports.load(saved)
    digest = report.digest
    assert [one.points for one in digest.topics] == [
        (point("one", first),),
        (point("four", fourth),),
    ]
    assert (digest.headline, digest.headline_message_ids) == ("one", (first,))
    assert digest.links == (Link("https://a.example", (first,)),)
    assert report.mood.highlights == (Highlight(first, 0.8),)
    assert report.message_channels == dict.fromkeys((first, third, fourth), CHANNEL)
    assert report.activity == Activity(
        3, 1, (ChannelCount(CHANNEL, "general", 3),), (MemberCount(7, "Ann", 3),)
    )
    (stored,) = await store.reports.overview()
    assert stored.headline == "one"


async def test_a_topic_goes_with_its_last_point_and_everything_with_the_last_message(
    store, said, saved
):
    *most, last = (one.id for one in said)
    await store.messages.apply([Deletion(GUILD, CHANNEL, (last,))])
    assert len((await store.reports.load(saved)).digest.topics) == 1
    await store.messages.apply([Deletion(GUILD, CHANNEL, tuple(most))])
    report = await store.reports.load(saved)
    assert (report.digest.headline, report.digest.topics, report.digest.links) == ("", (), ())
    assert report.cited_ids == set()
    assert report.activity == Activity(0, 0, (), ())


async def test_a_title_that_may_have_come_from_a_lost_point_goes_too(store, said, saved):
    await store.messages.apply([Deletion(GUILD, CHANNEL, (said[2].id,))])
    digest = (await store.reports.load(saved)).digest
    assert [topic.title for topic in digest.topics] == ["one", "second title"]
    assert digest.headline == "the headline"


async def test_a_closed_channel_is_withdrawn_too(store, saved):
    await store.messages.apply([ChannelClosed(GUILD, CHANNEL)])
    assert (await store.reports.load(saved)).cited_ids == set()


async def test_a_message_that_no_point_cites_is_still_uncounted(store, say, said, saved):
    extra = say(author=ANN)
    await store.messages.apply([extra])
    await store.messages.apply([Deletion(GUILD, CHANNEL, (extra.id,))])
    report = await store.reports.load(saved)
    assert (report.activity.messages, report.activity.people) == (3, 2)
    assert report.digest == report_on(*(one.id for one in said)).digest


async def test_what_is_outside_of_a_reports_sources_or_period_changes_nothing(store, say, saved):
    before = await store.reports.load(saved)
    elsewhere = [say(channel_id=99), say(guild_id=2), say(at=DAY.end), say(author=ANN)]
    bot = say(author=Author(9, "Bot", is_bot=True))
    await store.messages.apply([*elsewhere[:3], bot])
    for one in (*elsewhere, bot):  # the last of them was never stored
        await store.messages.apply([Deletion(one.guild_id, one.channel_id, (one.id,))])
    assert await store.reports.load(saved) == before


async def test_what_was_deleted_while_a_report_was_written_does_not_get_into_it(store, said):
    await store.messages.apply([*said, Deletion(GUILD, CHANNEL, (said[1].id,))])
    report_id = await store.reports.save(report_on(*(one.id for one in said)))
    assert said[1].id not in (await store.reports.load(report_id)).cited_ids


@settings(max_examples=100)
@given(anything(Report), st.data())
def test_nothing_is_left_of_what_is_gone_and_the_rest_stays(report, data):
    ids = sorted(report.cited_ids)
    gone = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    left = without(report, gone)
    assert left.cited_ids.isdisjoint(gone)
    assert all(topic.points for topic in left.digest.topics) or not gone
    kept = [p for t in report.digest.topics for p in t.points if gone.isdisjoint(p.message_ids)]
    assert [p for t in left.digest.topics for p in t.points] == kept
    assert without(left, gone) == left


def test_a_key_phrase_goes_with_any_of_its_messages():
    report = report_on(1, 2, 3, 4)
    also = (KeyPhrase("water shader", (8, 9)), KeyPhrase("sound pack", (1, 10)))
    report = replace(report, digest=replace(report.digest, also=also))
    assert {8, 9, 10} <= report.cited_ids
    assert without(report, {9}).digest.also == also[1:]
