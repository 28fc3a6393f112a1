"""The gateway's rarer events, and the rarer kinds of messages, with the real stack."""

import pytest

from guildwatch.model import AttachmentKind, ChannelKind, MessageKind, Overwrite
from guildwatch.sandbox import Attachment, Permission, Poll

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEW = int(Permission.VIEW_CHANNEL)
HUM = Attachment("voice-message.ogg", b"OggS", "audio/ogg", seconds=4.5)
CARD = {"title": "Build 809", "description": "passed"}
LAYOUT = [{"type": 17, "id": 1, "components": [{"type": 10, "id": 2, "content": "# Hello"}]}]


def everything(town, here):
    """Every kind of message that can be said in a channel."""
    world = town.world
    first = world.say(town.ada, here, "the first word")
    world.say(town.ben, here, "yes", reply_to=first)
    world.delete(world.say(town.ada, here, "soon gone"))
    orphaned = world.say(town.ada, here, "answered, then deleted")
    world.say(town.ben, here, "why?", reply_to=orphaned)
    world.delete(orphaned)
    files = [Attachment("a.png", b"a"), Attachment("b.mp4", b"b"), Attachment("c.log", b"c")]
    pictures = world.say(town.ada, here, "", attachments=files)
    voice = world.say(town.ben, here, "", attachments=[HUM], voice=True)
    sticker = world.say(town.ben, here, "", stickers=["honk"])
    for forwarded in (first, pictures, voice, sticker):
        world.say(town.ada, here, "", forward=forwarded)
    poll = world.say(town.ada, here, "", poll=Poll("Tea?", ("Yes", "No")))
    world.vote(town.ben, poll, 1)
    world.end_poll(poll)
    bot = next((one.id for one in world.users.values() if one.name == "dicey"), None)
    if bot is None:
        bot = world.add_user("dicey", bot=True)
        world.add_member(town.guild, bot)
    world.say(bot, here, "", components=LAYOUT)
    world.say(bot, here, "", embeds=[CARD])
    world.answer_command(bot, here, town.ben, "roll", "7")
    world.finish_answer(world.answer_command(bot, here, town.ben, "roll"), "8")
    world.say_by_webhook(world.add_webhook(here, "Deploys"), "deployed")
    world.pin(town.ada, first)
    world.show_preview(first, {"type": "link", "title": "Example"})
    for kind in (7, 8, 11, 18, 24, 27, 44, 4711):
        world.system(here, town.ben, kind, "words" if kind == 18 else "")
    world.say(town.ada, here, "the last word")


def told(stored):
    """What of the messages does not depend on when and where they were said."""
    same = ("text", "kind", "edited_at", "attachments", "attachment_kinds", "stickers", "score")
    return [
        (one.author.name, one.reply_to is None, *(getattr(one, name) for name in same))
        for one in stored.values()
    ]


async def test_every_kind_is_kept_the_same_by_gateway_and_by_history(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    everything(town, here)
    await watch.until(lambda: "the last word" in watch.shown(here))
    await watch.roster.choose_tracking(other := await scene.new_channel("past"), tracked=False)
    everything(town, other)
    await scene.said("meanwhile")
    assert await watch.texts(other) == []
    await watch.roster.choose_tracking(other, tracked=None)
    await watch.until(lambda: "the last word" in watch.shown(other))
    await watch.quiet()

    by_gateway, by_history = await watch.stored(here), await watch.stored(other)
    assert told(by_history) == told(by_gateway)[:-1]  # without "meanwhile"
    kinds = {one.kind for one in by_gateway.values()}
    assert kinds == set(MessageKind)
    assert watch.listeners.oddities == {}


async def test_a_bots_answer_that_was_not_ready_gets_its_words_and_no_mood(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    bot = town.world.add_user("oracle", bot=True)
    town.world.add_member(town.guild, bot)
    answer = town.world.answer_command(bot, here, town.ada, "ask")
    await watch.until(lambda: watch.shown(here) == [""])
    town.world.finish_answer(answer, "What a wonderful day!", embeds=[CARD])
    await watch.until(lambda: watch.shown(here) != [""])

    stored = (await watch.stored(here))[answer]
    assert stored.text == "What a wonderful day!\nBuild 809\npassed"
    assert (stored.edited_at, stored.score) == (None, None)


async def test_files_that_an_edit_takes_away_are_gone(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("look", attachments=[Attachment("a.png", b"a"), HUM])
    message = town.world.message(id_)
    town.world.change_message(message, {"keep": [message.files[1].id]})
    await watch.until(lambda: watch.pulse.recent[-1].attachments == 1)

    stored = (await watch.stored(here))[id_]
    assert stored.attachment_kinds == (AttachmentKind.AUDIO,)
    assert stored.text == "look"


async def test_an_update_that_tells_only_a_part_has_the_message_read_again(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("before", attachments=[Attachment("a.png", b"a")])
    town.world.message(id_).content = "after"
    ids = {"id": str(id_), "channel_id": str(here), "guild_id": str(town.guild)}
    town.world.publish("MESSAGE_UPDATE", {**ids, "embeds": []}, 1 << 9)
    await scene.said("next")
    assert await watch.texts(here) == ["before", "next"]
    town.world.publish("MESSAGE_UPDATE", {**ids, "content": "after"}, 1 << 9)
    await watch.until(lambda: "after" in watch.shown(here))

    stored = (await watch.stored(here))[id_]
    assert (stored.text, stored.attachments) == ("after", 1)


async def test_a_publication_and_a_pin_change_nothing_that_was_said(scene):
    town, watch = scene.town, scene.watch
    news = await scene.new_channel("news", kind=ChannelKind.ANNOUNCEMENT)
    id_ = await scene.said("2.4 is out", channel=news)
    before = (await watch.stored(news))[id_]
    town.world.crosspost(town.ada, id_)
    town.world.pin(town.ada, id_)
    await watch.until(lambda: len(watch.shown(news)) == 2)

    assert (await watch.stored(news))[id_] == before


async def test_super_reactions_count_and_votes_do_not(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("", poll=Poll("Tea?", ("Yes", "No")))
    town.world.react(town.ada, id_, "🎂", burst=True)
    town.world.vote(town.ben, id_, 1)
    await watch.until(lambda: scene.reactions() == 1)

    assert (await watch.stored(here))[id_].reactions == 1


async def test_nobody_else_reads_what_is_meant_for_one_person(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    id_ = await scene.said("aloud")
    whispered = {**town.world.messages(here)[0], "id": str(id_ + 1), "content": "psst"}
    whispered |= {"guild_id": str(town.guild), "flags": 1 << 6}
    town.world.publish("MESSAGE_CREATE", whispered, 1 << 9)
    town.world.publish("MESSAGE_UPDATE", whispered | {"content": "psst!"}, 1 << 9)
    await scene.said("aloud again")

    assert await watch.texts(here) == ["aloud", "aloud again"]


async def test_a_forums_tags_and_those_of_its_posts_are_known(scene):
    town, watch = scene.town, scene.watch
    forum = town.world.add_channel(town.guild, "ideas", ChannelKind.FORUM, tags=["open", "done"])
    post = town.world.open_thread(town.ada, forum, "A lamp", first_text="x", tags=["open"])
    await watch.until(lambda: watch.shown(post) == ["x"])

    def tags():
        return watch.roster.channel(forum).tags_of(watch.roster.channel(post))

    assert tags() == ("open",)
    town.world.tag_post(post, "done")
    await watch.until(lambda: tags() == ("done",))


async def test_channels_outlive_their_category(scene):
    town, watch = scene.town, scene.watch
    category = town.world.add_category(town.guild, "Talk")
    side = await scene.new_channel("side", parent=category)
    await scene.said("still here", channel=side)
    town.world.delete_channel(category)
    await watch.until(lambda: watch.roster.channel(category) is None)
    await scene.said("and still heard", channel=side)

    assert watch.roster.channel(side).parent_id is None
    assert await watch.texts(side) == ["still here", "and still heard"]


async def test_a_channel_that_is_hidden_falls_silent_and_keeps_what_was_said(scene):
    town, watch = scene.town, scene.watch
    side = await scene.new_channel("side")
    await scene.said("heard", channel=side)
    thread = town.world.open_thread(town.ada, side, "deeper", first_text="below")
    await watch.until(lambda: "below" in watch.shown(thread))
    closed = Overwrite(town.guild, is_member=False, allow=0, deny=VIEW)
    town.world.set_overwrites(side, [closed])
    await watch.until(lambda: watch.roster.channel(side) is None)
    assert not watch.roster.is_tracked(thread)
    town.world.say(town.ada, side, "unheard")
    gone = town.world.say(town.ada, thread, "unheard below")
    town.world.delete_channel(thread)  # nobody tells the bot
    assert gone not in town.world.kept_messages
    assert "unheard" not in await watch.texts(side)

    town.world.set_overwrites(side, [])
    await watch.until(lambda: "unheard" in watch.shown(side))
    await watch.until(lambda: watch.shown(thread) == [])
    assert await watch.texts(thread) == []


@pytest.mark.parametrize("is_told", [True, False])
async def test_what_goes_with_a_ban_goes_here_too_told_or_not(scene, is_told):
    town, watch, here = scene.town, scene.watch, scene.channel
    world = town.world
    world.tells_ban_deletions = is_told
    role = next(one for one in world.guilds[town.guild].roles.values() if one.bot_id)
    world.change_role(role.id, role.permissions | Permission.VIEW_AUDIT_LOG)
    troll = world.add_user("troll")
    world.add_member(town.guild, troll)
    side = await scene.new_channel("side")
    await scene.said("hello", by=town.ada)
    await scene.said("spam", by=troll)
    await scene.said("spam spam", by=troll, channel=side)
    world.ban(town.guild, troll, delete_seconds=3600)
    await watch.until(lambda: watch.shown(here) + watch.shown(side) == ["hello"])

    assert await watch.texts(here) == ["hello"]
    assert await watch.texts(side) == []


async def test_a_private_thread_that_the_bot_is_removed_from_falls_silent(scene):
    town, watch, here = scene.town, scene.watch, scene.channel
    thread = town.world.open_thread(town.ada, here, "Plans", first_text="us", private=True)
    town.world.add_to_thread(thread, town.world.bot.id)
    await watch.until(lambda: watch.roster.is_tracked(thread))
    town.world.leave_thread(town.world.bot.id, thread)
    await watch.until(lambda: not watch.roster.is_tracked(thread))
    town.world.say(town.ada, thread, "without you")
    await scene.said("aloud")

    assert "without you" not in await watch.texts(thread)


async def test_a_thread_archived_while_its_channel_was_hidden_is_known_as_such(scene):
    town, watch = scene.town, scene.watch
    side = await scene.new_channel("side")
    thread = town.world.open_thread(town.ada, side, "deeper", first_text="below")
    await watch.until(lambda: watch.shown(thread) == ["below"])
    closed = Overwrite(town.guild, is_member=False, allow=0, deny=VIEW)
    town.world.set_overwrites(side, [closed])
    await watch.until(lambda: watch.roster.channel(side) is None)
    town.world.archive(thread)
    town.world.set_overwrites(side, [])
    await watch.until(lambda: watch.roster.channel(side) is not None)
    await watch.until(lambda: watch.roster.channel(thread).archived)
    await watch.quiet()

    assert await watch.texts(thread) == ["below"]


async def test_a_role_that_is_taken_from_the_bot_closes_what_it_opened(scene):
    town, watch = scene.town, scene.watch
    role = town.world.add_role(town.guild, "Keepers")
    closed = Overwrite(town.guild, is_member=False, allow=0, deny=VIEW)
    opened = Overwrite(role, is_member=False, allow=VIEW, deny=0)
    staff = town.world.add_channel(town.guild, "staff", overwrites=[closed, opened])
    roles = town.world.member(town.guild, town.world.bot.id).role_ids
    town.world.set_roles(town.guild, town.world.bot.id, [*roles, role])
    await watch.until(lambda: watch.roster.is_tracked(staff))
    await scene.said("among us", channel=staff)
    town.world.set_roles(town.guild, town.world.bot.id, roles)
    await watch.until(lambda: not watch.roster.is_tracked(staff))
    town.world.say(town.ada, staff, "without you")
    await scene.said("aloud")

    assert await watch.texts(staff) == ["among us"]
