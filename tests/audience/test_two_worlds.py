"""What may be told is the same in a guild whose hidden channels had never existed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from guildwatch.audience import (
    sources_for_channel_post,
    sources_for_member,
    sources_for_public_answer,
)
from guildwatch.model import Channel, Guild, Member
from support.random_guilds import GUILD, PEOPLE, random_guild

NOW = datetime(2026, 11, 23, tzinfo=UTC)
Ask = Callable[[Guild, Channel], frozenset[int]]


def _asks(guild: Guild, dice: Random) -> dict[str, Ask]:
    until = NOW + timedelta(hours=1) if dice.random() < 0.2 else None
    roles = frozenset(role.id for role in guild.roles if dice.random() < 0.4)
    member = Member(GUILD, dice.choice((*PEOPLE, 999)), "somebody", roles, until)
    return {
        "asker": lambda there, _: sources_for_member(there, member, NOW),
        "post": sources_for_channel_post,
        "answer": lambda there, at: sources_for_public_answer(there, member, at, NOW),
    }


def _without_the_rest(guild: Guild, allowed: frozenset[int], target: Channel | None) -> Guild:
    """The guild with what may be told alone, where it is told, and what those threads stand in."""
    kept = [one for one in guild.channels if one.id in allowed or one == target]
    ids = {one.id for one in kept} | {one.parent_id for one in kept if one.kind.is_thread}
    return replace(guild, channels=tuple(one for one in guild.channels if one.id in ids))


def _differences(seed: int) -> list[tuple[int, str]]:
    guild, dice = random_guild(seed), Random(seed)
    target = dice.choice(guild.channels)
    found = []
    for kind, ask in _asks(guild, dice).items():
        allowed = ask(guild, target)
        less = _without_the_rest(guild, allowed, None if kind == "asker" else target)
        if ask(less, target) != allowed:
            found.append((seed, kind))
    return found


def test_what_may_be_told_in_some_guilds_does_not_depend_on_what_is_hidden():
    assert not [one for seed in range(1_000) for one in _differences(seed)]


@pytest.mark.long
def test_what_may_be_told_in_many_guilds_does_not_depend_on_what_is_hidden():
    assert not [one for seed in range(1_000, 21_000) for one in _differences(seed)]
