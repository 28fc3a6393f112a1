"""Discord's JSON as our nouns: tolerant of whatever is missing, odd or new in it.

Nothing here raises but `OddPayloadError`, and that only where something is missing without which
the payload means nothing.
https://docs.discord.com/developers/resources/message, …/resources/channel, …/resources/guild
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from guildwatch.audience.permissions import HIDDEN_NAME
from guildwatch.discord import contents
from guildwatch.discord.fields import (
    OddPayloadError,
    Raw,
    bits,
    count,
    mapping,
    mappings,
    moment,
    name,
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
    Overwrite,
    Role,
    Tag,
)

_Noun = TypeVar("_Noun")

_HIDDEN_FLAG = 1 << 17
_ROLE, _MEMBER = 0, 1  # the type of an overwrite
_MOST_MENTIONED = 200  # people: Discord tells 100 of a message, and as many of a forwarded one


def message(raw: Raw, guild_id: int | None = None) -> Message:
    """A message of MESSAGE_CREATE, or one of history, which does not tell its guild."""
    kinds = contents.attachment_kinds(raw)
    return Message(
        id=needed_snowflake(raw, "id"),
        guild_id=guild_id or needed_snowflake(raw, "guild_id"),
        channel_id=needed_snowflake(raw, "channel_id"),
        author=_author(raw),
        text=contents.words(raw),
        kind=contents.kind(raw),
        reply_to=contents.reply_to(raw),
        edited_at=moment(raw.get("edited_timestamp")),
        mentioned=_mentioned(raw),
        attachments=len(kinds),
        stickers=contents.stickers(raw),
        reactions=contents.reactions(raw),
        attachment_kinds=kinds,
    )


def edit(raw: Raw) -> MessageEdit | None:
    """What MESSAGE_UPDATE makes of a message; None where it tells only a part of it.

    Discord sends whole messages since 2024; whoever edited nothing (a preview came, a bot's answer
    was ready) leaves `edited_timestamp` empty.
    """
    is_whole = isinstance(raw.get("content"), str) and isinstance(raw.get("attachments"), list)
    if not is_whole or not mapping(raw.get("author")):
        return None
    kinds = contents.attachment_kinds(raw)
    return MessageEdit(
        id=needed_snowflake(raw, "id"),
        guild_id=needed_snowflake(raw, "guild_id"),
        channel_id=needed_snowflake(raw, "channel_id"),
        text=contents.words(raw),
        edited_at=moment(raw.get("edited_timestamp")),
        mentioned=_mentioned(raw),
        attachments=len(kinds),
        attachment_kinds=kinds,
        is_talk=contents.kind(raw).is_talk and not contents.is_by_bot(raw),
    )


def author_id(raw: Raw) -> int | None:
    """Who wrote the message, None where it is not told."""
    return snowflake(mapping(raw.get("author")).get("id"))


def channel(raw: Raw, guild_id: int | None = None) -> Channel:
    """A channel, category or thread; a hidden one comes under the name that says so.

    One whose overwrites cannot all be understood is as good as unknown: they might close it.
    """
    hidden = bool(bits(raw.get("flags")) & _HIDDEN_FLAG)
    metadata = mapping(raw.get("thread_metadata"))
    return Channel(
        id=needed_snowflake(raw, "id"),
        guild_id=guild_id or needed_snowflake(raw, "guild_id"),
        name=HIDDEN_NAME if hidden else name(raw.get("name")),
        kind=_channel_kind(raw.get("type")),
        parent_id=snowflake(raw.get("parent_id")),
        position=count(raw.get("position")),
        topic="" if hidden else text(raw.get("topic")),
        age_restricted=raw.get("nsfw") is True,
        archived=metadata.get("archived") is True,
        overwrites=several(_overwrite, raw.get("permission_overwrites")),
        last_message_id=snowflake(raw.get("last_message_id")),
        known=_are_clear(raw.get("permission_overwrites")),
        tags=() if hidden else several(_tag, raw.get("available_tags")),
        applied_tag_ids=snowflakes(raw.get("applied_tags")),
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
        name=name(raw.get("name")),
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
        name=name(raw.get("name")),
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


def _author(raw: Raw) -> Author:
    user = mapping(raw.get("author"))
    return Author(
        id=needed_snowflake(user, "id"),
        name=_shown_name(user, mapping(raw.get("member"))),
        is_bot=contents.is_by_bot(raw),
    )


def _mentioned(raw: Raw) -> tuple[Author, ...]:
    return several(_mention, [*islice(contents.mentions(raw), _MOST_MENTIONED)])


def _mention(user: Raw) -> Author:
    name = _shown_name(user, mapping(user.get("member")))
    return Author(needed_snowflake(user, "id"), name, is_bot=user.get("bot") is True)


def _shown_name(user: Raw, membership: Raw) -> str:
    names = (membership.get("nick"), user.get("global_name"), user.get("username"))
    return next((one for one in map(name, names) if one), "unknown")


def _channel_kind(number: object) -> ChannelKind:
    try:
        return ChannelKind(number) if isinstance(number, int) else ChannelKind(-1)
    except ValueError as error:
        raise OddPayloadError("type") from error


def _tag(raw: Raw) -> Tag:
    return Tag(id=needed_snowflake(raw, "id"), name=name(raw.get("name")))


def _overwrite(raw: Raw) -> Overwrite:
    return Overwrite(
        id=needed_snowflake(raw, "id"),
        is_member=raw.get("type") in (_MEMBER, str(_MEMBER)),
        allow=bits(raw.get("allow")),
        deny=bits(raw.get("deny")),
    )


def _are_clear(overwrites: object) -> bool:
    """Whether each of a channel's overwrites says for whom it is, what it does, and that once.

    Discord sends them with every channel, and none with a thread.
    """
    if overwrites is None:
        return True
    found = list(mappings(overwrites))
    ids = {snowflake(one.get("id")) for one in found} - {None}
    return (
        isinstance(overwrites, list | tuple)
        and len(ids) == len(found) == len(overwrites)
        and all(_is_clear(one) for one in found)
    )


def _is_clear(overwrite: Raw) -> bool:
    who, sets = overwrite.get("type"), (overwrite.get("allow"), overwrite.get("deny"))
    told = all(str(one).isascii() and str(one).isdigit() for one in sets)
    return told and str(who) in (str(_ROLE), str(_MEMBER))
