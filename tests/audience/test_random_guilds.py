"""Every question to `audience`, about random guilds, against the naive telling of the rules."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from guildwatch.audience import (
    sources_for_channel_post,
    sources_for_member,
    sources_for_public_answer,
)
from guildwatch.model import Channel, Guild, Overwrite, Role
from support import naive_audience as naive
from support.random_guilds import OWNER, PEOPLE, random_guild

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def _compare(guild: Guild, dice: Random, counts: Counter[str]) -> None:
    """Ask about one target and one person of a guild, and count what is wrong."""
    target = dice.choice(guild.channels)
    post = sources_for_channel_post(guild, target)
    safe = _told_naively(guild, target)
    by_two = _told_naively(guild, target, most_roles=2)
    counts["asked"] += len(guild.channels)
    counts["allowed"] += len(post)
    counts["leaks"] += len(post - safe)
    counts["over-closed"] += len(by_two - post)

    roles = [role.id for role in guild.roles if role.id != guild.id]
    held = frozenset(one for one in roles if dice.random() < 0.4)
    person = naive.Person(dice.choice((*PEOPLE, 999)), held, dice.random() < 0.2)
    until = NOW + timedelta(minutes=5) if person.is_timed_out else None
    member = naive.member(guild, person, until)
    own = naive.for_member(guild, person)
    view = sources_for_member(guild, member, NOW)
    counts["asker's leaks"] += len(view - own)
    counts["asker's over-closed"] += len(own - view)
    answer = sources_for_public_answer(guild, member, target, NOW)
    counts["answer's leaks"] += len(answer - (safe & own))
    counts["answer's over-closed"] += len((by_two & own) - answer)


def _told_naively(guild: Guild, target: Channel, most_roles: int | None = None) -> set[int]:
    """What nobody who sees the target is told that they cannot read.

    What nobody told us of a role may be the worst there is, where one of the two speaks of it.
    """
    known = sorted(naive.named(guild))
    sources = defaultdict[frozenset[int], set[int]](set)
    for one in guild.channels:
        strange = naive.strange_roles(guild, one) | naive.strange_roles(guild, target)
        sources[frozenset(strange)].add(one.id)
    told: set[int] = set()
    for strange, ids in sources.items():
        worst = naive.with_strange_roles(guild, strange)
        seen = next(one for one in worst.channels if one.id == target.id)
        crowd = list(naive.people(worst, known, most_roles=most_roles))
        told |= naive.for_channel_post(worst, seen, crowd) & ids
    return told


WRONG = ("leaks", "over-closed", "asker's leaks", "asker's over-closed", "answer's leaks")


def counted(seeds: range) -> Counter[str]:
    """What came out for so many guilds."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        _compare(random_guild(seed), Random(seed), counts)
        counts["guilds"] += 1
    return counts


def _assert_right(counts: Counter[str]) -> None:
    assert not any(counts[wrong] for wrong in (*WRONG, "answer's over-closed")), counts
    assert counts["allowed"] > counts["guilds"] / 2, "hardly anything was allowed to be told"


def test_four_hundred_random_guilds_leak_nothing_and_lose_nothing():
    _assert_right(counted(range(400)))


@pytest.mark.long
def test_ten_thousand_random_guilds_leak_nothing_and_lose_nothing():
    counts = counted(range(1_000, 11_000))
    print(dict(counts))
    _assert_right(counts)


@pytest.mark.parametrize("seed", range(3))
def test_a_guild_of_more_than_250_roles_tells_nobody_what_they_cannot_read(seed):
    """Too many sets of roles to try them all: every pair's worst is in the other tests."""
    dice = Random(seed)
    guild = random_guild(seed)
    roles = [
        Role(2 + number, f"r{number}", dice.choice((0, 0, 1 << 10, 1 << 16)))
        for number in range(260)
    ]
    everyone = Role(guild.id, "@everyone", 1 << 10 | 1 << 16 | 1 << 20)
    channels = tuple(_sprinkled(one, dice) for one in guild.channels)
    guild = replace(guild, roles=(everyone, *roles), channels=channels)
    crowd = [
        naive.Person(
            dice.choice((*PEOPLE, -1)), frozenset(dice.sample(range(2, 262), dice.randint(0, 6)))
        )
        for _ in range(3_000)
    ]
    for target in guild.channels:
        told = sources_for_channel_post(guild, target)
        assert told <= naive.for_channel_post(guild, target, crowd)


def _sprinkled(channel: Channel, dice: Random) -> Channel:
    more = tuple(
        Overwrite(id_, False, *((1 << 10, 0) if dice.random() < 0.5 else (0, 1 << 10)))
        for id_ in dice.sample(range(2, 262), 8)
    )
    known = {one.id for one in more}
    kept = (one for one in channel.overwrites if one.id not in known and one.id != 77)
    return replace(channel, overwrites=(*kept, *more))


def test_the_owner_is_told_everything_that_is_known(place):
    guild = random_guild(5)
    owner = naive.Person(OWNER)
    assert sources_for_member(guild, naive.member(guild, owner)) == naive.for_member(guild, owner)
