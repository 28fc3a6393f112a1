"""One of our nouns at a time as DiscordChatExporter writes it: `exported` the other way round.

What is not stored is said with the format's own ways to say nothing: no picture's address, an
unnamed emoji for all reactions, a file's kind as its name. Two things have no place in the format:
a poll, which is marked by a key `poll` of our own, and which system message it was, for which
stands a number that Discord has given to none.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from guildwatch.model import AttachmentKind, Author, Channel, ChannelKind, Guild, Message
from guildwatch.model import MessageKind as Kind

_CHANNEL_TYPES = {
    ChannelKind.TEXT: "GuildTextChat",
    ChannelKind.VOICE: "GuildVoiceChat",
    ChannelKind.CATEGORY: "GuildCategory",
    ChannelKind.ANNOUNCEMENT: "GuildNews",
    ChannelKind.ANNOUNCEMENT_THREAD: "GuildNewsThread",
    ChannelKind.PUBLIC_THREAD: "GuildPublicThread",
    ChannelKind.PRIVATE_THREAD: "GuildPrivateThread",
    ChannelKind.STAGE: "GuildStageVoice",
    ChannelKind.DIRECTORY: "GuildDirectory",
    ChannelKind.FORUM: "GuildForum",
}
_NO_SYSTEM_TYPE = "13"
_MESSAGE_TYPES = {Kind.REPLY: "Reply", Kind.COMMAND: "20", Kind.SYSTEM: _NO_SYSTEM_TYPE}
FILE_NAMES = {
    AttachmentKind.IMAGE: "image.png",
    AttachmentKind.VIDEO: "video.mp4",
    AttachmentKind.AUDIO: "audio.mp3",
    AttachmentKind.VOICE: "voice-message.ogg",
    AttachmentKind.OTHER: "file.bin",
}
"""What stands for the name of an attachment of a kind, as the name itself is not stored."""


def head_of(
    guild: Guild,
    channel: Channel,
    parent: Channel | None,
    *,
    after: datetime | None,
    before: datetime | None,
    now: datetime,
) -> bytes:
    """An export's beginning, up to where its messages come."""
    about = {
        "guild": {"id": str(guild.id), "name": guild.name, "iconUrl": ""},
        "channel": {
            "id": str(channel.id),
            "type": _CHANNEL_TYPES.get(channel.kind, str(int(channel.kind))),
            "categoryId": str(parent.id) if parent else None,
            "category": parent.name if parent else None,
            "name": channel.name,
            "topic": channel.topic or None,
        },
        "dateRange": {"after": _moment(after), "before": _moment(before)},
        "exportedAt": _moment(now),
    }
    return _bytes(json.dumps(about, ensure_ascii=False, indent=2)[:-2] + ',\n  "messages": [')


def tail_of(messages: int) -> bytes:
    """An export's end behind so many messages."""
    return f'\n  ],\n  "messageCount": {messages}\n}}\n'.encode()


def body_of(messages: Sequence[Message], *, first: bool) -> bytes:
    """Messages as they stand in an export's list, a line each; `first` when none stands before."""
    return b"".join(_lines(messages, first=first))


def _lines(messages: Sequence[Message], *, first: bool) -> Iterator[bytes]:
    for message in messages:
        yield b"\n    " if first else b",\n    "
        yield _bytes(json.dumps(exported_of(message), ensure_ascii=False))
        first = False


def exported_of(message: Message) -> dict[str, Any]:
    """One message, not deleted, as an object of the format."""
    forwarded = message.kind is Kind.FORWARD
    text, files = message.text or "", _attachments(message)
    exported = {
        "id": str(message.id),
        "type": _MESSAGE_TYPES.get(message.kind, "Default"),
        "timestamp": _moment(message.created_at),
        "timestampEdited": _moment(message.edited_at),
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": "" if forwarded else text,
        "author": _user(message.author),
        "attachments": [] if forwarded else files,
        "embeds": [],
        "stickers": [
            {"id": "0", "name": "", "format": "Png", "sourceUrl": ""}
            for _ in range(message.stickers)
        ],
        "reactions": _reactions(message.reactions),
        "mentions": [_user(author) for author in message.mentioned],
    }
    if message.reply_to or forwarded:
        exported["reference"] = _reference(message)
    if forwarded:
        exported["forwardedMessage"] = {
            "timestamp": _moment(message.created_at),
            "timestampEdited": None,
            "content": text,
            "attachments": files,
            "embeds": [],
            "stickers": [],
        }
    if message.kind is Kind.POLL:
        exported["poll"] = {}
    return exported | {"inlineEmojis": []}


def _reference(message: Message) -> dict[str, str | None]:
    return {
        "type": "Forward" if message.kind is Kind.FORWARD else "Default",
        "messageId": str(message.reply_to) if message.reply_to else None,
        "channelId": str(message.channel_id) if message.reply_to else None,
        "guildId": str(message.guild_id) if message.reply_to else None,
    }


def _user(author: Author) -> dict[str, Any]:
    return {
        "id": str(author.id),
        "name": author.name,
        "discriminator": "0000",
        "nickname": author.name,
        "color": None,
        "isBot": author.is_bot,
        "roles": [],
        "avatarUrl": "",
    }


def _attachments(message: Message) -> list[dict[str, Any]]:
    names = [FILE_NAMES[kind] for kind in message.attachment_kinds]
    names += [""] * (message.attachments - len(names))
    return [{"id": "0", "url": "", "fileName": name, "fileSizeBytes": 0} for name in names]


def _reactions(count: int) -> list[dict[str, Any]]:
    emoji = {"id": None, "name": "", "code": "", "isAnimated": False, "imageUrl": ""}
    return [{"emoji": emoji, "count": count, "users": []}] if count else []


def _moment(moment: datetime | None) -> str | None:
    """A moment as .NET writes it: the zeros at the end of its fraction are cut."""
    if moment is None:
        return None
    whole, fraction = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}".split(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}+00:00" if fraction else f"{whole}+00:00"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
