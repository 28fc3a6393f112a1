"""What happens while guildwatch is away, or while the connection is cut."""

from datetime import timedelta

from guildwatch.model import ChannelKind
from guildwatch.sandbox import Permission, Trouble

HISTORY = "/channels/{channel_id}/messages"


def pass_time(town, **span):
    town.clock.jump_to(town.clock() + timedelta(**span))


async def test_at_the_first_start_some_days_of_history_are_read_oldest_first(town):
    town.world.say(town.ada, town.general, "too old")
    pass_time(town, days=8)
    ids = [town.world.say(town.ada, town.general, f"number {n}") for n in range(250)]
    async with town.watching(days=7) as watch:
        await watch.quiet()

        assert list(await watch.stored(town.general)) == ids
        assert watch.backfill.progress.messages == 250
        assert watch.pulse.today(town.guild) == 250
        assert (await watch.store.messages.watermarks())[town.general] == ids[-1]


async def test_what_was_said_while_it_was_down_is_read_at_the_start(town):
    async with town.watching() as watch:
        await watch.quiet()
        town.world.say(town.ada, town.general, "before")
        await watch.until(lambda: watch.shown(town.general) == ["before"])
    pass_time(town, days=20)
    missed = [town.world.say(town.ada, town.general, f"missed {n}") for n in range(120)]
    async with town.watching() as watch:
        await watch.quiet()

        assert set(missed) <= set(await watch.stored(town.general))
        assert watch.greeted == []


async def test_a_channel_that_was_empty_at_first_loses_nothing_to_a_long_absence(town):
    async with town.watching(days=7) as watch:
        await watch.quiet()
    pass_time(town, days=1)
    town.world.say(town.ada, town.general, "the very first word")
    pass_time(town, days=10)
    async with town.watching(days=7) as watch:
        await watch.quiet()

        assert await watch.texts(town.general) == ["the very first word"]


async def test_edits_and_deletions_made_while_it_was_down_are_found(town):
    async with town.watching() as watch:
        await watch.quiet()
        ids = [town.world.say(town.ada, town.general, f"number {n}") for n in range(5)]
        await watch.until(lambda: len(watch.shown(town.general)) == 5)
    pass_time(town, hours=10)
    town.world.delete(ids[1])
    town.world.delete(ids[4])
    town.world.edit(ids[2], "corrected")
    async with town.watching() as watch:
        await watch.quiet()

        assert await watch.texts(town.general) == ["number 0", "corrected", "number 3"]
        assert watch.shown(town.general) == ["number 0", "corrected", "number 3"]


async def test_when_all_of_a_channel_was_deleted_while_it_was_down_that_is_found_too(town):
    async with town.watching() as watch:
        await watch.quiet()
        ids = [town.world.say(town.ada, town.general, f"number {n}") for n in range(3)]
        await watch.until(lambda: len(watch.shown(town.general)) == 3)
    town.world.delete(*ids)
    async with town.watching() as watch:
        await watch.quiet()

        assert await watch.texts(town.general) == []


async def test_an_empty_history_without_the_right_to_read_it_deletes_nothing(town):
    async with town.watching() as watch:
        await watch.quiet()
        town.world.say(town.ada, town.general, "stays")
        await watch.until(lambda: watch.shown(town.general) == ["stays"])
    pass_time(town, hours=1)
    town.server.faults.strike(Trouble.ERROR, "GET", HISTORY, status=500, times=1)
    async with town.watching() as watch:
        await watch.until(lambda: watch.backfill.progress.channels_left > 0)
        role = next(one for one in town.world.guild(town.guild).roles.values() if one.bot_id)
        everyone = town.world.guild(town.guild).roles[town.guild]
        for one in (role, everyone):
            one.permissions &= ~int(Permission.READ_MESSAGE_HISTORY)
        await watch.quiet()

        assert await watch.texts(town.general) == ["stays"]
        gaps = await watch.store.gaps.between(
            [town.general], town.clock() - timedelta(days=1), town.clock()
        )
        assert "Read Message History" in gaps[0].reason


async def test_threads_that_came_and_were_archived_while_it_was_down_are_read(town):
    forum = town.world.add_channel(town.guild, "ideas", ChannelKind.FORUM)
    async with town.watching() as watch:
        await watch.quiet()
    pass_time(town, hours=3)
    public = town.world.open_thread(town.ada, town.general, "Cake", first_text="which one?")
    post = town.world.open_thread(town.ada, forum, "A lamp", first_text="brighter")
    private = town.world.open_thread(
        town.ada, town.general, "Plans", first_text="just us", private=True
    )
    town.world.enter_thread(town.world.channel(private), town.world.bot.id)
    for thread in (public, post, private):
        town.world.archive(thread)
    async with town.watching() as watch:
        await watch.quiet()

        assert await watch.texts(public) == ["which one?"]
        assert await watch.texts(post) == ["brighter"]
        assert await watch.texts(private) == ["just us"]
        assert watch.roster.channel(public).archived


async def test_a_private_thread_of_which_nothing_was_known_is_read_once_it_is_opened(town):
    async with town.watching() as watch:
        await watch.quiet()
        thread = town.world.open_thread(
            town.ada, town.general, "Plans", first_text="just us", private=True
        )
        town.world.enter_thread(town.world.channel(thread), town.world.bot.id)
        town.world.archive(thread)
        await watch.until(lambda: (one := watch.roster.channel(thread)) and one.archived)
        await watch.roster.drop_channel(thread)
        town.world.say(town.ada, thread, "it opens by itself")
        await watch.until(lambda: watch.roster.channel(thread) is not None)
        await watch.until(lambda: watch.roster.is_tracked(thread))
        await watch.quiet()
        assert await watch.texts(thread) == ["just us", "it opens by itself"]


async def test_channels_and_threads_deleted_while_it_was_down_take_their_text_along(town):
    side = town.world.add_channel(town.guild, "side")
    thread = town.world.open_thread(town.ada, town.general, "Cake", first_text="which one?")
    inner = town.world.open_thread(town.ada, side, "Deep", first_text="deeper")
    town.world.say(town.ada, side, "in the channel")
    async with town.watching() as watch:
        await watch.quiet()
        assert await watch.texts(inner) == ["deeper"]
    town.world.delete_channel(side)
    town.world.delete_channel(thread)
    async with town.watching() as watch:
        await watch.quiet()
        await watch.until(lambda: watch.roster.channel(thread) is None)
        await watch.quiet()

        for place in (side, thread, inner):
            assert await watch.texts(place) == []


async def test_a_guild_that_removed_the_bot_while_it_was_down_is_left(town):
    other = town.world.add_guild("Harbour", owner=town.ada)
    town.world.add_channel(other, "dock")
    town.world.invite_bot(other)
    async with town.watching() as watch:
        await watch.until(lambda: len(watch.roster.guilds()) == 2)
        await watch.quiet()
    town.world.remove_bot(other)
    async with town.watching() as watch:
        await watch.until(lambda: len(watch.roster.guilds()) == 1)
        await watch.quiet()

        assert [one.id for one in await watch.store.guilds.all()] == [town.guild]


async def test_a_cut_connection_is_resumed_without_reading_history(town, watch):
    town.world.say(town.ada, town.general, "before")
    await watch.until(lambda: watch.shown(town.general) == ["before"])
    town.world.log.clear()
    town.server.gateway.drop()
    town.world.say(town.ada, town.general, "while it was cut")
    await watch.until(lambda: watch.shown(town.general) == ["before", "while it was cut"])
    assert town.world.log.of("GET", HISTORY) == []
    assert not watch.intake.frontier.is_open(town.general)


async def test_a_session_that_cannot_be_resumed_costs_nothing_but_a_second_reading(town, watch):
    first = town.world.say(town.ada, town.general, "before")
    await watch.until(lambda: watch.shown(town.general) == ["before"])
    town.server.faults.refuse_resume = True
    town.server.gateway.drop()
    town.world.delete(first)
    town.world.say(town.ada, town.general, "while it was cut")
    await watch.until(lambda: watch.shown(town.general) == ["while it was cut"])
    await watch.quiet()

    assert await watch.texts(town.general) == ["while it was cut"]
    assert watch.connection.trouble == ""


async def test_failing_requests_for_history_are_tried_again(town):
    for n in range(3):
        town.world.say(town.ada, town.general, f"number {n}")
    town.server.faults.strike(Trouble.ERROR, "GET", HISTORY, status=404, times=2)
    async with town.watching() as watch:
        await watch.quiet()

        assert await watch.texts(town.general) == ["number 0", "number 1", "number 2"]
        assert watch.backfill.progress.trouble == ""


async def test_one_odd_message_in_history_costs_itself_alone(town):
    ids = [town.world.say(town.ada, town.general, f"number {n}") for n in range(3)]
    town.world.message(ids[1]).type = 4_711
    town.world.message(ids[2]).flags = -1
    async with town.watching() as watch:
        await watch.quiet()

        assert await watch.texts(town.general) == ["number 0", "number 1", "number 2"]


async def test_live_messages_are_kept_while_a_long_history_is_read(town):
    old = [town.world.say(town.ada, town.general, f"old {n}") for n in range(900)]
    async with town.watching() as watch:
        await watch.until(lambda: watch.backfill.progress.messages > 0)
        new = [town.world.say(town.ada, town.general, f"new {n}") for n in range(50)]
        town.world.delete(old[-1])
        town.world.edit(old[-2], "edited meanwhile")
        await watch.quiet()

        stored = await watch.stored(town.general)
        assert list(stored) == [*old[:-1], *new]
        assert stored[old[-2]].text == "edited meanwhile"


async def test_a_page_of_history_that_breaks_off_is_asked_for_again(town):
    said = [town.world.say(town.ada, town.general, f"number {n}") for n in range(30)]
    town.server.faults.strike(Trouble.HALF, "GET", HISTORY)
    async with town.watching() as watch:
        await watch.until(lambda: bool(watch.backfill.progress.trouble))
        await watch.quiet()

        assert list(await watch.stored(town.general)) == said
        await watch.until(lambda: watch.backfill.progress.trouble == "")


async def test_a_guild_is_behind_until_its_history_is_read_or_cannot_be(town):
    town.world.say(town.ada, town.general, "before anybody listened")
    town.server.faults.strike(Trouble.ERROR, "GET", HISTORY, times=None, status=403)
    async with town.watching() as watch:
        assert watch.backfill.is_behind(town.guild)
        await watch.quiet()

        assert not watch.backfill.is_behind(town.guild)
