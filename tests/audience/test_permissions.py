"""One member in one channel, by Discord's rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guildwatch.audience import Permissions, can_read, is_hidden, permissions
from guildwatch.model import ChannelKind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_everyone_reads_an_open_channel(place):
    channel = place.channel(10)
    assert can_read(place.guild, channel, place.member())


def test_the_channels_word_for_everyone_beats_the_guilds(place, new_place):
    assert not can_read(place.guild, place.channel(10, place.deny(1)), place.member())
    closed = new_place(everyone=Permissions.NONE)
    channel = closed.channel(
        10, closed.allow(1, Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY)
    )
    assert can_read(closed.guild, channel, closed.member())


def test_one_roles_allow_beats_another_roles_deny(place):
    place.role(2), place.role(3)
    channel = place.channel(10, place.allow(2), place.deny(3))
    assert can_read(place.guild, channel, place.member(500, 2, 3))
    assert not can_read(place.guild, channel, place.member(500, 3))


def test_the_members_own_overwrite_has_the_last_word(place):
    place.role(2)
    channel = place.channel(
        10, place.allow(2), place.deny(1), place.deny_member(500), place.allow_member(501)
    )
    assert not can_read(place.guild, channel, place.member(500, 2))
    assert can_read(place.guild, channel, place.member(501))


def test_owner_and_administrators_pass_every_overwrite(place):
    place.role(2, Permissions.ADMINISTRATOR)
    channel = place.channel(10, place.deny(1), place.deny(2), place.deny_member(500))
    assert can_read(place.guild, channel, place.member(99))
    assert Permissions.MANAGE_GUILD in permissions(place.guild, channel, place.member(500, 2))


def test_who_cannot_see_a_channel_can_do_nothing_in_it(place):
    channel = place.channel(10, place.deny(1))
    assert permissions(place.guild, channel, place.member()) == Permissions.NONE


def test_who_cannot_write_cannot_embed_either(place):
    channel = place.channel(10, place.deny(1, Permissions.SEND_MESSAGES))
    assert Permissions.EMBED_LINKS not in permissions(place.guild, channel, place.member())


def test_reading_a_voice_channel_takes_the_right_to_connect(place):
    channel = place.channel(10, place.deny(1, Permissions.CONNECT), kind=ChannelKind.VOICE)
    assert not can_read(place.guild, channel, place.member())


def test_seeing_without_history_is_not_reading(place):
    channel = place.channel(10, place.deny(1, Permissions.READ_MESSAGE_HISTORY))
    assert not can_read(place.guild, channel, place.member())


def test_a_thread_has_its_parents_permissions_and_its_own_right_to_write(place):
    place.channel(
        10,
        place.deny(1, Permissions.SEND_MESSAGES),
        place.allow(1, Permissions.SEND_MESSAGES_IN_THREADS),
    )
    thread = place.channel(11, kind=ChannelKind.PUBLIC_THREAD, parent_id=10)
    held = permissions(place.guild, thread, place.member())
    assert Permissions.SEND_MESSAGES in held
    assert Permissions.EMBED_LINKS in held
    place.channel(20, place.deny(1))
    shut = place.channel(21, kind=ChannelKind.PUBLIC_THREAD, parent_id=20)
    assert not can_read(place.guild, shut, place.member())


def test_a_private_thread_is_for_its_members_and_who_manages_threads(place):
    place.role(2, Permissions.MANAGE_THREADS)
    place.channel(10)
    thread = place.channel(
        11, kind=ChannelKind.PRIVATE_THREAD, parent_id=10, member_ids=frozenset({500})
    )
    assert can_read(place.guild, thread, place.member(500))
    assert can_read(place.guild, thread, place.member(501, 2))
    assert not can_read(place.guild, thread, place.member(501))


def test_a_member_of_a_private_thread_still_needs_to_see_its_channel(place):
    place.channel(10, place.deny(1))
    thread = place.channel(
        11, kind=ChannelKind.PRIVATE_THREAD, parent_id=10, member_ids=frozenset({500})
    )
    assert not can_read(place.guild, thread, place.member(500))


@pytest.mark.parametrize(
    "fields",
    [
        {"known": False},
        {"name": "___hidden___"},
        {"kind": ChannelKind.CATEGORY},
        {"kind": ChannelKind.DIRECTORY},
        {"kind": ChannelKind.PUBLIC_THREAD, "parent_id": 404},
        {"kind": ChannelKind.PUBLIC_THREAD},
        {"kind": ChannelKind.PUBLIC_THREAD, "parent_id": 30},
        {"kind": ChannelKind.PUBLIC_THREAD, "parent_id": 10},
    ],
    ids=str,
)
def test_what_is_unknown_is_closed_even_to_the_owner(place, fields):
    place.channel(30, known=False)
    channel = place.channel(10, **fields)
    assert not can_read(place.guild, channel, place.member(99))


def test_a_guild_without_its_everyone_role_is_closed(place):
    channel = place.channel(10)
    assert not can_read(replace(place.guild, roles=()), channel, place.member(99))


def test_a_member_or_channel_of_another_guild_is_nobody_here(place):
    channel = place.channel(10)
    stranger = replace(place.member(), guild_id=2)
    assert not can_read(place.guild, channel, stranger)
    assert not can_read(place.guild, replace(channel, guild_id=2), place.member())


def test_an_owner_that_nobody_told_us_of_is_not_the_forgotten_author(new_place):
    nameless = new_place(everyone=Permissions.NONE, owner=0)
    assert not can_read(nameless.guild, nameless.channel(10), nameless.member(0))


def test_a_time_out_leaves_only_reading_while_it_lasts(place):
    channel = place.channel(10)
    member = place.member(500, timed_out_until=NOW)
    before, after = NOW - timedelta(seconds=1), NOW
    assert permissions(place.guild, channel, member, before) == (
        Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY
    )
    assert Permissions.SEND_MESSAGES in permissions(place.guild, channel, member, after)
    assert Permissions.SEND_MESSAGES in permissions(place.guild, channel, member)


def test_a_hidden_channel_is_known_by_its_name(place):
    assert is_hidden(place.channel(10, name="___hidden___"))
    assert not is_hidden(place.channel(11))


def test_a_time_out_closes_voice_channels_and_other_peoples_private_threads(place):
    place.role(2, Permissions.MANAGE_THREADS)
    voice = place.channel(10, kind=ChannelKind.VOICE)
    place.channel(11)
    thread = place.channel(12, kind=ChannelKind.PRIVATE_THREAD, parent_id=11)
    member = place.member(500, 2, timed_out_until=NOW + timedelta(minutes=1))
    for channel in (voice, thread):
        assert can_read(place.guild, channel, member)
        assert not can_read(place.guild, channel, member, NOW)
