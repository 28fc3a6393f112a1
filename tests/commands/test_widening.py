"""`/channels widen|narrow`: an admin opens a channel to the reports' readers, knowingly."""

import pytest

from guildwatch.audience import Permissions
from guildwatch.model import Overwrite
from guildwatch.sandbox.errors import RefusedError

VIEW = int(Permissions.VIEW_CHANNEL)


@pytest.fixture
async def staffed(empty_town):
    """Tiff, of the team, may manage the server; so may Jonas, who does not see #staff."""
    town = empty_town
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    town.world.set_roles(town.guild_id, town.tiff, [town.team, admins])
    await town.look()
    return town


def buttons(answer):
    found = [row["components"] for message in answer.messages for row in message["components"]]
    return [one for row in found for one in row]


async def press(town, answer, who, label):
    (message,) = answer.messages
    wanted = next(one for one in buttons(answer) if one["label"] == label)
    await town.world.press(who, int(message["id"]), wanted["custom_id"])
    await answer.wait_for(lambda one: "I look who" not in one.text and not buttons(one))
    return answer.text


async def ask(town, who, name="staff", command="channels widen"):
    return await town.ask(who, command, {"channel": town.channels[name]})


async def holding(town):
    return await town.store.widenings.holding(town.guild_id)


async def test_an_admin_sees_who_would_read_it_and_confirms(staffed):
    town = staffed
    answer = await ask(town, town.tiff)
    assert answer.ephemeral
    assert "everybody in this server" in answer.text
    assert not await holding(town)

    said = await press(town, answer, town.tiff, "Let them read it")
    assert f"tell of <#{town.channels['staff']}> too" in said
    (widening,) = await holding(town)
    assert widening.channel_id == town.channels["staff"]
    assert widening.target_id == town.channels["daily-summary"]
    assert widening.made_by == town.tiff


async def test_the_roles_that_cannot_read_it_yet_are_marked(staffed):
    town = staffed
    role = town.world.add_role(town.guild_id, "read*ers")
    bot_role = next(iter(town.world.member(town.guild_id, town.world.bot.id).role_ids))
    opened = (role, town.team, bot_role)
    town.world.set_overwrites(
        town.channels["daily-summary"],
        (
            Overwrite(town.guild_id, False, 0, VIEW),
            *(Overwrite(one, False, VIEW, 0) for one in opened),
            Overwrite(town.jonas, True, VIEW, 0),
        ),
    )
    await town.look()
    answer = await ask(town, town.tiff)
    assert r"**@read\*ers** (can't read it now)" in answer.text
    assert "@team" in answer.text
    assert "**@team**" not in answer.text
    assert "1 person by name" in answer.text


async def test_cancelling_changes_nothing(staffed):
    answer = await ask(staffed, staffed.tiff)
    assert await press(staffed, answer, staffed.tiff, "Cancel") == "Nothing was changed."
    assert not await holding(staffed)


async def test_nobody_else_can_confirm(staffed):
    answer = await ask(staffed, staffed.tiff)
    with pytest.raises(RefusedError):  # an ephemeral answer is only its asker's
        await press(staffed, answer, staffed.mara, "Let them read it")
    assert not await holding(staffed)


async def test_who_cannot_see_the_channel_or_manage_the_server_is_refused(staffed):
    town = staffed
    for command in ("channels widen", "channels narrow"):
        answer = await ask(town, town.jonas, command=command)
        assert answer.text == "I know no such channel that you can read."
    town.world.set_roles(town.guild_id, town.tiff, [town.team])
    await town.look()
    with pytest.raises(RefusedError):  # Discord does not even offer it to them
        await ask(town, town.tiff)
    assert not await holding(town)


async def test_what_changed_since_the_question_makes_the_answer_void(staffed):
    town = staffed
    answer = await ask(town, town.tiff)
    town.world.set_roles(town.guild_id, town.tiff, [town.team])
    said = await press(town, answer, town.tiff, "Let them read it")
    assert "Something has changed" in said
    assert not await holding(town)


@pytest.mark.parametrize("name", ["general", "daily-summary"])
async def test_what_everybody_reads_anyway_needs_no_widening(staffed, name):
    answer = await ask(staffed, staffed.tiff, name)
    assert "anyway" in answer.text
    assert not buttons(answer)


async def test_an_age_restricted_channel_is_never_told_of_elsewhere(staffed):
    town = staffed
    town.channels["adults"] = town.world.add_channel(town.guild_id, "adults", nsfw=True)
    await town.look()
    assert "age-restricted" in (await ask(town, town.tiff, "adults")).text


async def test_the_list_shows_it_to_those_who_see_the_channel(staffed):
    town = staffed
    await press(town, await ask(town, town.tiff), town.tiff, "Let them read it")
    shown = (await town.ask(town.mara, "channels list")).text
    assert (
        f"<#{town.channels['staff']}> (the reports tell of it on purpose: <@{town.tiff}>" in shown
    )
    hidden = (await town.ask(town.jonas, "channels list")).text
    assert "on purpose" not in hidden
    changes = (await town.ask(town.jonas, "settings changes")).text
    assert str(town.channels["staff"]) not in changes
    assert str(town.channels["staff"]) in (await town.ask(town.mara, "settings changes")).text


async def test_another_admin_who_sees_the_channel_takes_it_back(staffed):
    town = staffed
    await press(town, await ask(town, town.tiff), town.tiff, "Let them read it")
    again = await ask(town, town.tiff)
    assert "already" in again.text
    answer = await ask(town, town.mara, command="channels narrow")
    assert "withdrawn within a minute" in answer.text
    assert not await holding(town)
    (record,) = await town.store.widenings.recent()
    assert record.ended_by == town.mara
    assert "on purpose" not in (await town.ask(town.mara, "channels list")).text
    assert "on purpose" in (await ask(town, town.mara, command="channels narrow")).text


async def test_no_answer_to_a_command_draws_on_it(town):
    """It is for the reports alone: a public answer is everybody's question."""
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.tiff, [town.team, admins])
    await town.look()
    await press(town, await ask(town, town.tiff), town.tiff, "Let them read it")
    for who, public in ((town.jonas, False), (town.tiff, True)):
        answer = await town.ask(who, "summary now", {"public": public})
        assert "moderator" not in str(answer.messages)
