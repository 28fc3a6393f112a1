"""Statistics, help, and what is answered when something goes wrong."""

import asyncio
from datetime import timedelta

import hikari

from guildwatch.discord.commands.replies import FAILED
from guildwatch.discord.commands.waiting import NEXT, sentence
from guildwatch.model import GuildSettings, Progress


async def test_my_statistics_are_mine_and_for_me_alone(town):
    answer = await town.ask(town.jonas, "mystats")

    assert "**10 messages in 7 days**" in answer.text
    assert f"<#{town.channels['general']}> 5" in answer.text
    assert "Sat 21 Nov" in answer.text
    assert answer.ephemeral


async def test_my_activity_is_the_same_under_another_name(town):
    stats = await town.ask(town.tiff, "mystats", {"days": 3})
    activity = await town.ask(town.tiff, "myactivity", {"days": 3})

    assert stats.text == activity.text


async def test_my_statistics_count_only_channels_that_i_can_read_now(town):
    before = await town.ask(town.tiff, "mystats")
    town.world.set_roles(town.guild_id, town.tiff, [])
    await town.look()
    after = await town.ask(town.tiff, "mystats")

    assert str(town.channels["staff"]) in before.text
    assert str(town.channels["staff"]) not in after.text
    assert "**10 messages" in after.text


async def test_who_wrote_nothing_hears_so(town):
    town.clock.now += timedelta(days=20)

    answer = await town.ask(town.jonas, "mystats")

    assert answer.text == "I have nothing that you wrote in the last 7 days."


async def test_help_lists_what_its_asker_can_use(town):
    for_members = (await town.ask(town.jonas, "help")).text
    for_admins = (await town.ask(town.mara, "help")).text

    for command in ("/summary now", "/summary day", "/summary week", "/mystats", "/myactivity"):
        assert f"<{command}:" in for_members
        assert f"<{command}:" in for_admins
    for command in ("/setsummary", "/channels list", "/channels track", "/channels ignore"):
        assert f"<{command}:" not in for_members
        assert f"<{command}:" in for_admins


async def test_commands_are_offered_in_servers_that_have_the_bot_and_nowhere_else(empty_town):
    rest = empty_town.client.rest

    offered = await rest.fetch_application_commands(empty_town.world.application.id)

    for_servers = [hikari.ApplicationIntegrationType.GUILD_INSTALL]
    assert {command.name for command in offered} > {"summary", "privacy", "help"}
    assert all(command.integration_types == for_servers for command in offered)
    assert all(
        command.context_types == [hikari.ApplicationContextType.GUILD] for command in offered
    )


async def test_what_goes_wrong_is_in_the_log_and_told_in_one_sentence(empty_town, caplog):
    broken = GuildSettings(empty_town.guild_id, zone="Mars/Olympus")
    await empty_town.desk.roster.save_settings(broken)

    answer = await empty_town.ask(empty_town.jonas, "summary day")

    assert answer.text == FAILED
    assert answer.ephemeral
    assert "ZoneInfoNotFoundError" in caplog.text


async def test_an_answer_that_comes_too_late_is_logged(town, caplog):
    answer = town.world.invoke(town.jonas, town.channels["general"], "summary now")
    await answer.wait_for(lambda one: one.acknowledged)
    town.timer.now += 16 * 60

    async with asyncio.timeout(60):
        while "came too late" not in caplog.text:
            await asyncio.sleep(0.01)


async def test_who_waits_is_told_how_far_it_is_and_whose_turn_it_is(town):
    town.model.holds = True
    first = town.world.invoke(town.jonas, town.channels["general"], "summary now")
    await first.wait_for(lambda one: "conversations" in one.text)
    second = town.world.invoke(town.tiff, town.channels["support"], "summary now")
    await second.wait_for(lambda one: NEXT in one.text)
    town.model.holds = False

    await first.wait_for(lambda one: "crashes" in one.text)
    await second.wait_for(lambda one: "moderator" in one.text)
    assert "thinking aloud" not in first.text


def test_progress_is_told_in_a_sentence_without_the_unchecked_preview():
    told = sentence(Progress("Reading 1,204 messages", 3, 11, 41.0, preview="secret"))

    assert told == "Reading 1,204 messages… 3 of 11 conversations, about 40 s."
    assert sentence(Progress("Reading 9 messages")) == "Reading 9 messages…"
    assert "about 3 min" in sentence(Progress("Digesting", 1, 2, 170.0))
