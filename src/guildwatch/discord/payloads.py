"""Discord's JSON as our nouns: tolerant of whatever is missing, odd or new in it.

Nothing here raises but `OddPayloadError`, and that only where something is missing without which
the payload means nothing.
https://docs.discord.com/developers/resources/message, …/resources/channel, …/resources/guild
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from guildwatch.audience.permissions import HIDDEN_NAME
from guildwatch.discord.fields import (
    OddPayloadError,
    Raw,
    bits,
    count,
    mapping,
    mappings,
    moment,
    needed_snowflake,
    snowflake,
    snowflakes,
    text,
)
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Guild,
    Member,
    Message,
    MessageEdit,
    MessageKind,
    Overwrite,
    Role,
)

_Noun = TypeVar("_Noun")

_HIDDEN_FLAG = 1 << 17
_DEFAULT, _REPLY = 0, 19
_COMMANDS = (20, 23)  # a slash command and a menu command
_FORWARDED = 1  # the type of a message reference
_MEMBER = 1  # the type of an overwrite


def message(raw: Raw, guild_id: int | None = None) -> Message:
    """A message of MESSAGE_CREATE, or one of history, which does not tell its guild."""
    kind = _kind(raw)
    return Message(
        id=needed_snowflake(raw, "id"),
        guild_id=guild_id or needed_snowflake(raw, "guild_id"),
        channel_id=needed_snowflake(raw, "channel_id"),
        author=_author(raw),
        text=_told(raw),
        kind=kind,
        reply_to=_reply_to(raw) if kind is MessageKind.REPLY else None,
        edited_at=moment(raw.get("edited_timestamp")),
        mentioned=_mentioned(raw),
        attachments=_number_of(raw, "attachments"),
        stickers=_number_of(raw, "sticker_items"),
        reactions=count(sum(count(one.get("count")) for one in mappings(raw.get("reactions")))),
    )


def edit(raw: Raw) -> MessageEdit | None:
    """The new text of MESSAGE_UPDATE; None where nobody edited it (a link got its preview)."""
    edited_at = moment(raw.get("edited_timestamp"))
    if edited_at is None or not isinstance(raw.get("content"), str):
        return None
    return MessageEdit(
        id=needed_snowflake(raw, "id"),
        guild_id=needed_snowflake(raw, "guild_id"),
        channel_id=needed_snowflake(raw, "channel_id"),
        text=_told(raw),
        edited_at=edited_at,
        mentioned=_mentioned(raw),
        attachments=_number_of(raw, "attachments"),
    )


def author_id(raw: Raw) -> int | None:
    """Who wrote the message, None where it is not told."""
    return snowflake(mapping(raw.get("author")).get("id"))


def channel(raw: Raw, guild_id: int | None = None) -> Channel:
    """A channel, category or thread; a hidden one comes under the name that says so."""
    hidden = bool(bits(raw.get("flags")) & _HIDDEN_FLAG)
    metadata = mapping(raw.get("thread_metadata"))
    return Channel(
        id=needed_snowflake(raw, "id"),
        guild_id=guild_id or needed_snowflake(raw, "guild_id"),
        name=HIDDEN_NAME if hidden else text(raw.get("name")),
        kind=_channel_kind(raw.get("type")),
        parent_id=snowflake(raw.get("parent_id")),
        position=count(raw.get("position")),
        topic="" if hidden else text(raw.get("topic")),
        age_restricted=raw.get("nsfw") is True,
        archived=metadata.get("archived") is True,
        overwrites=several(_overwrite, raw.get("permission_overwrites")),
        last_message_id=snowflake(raw.get("last_message_id")),
    )


def thread(raw: Raw, guild_id: int, bot_id: int) -> Channel:
    """A thread; the bot is among its members where Discord says that it has joined."""
    found = channel(raw, guild_id)
    if not found.kind.is_thread or found.parent_id is None:
        raise OddPayloadError("parent_id")
    return replace(found, member_ids=frozenset({bot_id})) if raw.get("member") else found


def guild(raw: Raw, bot_id: int) -> Guild:
    """A guild as GUILD_CREATE tells it, with its channels and active threads."""
    id_ = needed_snowflake(raw, "id")
    return Guild(
        id=id_,
        name=text(raw.get("name")),
        owner_id=snowflake(raw.get("owner_id")) or 0,
        roles=several(role, raw.get("roles")),
        channels=(
            *several(lambda one: channel(one, id_), raw.get("channels")),
            *several(lambda one: thread(one, id_, bot_id), raw.get("threads")),
        ),
        locale=text(raw.get("preferred_locale")) or "en-US",
    )


def role(raw: Raw) -> Role:
    """A role of a guild."""
    return Role(
        id=needed_snowflake(raw, "id"),
        name=text(raw.get("name")),
        permissions=bits(raw.get("permissions")),
        position=count(raw.get("position")),
    )


def member(raw: Raw, guild_id: int) -> Member:
    """A member of a guild, with the user inside."""
    user = mapping(raw.get("user"))
    return Member(
        guild_id=guild_id,
        id=needed_snowflake(user, "id"),
        name=_shown_name(user, raw),
        role_ids=frozenset(snowflakes(raw.get("roles"))),
        timed_out_until=moment(raw.get("communication_disabled_until")),
    )


def several(make: Callable[[Raw], _Noun], value: object) -> tuple[_Noun, ...]:
    """The nouns of a list; an odd one costs itself alone."""
    made: list[_Noun] = []
    for raw in mappings(value):
        try:
            made.append(make(raw))
        except OddPayloadError:
            continue
    return tuple(made)


def _kind(raw: Raw) -> MessageKind:
    number = raw.get("type", _DEFAULT)
    if number in _COMMANDS:
        return MessageKind.COMMAND
    if number not in (_DEFAULT, _REPLY):
        return MessageKind.SYSTEM
    if mapping(raw.get("message_reference")).get("type") == _FORWARDED:
        return MessageKind.FORWARD
    if mapping(raw.get("poll")):
        return MessageKind.POLL
    return MessageKind.REPLY if number == _REPLY else MessageKind.DEFAULT


def _told(raw: Raw) -> str:
    """What a reader sees: the text, a forward's own text, a poll's question and answers."""
    parts = [text(raw.get("content"))]
    parts += [text(one.get("content")) for one in _snapshots(raw)]
    poll = mapping(raw.get("poll"))
    parts.append(text(mapping(poll.get("question")).get("text")))
    for answer in mappings(poll.get("answers")):
        said = text(mapping(answer.get("poll_media")).get("text"))
        parts.append(f"- {said}" if said else "")
    return "\n".join(part for part in parts if part)


def _snapshots(raw: Raw) -> tuple[Raw, ...]:
    return tuple(mapping(one.get("message")) for one in mappings(raw.get("message_snapshots")))


def _number_of(raw: Raw, name: str) -> int:
    """How many attachments or stickers, in a forwarded message too."""
    return sum(sum(1 for _ in mappings(one.get(name))) for one in (raw, *_snapshots(raw)))


def _reply_to(raw: Raw) -> int | None:
    return snowflake(mapping(raw.get("message_reference")).get("message_id"))


def _author(raw: Raw) -> Author:
    user = mapping(raw.get("author"))
    return Author(
        id=needed_snowflake(user, "id"),
        name=_shown_name(user, mapping(raw.get("member"))),
        is_bot=user.get("bot") is True or raw.get("webhook_id") is not None,
    )


def _mentioned(raw: Raw) -> tuple[Author, ...]:
    return several(_mention, raw.get("mentions"))


def _mention(user: Raw) -> Author:
    name = _shown_name(user, mapping(user.get("member")))
    return Author(needed_snowflake(user, "id"), name, is_bot=user.get("bot") is True)


def _shown_name(user: Raw, membership: Raw) -> str:
    names = (membership.get("nick"), user.get("global_name"), user.get("username"))
    return next((name for name in map(text, names) if name), "unknown")


def _channel_kind(number: object) -> ChannelKind:
    try:
        return ChannelKind(number) if isinstance(number, int) else ChannelKind(-1)
    except ValueError as error:
        raise OddPayloadError("type") from error


def _overwrite(raw: Raw) -> Overwrite:
    return Overwrite(
        id=needed_snowflake(raw, "id"),
        is_member=raw.get("type") in (_MEMBER, str(_MEMBER)),
        allow=bits(raw.get("allow")),
        deny=bits(raw.get("deny")),
    )
