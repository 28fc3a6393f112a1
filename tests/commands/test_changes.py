"""The record of changes: who configured what, as admins see it."""

import asyncio

from guildwatch.audience import Permissions
from guildwatch.model import ChangedBy, ChangeSource


async def test_every_change_of_an_admin_is_recorded_with_who_and_from_what_to_what(town):
    support, team = town.channels["support"], town.team
    await town.ask(town.mara, "setsummary", {"time": "21:30", "weekly": "Friday"})
    await town.ask(town.mara, "settings keep", {"days": 7})
    await town.ask(town.mara, "settings keep", {"days": 3, "channel": support})
    await town.ask(town.mara, "channels ignore", {"channel": support})
    await town.ask(town.mara, "settings gate", {"command": "summary", "role": team})
    await town.ask(town.mara, "settings ungate", {"command": "summary"})
    await town.ask(town.mara, "settings reports", {"names": False, "people": 3})
    await town.ask(town.mara, "settings limits", {"member": 4})
    await town.ask(town.mara, "settings limits", {"member": 4})

    changes = await town.store.record.latest(town.guild_id)

    assert [(one.name, one.before, one.after) for one in reversed(changes)] == [
        ("time", "", "21:30"),
        ("weekly report", "", "Friday"),
        ("texts kept for", "", "7 days"),
        (f"texts of <#{support}> kept for", "", "3 days"),
        (f"tracking of <#{support}>", "", "ignored"),
        ("gate of summary", "", f"<@&{team}>"),
        ("gate of summary", f"<@&{team}>", ""),
        ("least people of a topic", "1", "3"),
        ("names of members", "on", "off"),
        ("limit of a member", "", "4 an hour"),
    ]
    assert {one.by for one in changes} == {ChangedBy(ChangeSource.COMMAND, town.mara)}
    assert {one.guild_id for one in changes} == {town.guild_id}
    assert all(abs((one.at - changes[0].at).total_seconds()) < 60 for one in changes)


async def test_admins_read_it_but_not_of_channels_that_they_cannot_see(town):
    staff = town.channels["staff"]
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()
    await town.ask(town.mara, "settings keep", {"days": 3, "channel": staff})
    await town.desk.roster.choose_tracking(town.channels["support"], False)

    told = (await town.ask(town.jonas, "settings changes")).text

    assert "texts of" not in told
    await town.ask(town.mara, "setsummary", {"channel": staff})
    told = (await town.ask(town.jonas, "settings changes")).text
    closed = "a channel that is gone or closed to you"
    assert f"<@{town.mara}> – report channel: not set → {closed}" in told
    assert str(staff) not in told
    assert f"the operator – tracking of <#{town.channels['support']}>: not set → ignored" in told


async def test_the_operators_own_configuration_is_not_the_guilds_to_read(town):
    await town.store.record.note(
        None, ChangedBy(ChangeSource.FILE), {"ollama.host": "a"}, {"ollama.host": "b"}
    )
    told = (await town.ask(town.mara, "settings changes")).text
    assert told == "Nothing has been changed here yet."


async def test_a_direct_message_is_recorded_without_whose_it_is(town):
    await town.ask(town.mara, "setsummary", {"dm": True})
    (change,) = await town.store.record.latest(town.guild_id)
    assert (change.name, change.after) == ("report channel", "direct message")


async def test_what_two_admins_choose_at_once_both_holds_and_is_recorded_as_theirs(town):
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()

    await asyncio.gather(
        town.ask(town.jonas, "setsummary", {"dm": True}),  # asks Discord before it is kept
        town.ask(town.mara, "settings reports", {"names": False}),
        town.ask(town.mara, "settings limits", {"member": 3}),
    )

    kept = town.desk.roster.settings(town.guild_id)
    assert (kept.dm_user_id, kept.names, kept.member_limit) == (town.jonas, False, 3)
    assert kept == await town.store.settings.one(town.guild_id)
    changes = await town.store.record.latest(town.guild_id)
    assert {(one.by.member_id, one.name, one.before, one.after) for one in changes} == {
        (town.jonas, "report channel", "", "direct message"),
        (town.mara, "names of members", "on", "off"),
        (town.mara, "limit of a member", "", "3 an hour"),
    }


async def test_an_admin_who_takes_over_the_direct_messages_is_recorded(town):
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()
    await town.ask(town.mara, "setsummary", {"dm": True})
    for _ in range(2):
        await town.ask(town.jonas, "setsummary", {"dm": True})
    newest, _ = await town.store.record.latest(town.guild_id)
    assert (newest.by.member_id, newest.name) == (town.jonas, "report channel")
    assert (newest.before, newest.after) == ("direct message", "direct message to another admin")


async def test_gates_set_and_taken_away_by_one_command_are_one_change(town):
    team, general = town.team, town.channels["general"]
    await town.ask(
        town.mara, "settings gate", {"command": "summary", "role": team, "channel": general}
    )
    await town.ask(town.mara, "settings ungate", {"command": "summary"})
    changes = await town.store.record.latest(town.guild_id)
    both = f"<@&{team}>, <#{general}>"
    assert [(one.before, one.after) for one in reversed(changes)] == [("", both), (both, "")]
