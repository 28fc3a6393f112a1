"""How often members may ask for what costs something."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.discord.allowance import WINDOW, Allowance
from guildwatch.discord.errors import RefusalError
from guildwatch.model import GuildSettings, Limits

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def test_a_member_who_asks_too_often_hears_when_again(town):
    await town.ask(town.mara, "settings limits", {"member": 2})
    for _ in range(2):
        assert "release" in (await town.ask(town.jonas, "summary now")).text
    began = int(town.clock.now.timestamp())

    refused = await town.ask(town.jonas, "summary now")

    assert refused.ephemeral
    assert refused.text.startswith(
        "You have asked for as much as I can write within an hour. "
        f"Ask again at <t:{began + 3601}:t>"
    )
    assert "release" in (await town.ask(town.tiff, "summary now")).text

    town.clock.now += timedelta(hours=1, seconds=1)
    assert "release" in (await town.ask(town.jonas, "summary now")).text


async def test_all_members_together_have_a_limit_too(town):
    await town.ask(town.mara, "settings limits", {"server": 1})
    await town.ask(town.jonas, "summary now")
    refused = (await town.ask(town.tiff, "summary week")).text
    assert refused.startswith("This server has asked for as much as I can write within an hour.")
    assert "messages in 7 days" in (await town.ask(town.tiff, "mystats")).text


async def test_what_comes_to_nothing_does_not_count(town):
    await town.ask(town.mara, "settings limits", {"member": 1})
    for _ in range(3):
        answer = await town.ask(town.jonas, "summary day", {"date": "the day after"})
        assert answer.text.startswith("I don't know that date")
    town.clock.now += timedelta(hours=2)
    for public in (False, True):
        answer = await town.ask(town.jonas, "summary now", {"hours": 1, "public": public})
        assert answer.text.startswith("Nothing was said in the last hour")
    assert "release" in (await town.ask(town.jonas, "summary now")).text


async def test_admins_may_ask_for_less_than_the_operator_grants_but_not_for_more(town):
    asked = "Within an hour a member may ask for {}, and all members together for {}."
    answer = await town.ask(town.mara, "settings limits", {"member": 1, "server": 500})
    assert answer.text == (
        asked.format("1 summary", "40 summaries") + " The operator of this bot grants no more."
    )
    answer = await town.ask(town.mara, "settings limits", {"member": 0, "server": 0})
    assert answer.text == asked.format("10 summaries", "40 summaries")
    assert (
        asked.format("10 summaries", "40 summaries")
        in (await town.ask(town.mara, "settings show")).text
    )


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 2400))))
def test_nobody_ever_gets_more_than_the_limits_within_any_hour(asked):
    clock, limits = Clock(), Limits(2, 5)
    allowance = Allowance(lambda _: limits, clock=clock)
    granted = []
    for number, (guild, member, seconds) in enumerate(asked):
        clock.now += timedelta(seconds=seconds)
        within = [one for one in granted if one[0] == guild and clock.now - one[2] < WINDOW]
        may = len(within) < 5 and sum(one[1] == member for one in within) < 2
        try:
            allowance.take(guild, member, number)
        except RefusalError:
            assert not may
        else:
            assert may
            granted.append((guild, member, clock.now))


def test_memory_is_bounded_however_many_members_ask():
    clock = Clock()
    allowance = Allowance(lambda _: Limits(1, 40), clock=clock)
    for member in range(20_000):
        try:
            allowance.take(1, member, member)
        except RefusalError:
            continue
    kept = sum(map(len, allowance._uses.values()))
    assert kept <= 40
    assert sys.getsizeof(allowance._uses) < 1_000


def test_a_clock_that_went_back_locks_nobody_out():
    clock = Clock()
    allowance = Allowance(lambda _: Limits(1, 1), clock=clock)
    clock.now = NOW + timedelta(days=400)
    allowance.take(1, 1, 1)
    clock.now = NOW
    allowance.take(1, 1, 2)
    with pytest.raises(RefusalError):
        allowance.take(1, 1, 3)


def test_a_limit_is_at_least_one():
    settings = GuildSettings(1, member_limit=-3, guild_limit=0)
    assert Limits(5, 7).lowered_by(settings) == Limits(1, 7)
