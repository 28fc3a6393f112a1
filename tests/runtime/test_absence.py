"""A report that becomes due while the program is stopped or cut off: one post, with everything."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from guildwatch.config import Paths, load
from guildwatch.runtime.assembly import assemble
from guildwatch.runtime.pace import Pace
from guildwatch.runtime.parts import Parts
from guildwatch.runtime.running import running
from guildwatch.sandbox import SandboxClock
from support.asking import in_the_end
from support.program import until
from support.town import Town

TALK = (
    "The release moves to Tuesday because two crashes on Windows are left.",
    "Can somebody reproduce the crashes with the installer from yesterday?",
    "I can: it happens when the graphics driver is older than expected.",
)


@pytest.fixture(autouse=True)
def _at_noon(town: Town) -> None:
    """No day ends by itself while people talk, whenever this is run."""
    clock = town.world.clock
    assert isinstance(clock, SandboxClock)
    clock.jump_to((clock() + timedelta(days=1)).replace(hour=12))


@asynccontextmanager
async def watching(town: Town, address: dict[str, str]) -> AsyncIterator[Parts]:
    """The whole program, in the time of the town."""
    config_file = Path(address["GUILDWATCH_CONFIG"])
    paths = Paths.choose(config_file=config_file, data_dir=None, environ=address)
    paths.prepare()
    config = load(config_file, address | {"GUILDWATCH_REPORT__ZONE": "UTC"})
    clock = town.world.clock
    pace = Pace(tick=0.02, history=0.01, sweep=0.01)
    async with (
        assemble(config, paths, clock=clock, pace=pace, with_model=False) as parts,
        running(parts),
    ):
        yield parts


async def has_settled(town: Town, parts: Parts) -> None:
    async def holds() -> bool:
        if not any(town.world.application.commands.values()):
            return False
        return bool(parts.roster.guilds()) and all(
            parts.runner.next_due(guild.id) is not None for guild in parts.roster.guilds()
        )

    await until(holds)


async def posted(town: Town, parts: Parts) -> list[str]:
    """What stands under each report once nothing is due any more."""

    async def holds() -> bool:
        states = [entry.state for entry in await parts.store.ledger.recent()]
        return len(states) > 1 and all(state.is_final for state in states)

    await until(holds)
    reports = (one for one in town.world.messages(town.reports) if one["embeds"])
    return [one["embeds"][0]["footer"]["text"] for one in reports]


def a_day_passes(town: Town) -> None:
    days_pass(town, 1)


def days_pass(town: Town, days: int) -> None:
    clock = town.world.clock
    assert isinstance(clock, SandboxClock)
    clock.jump_to(clock() + timedelta(days=days))


def talk(town: Town) -> None:
    people = [town.ada, *(town.world.add_user(name) for name in ("ben", "cleo"))]
    guild = town.world.channel(town.general).guild_id
    for person in people[1:]:
        town.world.add_member(guild, person)
    for number in range(18):
        town.world.say(people[number % 3], town.general, TALK[number % 3] + f" ({number})")


async def test_what_was_due_while_it_was_stopped_is_told_after_the_gap_is_read(
    town: Town, address: dict[str, str]
) -> None:
    async with watching(town, address) as parts:
        await has_settled(town, parts)
    talk(town)
    a_day_passes(town)
    async with watching(town, address) as parts:
        told = await posted(town, parts)
    assert len(told) == 1
    assert "18 messages" in told[0]


async def test_what_was_due_while_discord_was_away_is_told_after_the_gap_is_read(
    town: Town, address: dict[str, str]
) -> None:
    async with watching(town, address) as parts:
        await has_settled(town, parts)
        town.server.go_away()
        talk(town)

        async def is_cut_off() -> bool:
            return parts.connection.connected_since is None

        await until(is_cut_off)
        a_day_passes(town)
        await asyncio.sleep(0.2)  # ten looks at the schedule, none of which may write the report
        town.server.come_back()
        told = await posted(town, parts)
    assert len(told) == 1
    assert "18 messages" in told[0]


@pytest.mark.parametrize("days", [pytest.param(0, marks=pytest.mark.long), 3])
async def test_what_is_deleted_while_it_was_stopped_leaves_the_post_and_the_public_answer(
    town: Town, address: dict[str, str], days: int
) -> None:
    """Recent messages are read again at the start, older ones by the slow sweep."""
    async with watching(town, address) as parts:
        await has_settled(town, parts)
        talk(town)
        asked = {"public": True}
        await until(lambda: heard(parts, 18))
        await in_the_end(await town.world.command(town.ada, town.general, "summary now", asked))
        a_day_passes(town)
        await posted(town, parts)
    post, answer = shown(town, town.reports), shown(town, town.general)
    gone = next(iter(cited(post) & cited(answer)))
    town.world.delete(gone)
    days_pass(town, days)

    async with watching(town, address):

        async def is_edited() -> bool:
            now = shown(town, town.reports) + shown(town, town.general)
            return gone not in cited(now)

        await until(is_edited)
    for place, before in ((town.general, answer), (town.reports, post)):
        left = cited(shown(town, place))
        assert left
        assert left < cited(before)


async def heard(parts: Parts, messages: int) -> bool:
    (guild,) = parts.roster.guilds()
    now = parts.runner.next_due(guild.id)
    assert now is not None
    day = timedelta(days=2)
    return len(await parts.store.messages.between(guild.id, now - day, now + day)) >= messages


def shown(town: Town, channel_id: int) -> str:
    """All that the bot says in a channel and its threads."""
    places = [
        one.id for one in town.world.channels.values() if channel_id in (one.id, one.parent_id)
    ]
    said = [one for place in places for one in town.world.messages(place)]
    return json.dumps([one for one in said if int(one["author"]["id"]) == town.world.bot.id])


def cited(told: str) -> set[int]:
    """The messages that it links to."""
    return {int(one) for one in re.findall(r"/channels/\d+/\d+/(\d+)", told)}
