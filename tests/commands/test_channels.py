"""`/channels`: an admin sees and chooses what they can read themselves."""

import pytest

from guildwatch.audience import Permissions
from guildwatch.model import Overwrite
from guildwatch.sandbox.errors import RefusedError


@pytest.fixture
async def with_admin(empty_town):
    """Jonas may manage the server, and still does not see #staff."""
    town = empty_town
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    category = town.world.add_category(town.guild_id, "Lounge *of* fame")
    town.channels["jam"] = town.world.add_channel(town.guild_id, "jam", parent=category)
    town.channels["adults"] = town.world.add_channel(town.guild_id, "adults", nsfw=True)
    await town.look()
    return town


async def test_the_list_marks_what_is_followed_and_says_why_not(with_admin):
    town = with_admin

    answer = await town.ask(town.mara, "channels list")

    lines = answer.text.splitlines()
    assert f"● <#{town.channels['general']}>" in lines
    assert f"● <#{town.channels['staff']}>" in lines
    assert f"○ <#{town.channels['daily-summary']}> (reports go there)" in lines
    assert f"○ <#{town.channels['adults']}> (age-restricted)" in lines
    assert lines.index(r"**Lounge \*of\* fame**") == lines.index(f"● <#{town.channels['jam']}>") - 1
    assert answer.ephemeral


async def test_nobody_is_shown_a_channel_that_they_cannot_see(with_admin):
    town = with_admin
    staff = {"channel": town.channels["staff"]}

    for command, options in (
        ("channels list", None),
        ("channels track", staff),
        ("channels ignore", staff),
    ):
        answer = await town.ask(town.jonas, command, options)
        assert str(town.channels["staff"]) not in answer.text
        assert "staff" not in answer.text
    assert town.desk.roster.is_tracked(town.channels["staff"])


async def test_a_channel_is_ignored_and_followed_again(with_admin):
    town = with_admin
    general = {"channel": town.channels["general"]}

    answer = await town.ask(town.jonas, "channels ignore", general)
    assert "no longer follow" in answer.text
    assert not town.desk.roster.is_tracked(town.channels["general"])

    answer = await town.ask(town.jonas, "channels track", general)
    assert answer.text == f"I follow <#{town.channels['general']}>."
    assert town.desk.roster.is_tracked(town.channels["general"])


async def test_a_channel_that_the_bot_cannot_read_is_promised_and_not_pretended(with_admin):
    town = with_admin
    bot = Overwrite(town.world.bot.id, True, 0, int(Permissions.READ_MESSAGE_HISTORY))
    town.world.set_overwrites(town.channels["support"], [bot])
    await town.look()

    answer = await town.ask(town.mara, "channels track", {"channel": town.channels["support"]})

    assert "once I can read it" in answer.text


async def test_plain_members_may_not(empty_town):
    with pytest.raises(RefusedError):
        await empty_town.ask(empty_town.tiff, "channels list")
    for command in empty_town.world.application.commands[None].values():
        command["default_member_permissions"] = None
    general = {"channel": empty_town.channels["general"]}

    for command, options in (
        ("channels list", None),
        ("channels track", general),
        ("channels ignore", general),
    ):
        answer = await empty_town.ask(empty_town.tiff, command, options)
        assert answer.text == "Only members who may manage this server can do that."


async def test_an_ignored_channel_is_in_no_summary(town):
    await town.ask(town.mara, "channels ignore", {"channel": town.channels["support"]})

    answer = await town.ask(town.jonas, "summary now")

    assert "crashes" in answer.text
    assert "map editor" not in answer.text
    asked = await town.ask(town.jonas, "summary now", {"channel": town.channels["support"]})
    assert "I don't follow" in asked.text


async def test_a_list_longer_than_a_message_ends_at_a_whole_line_with_what_is_left(empty_town):
    town = empty_town
    for number in range(120):
        town.world.add_channel(town.guild_id, f"room-{number}")
    await town.look()

    answer = await town.ask(town.mara, "channels list")

    assert len(answer.text) <= 2000
    assert answer.text.splitlines()[-1].startswith("… and ")
