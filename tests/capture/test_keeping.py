"""For how long a channel's texts are kept: the nearest choice counts, admins may only shorten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.capture import KeepRules
from guildwatch.model import Channel, ChannelKind, Guild

GUILD, CATEGORY, CHANNEL, THREAD, LONE, UNKNOWN = 1, 13, 10, 12, 11, 99
PICTURE = Guild(
    GUILD,
    "Lighthouse",
    channels=(
        Channel(CATEGORY, GUILD, "talk", ChannelKind.CATEGORY),
        Channel(CHANNEL, GUILD, "general", ChannelKind.TEXT, CATEGORY),
        Channel(THREAD, GUILD, "thread", ChannelKind.PUBLIC_THREAD, CHANNEL),
        Channel(LONE, GUILD, "lone", ChannelKind.TEXT),
    ),
)
days = st.integers(1, 100)


@pytest.mark.parametrize(
    ("operator", "kept"),
    [
        ({}, {THREAD: 30, CHANNEL: 30, LONE: 30, UNKNOWN: 30}),
        ({GUILD: 90}, {THREAD: 90, CHANNEL: 90, LONE: 90, UNKNOWN: 90}),
        ({GUILD: 90, CATEGORY: 7}, {THREAD: 7, CHANNEL: 7, LONE: 90}),
        ({CATEGORY: 7, CHANNEL: 60}, {THREAD: 60, CHANNEL: 60, LONE: 30}),
        ({CHANNEL: 60, THREAD: 1}, {THREAD: 1, CHANNEL: 60}),
        ({UNKNOWN: 2, 2: 9}, {UNKNOWN: 2, THREAD: 30}),
    ],
)
def test_the_nearest_of_the_operators_days_counts(operator, kept):
    rules = KeepRules(30, operator)
    assert {one: rules.days(PICTURE, one, {}) for one in kept} == kept


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({0: 10}, {THREAD: 10, CHANNEL: 10, LONE: 10, UNKNOWN: 10}),
        ({0: 10, CHANNEL: 20}, {THREAD: 20, CHANNEL: 20, LONE: 10}),
        ({0: 365, CATEGORY: 365}, {THREAD: 30, LONE: 30}),
        ({CATEGORY: 5}, {THREAD: 5, CHANNEL: 5, LONE: 30}),
    ],
)
def test_the_nearest_of_the_admins_days_counts_where_it_is_shorter(chosen, kept):
    rules = KeepRules(30)
    assert {one: rules.days(PICTURE, one, chosen) for one in kept} == kept


@given(
    operator=st.dictionaries(st.sampled_from([GUILD, CATEGORY, CHANNEL, THREAD]), days),
    chosen=st.dictionaries(st.sampled_from([0, CATEGORY, CHANNEL, THREAD]), days),
    place=st.sampled_from([CHANNEL, THREAD, LONE, UNKNOWN]),
)
def test_admins_never_lengthen_what_the_operator_says(operator, chosen, place):
    rules = KeepRules(30, operator)
    assert rules.days(PICTURE, place, chosen) <= rules.days(PICTURE, place, {})


def test_channels_that_are_each_others_parents_do_not_hold_it_up():
    circle = Guild(
        GUILD,
        "Circle",
        channels=(
            Channel(1, GUILD, "a", ChannelKind.TEXT, 2),
            Channel(2, GUILD, "b", ChannelKind.TEXT, 1),
        ),
    )
    assert KeepRules(30).days(circle, 1, {}) == 30
