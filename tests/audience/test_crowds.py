"""Who can see or read a channel, in roles, and when agreeing to them is over."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from guildwatch.audience import (
    Permissions,
    has_ended,
    sources_for_channel_post,
    who_reads,
    who_sees,
)
from guildwatch.model import ChannelKind, Crowd, Widening
from support import naive_audience as naive
from support.random_guilds import OWNER, random_guild

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def town(place):
    """Reports in 10 for role 2; staff in 11 for role 3; everybody in 12."""
    place.role(2), place.role(3)
    place.channel(10, place.deny(1), place.allow(2))
    place.channel(11, place.deny(1), place.allow(3), place.allow_member(500))
    place.channel(12)
    return place


def agreed(guild, channel_id=11, target_id=10):
    return Widening(
        1,
        guild.id,
        channel_id,
        target_id,
        who_sees(guild, guild.channel(target_id)),
        who_reads(guild, guild.channel(channel_id)),
        500,
        NOW,
    )


def test_a_crowd_is_said_in_roles_and_in_people_let_in_by_name(town):
    assert who_sees(town.guild, town.guild.channel(10)) == Crowd(frozenset({2}))
    assert who_reads(town.guild, town.guild.channel(11)) == Crowd(frozenset({3}), frozenset({500}))
    assert who_sees(town.guild, town.guild.channel(12)) == Crowd(frozenset({town.guild.id}))


def test_it_holds_while_the_readers_are_those_that_were_agreed_to(town):
    widening = agreed(town.guild)
    assert has_ended(widening, town.guild, 10) == ""
    assert sources_for_channel_post(town.guild, town.guild.channel(10), {11}) == {10, 11, 12}


def changed(guild, channel_id, **fields):
    new = tuple(replace(one, **fields) if one.id == channel_id else one for one in guild.channels)
    return replace(guild, channels=new)


def test_it_ends_when_the_reports_go_elsewhere(town):
    widening = agreed(town.guild)
    for target in (None, 12):
        assert "elsewhere" in has_ended(widening, town.guild, target)


def test_it_ends_when_more_people_can_see_the_reports(town):
    widening = agreed(town.guild)
    opened = changed(town.guild, 10, overwrites=())
    assert "more people" in has_ended(widening, opened, 10)
    let_in = (town.deny(1), town.allow(2), town.allow_member(501))
    assert "more people" in has_ended(widening, changed(town.guild, 10, overwrites=let_in), 10)


def test_it_ends_when_fewer_can_read_the_channel_but_not_when_a_role_is_deleted(town):
    widening = agreed(town.guild)
    closed = (town.deny(1), town.allow_member(500))
    assert "closed" in has_ended(widening, changed(town.guild, 11, overwrites=closed), 10)
    gone = tuple(role for role in town.guild.roles if role.id != 3)
    without = replace(changed(town.guild, 11, overwrites=closed), roles=gone)
    assert has_ended(widening, without, 10) == ""


def test_it_ends_when_some_of_those_who_could_read_the_channel_are_shut_out_of_it(town):
    """Everybody could but role 3; the reports are read by everybody."""
    open_but = changed(town.guild, 11, overwrites=(town.deny(3),))
    widening = agreed(open_but, target_id=12)
    assert has_ended(widening, open_but, 12) == ""
    for more in (town.deny(2), town.deny_member(500)):
        closed = changed(open_but, 11, overwrites=(town.deny(3), more))
        assert "closed" in has_ended(widening, closed, 12)


def test_it_ends_when_those_who_were_shut_out_of_the_reports_can_see_them(town):
    for shut in (town.deny(3), town.deny_member(501)):
        before = changed(town.guild, 12, overwrites=(shut,))
        widening = agreed(before, target_id=12)
        assert has_ended(widening, before, 12) == ""
        assert "more people" in has_ended(widening, town.guild, 12)


def test_a_role_that_shuts_nobody_out_changes_nothing(town):
    """Who is let in by a role stays in whatever another role denies."""
    widening = agreed(town.guild)
    denied = (town.deny(1), town.allow(3), town.allow_member(500), town.deny(2))
    assert has_ended(widening, changed(town.guild, 11, overwrites=denied), 10) == ""


@pytest.mark.parametrize("fields", [{"known": False}, {"name": "___hidden___"}], ids=str)
def test_it_ends_where_nobody_can_tell(town, fields):
    widening = agreed(town.guild)
    for channel_id in (10, 11):
        assert has_ended(widening, changed(town.guild, channel_id, **fields), 10)
    assert has_ended(widening, replace(town.guild, roles=()), 10)


def test_neither_private_threads_nor_age_restricted_channels_are_widened(town):
    town.channel(20, kind=ChannelKind.PRIVATE_THREAD, parent_id=11)
    town.channel(21, kind=ChannelKind.PUBLIC_THREAD, parent_id=11)
    town.channel(13, town.deny(1), age_restricted=True)
    told = sources_for_channel_post(town.guild, town.guild.channel(10), {11, 13})
    assert told == {10, 11, 12, 21}


def test_nobody_sees_a_channel_who_is_not_among_its_viewers():
    """In random guilds, against the naive telling of Discord's rules."""
    checked = 0
    for seed in range(150):
        guild, dice = random_guild(seed, roles=4), Random(seed)
        target = dice.choice(guild.channels)
        crowd = who_sees(guild, target)
        admins = {role.id for role in guild.roles if role.permissions & Permissions.ADMINISTRATOR}
        for person in naive.people(guild, sorted(naive.named(guild))):
            mentioned = (
                guild.id in crowd.role_ids
                or person.id in crowd.member_ids
                or not crowd.role_ids.isdisjoint(person.roles)
                or person.id == OWNER
                or not admins.isdisjoint(person.roles)
            )
            if naive.sees(person, guild, target):
                checked += 1
                assert mentioned
    assert checked > 500
