"""Messages as Discord's JSON."""

import struct
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guildwatch.model import created_at
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.messages import Message, MessageFlag, MessageType, Poll, StoredFile
from guildwatch.sandbox.places import DM
from guildwatch.sandbox.render import people, places
from guildwatch.sandbox.render.values import moment, optional_moment

if TYPE_CHECKING:
    from guildwatch.sandbox.state import State

_SHOW_ORIGIN = (
    MessageType.REPLY,
    MessageType.THREAD_STARTER,
    MessageType.CONTEXT_MENU_COMMAND,
)
_WAVEFORM = "AAECAwQFBgcICQoLDA0ODw=="  # loudness over time, base64; nobody looks at it here
_PNG = b"\x89PNG\r\n\x1a\n"


def message(state: "State", one: Message, *, nested: bool = False) -> Json:
    """A message as REST tells it; `nested` is one within another (a reply's origin)."""
    payload: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel_id),
        "type": int(one.type),
        "author": people.user(state.users[one.author_id]),
        "content": one.content,
        "timestamp": moment(created_at(one.id)),
        "edited_timestamp": optional_moment(one.edited_at),
        "tts": False,
        "mention_everyone": one.mentions_everyone,
        "mentions": [people.user(state.users[id_]) for id_ in one.mentions],
        "mention_roles": [str(id_) for id_ in one.role_mentions],
        "attachments": [file(state, kept) for kept in _listed(one)],
        "embeds": _embeds(state, one),
        "components": one.components,
        "pinned": one.pinned_at is not None,
        "flags": int(one.flags),
    }
    payload |= _extras(state, one)
    if one.reference is not None and one.type in _SHOW_ORIGIN and not nested:
        payload["referenced_message"] = _origin(state, one)
    return payload


def dispatched(state: "State", one: Message) -> Json:
    """A message as the gateway tells it: with nonce, guild, member, and mentioned members."""
    payload = message(state, one)
    channel = state.channels[one.channel_id]
    payload["channel_type"] = channel.type
    if one.nonce is not None:
        payload["nonce"] = one.nonce
    guild = state.guild_of(channel)
    if guild is None:
        return payload
    payload["guild_id"] = str(guild.id)
    if one.author_id in guild.members:
        payload["member"] = people.bare_member(guild.members[one.author_id])
    for mentioned in payload["mentions"]:
        member = guild.members.get(int(mentioned["id"]))
        if member is not None:
            mentioned["member"] = people.bare_member(member)
    return payload


def without_content(payload: Json, reader_id: int) -> Json:
    """A message for a bot that may not read texts, unless it is its own, to it, or direct.

    https://docs.discord.com/developers/events/gateway#message-content-intent
    """
    if _is_addressed(payload, reader_id):
        return payload
    blank = {**payload, "content": "", "embeds": [], "attachments": [], "components": []}
    blank.pop("poll", None)
    if blank.get("message_snapshots"):
        blank["message_snapshots"] = [
            {"message": without_content(one["message"], reader_id)}
            for one in blank["message_snapshots"]
        ]
    if blank.get("referenced_message"):
        blank["referenced_message"] = without_content(blank["referenced_message"], reader_id)
    return blank


def file(state: "State", kept: StoredFile) -> Json:
    """An attachment."""
    url = url_of(state, kept)
    payload: Json = {
        "id": str(kept.id),
        "filename": kept.file.filename,
        "size": len(kept.file.data),
        "url": url,
        "proxy_url": url,
        "content_type": kept.file.media_type,
    }
    if kept.file.description is not None:
        payload["description"] = kept.file.description
    if kept.file.seconds is not None:
        payload |= {"duration_secs": kept.file.seconds, "waveform": _WAVEFORM}
    if kept.ephemeral:
        payload["ephemeral"] = True
    return payload | _dimensions(kept.file.data)


def url_of(state: "State", kept: StoredFile) -> str:
    """Where an attachment's bytes are served."""
    return f"{state.address}/attachments/{kept.channel_id}/{kept.id}/{kept.file.filename}"


def snapshot(payload: Json) -> Json:
    """What a forward shows of the message it forwards."""
    kept = (
        "type",
        "content",
        "embeds",
        "attachments",
        "timestamp",
        "edited_timestamp",
        "flags",
        "mentions",
        "mention_roles",
        "components",
        "sticker_items",
    )
    return {"message": {name: payload[name] for name in kept if name in payload}}


def emoji(key: str) -> Json:
    """An emoji from its short form: `👍`, or `name:id` for a custom one."""
    name, _, custom_id = key.partition(":")
    return {"id": custom_id or None, "name": name}


def _is_addressed(payload: Json, reader_id: int) -> bool:
    author = payload.get("author", {}).get("id")
    mentioned = any(user["id"] == str(reader_id) for user in payload.get("mentions", ()))
    direct = payload.get("channel_type") == DM
    return author == str(reader_id) or mentioned or direct


def _extras(state: "State", one: Message) -> Json:
    """The fields that a message has only sometimes."""
    extras: Json = {}
    if one.reactions:
        extras["reactions"] = [_reaction(state, *pair) for pair in one.reactions.items()]
    if one.stickers:
        extras["sticker_items"] = [
            {"id": str(id_), "name": name, "format_type": 1} for id_, name in one.stickers
        ]
    if one.poll is not None:
        extras["poll"] = _poll(one, one.poll)
    if one.reference is not None:
        extras["message_reference"] = one.reference
    if one.snapshot is not None:
        extras["message_snapshots"] = [one.snapshot]
    if one.webhook_id is not None:
        extras["webhook_id"] = str(one.webhook_id)
    if one.webhook_id == state.application.id:
        extras["application_id"] = str(state.application.id)
    if one.interaction is not None:
        extras["interaction_metadata"] = one.interaction
    if one.flags & MessageFlag.HAS_THREAD and one.id in state.channels:
        extras["thread"] = places.channel(state, state.channels[one.id])
    return extras


def _origin(state: "State", one: Message) -> Json | None:
    if one.reference is None or one.snapshot is not None:
        return None
    origin = state.kept_messages.get(int(one.reference.get("message_id", 0)))
    return None if origin is None else message(state, origin, nested=True)


def _reaction(state: "State", key: str, user_ids: list[int]) -> Json:
    return {
        "emoji": emoji(key),
        "count": len(user_ids),
        "count_details": {"burst": 0, "normal": len(user_ids)},
        "me": state.bot.id in user_ids,
        "me_burst": False,
        "burst_colors": [],
    }


def _poll(one: Message, poll: Poll) -> Json:
    return {
        "question": {"text": poll.question},
        "answers": [
            {"answer_id": number, "poll_media": {"text": text}}
            for number, text in enumerate(poll.answers, 1)
        ],
        "expiry": moment(created_at(one.id) + timedelta(hours=poll.hours)),
        "allow_multiselect": poll.several,
        "layout_type": 1,
        "results": {
            "is_finalized": one.ended,
            "answer_counts": [
                {"id": number, "count": len(voters), "me_voted": False}
                for number, voters in sorted(one.votes.items())
            ],
        },
    }


def _listed(one: Message) -> list[StoredFile]:
    """The attachments without those that an embed shows: Discord lists each in one place."""
    shown = {f"attachment://{kept.file.filename}" for kept in one.files} & _urls(one.embeds)
    return [kept for kept in one.files if f"attachment://{kept.file.filename}" not in shown]


def _urls(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(_urls(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(_urls(part) for part in value))
    return {value} if isinstance(value, str) else set()


def _embeds(state: "State", one: Message) -> list[Json]:
    if one.flags & MessageFlag.SUPPRESS_EMBEDS:
        return []
    served = {f"attachment://{kept.file.filename}": url_of(state, kept) for kept in one.files}
    return [{"type": "rich", **_served(embed, served)} for embed in one.embeds]


def _served(value: Any, served: dict[str, str]) -> Any:
    if isinstance(value, dict):
        parts = {name: _served(part, served) for name, part in value.items()}
        if value.get("url") in served:
            parts["proxy_url"] = parts["url"]
        return parts
    if isinstance(value, list):
        return [_served(part, served) for part in value]
    return served.get(value, value) if isinstance(value, str) else value


def _dimensions(data: bytes) -> Json:
    """Width and height of a PNG, read from its header."""
    if not data.startswith(_PNG) or len(data) < 24:
        return {}
    width, height = struct.unpack(">II", data[16:24])
    return {"width": width, "height": height}
