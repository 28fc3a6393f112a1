"""Every form that an export can have becomes the right messages."""

import json
from datetime import UTC, datetime

import pytest

from guildwatch.exchange import import_exports
from guildwatch.model import Author, Channel, ChannelKind, MessageKind

GUILD, CHANNEL = 111, 222


@pytest.fixture
def stored(store, scorer, export, message):
    """Imports one message and gives what became of it."""

    async def one(content="hello", **changes):
        summary = await import_exports([export(message(1, content, **changes))], store, scorer)
        assert summary.skipped == ()
        (found,) = await store.messages.latest()
        return found

    return one


async def test_a_plain_message_comes_with_its_author_mood_and_time(stored, scorer):
    message = await stored("what a wonderful day")
    assert message.author == Author(7, "Ann")
    assert (message.guild_id, message.channel_id, message.text) == (
        GUILD,
        CHANNEL,
        "what a wonderful day",
    )
    assert message.kind is MessageKind.DEFAULT
    assert message.score == scorer.score("what a wonderful day")
    assert message.created_at == datetime(2024, 3, 5, 0, 0, 0, 1000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("exported", "kind"),
    [
        ("Default", MessageKind.DEFAULT),
        ("0", MessageKind.DEFAULT),
        ("Reply", MessageKind.REPLY),
        ("19", MessageKind.REPLY),
        ("20", MessageKind.COMMAND),
        ("23", MessageKind.COMMAND),
        ("ChannelPinnedMessage", MessageKind.SYSTEM),
        ("GuildMemberJoin", MessageKind.SYSTEM),
        ("ThreadCreated", MessageKind.SYSTEM),
        ("8", MessageKind.SYSTEM),
        ("24", MessageKind.SYSTEM),
        ("SomethingNew", MessageKind.SYSTEM),
        (None, MessageKind.SYSTEM),
    ],
)
async def test_types_come_as_names_or_numbers(stored, exported, kind):
    message = await stored("great", type=exported)
    assert message.kind is kind
    assert (message.score is None) is not kind.is_talk


async def test_only_a_reply_answers_what_it_refers_to(store, scorer, export, message):
    reference = {"messageId": "5", "channelId": "222", "guildId": "111"}
    path = export(
        message(1, type="Reply", reference=reference),
        message(2, type="ChannelPinnedMessage", reference=reference),
        message(3, type="Reply", reference={"messageId": None}),
        message(4, type="Reply"),
    )
    await import_exports([path], store, scorer)
    assert [one.reply_to for one in await store.messages.latest()] == [5, None, None, None]


async def test_a_forwards_text_is_what_was_forwarded(stored):
    forwarded = {
        "timestamp": "2024-03-01T00:00:00+00:00",
        "content": "from elsewhere",
        "attachments": [{"id": "1"}],
        "embeds": [],
        "stickers": [{"id": "2"}, {"id": "3"}],
    }
    message = await stored(
        "", forwardedMessage=forwarded, reference={"type": "Forward", "messageId": "5"}
    )
    assert (message.kind, message.text) == (MessageKind.FORWARD, "from elsewhere")
    assert (message.attachments, message.stickers, message.reply_to) == (1, 2, None)


async def test_counts_and_mentions_come_along(stored):
    message = await stored(
        "hi <@8> @Bea",
        attachments=[{}, {}],
        stickers=[{}],
        reactions=[{"emoji": {}, "count": 2}, {"count": 3, "users": []}, {"count": -9}, None],
        mentions=[{"id": "8", "name": "bea", "nickname": "Bea", "isBot": True}, {"id": "?"}, 5],
    )
    assert (message.attachments, message.stickers, message.reactions) == (2, 1, 5)
    assert message.mentioned == (Author(8, "Bea", is_bot=True),)
    assert message.text == "hi <@8> @Bea"


@pytest.mark.parametrize(
    ("stamp", "edited_at"),
    [
        ("2017-01-29T04:46:31.321+00:00", datetime(2017, 1, 29, 4, 46, 31, 321000, UTC)),
        ("2017-01-29T04:46:31.21-04:00", datetime(2017, 1, 29, 8, 46, 31, 210000, UTC)),
        ("2017-01-29T04:46:31.1234567+05:30", datetime(2017, 1, 28, 23, 16, 31, 123456, UTC)),
        ("2017-01-29T04:46:31Z", datetime(2017, 1, 29, 4, 46, 31, tzinfo=UTC)),
        ("2017-01-29T04:46:31", datetime(2017, 1, 29, 4, 46, 31, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        (1234, None),
    ],
)
async def test_time_stamps_of_any_offset_and_fraction_become_utc(stored, stamp, edited_at):
    assert (await stored(timestampEdited=stamp)).edited_at == edited_at


async def test_old_exports_lack_most_keys(stored):
    author = {"id": "7", "name": "ann"}
    message = await stored(author=author, attachments=None, reactions=None, mentions=None)
    assert message.author == Author(7, "ann")


async def test_a_message_with_nothing_but_ids_is_still_a_message(store, scorer, export):
    await import_exports([export({"id": 5, "author": {"id": "7"}})], store, scorer)
    (message,) = await store.messages.latest()
    assert (message.id, message.author.name, message.text) == (5, "Unknown", "")


async def test_bots_webhooks_and_deleted_users_are_authors_like_others(
    store, scorer, export, message
):
    bot = {"id": "9", "name": "hook", "discriminator": "0000", "nickname": "Hook", "isBot": True}
    deleted = {"id": "456226577798135808", "name": "Deleted User", "nickname": "Deleted User"}
    await import_exports(
        [export(message(1, "great", author=bot), message(2, author=deleted))], store, scorer
    )
    first, second = await store.messages.latest()
    assert (first.author.is_bot, first.score) == (True, None)
    assert second.author.name == "Deleted User"


async def test_a_byte_order_mark_and_escaped_emoji_are_read(store, scorer, export, message):
    path = export(message(1, "smile \N{GRINNING FACE} \0"))
    root = json.loads(path.read_text("utf-8"))
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(root).encode())
    await import_exports([path], store, scorer)
    assert [one.text for one in await store.messages.latest()] == ["smile \N{GRINNING FACE} \0"]


async def test_keys_in_another_order_are_found(store, scorer, export, message):
    path = export(message())
    root = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(dict(reversed(root.items()))))
    assert (await import_exports([path], store, scorer)).new == 1


@pytest.mark.parametrize(
    ("exported", "kind"),
    [
        ("GuildVoiceChat", ChannelKind.VOICE),
        ("GuildNews", ChannelKind.ANNOUNCEMENT),
        ("GuildStageVoice", ChannelKind.STAGE),
        ("16", ChannelKind.MEDIA),
        ("99", ChannelKind.TEXT),
        ("Unheard", ChannelKind.TEXT),
    ],
)
async def test_a_channel_stands_under_its_category(store, scorer, export, message, exported, kind):
    await import_exports([export(message(), type=exported)], store, scorer)
    (guild,) = await store.guilds.all()
    assert guild.name == "Place"
    assert guild.channel(CHANNEL) == Channel(
        CHANNEL, GUILD, "general", kind, 333, topic="All sorts", known=False
    )
    assert guild.channel(333) == Channel(333, GUILD, "Talk", ChannelKind.CATEGORY, known=False)


async def test_a_threads_category_is_its_channel(store, scorer, export, message):
    channel = export(message(), id="50", name="help", categoryId=None, type="GuildForum")
    thread = export(
        message(2), id="51", name="a-post", categoryId="50", category="help",
        type="GuildPublicThread",
    )  # fmt: skip
    for order in ([channel, thread], [thread, channel]):
        await import_exports(order, store, scorer)
        (guild,) = await store.guilds.all()
        assert guild.channel(51).kind is ChannelKind.PUBLIC_THREAD
        assert guild.channel(51).parent_id == 50
        assert (guild.channel(50).kind, guild.channel(50).topic) == (
            ChannelKind.FORUM,
            "All sorts",
        )
