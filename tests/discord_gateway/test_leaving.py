"""Leaving a guild and coming back: what is kept, what is read, what was chosen."""

from datetime import timedelta

from guildwatch.model import GuildSettings
from guildwatch.sandbox import Trouble

HISTORY = "/channels/{channel_id}/messages"


def pass_time(town, **span):
    town.clock.jump_to(town.clock() + timedelta(**span))


async def gone(town, watch):
    town.world.remove_bot(town.guild)
    await watch.until(lambda: watch.roster.guild(town.guild) is None)
    await watch.until(lambda: watch.intake.backlog == 0)


async def back(town, watch):
    town.world.invite_bot(town.guild)
    await watch.until(lambda: watch.roster.guild(town.guild) is not None)
    await watch.quiet()


async def test_a_guild_that_comes_back_goes_on_where_it_was(town, watch):
    world = town.world
    side = world.add_channel(town.guild, "side")
    await watch.until(lambda: watch.roster.channel(side) is not None)
    first = world.say(town.ada, town.general, "before")
    doomed = world.say(town.ada, town.general, "deleted while it was away")
    await watch.until(lambda: len(watch.shown(town.general)) == 2)
    await watch.roster.choose_tracking(side, tracked=False)
    await watch.roster.save_settings(GuildSettings(town.guild, zone="Europe/Paris"))

    await gone(town, watch)
    world.delete(doomed)
    world.edit(first, "corrected while it was away")
    pass_time(town, days=20)
    missed = [world.say(town.ada, town.general, f"missed {n}") for n in range(120)]
    await back(town, watch)

    stored = await watch.stored(town.general)
    assert list(stored) == [first, *missed]
    assert stored[first].text == "corrected while it was away"
    assert not watch.roster.is_tracked(side)
    assert watch.roster.settings(town.guild).zone == "Europe/Paris"
    assert [one.id for one in await watch.store.guilds.all()] == [town.guild]


async def test_over_restarts_too_and_what_was_deleted_with_its_channel_goes(town):
    world = town.world
    side = world.add_channel(town.guild, "side")
    world.say(town.ada, side, "in a channel that will be deleted")
    thread = world.open_thread(town.ada, town.general, "Cake", first_text="which one?")
    async with town.watching() as watch:
        await watch.quiet()
        world.archive(thread)
        await watch.until(lambda: watch.roster.channel(thread).archived)
        await gone(town, watch)
    world.delete_channel(side)
    pass_time(town, days=3)
    async with town.watching() as watch:
        await watch.until(lambda: watch.connection.connected_since is not None)
        assert watch.roster.guilds() == []
        pass_time(town, days=3)
    async with town.watching() as watch:
        await watch.until(lambda: watch.connection.connected_since is not None)
        await back(town, watch)
        await watch.until(lambda: watch.backfill.progress.channels_left == 0)
        await watch.until(lambda: watch.intake.backlog == 0)

        assert await watch.texts(side) == []
        assert await watch.texts(thread) == ["which one?"]
        assert watch.roster.channel(thread).archived


async def test_kicked_and_invited_again_while_it_was_down(town):
    world = town.world
    async with town.watching() as watch:
        await watch.quiet()
        kept = world.say(town.ada, town.general, "before")
        await watch.until(lambda: watch.shown(town.general) == ["before"])
    world.remove_bot(town.guild)
    missed = world.say(town.ada, town.general, "while it was away")
    pass_time(town, days=9)
    world.invite_bot(town.guild)
    async with town.watching() as watch:
        await watch.quiet()

        assert list(await watch.stored(town.general)) == [kept, missed]


async def test_leaving_while_history_is_read_stores_nothing_more_and_loses_nothing(town):
    world = town.world
    said = [world.say(town.ada, town.general, f"number {n}") for n in range(450)]
    town.server.faults.strike(Trouble.SLOW, "GET", HISTORY, times=None, seconds=0.05)
    async with town.watching() as watch:
        await watch.until(lambda: watch.backfill.progress.messages >= 100)
        await gone(town, watch)
        stored = len(await watch.stored(town.general))
        assert stored < 450
        await watch.until(lambda: watch.backfill.progress.channel_id is None)
        assert len(await watch.stored(town.general)) <= stored + 100
        town.server.faults.rules.clear()
        await back(town, watch)

        assert list(await watch.stored(town.general)) == said


async def test_an_outage_that_begins_before_and_ends_after_a_restart_is_read(town):
    world = town.world
    async with town.watching() as watch:
        await watch.quiet()
        first = world.say(town.ada, town.general, "before")
        await watch.until(lambda: watch.shown(town.general) == ["before"])
        world.outage(town.guild)
        await watch.until(lambda: watch.backfill.is_behind(town.guild))
    world.edit(first, "corrected in the outage")
    pass_time(town, days=4)
    async with town.watching() as watch:
        await watch.until(lambda: watch.connection.connected_since is not None)
        await watch.backfill.note_heard()
        assert await watch.texts(town.general) == ["before"]
    async with town.watching() as watch:
        await watch.until(lambda: watch.connection.connected_since is not None)
        world.recover(town.guild)
        await watch.quiet()
        assert await watch.texts(town.general) == ["corrected in the outage"]
