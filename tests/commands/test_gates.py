"""Who may use what: restrictions by role and channel, and what they may not do in Discord alone."""

import asyncio

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.access import UNGATED
from guildwatch.model import Gate
from guildwatch.sandbox.faults import Trouble

CALLBACK = "/interactions/{interaction_id}/{token}/callback"
ONLY_ADMINS = "Only members who may manage this server can do that."


async def gate(town, command="summary", **restriction):
    return (await town.ask(town.mara, "settings gate", {"command": command, **restriction})).text


async def test_only_members_with_the_role_may_use_the_command(town):
    await gate(town, role=town.team)

    refused = await town.ask(town.jonas, "summary now")
    answered = await town.ask(town.tiff, "summary now")

    assert refused.ephemeral
    assert refused.text == f"Only members with the role <@&{town.team}> can use `/summary` here."
    assert "release" in answered.text


async def test_who_may_manage_the_server_passes_every_gate(town):
    await gate(town, role=town.team, channel=town.channels["staff"])
    assert "release" in (await town.ask(town.mara, "summary now")).text


async def test_a_command_can_be_kept_to_channels_and_categories(town):
    category = town.world.add_channel(town.guild_id, "bots", kind=4)
    inside = town.world.add_channel(town.guild_id, "ask-me", parent=category)
    town.channels["ask-me"] = inside
    await town.look()
    await gate(town, channel=category)

    refused = await town.ask(town.jonas, "summary now", place="general")
    answered = await town.ask(town.jonas, "summary now", place="ask-me")

    assert refused.text == f"You can use `/summary` only in <#{category}>."
    assert "release" in answered.text


async def test_a_channel_that_the_member_cannot_see_is_not_named(town):
    staff = town.channels["staff"]
    await gate(town, channel=staff)
    refused = (await town.ask(town.jonas, "summary now")).text
    assert refused == "You can't use `/summary` in this channel."


async def test_a_gate_for_all_holds_where_a_command_has_none_of_its_own(town):
    await gate(town, "all", role=town.team)
    await gate(town, "mystats", role=town.guild_id)

    assert "Only members" in (await town.ask(town.jonas, "summary now")).text
    assert "Only members" in (await town.ask(town.jonas, "myactivity")).text
    assert "messages in 7 days" in (await town.ask(town.jonas, "mystats")).text
    assert "</mystats:" in (await town.ask(town.jonas, "help")).text


async def test_nothing_is_suggested_to_who_may_not_use_the_command(town):
    assert await town.offered(town.jonas, "summary day", "date", "")
    await gate(town, role=town.team)
    assert not await town.offered(town.jonas, "summary day", "date", "")
    assert await town.offered(town.tiff, "summary day", "date", "")


async def test_suggestions_that_come_too_late_are_no_error(town, caplog):
    caplog.set_level("INFO", logger="guildwatch")
    town.faults.strike(Trouble.ERROR_AFTER, "POST", CALLBACK, status=404)
    await town.offered(town.jonas, "summary day", "date", "")
    async with asyncio.timeout(30):
        while "suggestions came too late" not in caplog.text:
            await asyncio.sleep(0)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


async def test_help_lists_only_what_its_asker_may_use(town):
    await gate(town, role=town.team)
    listed = (await town.ask(town.jonas, "help")).text
    assert "</summary" not in listed
    assert "</mystats" in listed
    assert "</summary now" in (await town.ask(town.tiff, "help")).text


async def test_a_stale_gate_stays_closed_and_the_admin_is_told_how_to_mend_it(town):
    role = town.world.add_role(town.guild_id, "keepers")
    await town.look()
    await gate(town, role=role)
    await town.desk.roster.drop_role(town.guild_id, role)

    refused = (await town.ask(town.jonas, "summary now")).text
    listed = (await town.ask(town.mara, "settings gates")).text
    shown = (await town.ask(town.mara, "settings show")).text
    mended = (
        await town.ask(town.mara, "settings ungate", {"command": "summary", "gone": True})
    ).text

    assert refused == (
        "Nobody can use `/summary` here: the roles that may are gone. "
        "An admin can mend that with `/settings gates`."
    )
    assert "**/summary** only with a role that is gone" in listed
    assert "1: `/settings gates`. 1 of them names what is gone" in shown
    assert mended.startswith("No command is restricted")
    assert "release" in (await town.ask(town.jonas, "summary now")).text


@pytest.mark.parametrize("name", sorted(UNGATED))
async def test_no_gate_closes_the_rights_of_members(town, name):
    refused = await gate(town, name, role=town.team)
    assert refused == f"`/{name}` is every member's right and cannot be restricted."
    await town.store.gates.add(Gate(town.guild_id, "all", town.team, is_role=True))
    assert "</help" in (await town.ask(town.jonas, "help")).text


async def test_an_override_in_discord_opens_no_command_for_admins(town):
    before = town.desk.roster.settings(town.guild_id)
    for command in town.world.application.commands[None].values():
        command["default_member_permissions"] = None

    asked = {
        "settings show": None,
        "settings keep": {"days": 1},
        "settings gate": {"command": "summary", "role": town.team},
        "settings ungate": {"command": "summary"},
        "settings gates": None,
        "settings reports": {"names": False},
        "settings limits": {"member": 1},
        "settings changes": None,
        "setsummary": {"time": "03:00"},
        "channels list": None,
        "channels ignore": {"channel": town.channels["general"]},
    }
    for command, options in asked.items():
        assert (await town.ask(town.jonas, command, options)).text == ONLY_ADMINS, command
    assert not await town.offered(town.jonas, "setsummary", "zone", "ber")
    assert not await town.offered(town.jonas, "settings gate", "command", "")

    assert town.desk.roster.settings(town.guild_id) == before
    assert await town.store.gates.of(town.guild_id) == []
    assert await town.store.record.latest() == []


async def test_whatever_is_for_admins_in_discord_is_so_on_our_side(town):
    """Every command, those that come later too: the door knows it from the command itself."""
    for command in town.world.application.commands[None].values():
        if command["default_member_permissions"] is None:
            continue
        command["default_member_permissions"] = None
        paths = [command["name"]]
        if command["options"] and command["options"][0]["type"] == 1:
            paths = [f"{command['name']} {one['name']}" for one in command["options"]]
        for path in paths:
            needed = required(town, command, path)
            assert (await town.ask(town.jonas, path, needed)).text == ONLY_ADMINS, path


def required(town, command, path):
    leaf = command
    for word in path.split()[1:]:
        leaf = next(one for one in leaf["options"] if one["name"] == word)
    values = {3: "1", 4: 1, 5: True, 7: town.channels["general"], 8: town.team}
    return {
        one["name"]: values[one["type"]] for one in leaf["options"] or [] if one.get("required")
    }


async def test_roles_of_which_nobody_told_us_open_nothing(town):
    """An admin role that only Discord knows of: we wait until the gateway has told it."""
    late = town.world.add_role(town.guild_id, "late", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [late])
    assert (await town.ask(town.jonas, "settings show")).text == ONLY_ADMINS
    await town.look()
    assert (await town.ask(town.jonas, "settings show")).text != ONLY_ADMINS


async def test_an_admin_restricts_only_what_they_can_see(town):
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()
    staff = town.channels["staff"]
    await gate(town, channel=staff)

    listed = (await town.ask(town.jonas, "settings gates")).text
    changes = (await town.ask(town.jonas, "settings changes")).text
    refused = await town.ask(town.jonas, "settings gate", {"command": "summary", "channel": staff})

    assert str(staff) not in listed + changes
    assert "a channel that you can't see" in listed
    assert refused.text == "I know no such channel that you can read."


async def test_a_gate_needs_a_command_and_something_to_restrict_it_to(town):
    assert "choose all, buttons, my" in await gate(town, "weather", role=town.team)
    assert await gate(town, "/Summary") == "Name a role or a channel."
    assert "**/summary** only with" in await gate(town, "/Summary", role=town.team)
