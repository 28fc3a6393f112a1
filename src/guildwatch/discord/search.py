"""Finding a message of our own again, when nobody noted whether it went out."""

from collections.abc import Callable
from typing import cast

import hikari

from guildwatch.discord.errors import UNANSWERED, AwayError
from guildwatch.discord.fields import Raw, mapping, snowflake
from guildwatch.discord.line import Line
from guildwatch.discord.places import IN_DOUBT, PostInDoubtError

Match = Callable[[Raw], bool]

_OWN_WORDS = (hikari.MessageType.DEFAULT, hikari.MessageType.REPLY)
"""Neither what Discord says in our name (a thread was opened) nor answers to commands."""


async def find_message(
    line: Line, channel_id: int, *, after: int, match: Match, most: int | None = None
) -> Raw | None:
    """The first message after this id that matches; None where there is surely none.

    With `most` only so many messages are looked at, and None means less.

    A channel that is gone holds nothing. The messages are read as Discord's JSON, since hikari
    would lose the rest of a page to one odd message. Raises PostInDoubtError where we may not read,
    AwayError when Discord does not answer.
    """
    try:
        history = line.reader.fetch_messages(channel_id, after=after)
        async for message in history if most is None else history.limit(most):
            raw = cast("Raw", message)
            if snowflake(raw.get("id")) is not None and match(raw):
                return raw
    except hikari.NotFoundError:
        return None
    except hikari.ForbiddenError as error:
        raise PostInDoubtError(IN_DOUBT) from error
    except UNANSWERED as error:
        raise AwayError(
            "Discord does not give the report channel's history, so whether the report was posted "
            "is looked up again later."
        ) from error
    return None


def is_own(raw: Raw, bot_id: int) -> bool:
    """Whether the bot wrote this message of its own accord."""
    author = snowflake(mapping(raw.get("author")).get("id"))
    return author == bot_id and raw.get("type") in _OWN_WORDS
