from datetime import timedelta

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.model import Overwrite
from guildwatch.sandbox import Attachment, Permission, Poll
from guildwatch.sandbox.mentions import Mentions

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")


def faults(reply):
    """The error codes of a 50035 by their path."""
    assert (reply.status, reply.body["code"]) == (400, 50035)
    found = {}

    def walk(node, path):
        for name, part in node.items():
            if name == "_errors":
                found[".".join(path)] = [one["code"] for one in part]
            else:
                walk(part, [*path, name])

    walk(reply.body["errors"], [])
    return found


async def test_history_comes_newest_first_and_in_pages(place, rest):
    ids = [place.world.say(place.ada, place.general, f"{n}") for n in range(130)]
    url = f"/channels/{place.general}/messages"
    newest = (await rest("GET", url, params={"limit": "100"})).body
    assert [int(one["id"]) for one in newest] == ids[:29:-1]
    before = (await rest("GET", url, params={"limit": "100", "before": str(ids[30])})).body
    assert [int(one["id"]) for one in before] == ids[29::-1]
    after = (await rest("GET", url, params={"limit": "2", "after": str(ids[9])})).body
    assert [int(one["id"]) for one in after] == [ids[11], ids[10]]
    around = (await rest("GET", url, params={"limit": "5", "around": str(ids[50])})).body
    assert [int(one["id"]) for one in around] == ids[52:47:-1]
    assert len((await rest("GET", url)).body) == 50
    too_many = await rest("GET", url, params={"limit": "101"})
    assert faults(too_many) == {"limit": ["NUMBER_TYPE_MAX"]}


async def test_without_read_message_history_there_is_an_empty_page_and_no_error(place, rest):
    message = place.world.say(place.ada, place.general, "Hello")
    role = next(one for one in place.world.guilds[place.guild].roles.values() if one.bot_id)
    place.world.set_overwrites(
        place.general,
        [
            Overwrite(role.id, is_member=False, allow=0, deny=Permission.READ_MESSAGE_HISTORY),
        ],
    )
    url = f"/channels/{place.general}/messages"
    page = await rest("GET", url)
    assert (page.status, page.body) == (200, [])
    assert (await rest("GET", f"{url}/{message}")).status == 403


async def test_without_message_content_only_texts_meant_for_the_bot_are_told(place, rest):
    world = place.world
    world.application.privileged &= ~world.application.privileged
    world.say(place.ada, place.general, "secret", attachments=[Attachment("a.txt", b"a")])
    world.say(place.ada, place.general, f"hey <@{world.bot.id}>")
    dm = world.open_dm(place.ada)
    world.say(place.ada, dm, "between us")
    page = (await rest("GET", f"/channels/{place.general}/messages")).body
    assert [one["content"] for one in page] == [f"hey <@{world.bot.id}>", ""]
    assert page[1]["attachments"] == []
    assert (await rest("GET", f"/channels/{dm}/messages")).body[0]["content"] == "between us"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"content": "x" * 2001}, {"content": ["BASE_TYPE_MAX_LENGTH"]}),
        ({"content": "x", "nonce": "n" * 26}, {"nonce": ["BASE_TYPE_MAX_LENGTH"]}),
        ({"embeds": [{"title": "t"}] * 11}, {"embeds": ["BASE_TYPE_MAX_LENGTH"]}),
        ({"embeds": [{"title": "t" * 257}]}, {"embeds.0.title": ["BASE_TYPE_MAX_LENGTH"]}),
        (
            {"embeds": [{"description": "d" * 4097}]},
            {"embeds.0.description": ["BASE_TYPE_MAX_LENGTH"]},
        ),
        (
            {"embeds": [{"description": "d" * 3001}, {"description": "d" * 3000}]},
            {"embeds": ["MAX_EMBED_SIZE_EXCEEDED"]},
        ),
        (
            {"embeds": [{"fields": [{"name": "", "value": "v" * 1025}]}]},
            {
                "embeds.0.fields.0.name": ["BASE_TYPE_BAD_LENGTH"],
                "embeds.0.fields.0.value": ["BASE_TYPE_MAX_LENGTH"],
            },
        ),
        (
            {"embeds": [{"footer": {"text": "f" * 2049}}]},
            {"embeds.0.footer.text": ["BASE_TYPE_MAX_LENGTH"]},
        ),
        (
            {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
            {"embeds.0.fields": ["BASE_TYPE_MAX_LENGTH"]},
        ),
        (
            {"embeds": [{"image": {"url": "file:///etc"}}]},
            {"embeds.0.image.url": ["URL_TYPE_INVALID_SCHEME"]},
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            {"message_reference": ["REPLIES_UNKNOWN_MESSAGE"]},
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            {"allowed_mentions": ["MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"]},
        ),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x"}]}]},
            {"components.0.components.0.custom_id": ["BASE_TYPE_REQUIRED"]},
        ),
    ],
)
async def test_what_is_wrong_with_a_message_is_told_by_field(place, rest, body, expected):
    reply = await rest("POST", f"/channels/{place.general}/messages", body)
    assert faults(reply) == expected
    assert place.world.messages(place.general) == []


async def test_an_empty_message_and_one_in_a_forum_are_refused(place, rest):
    empty = await rest("POST", f"/channels/{place.general}/messages", {"content": "  "})
    assert (empty.status, empty.body["code"]) == (400, 50006)
    nowhere = await rest("POST", f"/channels/{place.forum}/messages", {"content": "x"})
    assert (nowhere.status, nowhere.body["code"]) == (400, 50024)


async def test_what_the_bot_may_not_is_refused_with_discords_codes(place, rest):
    hidden = await rest("POST", f"/channels/{place.staff}/messages", {"content": "x"})
    assert (hidden.status, hidden.body["code"]) == (403, 50001)
    nowhere = await rest("GET", "/channels/1/messages")
    assert (nowhere.status, nowhere.body["code"]) == (404, 10003)
    theirs = place.world.say(place.ada, place.general, "mine")
    url = f"/channels/{place.general}/messages/{theirs}"
    assert (await rest("PATCH", url, {"content": "ours"})).body["code"] == 50005
    assert (await rest("DELETE", url)).body["code"] == 50013
    assert (await rest("PUT", f"/channels/{place.general}/pins/{theirs}")).body["code"] == 50013


async def test_a_bot_without_embed_or_file_permission_cannot_send_them(place, rest):
    world = place.world
    role = next(one for one in world.guilds[place.guild].roles.values() if one.bot_id)
    closed = Permission.EMBED_LINKS | Permission.ATTACH_FILES
    world.set_overwrites(
        place.general, [Overwrite(role.id, is_member=False, allow=0, deny=int(closed))]
    )
    url = f"/channels/{place.general}/messages"
    assert (await rest("POST", url, {"embeds": [{"title": "t"}]})).body["code"] == 50013
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "x"}', content_type="application/json")
    form.add_field("files[0]", b"abc", filename="a.txt")
    assert (await rest("POST", url, data=form)).body["code"] == 50013


async def test_the_same_nonce_gives_the_first_message_for_a_few_minutes(place, rest, timer):
    url = f"/channels/{place.general}/messages"
    body = {"content": "once", "nonce": "key", "enforce_nonce": True}
    first = (await rest("POST", url, body)).body
    again = (await rest("POST", url, body | {"content": "twice"})).body
    assert (again["id"], again["content"]) == (first["id"], "once")
    assert "nonce" not in (await rest("GET", url)).body[0]
    timer.now += 200
    later = (await rest("POST", url, body)).body
    assert later["id"] != first["id"]


async def test_a_files_bytes_are_kept_and_served(place, rest, session):
    form = aiohttp.FormData()
    payload = '{"content": "see", "attachments": [{"id": 0, "description": "a chart"}]}'
    form.add_field("payload_json", payload, content_type="application/json")
    form.add_field("files[0]", PNG, filename="chart.png", content_type="image/png")
    sent = (await rest("POST", f"/channels/{place.general}/messages", data=form)).body
    kept = sent["attachments"][0]
    assert (kept["filename"], kept["size"], kept["description"]) == (
        "chart.png",
        len(PNG),
        "a chart",
    )
    assert (kept["width"], kept["height"], kept["content_type"]) == (640, 480, "image/png")
    async with session.get(kept["url"]) as response:
        assert await response.read() == PNG == place.world.file(kept["url"])


async def test_a_picture_in_an_embed_is_served_and_not_listed_twice(place, rest):
    form = aiohttp.FormData()
    payload = '{"embeds": [{"image": {"url": "attachment://chart.png"}}]}'
    form.add_field("payload_json", payload, content_type="application/json")
    form.add_field("files[0]", PNG, filename="chart.png", content_type="image/png")
    sent = (await rest("POST", f"/channels/{place.general}/messages", data=form)).body
    assert sent["attachments"] == []
    assert place.world.file(sent["embeds"][0]["image"]["url"]) == PNG


async def test_suppressed_embeds_are_gone(place, rest):
    body = {"content": "x", "embeds": [{"title": "t"}], "flags": 4}
    sent = (await rest("POST", f"/channels/{place.general}/messages", body)).body
    assert sent["embeds"] == []


async def test_mentions_count_only_as_far_as_they_are_allowed(place, rest):
    url = f"/channels/{place.general}/messages"
    text = f"<@{place.ada}> <@{place.ben}> @everyone"
    loud = (await rest("POST", url, {"content": text})).body
    assert [int(one["id"]) for one in loud["mentions"]] == [place.ada, place.ben]
    assert loud["mention_everyone"] is False  # the bot lacks MENTION_EVERYONE
    one = {"content": text, "allowed_mentions": {"users": [str(place.ben)]}}
    assert [one["id"] for one in (await rest("POST", url, one)).body["mentions"]] == [
        str(place.ben)
    ]
    inert = {"content": text, "allowed_mentions": {"parse": []}}
    assert (await rest("POST", url, inert)).body["mentions"] == []


@given(st.text())
def test_no_text_pings_anybody_when_nothing_is_allowed(text):
    found = Mentions.of(text + "<@1><@&2>@everyone", {"parse": []})
    assert (found.users, found.roles, found.everyone, found.pings_replied) == ([], [], False, False)


async def test_a_reply_carries_what_it_answers_until_that_is_deleted(place, rest):
    world = place.world
    origin = world.say(place.ada, place.general, "Question?")
    answer = world.say(place.ben, place.general, "Answer.", reply_to=origin)
    url = f"/channels/{place.general}/messages/{answer}"
    told = (await rest("GET", url)).body
    assert told["type"] == 19
    assert told["referenced_message"]["content"] == "Question?"
    assert told["mentions"][0]["id"] == str(place.ada)
    world.delete(origin)
    assert (await rest("GET", url)).body["referenced_message"] is None


async def test_forwards_polls_and_stickers_are_told_as_discord_tells_them(place, rest):
    world = place.world
    origin = world.say(place.ada, place.general, "Worth reading")
    forward = world.say(place.ben, place.general, "", forward=origin)
    poll = world.say(place.ben, place.general, "", poll=Poll("Tea?", ["Yes", "No"]))
    sticker = world.say(place.ben, place.general, "", stickers=["wave"])
    url = f"/channels/{place.general}/messages/"
    told = (await rest("GET", f"{url}{forward}")).body
    assert told["message_snapshots"][0]["message"]["content"] == "Worth reading"
    assert told["message_reference"]["type"] == 1
    answers = (await rest("GET", f"{url}{poll}")).body["poll"]["answers"]
    assert [one["poll_media"]["text"] for one in answers] == ["Yes", "No"]
    assert (await rest("GET", f"{url}{sticker}")).body["sticker_items"][0]["name"] == "wave"


async def test_an_edit_keeps_what_it_does_not_name(place, rest):
    url = f"/channels/{place.general}/messages"
    body = {"content": "first", "embeds": [{"title": "t"}]}
    sent = (await rest("POST", url, body)).body
    edited = (await rest("PATCH", f"{url}/{sent['id']}", {"content": "second"})).body
    assert (edited["content"], edited["embeds"][0]["title"]) == ("second", "t")
    assert edited["edited_timestamp"] is not None
    gone = await rest("PATCH", f"{url}/{sent['id']}", {"content": "", "embeds": []})
    assert gone.body["code"] == 50006


async def test_many_edits_of_old_messages_are_refused(place, rest):
    world = place.world
    url = f"/channels/{place.general}/messages"
    sent = (await rest("POST", url, {"content": "x"})).body["id"]
    world.clock.jump_to(world.clock() + timedelta(hours=2))
    for number in range(30):
        assert (await rest("PATCH", f"{url}/{sent}", {"content": f"{number}"})).status == 200
    refused = await rest("PATCH", f"{url}/{sent}", {"content": "once more"})
    assert (refused.status, refused.body["code"]) == (429, 30046)
    young = (await rest("POST", url, {"content": "x"})).body["id"]
    assert (await rest("PATCH", f"{url}/{young}", {"content": "y"})).status == 200


async def test_two_weeks_old_messages_cannot_be_deleted_in_bulk(place, rest):
    world = place.world
    role = next(one for one in world.guilds[place.guild].roles.values() if one.bot_id)
    world.change_role(role.id, role.permissions | Permission.MANAGE_MESSAGES)
    ids = [str(world.say(place.ada, place.general, f"{n}")) for n in range(3)]
    url = f"/channels/{place.general}/messages/bulk-delete"
    assert (await rest("POST", url, {"messages": ids[:1]})).body["code"] == 50016
    world.clock.jump_to(world.clock() + timedelta(days=15))
    assert (await rest("POST", url, {"messages": ids})).body["code"] == 50034
    assert len(world.messages(place.general)) == 3


async def test_reactions_are_counted_and_taken_back(place, rest):
    message = place.world.say(place.ada, place.general, "Nice?")
    place.world.react(place.ben, message, "👍")
    url = f"/channels/{place.general}/messages/{message}"
    assert (await rest("PUT", f"{url}/reactions/👍/@me")).status == 204
    told = (await rest("GET", url)).body["reactions"][0]
    assert (told["count"], told["me"], told["emoji"]["name"]) == (2, True, "👍")
    assert (await rest("DELETE", f"{url}/reactions/👍/@me")).status == 204
    assert (await rest("GET", url)).body["reactions"][0]["count"] == 1
    assert (await rest("PUT", f"{url}/reactions/nonsense/@me")).body["code"] == 10014


async def test_pins_are_listed_and_announced(place, rest):
    first = place.world.say(place.ada, place.general, "Rules")
    place.world.pin(place.ada, first)
    told = (await rest("GET", f"/channels/{place.general}/messages/pins")).body
    assert [one["message"]["content"] for one in told["items"]] == ["Rules"]
    assert place.world.messages(place.general)[-1]["type"] == 6
    place.world.unpin(place.ada, first)
    assert (await rest("GET", f"/channels/{place.general}/pins")).body == []


async def test_the_door_asks_for_token_agent_and_json(place, rest, server):
    agent = {"User-Agent": "DiscordBot (test, 1)"}
    wrong = await rest("GET", "/users/@me", headers=agent | {"Authorization": "Bot x"})
    assert (wrong.status, wrong.body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await rest("GET", "/users/@me", headers=agent)).status == 401
    token = {"Authorization": f"Bot {server.token}", "User-Agent": ""}
    assert (await rest("GET", "/users/@me", headers=token)).body["code"] == 40333
    unknown = await rest("GET", "/no/such/thing")
    assert (unknown.status, unknown.body) == (404, {"message": "404: Not Found", "code": 0})
    broken = await rest("POST", f"/channels/{place.general}/messages", data="{")
    assert broken.body["code"] == 50109
    assert faults(await rest("GET", "/channels/general")) == {"channel_id": ["NUMBER_TYPE_COERCE"]}


async def test_a_user_with_closed_direct_messages_gets_none(place, rest):
    place.world.closed_dms.add(place.ben)
    dm = (await rest("POST", "/users/@me/channels", {"recipient_id": str(place.ben)})).body
    refused = await rest("POST", f"/channels/{dm['id']}/messages", {"content": "Hello"})
    assert (refused.status, refused.body["code"]) == (403, 50007)
    again = (await rest("POST", "/users/@me/channels", {"recipient_id": str(place.ben)})).body
    assert again["id"] == dm["id"]
