"""One object of a DiscordChatExporter export at a time, as our nouns.

The format is read from the exporter's source (JsonMessageWriter.cs, release 2.47); older versions
lack many keys. All that is demanded is what nothing works without: ids.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from guildwatch.exchange.errors import ExchangeError
from guildwatch.model import (
    AttachmentKind,
    Author,
    Channel,
    ChannelKind,
    Guild,
    Message,
    MessageKind,
)

AGAIN = "export the channel again with DiscordChatExporter, as JSON"
"""What helps against every broken file."""

_CHANNEL_KINDS = {
    "GuildTextChat": ChannelKind.TEXT,
    "GuildVoiceChat": ChannelKind.VOICE,
    "GuildCategory": ChannelKind.CATEGORY,
    "GuildNews": ChannelKind.ANNOUNCEMENT,
    "GuildNewsThread": ChannelKind.ANNOUNCEMENT_THREAD,
    "GuildPublicThread": ChannelKind.PUBLIC_THREAD,
    "GuildPrivateThread": ChannelKind.PRIVATE_THREAD,
    "GuildStageVoice": ChannelKind.STAGE,
    "GuildDirectory": ChannelKind.DIRECTORY,
    "GuildForum": ChannelKind.FORUM,
    **{str(kind.value): kind for kind in ChannelKind},
}
# The exporter names few of Discord's message types and writes the others as numbers.
_MESSAGE_KINDS = {
    "Default": MessageKind.DEFAULT,
    "0": MessageKind.DEFAULT,
    "Reply": MessageKind.REPLY,
    "19": MessageKind.REPLY,
    "20": MessageKind.COMMAND,
    "23": MessageKind.COMMAND,
}
# An export tells no media types. Discord's clients call a voice message like this.
_VOICE = "voice-message.ogg"
_FILE_KINDS = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "avif", "heic"), AttachmentKind.IMAGE),
    **dict.fromkeys(("mp4", "mov", "webm", "mkv", "avi"), AttachmentKind.VIDEO),
    **dict.fromkeys(("mp3", "ogg", "wav", "flac", "m4a", "opus"), AttachmentKind.AUDIO),
}
_MOST_COUNTED = 1_000_000_000  # a count beyond it is nonsense, and SQLite's integers end


def guild_of(exported: object) -> Guild:
    """The guild that an export names. Raises ExchangeError for one of direct messages."""
    root = _object(exported)
    guild_id = _id(root.get("id"))
    if guild_id is None and root.get("id") in ("0", 0):
        raise ExchangeError(
            "it holds direct messages, which guildwatch does not keep: export a server's channels"
        )
    if guild_id is None:
        raise ExchangeError(f"it does not say which server it is of: {AGAIN}")
    return Guild(guild_id, _text(root, "name") or f"Server {guild_id}")


def channels_of(guild_id: int, exported: object) -> tuple[Channel, Channel | None]:
    """The channel that an export is of, and the category or channel that it stands under.

    Of the upper one only id and name are told; its kind is a guess.
    """
    root = _object(exported)
    channel_id = _id(root.get("id"))
    if channel_id is None:
        raise ExchangeError(f"it does not say which channel it is of: {AGAIN}")
    kind = _CHANNEL_KINDS.get(str(root.get("type")), ChannelKind.TEXT)
    parent_id = _id(root.get("categoryId"))
    channel = Channel(
        channel_id,
        guild_id,
        _text(root, "name") or f"channel-{channel_id}",
        kind,
        parent_id,
        topic=_text(root, "topic"),
        known=False,
    )
    if parent_id is None:
        return channel, None
    parent_kind = ChannelKind.TEXT if kind.is_thread else ChannelKind.CATEGORY
    name = _text(root, "category") or f"channel-{parent_id}"
    return channel, Channel(parent_id, guild_id, name, parent_kind, known=False)


def message_of(channel: Channel, exported: object) -> Message:
    """One exported message. Raises ExchangeError when it lacks its id or its author's.

    Its time is its id's; the exported `timestamp` can only repeat it.
    """
    root = _object(exported)
    author, message_id = _author(root.get("author")), _id(root.get("id"))
    if message_id is None or author is None:
        raise ExchangeError(f"comes one without its id or its author's: {AGAIN}")
    forwarded, reference = root.get("forwardedMessage"), _object(root.get("reference"))
    kind = _MESSAGE_KINDS.get(str(root.get("type")), MessageKind.SYSTEM)
    if isinstance(forwarded, Mapping) and kind.is_talk:
        kind = MessageKind.FORWARD
    elif isinstance(root.get("poll"), Mapping) and kind is MessageKind.DEFAULT:
        kind = MessageKind.POLL  # as our own exports say it
    parts = (root, _object(forwarded))
    mentioned = (_author(one) for one in _list(root, "mentions"))
    files = [file for part in parts for file in _list(part, "attachments")]
    return Message(
        message_id,
        channel.guild_id,
        channel.id,
        author,
        "\n".join(text for text in (_text(part, "content") for part in parts) if text),
        kind,
        _id(reference.get("messageId")) if kind is MessageKind.REPLY else None,
        _moment(root.get("timestampEdited")),
        tuple(one for one in mentioned if one is not None),
        len(files),
        sum(len(_list(part, "stickers")) for part in parts),
        min(_MOST_COUNTED, sum(_count(one) for one in _list(root, "reactions"))),
        attachment_kinds=tuple(_file_kinds(files)),
    )


def _file_kinds(files: Sequence[Any]) -> Iterator[AttachmentKind]:
    """What the attachments are by their names, of those that have one."""
    for file in files:
        name = _text(_object(file), "fileName").lower()
        if name == _VOICE:
            yield AttachmentKind.VOICE
        elif name:
            yield _FILE_KINDS.get(name.rpartition(".")[2], AttachmentKind.OTHER)


def _author(exported: object) -> Author | None:
    root = _object(exported)
    author_id = _id(root.get("id"))
    if author_id is None:
        return None
    name = _text(root, "nickname") or _text(root, "name") or "Unknown"
    return Author(author_id, name, root.get("isBot") is True)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(root: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = root.get(key)
    return value if isinstance(value, list) else ()


def _text(root: Mapping[str, Any], key: str) -> str:
    value = root.get(key)
    return value if isinstance(value, str) else ""


def _id(value: object) -> int | None:
    """A snowflake, which is written as a string (some tools turn it into a number)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63:
        return value
    return None


def _count(reaction: object) -> int:
    count = _object(reaction).get("count")
    return max(0, count) if isinstance(count, int) else 0


def _moment(value: object) -> datetime | None:
    """A .NET time stamp in UTC; its offset is the exporter's, its fraction 0 to 7 digits long."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
