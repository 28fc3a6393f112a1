"""Sending one part of a post exactly once, whatever becomes of the answer."""

import logging
from collections.abc import Awaitable, Callable

import hikari

from guildwatch.discord.errors import UNANSWERED, AwayError, DiscordError
from guildwatch.discord.parts import Parts

_log = logging.getLogger(__name__)

Send = Callable[[str], Awaitable[hikari.SnowflakeishOr[hikari.Unique]]]
"""Posts with this nonce and gives what was made."""
Search = Callable[[], Awaitable[int | None]]
"""The id of what an earlier try made after all, None where it surely made nothing."""

_REFUSALS = (hikari.BadRequestError, hikari.ForbiddenError, hikari.NotFoundError)


class RefusedError(DiscordError):
    """Discord understood the request and will not do it; trying again changes nothing."""


async def send_once(parts: Parts, name: str, channel_id: int, send: Send, search: Search) -> int:
    """The id of this part's message, which is posted unless an earlier try did so.

    The try is in the ledger before the request, so that a crash in between leaves a doubt
    and not a second copy; the next try searches before it posts. Against what hikari repeats by
    itself the nonce helps: Discord remembers it for some minutes.
    """
    if (known := parts.message_id(name)) is not None:
        return known
    if parts.in_doubt(name) and (found := await search()) is not None:
        _log.info("part %s had gone out although nobody noted it", name)
        await parts.confirm(name, found)
        return found
    nonce = await parts.attempt(name, channel_id)
    made = await _tried(parts, name, send, nonce)
    await parts.confirm(name, made)
    return made


async def _tried(parts: Parts, name: str, send: Send, nonce: str) -> int:
    try:
        return int(await send(nonce))
    except _REFUSALS as error:
        await parts.refused(name)
        raise RefusedError(f"Discord refused it: {reason_of(error)}.") from error
    except hikari.ClientHTTPResponseError as error:
        await parts.refused(name)
        raise DiscordError(f"Discord did not take the report: {reason_of(error)}.") from error
    except UNANSWERED as error:
        raise AwayError(
            "Discord did not confirm a part of the report; it is looked for before it is tried "
            "again."
        ) from error


def reason_of(error: hikari.HTTPError) -> str:
    """Discord's own words for an error, without address and status."""
    return error.message.strip().rstrip(".") or type(error).__name__
