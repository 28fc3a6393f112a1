"""What happens to whole guilds, the figures of the present, and what happens under load."""

import asyncio


async def test_the_present_has_a_mood_a_rate_and_counts_of_today(town, watch):
    town.world.say(town.ada, town.general, "What a wonderful day!")
    await watch.until(lambda: watch.pulse.seen == 1)

    assert watch.pulse.recent[-1].score > 0.5
    assert watch.pulse.today() == 1
    assert watch.pulse.today(town.guild) == watch.pulse.today(town.guild, town.general) == 1
    assert watch.pulse.mood(town.guild) > 0.5
    assert watch.pulse.rate() == watch.pulse.rate(town.guild) == 1


async def test_a_guild_joined_while_running_is_greeted_and_its_past_read(town, watch):
    guild = town.world.add_guild("Harbour", owner=town.ada)
    dock = town.world.add_channel(guild, "dock")
    old = town.world.say(town.ada, dock, "before you came")
    town.world.invite_bot(guild)
    await watch.until(lambda: watch.roster.guild(guild) is not None)
    await watch.quiet()

    assert old in await watch.stored(dock)
    assert watch.greeted == [town.guild, guild]


async def test_a_guild_that_removes_the_bot_is_left(town, watch):
    town.world.say(town.ada, town.general, "bye")
    await watch.until(lambda: watch.shown(town.general) == ["bye"])
    town.world.remove_bot(town.guild)
    await watch.until(lambda: watch.roster.guild(town.guild) is None)

    await watch.until(lambda: not watch.pulse.recent)
    assert await watch.store.guilds.all() == []


async def test_an_outage_is_no_leave_and_what_was_said_in_it_is_read(town, watch):
    town.world.outage(town.guild)
    town.world.say(town.ada, town.general, "anybody here?")
    assert watch.roster.guild(town.guild) is not None
    town.world.recover(town.guild)
    await watch.until(lambda: "anybody here?" in watch.shown(town.general))

    assert watch.greeted == [town.guild]


async def test_names_roles_and_channels_are_followed(town, watch):
    town.world.rename_guild(town.guild, "Beacon")
    role = town.world.add_role(town.guild, "keeper")
    channel = town.world.channel(town.general)
    town.world.change_channel(channel, name="lobby")
    await watch.until(lambda: watch.roster.channel(town.general).name == "lobby")
    guild = watch.roster.guild(town.guild)
    assert guild.name == "Beacon"
    assert role in {one.id for one in guild.roles}
    town.world.delete_role(role)
    await watch.until(lambda: role not in {one.id for one in watch.roster.guild(town.guild).roles})

    async with asyncio.timeout(60):  # what is seen at once is saved a moment later
        while (await watch.store.guilds.one(town.guild)).channel(town.general).name != "lobby":
            await asyncio.sleep(0.01)
    assert (await watch.store.guilds.one(town.guild)).name == "Beacon"


async def test_a_burst_of_5000_messages_is_kept_in_order(town, watch):
    ids = [town.world.say(town.ada, town.general, f"number {n}") for n in range(5_000)]
    await watch.until(lambda: watch.pulse.seen == 5_000 and watch.intake.backlog == 0)

    assert list(await watch.stored(town.general)) == ids
    assert watch.intake.shed == 0
    assert (await watch.store.messages.watermarks())[town.general] == ids[-1]


async def test_past_its_bound_the_intake_sheds_and_history_brings_it_all(town):
    async with town.watching(bound=100) as watch:
        await watch.quiet()
        ids = [town.world.say(town.ada, town.general, f"number {n}") for n in range(1_500)]
        town.world.edit(ids[0], "edited")
        town.world.edit(ids[-1], "edited too")
        town.world.delete(ids[700])
        await watch.until(lambda: watch.intake.shed > 0)
        await watch.until(lambda: watch.intake.gaps == 0 and watch.intake.backlog == 0)
        await watch.quiet()

        stored = await watch.stored(town.general)
        assert set(stored) == set(ids) - {ids[700]}
        assert (stored[ids[0]].text, stored[ids[-1]].text) == ("edited", "edited too")
