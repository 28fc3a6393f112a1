"""Which channels a post or an answer may draw on: cases told one by one."""

import time
from dataclasses import replace
from random import Random

import pytest

from guildwatch.audience import (
    Permissions,
    sources_for_channel_post,
    sources_for_member,
    sources_for_public_answer,
)
from guildwatch.model import ChannelKind


def test_an_open_channel_is_told_to_everybody_and_a_closed_one_to_nobody_else(place):
    target = place.channel(10)
    place.channel(11)
    place.channel(12, place.deny(1))
    assert sources_for_channel_post(place.guild, target) == {10, 11}


def test_a_role_that_opens_the_target_and_another_that_closes_the_source_leak_together(place):
    place.role(2), place.role(3)
    target = place.channel(10, place.deny(1), place.allow(2))
    place.channel(11, place.deny(3))
    assert sources_for_channel_post(place.guild, target) == {10}


def test_a_staff_post_may_draw_on_what_all_staff_can_read(place):
    place.role(2)
    target = place.channel(10, place.deny(1), place.allow(2))
    place.channel(11, place.deny(1), place.allow(2))
    place.channel(12)
    assert sources_for_channel_post(place.guild, target) == {10, 11, 12}


def test_one_person_let_into_the_target_keeps_out_what_they_cannot_read(place):
    place.role(2)
    target = place.channel(10, place.deny(1), place.allow(2), place.allow_member(500))
    place.channel(11, place.deny(1), place.allow(2))
    assert sources_for_channel_post(place.guild, target) == {10}


def test_one_person_shut_out_of_a_source_keeps_it_out(place):
    target = place.channel(10)
    place.channel(11, place.deny_member(500))
    assert sources_for_channel_post(place.guild, target) == {10}


def test_a_person_shut_out_of_both_takes_nothing_away(place):
    target = place.channel(10, place.deny_member(500))
    place.channel(11, place.deny_member(500))
    assert sources_for_channel_post(place.guild, target) == {10, 11}


def test_the_owner_reads_everything_whatever_stands_against_them(place):
    target = place.channel(10)
    place.channel(11, place.deny_member(99))
    assert sources_for_channel_post(place.guild, target) == {10, 11}


def test_a_source_without_history_for_all_is_left_out(place):
    target = place.channel(10)
    place.channel(11, place.deny(1, Permissions.READ_MESSAGE_HISTORY))
    assert sources_for_channel_post(place.guild, target) == {10}


def test_administrators_close_nothing(place):
    place.role(2, Permissions.ADMINISTRATOR)
    target = place.channel(10)
    place.channel(11, place.deny(2))
    assert sources_for_channel_post(place.guild, target) == {10, 11}


def test_an_overwrite_for_an_unknown_role_counts_as_the_worst_role_there_could_be(place):
    target = place.channel(10)
    place.channel(11, place.deny(77))
    assert sources_for_channel_post(place.guild, target) == {10}


def test_a_private_thread_is_told_only_within_itself(place):
    parent = place.channel(10)
    thread = place.channel(11, kind=ChannelKind.PRIVATE_THREAD, parent_id=10)
    place.channel(12, kind=ChannelKind.PUBLIC_THREAD, parent_id=10, archived=True)
    assert sources_for_channel_post(place.guild, parent) == {10, 12}
    assert sources_for_channel_post(place.guild, thread) == {10, 11, 12}


def test_an_age_restricted_source_stays_among_age_restricted_channels(place):
    target = place.channel(10)
    adult = place.channel(11, age_restricted=True)
    place.channel(12, kind=ChannelKind.PUBLIC_THREAD, parent_id=11)
    assert sources_for_channel_post(place.guild, target) == {10}
    assert sources_for_channel_post(place.guild, adult) == {10, 11, 12}


@pytest.mark.parametrize("fields", [{"known": False}, {"name": "___hidden___"}], ids=str)
def test_a_target_or_source_that_is_unknown_gives_nothing(place, fields):
    target = place.channel(10)
    unknown = place.channel(11, **fields)
    assert sources_for_channel_post(place.guild, target) == {10}
    assert sources_for_channel_post(place.guild, unknown) == frozenset()
    assert sources_for_channel_post(replace(place.guild, roles=()), target) == frozenset()


def test_a_public_answer_needs_both_its_asker_and_its_readers(place):
    place.role(2)
    target = place.channel(10)
    place.channel(11, place.deny(1), place.allow(2))
    place.channel(12)
    shut = place.member(501)
    asker = place.member(500, 2)
    assert sources_for_member(place.guild, asker) == {10, 11, 12}
    assert sources_for_public_answer(place.guild, asker, target) == {10, 12}
    assert sources_for_public_answer(place.guild, shut, place.guild.channel(11)) == {10, 12}


def test_a_large_guild_is_answered_at_once(place):
    """250 roles and 500 different channels; pair by pair this would be 47 million checks."""
    random = Random(7)
    for role in range(2, 252):
        place.role(
            role, random.choice([0, 0, Permissions.VIEW_CHANNEL, Permissions.READ_MESSAGE_HISTORY])
        )
    channels = [
        place.channel(
            1000 + number,
            *(random.choice([place.allow, place.deny])(random.randrange(2, 252)) for _ in range(9)),
            *(place.allow_member(random.randrange(5000, 5050)) for _ in range(3)),
        )
        for number in range(500)
    ]

    def seconds(count: int) -> float:
        some = replace(place.guild, channels=place.guild.channels[:count])
        began = time.process_time()
        sources_for_channel_post(some, channels[0])
        return time.process_time() - began

    assert seconds(496) < 32 * max(0.002, min(seconds(62) for _ in range(3)))
