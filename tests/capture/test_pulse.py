"""What the screens see."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from guildwatch.capture import Pulse
from guildwatch.capture.today import Today
from guildwatch.model import (
    Author,
    ChannelClosed,
    Deletion,
    GuildLeft,
    MessageEdit,
    MessageKind,
    ReactionChange,
)


def texts(pulse):
    return [one.text for one in pulse.recent]


def pulse(parts, **options):
    return Pulse(lambda _guild: "UTC", clock=parts.clock, **options)


async def test_the_feed_keeps_the_newest_and_forgets_the_rest(parts, make):
    feed = pulse(parts, kept=3)
    feed.saw([make.message(n, f"number {n}") for n in range(5)])
    assert texts(feed) == ["number 2", "number 3", "number 4"]
    assert feed.seen == 5


async def test_what_history_brings_stands_in_its_place_and_is_not_counted_as_live(parts, make):
    feed = pulse(parts)
    feed.saw([make.message(5, "live")])
    feed.saw([make.message(3, "older"), make.message(5, "live")], live=False)
    assert texts(feed) == ["older", "live"]
    assert (feed.seen, feed.today(make.GUILD)) == (1, 2)


async def test_edits_reactions_and_deletions_change_the_feed_and_its_revision(parts, make):
    feed = pulse(parts)
    feed.saw([make.message(1, "one"), make.message(2, "two")])
    before = feed.revision
    feed.saw([MessageEdit(make.id(1), make.GUILD, make.GENERAL, "edited", parts.clock())])
    feed.saw([ReactionChange(make.id(1), make.GUILD, make.GENERAL, 2)])
    feed.saw([Deletion(make.GUILD, make.GENERAL, (make.id(2), make.id(77)))])

    assert [(one.text, one.reactions) for one in feed.recent] == [("edited", 2)]
    assert feed.revision == before + 3
    assert feed.today(make.GUILD, make.GENERAL) == 1


async def test_an_older_state_from_history_does_not_undo_an_edit(parts, make):
    feed = pulse(parts)
    feed.saw([make.message(1, "old")])
    feed.saw([MessageEdit(make.id(1), make.GUILD, make.GENERAL, "new", parts.clock())])
    feed.saw([make.message(1, "old")], live=False)
    assert texts(feed) == ["new"]


async def test_closed_channels_and_left_guilds_vanish(parts, make):
    feed = pulse(parts)
    feed.saw([make.message(1, "here"), make.message(2, "there", place=make.SIDE)])
    feed.saw([ChannelClosed(make.GUILD, make.SIDE)])
    assert texts(feed) == ["here"]
    feed.saw([GuildLeft(make.GUILD)])
    assert (texts(feed), feed.today()) == ([], 0)


async def test_the_rate_is_that_of_the_last_minute(parts, make):
    feed = pulse(parts)
    for second in range(90):
        feed.saw([make.message(0, at=make.NOON + timedelta(seconds=second), place=second + 1)])
    parts.clock.now = make.NOON + timedelta(seconds=89)
    assert feed.rate() == feed.rate(make.GUILD) == 60
    parts.clock.now += timedelta(minutes=5)
    assert feed.rate() == 0


async def test_bots_and_system_messages_are_not_counted(parts, make):
    feed = pulse(parts)
    feed.saw(
        [
            make.message(1, author=Author(6, "CI", is_bot=True)),
            make.message(2, kind=MessageKind.SYSTEM),
            make.message(3),
        ]
    )
    assert feed.today(make.GUILD) == 1
    assert feed.mood() is None


async def test_at_the_start_it_knows_what_was_said_before(parts, make):
    yesterday = make.message(0, "yesterday", at=make.NOON - timedelta(days=1))
    today = make.message(0, "wonderful", score=0.6)
    await parts.store.messages.apply([yesterday, today])
    feed = pulse(parts)
    await feed.load(parts.store, [make.GUILD])

    assert texts(feed) == ["yesterday", "wonderful"]
    assert feed.today(make.GUILD) == 1
    assert feed.mood(make.GUILD) > 0.5
    assert feed.seen == 0


class Hand:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


def test_the_day_begins_at_the_guilds_own_midnight(make):
    clock = Hand(datetime(2026, 11, 20, 14, 59, tzinfo=UTC))
    today = Today(lambda guild_id: {1: "Asia/Tokyo", 2: "UTC"}[guild_id], clock)
    today.add(make.message(0, at=clock.now))
    assert today.count(make.GUILD) == 1
    clock.now += timedelta(minutes=1)
    assert today.count(make.GUILD) == 0
    today.add(make.message(0, at=clock.now))
    assert today.count(make.GUILD) == 1


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("+-")), max_size=60),
    st.sampled_from(["UTC", "Europe/Vienna", "Asia/Kathmandu", "America/St_Johns"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_todays_count_is_that_of_the_messages_that_stand(make, acts, zone, moment):
    clock = Hand(moment.replace(tzinfo=UTC))
    today = Today(lambda _guild: zone, clock)
    standing = set()
    for hours, act in acts:
        message = make.message(0, at=clock.now - timedelta(hours=hours))
        if act == "+":
            today.add(message)
            standing.add(message)
        else:
            today.remove(make.GUILD, make.GENERAL, message.id)
            standing.discard(message)
    local = clock.now.astimezone(ZoneInfo(zone)).date()
    expected = {
        one for one in standing if one.created_at.astimezone(ZoneInfo(zone)).date() == local
    }
    assert today.count(make.GUILD) == len(expected)
