"""Every kind of message by Discord's documentation, as the gateway and as history tell it."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.discord import payloads
from guildwatch.discord.fields import OddPayloadError
from guildwatch.discord.history import RestHistory
from guildwatch.discord.line import Line
from guildwatch.model import AttachmentKind, Channel, ChannelKind, MessageKind

DEFAULT, REPLY, FORWARD = MessageKind.DEFAULT, MessageKind.REPLY, MessageKind.FORWARD
POLL, COMMAND, SYSTEM = MessageKind.POLL, MessageKind.COMMAND, MessageKind.SYSTEM
IMAGE, VIDEO, AUDIO = AttachmentKind.IMAGE, AttachmentKind.VIDEO, AttachmentKind.AUDIO
VOICE, OTHER = AttachmentKind.VOICE, AttachmentKind.OTHER

ADA = {"id": "9", "username": "ada", "global_name": "Ada", "discriminator": "0", "avatar": None}
BOT = {**ADA, "id": "10", "username": "Dicey", "bot": True}
HOOK = {"id": "77", "username": "Deploys", "avatar": None, "bot": True, "discriminator": "0000"}
FROM_HOOK = {"author": HOOK, "webhook_id": "77"}
MESSAGE = {
    "id": "3", "type": 0, "channel_id": "2", "author": ADA, "content": "", "tts": False,
    "timestamp": "2026-11-20T12:00:00.000000+00:00", "edited_timestamp": None, "flags": 0,
    "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
    "embeds": [], "components": [], "pinned": False,
}  # fmt: skip


def file(name, media=None, **more):
    told = {"id": "5", "filename": name, "size": 7, "url": "https://x", "proxy_url": "https://x"}
    return told | ({"content_type": media} if media else {}) | more


def snapshot(**fields):
    return {"message": {"type": 0, "embeds": [], "attachments": [], "flags": 0, **fields}}


def forward(*snapshots):
    where = {"type": 1, "message_id": "1", "channel_id": "8", "guild_id": "1"}
    return {"message_reference": where, "message_snapshots": list(snapshots), "flags": 1 << 14}


def reply(**more):
    return {
        "type": 19,
        "message_reference": {"type": 0, "message_id": "44", "channel_id": "2"},
        **more,
    }


def shown(content):
    return {"type": 10, "id": 1, "content": content}


TEA = {
    "question": {"text": "Tea?"},
    "answers": [
        {"answer_id": 1, "poll_media": {"text": "Yes", "emoji": {"id": None, "name": "🫖"}}},
        {"answer_id": 2, "poll_media": {"emoji": {"id": None, "name": "🚫"}}},
    ],
    "expiry": "2026-11-21T12:00:00+00:00", "allow_multiselect": False, "layout_type": 1,
}  # fmt: skip
RESULT = {
    "type": "poll_result",
    "fields": [
        {"name": "poll_question_text", "value": "Tea?", "inline": False},
        {"name": "victor_answer_votes", "value": "3", "inline": False},
        {"name": "total_votes", "value": "5", "inline": False},
        {"name": "victor_answer_id", "value": "1", "inline": False},
        {"name": "victor_answer_text", "value": "Yes", "inline": False},
    ],
}
CARD = {
    "type": "rich", "title": "Build 809", "description": "passed", "footer": {"text": "6 min"},
    "author": {"name": "Anvil"}, "fields": [{"name": "linux", "value": "ok", "inline": True}],
}  # fmt: skip
STICKER = {"id": "1", "name": "honk", "format_type": 1}
PREVIEW = {"type": "link", "title": "Example Domain", "url": "https://example.org"}
LAYOUT = [
    {"type": 17, "id": 1, "components": [
        shown("# Release"),
        {"type": 14, "id": 2},
        {"type": 9, "id": 3, "components": [shown("2.4 is out")],
         "accessory": {"type": 11, "id": 4, "media": {"url": "https://x"}}},
    ]},
    {"type": 1, "id": 5, "components": [{"type": 2, "id": 6, "style": 5, "label": "Get it"}]},
    shown("thanks"),
]  # fmt: skip

KINDS = {
    "a text": ({"content": "hello"}, DEFAULT, "hello", {}),
    "a text with a preview of its link": (
        {"content": "see https://example.org", "embeds": [PREVIEW]},
        DEFAULT,
        "see https://example.org",
        {},
    ),
    "a reply": (reply(content="yes"), REPLY, "yes", {"reply_to": 44}),
    "a reply to a deleted message": (
        reply(content="yes", referenced_message=None), REPLY, "yes", {"reply_to": 44},
    ),
    "a forward": (forward(snapshot(content="heard this?")), FORWARD, "heard this?", {}),
    "a forward of pictures": (
        forward(snapshot(content="", attachments=[file("a.png", "image/png"), file("b.mp4")])),
        FORWARD,
        "",
        {"attachments": 2, "attachment_kinds": (IMAGE, VIDEO)},
    ),
    "a forwarded voice message": (
        forward(snapshot(content="", attachments=[file("v.ogg", "audio/ogg")], flags=1 << 13)),
        FORWARD,
        "",
        {"attachments": 1, "attachment_kinds": (VOICE,)},
    ),
    "a forwarded sticker": (
        forward(snapshot(content="", sticker_items=[STICKER])),
        FORWARD,
        "",
        {"stickers": 1},
    ),
    "a forward of a bot's embed": (
        forward(snapshot(content="", embeds=[CARD])),
        FORWARD,
        "Anvil\nBuild 809\npassed\nlinux\nok\n6 min",
        {},
    ),
    "a forward within a forward": (
        forward({"message": {"content": "outer", **forward(snapshot(content="inner"))}}),
        FORWARD,
        "outer\ninner",
        {},
    ),
    "a poll": ({"poll": TEA}, POLL, "Tea?\n- Yes\n- 🚫", {}),
    "a poll with words above it": (
        {"content": "vote!", "poll": TEA}, POLL, "vote!\nTea?\n- Yes\n- 🚫", {},
    ),
    "a poll's result": ({"type": 46, "embeds": [RESULT]}, SYSTEM, "Tea?\n- Yes (3/5)", {}),
    "a tied poll's result": (
        {"type": 46, "embeds": [{**RESULT, "fields": RESULT["fields"][:3]}]},
        SYSTEM,
        "Tea?\n(3/5)",
        {},
    ),
    "a sticker": (
        {"sticker_items": [STICKER]},
        DEFAULT,
        "",
        {"stickers": 1},
    ),
    "files of all kinds": (
        {"attachments": [
            file("a.png", "image/png"), file("b.mov", "video/quicktime"), file("e.JPEG"),
            file("c.ogg", "audio/ogg"), file("d.log", "text/plain; charset=utf-8"),
            file("f.zip"), file("g"),
        ]},
        DEFAULT,
        "",
        {"attachments": 7, "attachment_kinds": (IMAGE, VIDEO, IMAGE, AUDIO, OTHER, OTHER, OTHER)},
    ),
    "a voice message": (
        {"flags": 1 << 13, "attachments": [
            file("voice-message.ogg", "audio/ogg", duration_secs=4.2, waveform="AAE=")
        ]},
        DEFAULT,
        "",
        {"attachments": 1, "attachment_kinds": (VOICE,)},
    ),
    "a bot's message of components": (
        {"author": BOT, "flags": 1 << 15, "components": LAYOUT},
        DEFAULT,
        "# Release\n2.4 is out\nthanks",
        {"is_bot": True},
    ),
    "a bot's message that is an embed alone": (
        {"author": BOT, "embeds": [CARD]},
        DEFAULT,
        "Anvil\nBuild 809\npassed\nlinux\nok\n6 min",
        {"is_bot": True},
    ),
    "a webhook": ({**FROM_HOOK, "content": "deployed"}, DEFAULT, "deployed", {"is_bot": True}),
    "an announcement from another guild": (
        {**FROM_HOOK, "content": "2.4 is out", "flags": 1 << 1, "message_reference": {
            "type": 0, "channel_id": "88", "guild_id": "99", "message_id": "77"}},
        DEFAULT,
        "2.4 is out",
        {"is_bot": True},
    ),
    "an announcement that was published": (
        {"content": "2.4 is out", "flags": 1 << 0}, DEFAULT, "2.4 is out", {},
    ),
    "an answer to a slash command": (
        {"type": 20, "author": BOT, "content": "You rolled 7"},
        COMMAND,
        "You rolled 7",
        {"is_bot": True},
    ),
    "an answer to a menu command": (
        {"type": 23, "author": BOT, "content": "Translated"},
        COMMAND,
        "Translated",
        {"is_bot": True},
    ),
    "an answer that is not ready": (
        {"type": 20, "author": BOT, "flags": 1 << 7}, COMMAND, "", {"is_bot": True},
    ),
    "a thread's first line, whose words stand elsewhere": (
        {"type": 21, "message_reference": {"message_id": "1", "channel_id": "2"},
         "referenced_message": {**MESSAGE, "content": "counted where it stands"}},
        SYSTEM,
        "",
        {},
    ),
    "a new thread": ({"type": 18, "content": "Cake"}, SYSTEM, "Cake", {}),
    "what auto-moderation stopped": (
        {"type": 24, "embeds": [{"type": "auto_moderation_message", "description": "a slur"}]},
        SYSTEM,
        "",
        {},
    ),
}  # fmt: skip
OTHERS = [1, 2, 3, 4, 5, 6, 7, *range(8, 18), 22, 25, 26, *range(27, 33), *range(36, 40), 44, 4711]
KINDS |= {f"type {number}": ({"type": number}, SYSTEM, "", {}) for number in OTHERS}


def by_gateway(fields):
    return payloads.message({**MESSAGE, **fields, "guild_id": "1", "member": {"roles": []}})


def by_history(fields):
    return payloads.message({**MESSAGE, **fields}, 1)


@pytest.mark.parametrize("road", [by_gateway, by_history])
@pytest.mark.parametrize(("fields", "kind", "text", "more"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_message_is_read_the_same_by_both_roads(road, fields, kind, text, more):
    read = road(fields)
    expected = {"reply_to": None, "attachments": 0, "attachment_kinds": (), "stickers": 0, **more}
    is_bot = expected.pop("is_bot", False)

    assert (read.kind, read.text, read.author.is_bot) == (kind, text, is_bot)
    assert {name: getattr(read, name) for name in expected} == expected
    assert read.kind.is_talk is (kind not in (SYSTEM, COMMAND))


@pytest.mark.parametrize(("fields", "kind", "text", "more"), KINDS.values(), ids=KINDS.keys())
def test_an_update_tells_of_each_kind_what_its_creation_told(fields, kind, text, more):
    edit = payloads.edit({**MESSAGE, **fields, "guild_id": "1"})
    assert edit.text == text
    assert edit.attachment_kinds == more.get("attachment_kinds", ())
    assert edit.is_talk is (kind.is_talk and not more.get("is_bot", False))


def test_whoever_is_mentioned_in_a_forward_has_a_name():
    read = by_gateway(forward(snapshot(content="ask <@9>", mentions=[ADA])))
    assert [(one.id, one.name) for one in read.mentioned] == [(9, "Ada")]


def test_components_without_end_come_to_one():
    endless = shown("deep")
    for _ in range(2000):
        endless = {"type": 17, "components": [endless, shown("x")]}
    read = by_gateway({"author": BOT, "flags": 1 << 15, "components": [endless]})
    assert len(read.text) < 2000


# ---- Whatever is done to a payload ----

# On a machine that has much to do the time that an example takes says nothing.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["", "\ud800", "9" * 30, [], {}, [None], [[]], {"id": 1}, {"id": None}]),
)


def paths(value, path=()):
    """The way to every field within a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inner:
        yield (*path, name)
        if isinstance(one, dict | list):
            yield from paths(one, (*path, name))


def changed(value, path, odd):
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], odd)
    return copy


@st.composite
def mutilated(draw):
    """A message of some kind in which some fields are not what they should be."""
    fields, *_ = draw(st.sampled_from(list(KINDS.values())))
    raw = {**MESSAGE, **fields}
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(paths(raw))))
        with suppress(KeyError, IndexError, TypeError):
            raw = changed(raw, path, draw(ODD))
    return raw


class Page:
    """A page of history on the wire."""

    def __init__(self, found):
        self.found = found

    def fetch_messages(self, _channel, *, after):
        return self

    async def limit(self, _most):
        return self.found


@settings(PATIENT, max_examples=200)
@given(mutilated())
def test_a_mutilated_message_is_read_or_called_odd(raw):
    for read in (payloads.message, payloads.edit):
        with suppress(OddPayloadError):
            found = read({"guild_id": "1", **raw})
            assert found is None or found.text.encode() is not None


@settings(PATIENT, max_examples=100)
@given(st.lists(mutilated() | ODD, max_size=4))
async def test_a_page_loses_no_message_because_of_others_in_it(odd):
    sound = [{**MESSAGE, "id": str(number), "content": f"{number}"} for number in (100, 101, 102)]
    page = [sound[0], *odd, sound[1], *odd, sound[2]]
    line = Line()
    alive = SimpleNamespace(is_alive=True)
    line.open(alive, reader=Page(page), poster=alive)

    read = await RestHistory(line).page(Channel(2, 1, "general", ChannelKind.TEXT), after=0)
    texts = [one.text for one in read.messages]
    assert [text for text in texts if text in ("100", "101", "102")] == ["100", "101", "102"]
