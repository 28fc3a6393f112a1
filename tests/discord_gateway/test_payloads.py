"""Discord's JSON as nouns, however odd it comes."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.audience import is_hidden
from guildwatch.discord import payloads
from guildwatch.discord.fields import OddPayloadError
from guildwatch.model import ChannelKind, MessageKind

MESSAGE = {
    "type": 0,
    "attachments": [],
    "id": "3",
    "guild_id": "1",
    "channel_id": "2",
    "content": "hello",
    "author": {"id": "9", "username": "ada.l", "global_name": "Ada"},
}


def message(**fields):
    return payloads.message({**MESSAGE, **fields})


# On a machine that has much to do the time that an example takes says nothing.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["1", "2", "99999999999999999999", "2026-11-20T12:00:00+00:00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
FIELDS = [
    "id", "guild_id", "channel_id", "content", "author", "type", "member", "mentions", "poll",
    "message_reference", "message_snapshots", "attachments", "sticker_items", "reactions",
    "edited_timestamp", "webhook_id", "name", "flags", "parent_id", "permission_overwrites",
    "thread_metadata", "roles", "channels", "threads", "members", "user", "permissions", "position",
]  # fmt: skip
NESTED = st.dictionaries(
    st.sampled_from(FIELDS), JSON | st.dictionaries(st.sampled_from([*FIELDS, "text"]), JSON)
)


@settings(PATIENT, max_examples=60)
@given(NESTED | st.builds(lambda odd: {**MESSAGE, **odd}, NESTED))
def test_nothing_that_discord_could_send_raises_but_for_what_is_missing(raw):
    for read in (
        payloads.message,
        payloads.edit,
        payloads.channel,
        payloads.role,
        lambda one: payloads.guild(one, 7),
        lambda one: payloads.member(one, 7),
        lambda one: payloads.thread(one, 7, 8),
    ):
        with suppress(OddPayloadError):
            read(raw)


@settings(PATIENT, max_examples=60)
@given(NESTED)
def test_every_message_that_is_understood_can_be_written(odd):
    with suppress(OddPayloadError):
        read = message(**odd)
        read.text.encode()
        read.author.name.encode()
        assert 0 < read.id < 2**63
        assert min(read.attachments, read.stickers, read.reactions) >= 0


def test_names_are_nickname_then_display_name_then_username():
    author = MESSAGE["author"]
    assert message(member={"nick": "Countess"}).author.name == "Countess"
    assert message(member={"nick": None}).author.name == "Ada"
    assert message(author={**author, "global_name": None}).author.name == "ada.l"


def test_a_webhook_counts_as_a_bot():
    assert message(webhook_id="5").author.is_bot
    assert message(author={**MESSAGE["author"], "bot": True}).author.is_bot
    assert not message().author.is_bot


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, MessageKind.DEFAULT),
        (19, MessageKind.REPLY),
        (20, MessageKind.COMMAND),
        (23, MessageKind.COMMAND),
        (7, MessageKind.SYSTEM),
        (4711, MessageKind.SYSTEM),
        (None, MessageKind.SYSTEM),
    ],
)
def test_what_is_no_talk_is_known_as_such(number, kind):
    assert message(type=number).kind is kind


def test_a_reply_to_a_deleted_message_still_is_one():
    read = message(type=19, message_reference={"message_id": "77"}, referenced_message=None)
    assert (read.kind, read.reply_to) == (MessageKind.REPLY, 77)


def test_reactions_of_all_emoji_are_summed():
    assert message(reactions=[{"count": 2}, {"count": 3}, {"count": "x"}, None]).reactions == 5


def test_an_update_without_a_moment_of_editing_still_tells_what_the_message_has_become():
    read = payloads.edit({**MESSAGE, "edited_timestamp": None})
    assert (read.text, read.edited_at) == ("hello", None)


@pytest.mark.parametrize("missing", ["content", "attachments", "author"])
def test_an_update_that_tells_only_a_part_is_not_taken_for_the_whole(missing):
    part = {name: value for name, value in MESSAGE.items() if name != missing}
    assert payloads.edit({**part, "edited_timestamp": "2026-01-01"}) is None


def test_an_edit_has_its_text_and_moment():
    read = payloads.edit({**MESSAGE, "edited_timestamp": "2026-11-20T13:00:00+01:00"})
    assert (read.text, read.edited_at) == ("hello", datetime(2026, 11, 20, 12, tzinfo=UTC))


def test_an_obfuscated_channel_is_hidden_whatever_it_is_called():
    raw = {"id": "5", "guild_id": "1", "type": 0, "name": "staff", "topic": "x", "flags": 1 << 17}
    read = payloads.channel(raw)
    assert is_hidden(read)
    assert "staff" not in repr(read)
    assert is_hidden(payloads.channel({**raw, "flags": 0, "name": "___hidden___"}))


def test_a_guild_keeps_its_channels_when_one_of_them_is_odd():
    channels = [{"id": "5", "type": 0, "name": "a"}, {"id": "6", "type": 99}, None, {"type": 0}]
    read = payloads.guild({"id": "1", "name": "G", "channels": channels}, bot_id=7)
    assert [(one.id, one.kind) for one in read.channels] == [(5, ChannelKind.TEXT)]


def test_a_thread_that_the_bot_has_joined_has_it_as_member():
    raw = {"id": "5", "type": 12, "parent_id": "2", "thread_metadata": {"archived": True}}
    assert payloads.thread(raw, 1, bot_id=7).member_ids == frozenset()
    read = payloads.thread({**raw, "member": {"user_id": "7"}}, 1, bot_id=7)
    assert read.member_ids == {7}
    assert read.archived


@pytest.mark.parametrize(
    "overwrites",
    [
        "none",
        [{"id": "5", "type": 7, "allow": "0", "deny": "1024"}],
        [{"id": "5", "type": 0, "allow": "0", "deny": "all"}],
        [{"type": 0, "allow": "0", "deny": "1024"}],
        [{"id": "5", "type": 0, "allow": "1024", "deny": "0"}] * 2,
        ["5"],
    ],
)
def test_a_channel_with_overwrites_that_nobody_understands_is_closed_to_everybody(overwrites):
    raw = {"id": "7", "type": 0, "name": "general", "permission_overwrites": overwrites}
    assert not payloads.channel(raw, 5).known
    raw["permission_overwrites"] = [{"id": "5", "type": "0", "allow": 0, "deny": "1024"}]
    assert payloads.channel(raw, 5).known
