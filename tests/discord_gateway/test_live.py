"""What happens while guildwatch listens."""

import pytest

from guildwatch.model import ChannelKind, MessageKind, Overwrite
from guildwatch.sandbox import Attachment, Permission, Poll

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEW = int(Permission.VIEW_CHANNEL)


async def test_a_message_is_kept_scored_and_shown(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("What a wonderful day!")

    stored = (await watch.stored(here))[id_]
    assert (stored.text, stored.author.name) == ("What a wonderful day!", "Ada")
    assert stored.score > 0.5
    assert watch.shown(here) == ["What a wonderful day!"]
    assert watch.pulse.today(town.guild, here) == 1


async def test_a_message_tells_who_wrote_it_and_whom_it_mentions_under_their_names(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said(f"Hello <@{town.ada}>", by=town.ben)

    stored = (await watch.stored(here))[id_]
    assert stored.author.name == "Benny"
    assert [one.name for one in stored.mentioned] == ["Ada"]


async def test_replies_forwards_and_polls_come_with_their_text(scene):
    watch, here = scene.watch, scene.channel
    first = await scene.said("the first word")
    reply = await scene.said("the second", reply_to=first)
    forward = await scene.said("", forward=first)
    poll = await scene.said("", poll=Poll("Tea?", ("Yes", "No")))

    stored = await watch.stored(here)
    assert (stored[reply].kind, stored[reply].reply_to) == (MessageKind.REPLY, first)
    assert (stored[forward].kind, stored[forward].text) == (MessageKind.FORWARD, "the first word")
    assert stored[poll].kind is MessageKind.POLL
    assert stored[poll].text == "Tea?\n- Yes\n- No"


async def test_attachments_and_stickers_are_counted(scene):
    watch, here = scene.watch, scene.channel
    files = [Attachment("a.txt", b"a"), Attachment("b.txt", b"b")]
    id_ = await scene.said("look", attachments=files, stickers=["wave"])

    stored = (await watch.stored(here))[id_]
    assert (stored.attachments, stored.stickers) == (2, 1)


async def test_an_edit_changes_the_text_everywhere(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("awful")
    town.world.edit(id_, "wonderful")
    await watch.until(lambda: watch.shown(here) == ["wonderful"])

    stored = (await watch.stored(here))[id_]
    assert stored.text == "wonderful"
    assert stored.score > 0
    assert stored.edited_at is not None


async def test_a_deleted_message_vanishes_from_store_and_screen(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("never said")
    await scene.said("stays")
    town.world.delete(id_)
    await watch.until(lambda: watch.shown(here) == ["stays"])

    assert await watch.texts(here) == ["stays"]
    assert watch.pulse.today(town.guild, here) == 1


async def test_a_bulk_deletion_takes_them_all(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    ids = [await scene.said(f"spam {number}") for number in range(3)]
    town.world.delete(*ids)
    await watch.until(lambda: not watch.shown(here))

    assert await watch.texts(here) == []


async def test_reactions_are_counted_up_and_down(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("cake")
    for user in (town.ada, town.ben):
        town.world.react(user, id_, "🎂")
    town.world.react(town.ada, id_, "👍")
    town.world.unreact(town.ben, id_, "🎂")
    await watch.until(lambda: scene.reactions() == 2)

    assert (await watch.stored(here))[id_].reactions == 2


async def test_when_one_emoji_is_cleared_the_message_is_read_again(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("cake")
    for user in (town.ada, town.ben):
        town.world.react(user, id_, "🎂")
    town.world.react(town.ada, id_, "👍")
    await watch.until(lambda: scene.reactions() == 3)
    town.world.clear_reactions(id_, "🎂")
    await watch.until(lambda: scene.reactions() == 1)

    assert (await watch.stored(here))[id_].reactions == 1


async def test_a_link_preview_is_no_edit(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("see https://example.org")
    town.world.message(id_).embeds = [{"title": "Example"}]
    town.world.tell_updated(town.world.message(id_))
    await scene.said("next")

    assert (await watch.stored(here))[id_].edited_at is None


async def test_a_thread_is_followed_from_its_first_message_to_its_deletion(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    thread = town.world.open_thread(town.ada, here, "Cake", first_text="which one?")
    await watch.until(lambda: "which one?" in watch.shown(thread))
    await scene.said("all of them", channel=thread)
    assert await watch.texts(thread) == ["which one?", "all of them"]
    assert watch.roster.channel(thread).parent_id == here

    town.world.delete_channel(thread)
    await watch.until(lambda: watch.shown(thread) == [])
    assert watch.roster.channel(thread) is None
    assert await watch.texts(thread) == []


async def test_forum_posts_are_read(scene):
    town, watch = scene.town, scene.watch
    forum = town.world.add_channel(town.guild, "ideas", ChannelKind.FORUM)
    post = town.world.open_thread(town.ada, forum, "A lamp", first_text="brighter")
    await watch.until(lambda: watch.shown(post))

    assert await watch.texts(post) == ["brighter"]


async def test_a_deleted_channel_takes_everything_with_it(scene):
    town, watch = scene.town, scene.watch
    side = await scene.new_channel("side")
    await scene.said("in the channel", channel=side)
    thread = town.world.open_thread(town.ada, side, "deeper", first_text="in the thread")
    await watch.until(lambda: watch.shown(thread))
    town.world.delete_channel(side)
    await watch.until(lambda: not watch.shown(side) + watch.shown(thread))

    assert await watch.texts(side) == await watch.texts(thread) == []


async def test_a_private_thread_is_read_only_while_the_bot_is_in_it(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    thread = town.world.open_thread(town.ada, here, "Plans", first_text="just us", private=True)
    await scene.said("aloud")
    assert not watch.roster.is_tracked(thread)
    town.world.enter_thread(town.world.channel(thread), town.world.bot.id)
    await watch.until(lambda: watch.roster.is_tracked(thread))
    await watch.quiet()

    assert "just us" in await watch.texts(thread)


async def test_what_the_bot_cannot_see_is_neither_listed_nor_stored(scene):
    town, watch = scene.town, scene.watch
    hidden = Overwrite(town.guild, is_member=False, allow=0, deny=VIEW)
    staff = town.world.add_channel(town.guild, "staff", overwrites=[hidden])
    town.world.say(town.ada, staff, "secret")
    await scene.said("aloud")

    assert watch.roster.channel(staff) is None
    assert await watch.texts(staff) == []


async def test_a_channel_that_becomes_visible_is_read_from_its_past_on(scene):
    town, watch = scene.town, scene.watch
    hidden = Overwrite(town.guild, is_member=False, allow=0, deny=VIEW)
    staff = town.world.add_channel(town.guild, "staff", overwrites=[hidden])
    town.world.say(town.ada, staff, "before")
    town.world.set_overwrites(staff, [])
    await watch.until(lambda: watch.roster.is_tracked(staff))
    town.world.say(town.ada, staff, "after")
    await watch.until(lambda: "after" in watch.shown(staff))
    await watch.quiet()

    assert sorted(await watch.texts(staff)) == ["after", "before"]


async def test_an_ignored_channel_is_not_stored_and_read_up_when_it_is_tracked_again(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    await watch.roster.choose_tracking(here, tracked=False)
    town.world.say(town.ada, here, "between")
    side = await scene.new_channel("side")
    await scene.said("elsewhere", channel=side)
    assert await watch.texts(here) == []

    await watch.roster.choose_tracking(here, tracked=None)
    await watch.until(lambda: "between" in watch.shown(here))


async def test_the_report_channel_and_age_restricted_ones_are_not_tracked(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    reports = town.world.add_channel(town.guild, "daily-summary")
    adult = town.world.add_channel(town.guild, "late", nsfw=True)
    await watch.until(lambda: watch.roster.channel(adult) is not None)

    assert not watch.roster.is_tracked(reports)
    assert not watch.roster.is_tracked(adult)
    assert watch.roster.is_tracked(here)


async def test_guildwatch_does_not_store_its_own_posts(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    town.world.say(town.world.bot.id, here, "A quiet day.")
    await scene.said("thanks")

    assert await watch.texts(here) == ["thanks"]
