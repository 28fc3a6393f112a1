"""Every kind of message that people, other applications and Discord itself write."""

import asyncio

import pytest

from guildwatch.model import ChannelKind
from guildwatch.sandbox import Attachment, Intent, Permission, Poll, RefusedError

USUAL = int(Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.MESSAGE_CONTENT)
MODERATION, POLLS = int(Intent.GUILD_MODERATION), int(Intent.GUILD_MESSAGE_POLLS)
HUM = Attachment("voice-message.ogg", b"OggS", "audio/ogg", seconds=4.5)


def grant(place, permission):
    role = next(one for one in place.world.guilds[place.guild].roles.values() if one.bot_id)
    place.world.change_role(role.id, role.permissions | permission)


def newest(place, channel=None):
    return place.world.messages(channel or place.general)[-1]


def test_a_voice_message_is_one_sound_and_nothing_else(place):
    world, here = place.world, place.general
    world.say(place.ada, here, "", attachments=[HUM], voice=True)
    told = newest(place)
    assert told["flags"] == 1 << 13
    assert told["attachments"][0]["duration_secs"] == 4.5
    for attachments, text, code in (
        ([HUM], "listen", 50159),
        ([HUM, HUM], "", 50160),
        ([Attachment("a.png", b"a")], "", 50160),
        ([Attachment("a.ogg", b"a", "audio/ogg")], "", 50161),
    ):
        with pytest.raises(RefusedError) as refused:
            world.say(place.ada, here, text, attachments=attachments, voice=True)
        assert refused.value.code == code


def test_a_forward_shows_what_was_said_then_and_a_forward_of_it_the_same(place):
    world, here = place.world, place.general
    origin = world.say(place.ada, here, "first", attachments=[HUM], stickers=["honk"])
    forward = world.say(place.ben, here, "", forward=origin)
    world.edit(origin, "changed")
    world.say(place.ada, here, "", forward=forward)
    for told in world.messages(here)[1:]:
        ((snapshot,), reference) = told["message_snapshots"], told["message_reference"]
        assert (snapshot["message"]["content"], reference["type"]) == ("first", 1)
        assert snapshot["message"]["sticker_items"][0]["name"] == "honk"
        assert "author" not in snapshot["message"]
        assert told["flags"] == 1 << 14
    assert newest(place)["message_reference"]["message_id"] == str(forward)


async def test_a_poll_collects_votes_and_ends_with_its_result(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL | POLLS)
    world = place.world
    poll = world.say(place.ada, place.general, "", poll=Poll("Tea?", ["Yes", "No"]))
    world.vote(place.ada, poll, 1)
    world.vote(place.ben, poll, 1, 2)  # one answer is all that this poll takes
    world.end_poll(poll)
    votes = [await socket.until("MESSAGE_POLL_VOTE_ADD") for _ in range(2)]
    assert [one["answer_id"] for one in votes] == [1, 1]
    ended = await socket.until("MESSAGE_UPDATE")
    assert ended["poll"]["results"]["is_finalized"] is True
    assert ended["edited_timestamp"] is None
    result = await socket.until("MESSAGE_CREATE")
    assert result["type"] == 46
    assert result["message_reference"]["message_id"] == str(poll)
    fields = {one["name"]: one["value"] for one in result["embeds"][0]["fields"]}
    assert (fields["victor_answer_text"], fields["total_votes"]) == ("Yes", "2")
    with pytest.raises(RefusedError):
        world.vote(place.ben, poll, 2)


async def test_without_their_intent_no_votes_are_told(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    poll = place.world.say(place.ada, place.general, "", poll=Poll("Tea?", ["Yes", "No"]))
    place.world.vote(place.ada, poll, 1)
    place.world.say(place.ada, place.general, "done")
    while (await socket.until("MESSAGE_CREATE"))["content"] != "done":
        pass
    assert "MESSAGE_POLL_VOTE_ADD" not in [one["t"] for one in socket.seen]


def test_a_webhook_writes_under_its_own_name_also_into_a_thread(place):
    world = place.world
    hook = world.add_webhook(place.general, "Deploys")
    world.say_by_webhook(hook, "done", embeds=[{"title": "809"}])
    told = newest(place)
    assert (told["webhook_id"], told["author"]["username"]) == (str(hook), "Deploys")
    assert told["author"]["bot"] is True
    assert "application_id" not in told
    thread = world.open_thread(place.ada, place.general, "Side")
    world.say_by_webhook(hook, "there", thread_id=thread)
    assert newest(place, thread)["content"] == "there"


async def test_another_bots_answer_is_first_thought_about_and_its_coming_is_no_edit(
    place, server, connect
):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    bot = place.world.add_user("dicey", bot=True)
    place.world.add_member(place.guild, bot)
    answer = place.world.answer_command(bot, place.general, place.ben, "roll")
    thinking = await socket.until("MESSAGE_CREATE")
    assert (thinking["type"], thinking["flags"], thinking["content"]) == (20, 1 << 7, "")
    assert thinking["interaction_metadata"]["name"] == "roll"
    place.world.finish_answer(answer, "7")
    ready = await socket.until("MESSAGE_UPDATE")
    assert (ready["content"], ready["flags"], ready["edited_timestamp"]) == ("7", 0, None)


async def test_a_preview_is_an_update_and_no_edit(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    message = place.world.say(place.ada, place.general, "see https://example.org")
    place.world.show_preview(message, {"type": "link", "title": "Example"})
    told = await socket.until("MESSAGE_UPDATE")
    assert (told["embeds"][0]["type"], told["edited_timestamp"]) == ("link", None)


def test_what_is_published_reaches_every_channel_that_follows(place):
    world = place.world
    news = world.add_channel(place.guild, "news", ChannelKind.ANNOUNCEMENT)
    other = world.add_guild("Harbour", owner=place.ben)
    quay = world.add_channel(other, "quay")
    hook = world.follow(place.ben, news, quay)
    followed = newest(place, quay)
    assert (followed["type"], followed["content"]) == (12, "news")
    assert "referenced_message" not in followed
    message = world.say(place.ada, news, "2.4 is out")
    assert len(world.crosspost(place.ada, message)) == 1
    assert newest(place, news)["flags"] == 1 << 0
    copy = newest(place, quay)
    assert (copy["content"], copy["flags"], copy["webhook_id"]) == ("2.4 is out", 1 << 1, str(hook))
    assert copy["message_reference"]["message_id"] == str(message)
    with pytest.raises(RefusedError):
        world.crosspost(place.ada, message)
    with pytest.raises(RefusedError):
        world.crosspost(place.ada, world.say(place.ada, place.general, "no news"))


def test_discord_itself_may_write_messages_of_types_that_nobody_knows_yet(place):
    message = place.world.system(place.general, place.ada, 4711)
    assert newest(place)["type"] == 4711
    with pytest.raises(RefusedError):
        place.world.edit(message, "mine")


async def test_a_posts_tags_are_told_when_they_change(place, server, connect):
    post = place.world.open_thread(place.ada, place.forum, "Idea", first_text="x", tags=["open"])
    socket = await connect()
    await socket.identify(server.token, USUAL)
    place.world.tag_post(post, "done")
    told = await socket.until("THREAD_UPDATE")
    names = {str(tag.id): tag.name for tag in place.world.channel(place.forum).tags}
    assert [names[id_] for id_ in told["applied_tags"]] == ["done"]


# ---- Bans ----


async def test_a_ban_takes_what_was_written_lately_and_is_told_to_who_may_know(
    place, server, connect
):
    world = place.world
    grant(place, Permission.VIEW_AUDIT_LOG)
    thread = world.open_thread(place.ada, place.general, "Side")
    kept = world.say(place.ada, place.general, "mine")
    world.say(place.ben, thread, "spam")
    ids = [world.say(place.ben, place.general, f"spam {n}") for n in range(2)]
    socket = await connect()
    await socket.identify(server.token, USUAL | MODERATION)
    world.ban(place.guild, place.ben, delete_seconds=600)
    assert (await socket.until("GUILD_BAN_ADD"))["user"]["id"] == str(place.ben)
    bulk = await socket.until("MESSAGE_DELETE_BULK")
    assert bulk["ids"] == [str(one) for one in ids]
    assert (await socket.until("MESSAGE_DELETE"))["channel_id"] == str(thread)
    assert [int(one["id"]) for one in world.messages(place.general)][-1] == kept
    assert place.ben not in world.guilds[place.guild].members
    with pytest.raises(RefusedError):
        world.ban(place.guild, place.ada, delete_seconds=604_801)


@pytest.mark.parametrize(("may_know", "intents"), [(False, USUAL | MODERATION), (True, USUAL)])
async def test_a_ban_is_not_told_without_the_permission_or_the_intent(
    place, server, connect, may_know, intents
):
    if may_know:
        grant(place, Permission.BAN_MEMBERS)
    place.world.say(place.ben, place.general, "spam")
    socket = await connect()
    await socket.identify(server.token, intents)
    place.world.ban(place.guild, place.ben, delete_seconds=600)
    await socket.until("MESSAGE_DELETE")
    assert "GUILD_BAN_ADD" not in [one["t"] for one in socket.seen]


async def test_what_goes_with_a_ban_may_go_in_silence(place, server, connect):
    world = place.world
    world.tells_ban_deletions = False
    world.say(place.ben, place.general, "spam")
    socket = await connect()
    await socket.identify(server.token, USUAL)
    world.ban(place.guild, place.ben, delete_seconds=600)
    world.say(place.ada, place.general, "quiet at last")
    await socket.until("MESSAGE_CREATE")
    assert "MESSAGE_DELETE" not in [one["t"] for one in socket.seen]
    assert [one["content"] for one in world.messages(place.general)] == ["quiet at last"]


async def test_many_clients_at_once_are_all_told_everything_in_order(place, server, connect, rest):
    sockets = [await connect() for _ in range(40)]
    await asyncio.gather(*(one.identify(server.token, USUAL) for one in sockets))
    texts = [str(number) for number in range(100)]
    for text in texts:
        place.world.say(place.ada, place.general, text)
    pages = [
        rest("GET", f"/channels/{place.general}/messages", params={"limit": "100"})
        for _ in range(40)
    ]
    for page in await asyncio.gather(*pages):
        assert [one["content"] for one in page.body[::-1]] == texts
    for socket in sockets:
        assert [(await socket.until("MESSAGE_CREATE"))["content"] for _ in texts] == texts
    assert server.gateway.connected == 40
