"""Counts by the hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guildwatch.model import (
    Author,
    Channel,
    ChannelCount,
    ChannelKind,
    Deletion,
    Guild,
    MemberCount,
    MessageEdit,
    MessageKind,
)
from guildwatch.store import HourCount

GUILD = 1
NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN, BEA = Author(7, "Ann"), Author(8, "Bea")


async def test_only_what_people_said_is_counted(store, say):
    bot = Author(9, "Bot", is_bot=True)
    await store.messages.apply(
        [
            say(author=ANN, score=0.5, at=NOON),
            say(author=BEA, score=-0.25),
            say(author=BEA, score=0.0),
            say(author=BEA),
            say(author=bot, score=0.9),
            say(author=ANN, kind=MessageKind.SYSTEM, score=0.9),
            say(author=ANN, kind=MessageKind.COMMAND, score=0.9),
            say(author=ANN, guild_id=2, score=0.9),
        ]
    )
    assert await store.activity.hours(GUILD, NOON, NOON + HOUR) == [
        HourCount(NOON, 4, 3, 0.25, 1, 1)
    ]
    assert await store.activity.hours(GUILD, NOON, NOON + HOUR, author_id=8) == [
        HourCount(NOON, 3, 2, -0.25, 0, 1)
    ]


async def test_an_edit_changes_the_mood_and_a_deletion_takes_back_what_was_counted(store, say):
    edited, deleted = say(score=0.5), say(score=0.5)
    await store.messages.apply([edited, deleted])
    at = edited.created_at
    await store.messages.apply([MessageEdit(edited.id, GUILD, 10, "bad", at, score=-0.5)])
    assert await store.activity.hours(GUILD, NOON, NOON + HOUR) == [
        HourCount(NOON, 2, 2, 0.0, 1, 1)
    ]
    await store.messages.apply([Deletion(GUILD, 10, (edited.id, deleted.id))])
    assert await store.activity.hours(GUILD, NOON, NOON + HOUR) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"])
async def test_adjoining_days_of_any_zone_share_the_messages_without_counting_one_twice(
    store, say, zone
):
    midnight = datetime(2024, 3, 5, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    times = [midnight + timedelta(minutes=10 * n) for n in range(-18, 18)]
    await store.messages.apply([say(author=ANN, at=at, score=0.1) for at in times])
    for start, count in ((midnight - 24 * HOUR, 18), (midnight, 18)):
        hours = await store.activity.hours(GUILD, start, start + 24 * HOUR)
        assert sum(hour.messages for hour in hours) == count
        assert sum(hour.score_sum for hour in hours) == pytest.approx(count * 0.1)
        members = await store.activity.members(GUILD, start, start + 24 * HOUR)
        assert members == [MemberCount(7, "Ann", count)]


async def test_a_span_within_one_hour_counts_just_that(store, say):
    minute = timedelta(minutes=1)
    await store.messages.apply([say(author=ANN, at=NOON + n * minute) for n in range(60)])
    hours = await store.activity.hours(GUILD, NOON + 10 * minute, NOON + 20 * minute)
    assert hours == [HourCount(NOON, 10, 0, 0.0, 0, 0)]


async def test_the_most_active_people_and_channels_come_first(store, say):
    channels = tuple(Channel(n, GUILD, f"channel {n}", ChannelKind.TEXT) for n in (10, 11))
    await store.guilds.save(Guild(GUILD, "Place", channels=channels))
    await store.messages.apply(
        [
            say(author=ANN),
            say(author=BEA, channel_id=11),
            say(author=BEA, channel_id=11),
            say(author=Author(9, "Cem"), channel_id=12),
        ]
    )
    span = (GUILD, NOON, NOON + HOUR)
    assert await store.activity.members(*span, limit=2) == [
        MemberCount(8, "Bea", 2),
        MemberCount(7, "Ann", 1),
    ]
    assert await store.activity.members(*span, channel_ids=[10]) == [MemberCount(7, "Ann", 1)]
    assert await store.activity.channels(*span, channel_ids=[10, 11]) == [
        ChannelCount(11, "channel 11", 2),
        ChannelCount(10, "channel 10", 1),
    ]


async def test_counted_from_messages_or_from_counts_an_hour_is_the_same(store, say):
    kinds = [MessageKind.DEFAULT, MessageKind.REPLY, MessageKind.SYSTEM, MessageKind.COMMAND]
    authors = [ANN, BEA, Author(9, "Bot", is_bot=True)]
    scores = [None, 0.0, 0.05, 0.0499, -0.05, -0.0499, 0.1, 0.7]
    said = [
        say(author=author, kind=kind, score=score, at=NOON + timedelta(minutes=1))
        for author in authors
        for kind in kinds
        for score in scores
    ]
    await store.messages.apply([*said, Deletion(GUILD, 10, (said[0].id, said[40].id))])
    whole = await store.activity.hours(GUILD, NOON, NOON + HOUR)
    part = await store.activity.hours(GUILD, NOON + timedelta(seconds=1), NOON + HOUR)
    assert whole == part != []
