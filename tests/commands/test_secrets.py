"""`/settings secrets`: whether authors are told of what they posted by mistake."""

from guildwatch.discord.commands.secrets import ALWAYS, OFF, ON


async def test_hints_are_off_until_an_admin_wants_them_and_that_is_recorded(town):
    assert not town.desk.roster.settings(town.guild_id).hints
    assert (await town.ask(town.mara, "settings secrets")).text == OFF + ALWAYS

    answer = await town.ask(town.mara, "settings secrets", {"hints": True})

    assert answer.text == ON + ALWAYS
    assert answer.ephemeral
    assert (await town.store.settings.one(town.guild_id)).hints
    (change,) = await town.store.record.latest(town.guild_id)
    assert (change.name, change.before, change.after) == ("hints about secrets", "off", "on")
    shown = (await town.ask(town.mara, "settings show")).text
    assert "**Hints about secrets** are on." in shown

    assert (await town.ask(town.mara, "settings secrets", {"hints": False})).text == OFF + ALWAYS
    assert not town.desk.roster.settings(town.guild_id).hints


async def test_who_may_not_manage_the_server_changes_nothing(town):
    for command in town.world.application.commands[None].values():
        command["default_member_permissions"] = None
    answer = await town.ask(town.jonas, "settings secrets", {"hints": True})
    assert answer.text == "Only members who may manage this server can do that."
    assert not town.desk.roster.settings(town.guild_id).hints
