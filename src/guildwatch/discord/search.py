"""Finding a message of our own again, when nobody noted whether it went out."""

from collections.abc import AsyncIterator, Callable
from typing import cast

import hikari

from guildwatch.discord.buttons import buttons_of
from guildwatch.discord.errors import UNANSWERED, away
from guildwatch.discord.fields import Raw, bits, mapping, mappings, moment, snowflake
from guildwatch.discord.line import Line
from guildwatch.discord.places import IN_DOUBT, PostInDoubtError
from guildwatch.model import LedgerEntry

Match = Callable[[Raw], bool]

_OWN_WORDS = (hikari.MessageType.DEFAULT, hikari.MessageType.REPLY)
"""Neither what Discord says in our name (a thread was opened) nor answers to commands."""


async def find_message(
    line: Line, channel_id: int, *, after: int, match: Match, most: int | None = None
) -> Raw | None:
    """The first message after this id that matches; None where there is surely none.

    With `most` only so many messages are looked at, and None means less. A channel that is gone
    holds nothing. Raises PostInDoubtError where we may not read, AwayError when Discord does not
    answer.
    """
    async for raw in _history(line, channel_id, after, most):
        if match(raw):
            return raw
    return None


async def find_messages(line: Line, channel_id: int, *, after: int, match: Match) -> list[Raw]:
    """All messages after this id that match, the oldest first; raises as `find_message`."""
    return [raw async for raw in _history(line, channel_id, after, None) if match(raw)]


async def _history(line: Line, channel_id: int, after: int, most: int | None) -> AsyncIterator[Raw]:
    """As Discord's JSON, since hikari would lose the rest of a page to one odd message."""
    try:
        history = line.reader.fetch_messages(channel_id, after=after)
        async for message in history if most is None else history.limit(most):
            raw = cast("Raw", message)
            if snowflake(raw.get("id")) is not None:
                yield raw
    except hikari.NotFoundError:
        return
    except hikari.ForbiddenError as error:
        raise PostInDoubtError(IN_DOUBT) from error
    except UNANSWERED as error:
        raise away(
            error,
            "Discord does not give the report channel's history, so whether the report was posted "
            "is looked up again later.",
        ) from error


def is_own(raw: Raw, bot_id: int) -> bool:
    """Whether the bot wrote this message of its own accord."""
    author = snowflake(mapping(raw.get("author")).get("id"))
    return author == bot_id and raw.get("type") in _OWN_WORDS


def glance_of(entry: LedgerEntry, bot_id: int, title: str | None = None) -> Match:
    """Whether a message is the glance of this entry's report, or of one for several days with it.

    Nonces are not in the history. The buttons say whose they are. Older posts have none: with a
    `title` they are known by it (it names kind and day) and by the embed's timestamp, which is the
    period's end; no other post of ours has both.
    """

    def is_it(raw: Raw) -> bool:
        if not is_own(raw, bot_id):
            return False
        if found := buttons_of(raw):
            return any(button.tells(entry) for button in found)
        return any(
            embed.get("title") == title and moment(embed.get("timestamp")) == entry.period.end
            for embed in mappings(raw.get("embeds"))
        )

    return is_it


def detail_of(glance_id: int, bot_id: int, *, is_direct: bool) -> Match:
    """Whether a message (of the thread, if not `is_direct`) is one of the glance's details."""

    def is_one(raw: Raw) -> bool:
        replies_to = snowflake(mapping(raw.get("message_reference")).get("message_id"))
        return is_own(raw, bot_id) and (not is_direct or replies_to == glance_id)

    return is_one


def has_thread(raw: Raw) -> bool:
    """Whether a thread was opened under this message."""
    return bool(bits(raw.get("flags")) & hikari.MessageFlag.HAS_THREAD)
