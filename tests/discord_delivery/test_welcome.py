"""The hello in a guild that the bot has joined."""

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.welcome import Welcome


@pytest.fixture
def welcome(town):
    return Welcome(town.line, town.roster, clock=town.clock)


async def test_the_bot_says_hello_in_the_system_channel_without_pinging(town, welcome):
    town.world.set_system_channel(town.guild_id, town.channels["support"])

    await welcome.greet(town.guild)

    (hello,) = town.posted("support")
    for word in ("/setsummary", "/channels ignore", "/help", "#daily-summary", "every channel"):
        assert word in hello["content"]
    assert not hello["mention_everyone"]
    assert not hello["mentions"]


async def test_without_a_system_channel_it_is_the_first_that_lets_the_bot_write(town, welcome):
    await town.deny("general", Permissions.SEND_MESSAGES)

    await welcome.greet(town.guild)

    assert town.posted("general") == []
    assert len(town.posted("support")) == 1


async def test_it_is_said_once(town, welcome):
    await welcome.greet(town.guild)
    town.timer.now += 3600
    await welcome.greet(town.guild)

    assert len(town.posted("general")) == 1


async def test_where_nobody_lets_it_write_only_the_log_hears_of_it(town, welcome, caplog):
    for name in town.channels:
        await town.deny(name, Permissions.SEND_MESSAGES)

    await welcome.greet(town.guild)

    assert "no welcome" in caplog.text
