"""A Discord on loopback for the real program."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guildwatch.sandbox import SandboxClock, Server, World
from support.town import Town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    world = World(SandboxClock())
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    ada = world.add_user("ada", display_name="Ada")
    guild = world.add_guild("Lighthouse", owner=ada)
    general = world.add_channel(guild, "general")
    reports = world.add_channel(guild, "daily-summary")
    world.invite_bot(guild)
    async with Server(world) as server:
        yield Town(world, ada, general, reports, server)


@pytest.fixture
def address(town: Town, tmp_path: Path) -> dict[str, str]:
    """The variables with which the program finds the town."""
    return {
        "GUILDWATCH_DISCORD__API_URL": town.server.url,
        "GUILDWATCH_DISCORD__TOKEN": town.server.token,
        "GUILDWATCH_DATA_DIR": str(tmp_path / "data"),
        "GUILDWATCH_CONFIG": str(tmp_path / "config.toml"),
    }
