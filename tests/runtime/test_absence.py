"""A report that becomes due while the program is stopped or cut off: one post, with everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from guildwatch.config import Paths, load
from guildwatch.runtime.parts import Pace, Parts, assemble
from guildwatch.runtime.running import running
from guildwatch.sandbox import SandboxClock
from support.program import until
from support.town import Town

TALK = (
    "The release moves to Tuesday because two crashes on Windows are left.",
    "Can somebody reproduce the crashes with the installer from yesterday?",
    "I can: it happens when the graphics driver is older than expected.",
)


@asynccontextmanager
async def watching(town: Town, address: dict[str, str]) -> AsyncIterator[Parts]:
    """The whole program, in the time of the town."""
    config_file = Path(address["GUILDWATCH_CONFIG"])
    paths = Paths.choose(config_file=config_file, data_dir=None, environ=address)
    paths.prepare()
    config = load(config_file, address | {"GUILDWATCH_REPORT__ZONE": "UTC"})
    clock = town.world.clock
    pace = Pace(tick=0.02, history=0.01)
    async with (
        assemble(config, paths, clock=clock, pace=pace, with_model=False) as parts,
        running(parts),
    ):
        yield parts


async def has_settled(town: Town, parts: Parts) -> None:
    async def holds() -> bool:
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
    clock = town.world.clock
    assert isinstance(clock, SandboxClock)
    clock.jump_to(clock() + timedelta(days=1))


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
