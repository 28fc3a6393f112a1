"""Finding a message of our own again, when nobody noted whether it went out."""

import logging
from collections.abc import AsyncIterator, Callable

import hikari

from guildwatch.discord.errors import DiscordError
from guildwatch.discord.posting import AwayError

_log = logging.getLogger(__name__)

Match = Callable[[hikari.Message], bool]

_UNREADABLE = (hikari.UnrecognisedEntityError, LookupError, TypeError, ValueError, AttributeError)
"""What hikari raises for a message of a shape that it does not know."""


class SearchError(DiscordError):
    """The channel could not be read to its end, so that nothing is known."""


async def find_message(
    rest: hikari.api.RESTClient, channel_id: int, *, after: int, match: Match
) -> int | None:
    """The id of a message after this id that matches; None where there is surely none.

    A channel that is gone holds nothing. A message that hikari cannot read costs it the rest of
    that page, so the channel is then read from its other end too. Raises SearchError when it stays
    unknown, AwayError when Discord does not answer.
    """
    try:
        return await _from_both_ends(rest, channel_id, after, match)
    except hikari.NotFoundError:
        return None
    except hikari.HTTPError as error:
        raise AwayError(
            "Discord does not give the report channel's history, so whether the report was posted "
            "is looked up again later."
        ) from error


async def _from_both_ends(
    rest: hikari.api.RESTClient, channel_id: int, after: int, match: Match
) -> int | None:
    try:
        return await _first(rest.fetch_messages(channel_id, after=after), match)
    except _UNREADABLE:
        _log.warning("a message in channel %d cannot be read; searching from the end", channel_id)
    newest_first = rest.fetch_messages(channel_id).take_while(lambda message: message.id > after)
    try:
        return await _first(newest_first, match)
    except _UNREADABLE as error:
        raise SearchError(
            "A message in the report channel cannot be read, so I do not know whether the report "
            "was posted; I leave it at that."
        ) from error


async def _first(messages: AsyncIterator[hikari.Message], match: Match) -> int | None:
    async for message in messages:
        if match(message):
            return int(message.id)
    return None
