"""Sending one part of a post exactly once, whatever becomes of the answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import hikari

from guildwatch.discord.errors import GARBLED, REFUSED, UNANSWERED, AwayError, DiscordError
from guildwatch.discord.fields import mapping, needed_snowflake
from guildwatch.discord.limits import LimitedError
from guildwatch.discord.parts import Parts

_log = logging.getLogger(__name__)

Send = Callable[[str], Awaitable[int]]
"""Posts with this nonce and gives the id of what was made."""
Search = Callable[[], Awaitable[int | None]]
"""The id of what an earlier try made after all, None where it surely made nothing."""

Answer = TypeVar("Answer")

_REFUSALS = (hikari.BadRequestError, hikari.ForbiddenError, hikari.NotFoundError)
_PATIENCE = 120.0
"""Seconds that one part may wait for rate limits before its report waits as a whole."""
_PAUSES = (0.0, 2.0)
"""Seconds between the tries of what no ledger keeps."""
_TOO_MANY, _TIMED_OUT = 429, 408


class NotTakenError(DiscordError):
    """Discord understood the request and will not do it; trying again changes nothing."""

    def __init__(self, sentence: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code
        """Discord's JSON error code."""


async def send_once(
    parts: Parts,
    name: str,
    channel_id: int,
    send: Send,
    search: Search,
    *,
    content: str | None = None,
) -> int:
    """The id of this part's message, which is posted unless an earlier try did so.

    `content` is the hash of what is posted.

    The try is in the ledger before the request, so that a crash in between leaves a doubt
    and not a second copy; the next try searches before it posts. Nobody below repeats a request
    that may have had its effect (see `poster`).
    """
    if (known := parts.message_id(name)) is not None:
        return known
    if parts.in_doubt_since(name) and (found := await search()) is not None:
        _log.info("part %s had gone out although nobody noted it", name)
        await parts.confirm(name, channel_id, found)
        return found
    nonce = await parts.attempt(name, channel_id)
    made = await _tried(parts, name, send, nonce)
    await parts.confirm(name, channel_id, made, content)
    return made


def made(answer: object) -> int:
    """The id in Discord's answer to a POST; raises one of GARBLED where there is none."""
    return needed_snowflake(mapping(answer), "id")


async def _tried(parts: Parts, name: str, send: Send, nonce: str) -> int:
    try:
        return await patiently(lambda: send(nonce))
    except _REFUSALS as error:
        await parts.refused(name)
        code = int(error.code)
        raise NotTakenError(f"Discord refused it: {reason_of(error)}.", code) from error
    except (LimitedError, hikari.RateLimitTooLongError) as error:
        await parts.refused(name)
        raise AwayError("Discord limits how much is posted, so the report waits.") from error
    except hikari.UnauthorizedError as error:
        await parts.refused(name)
        raise AwayError(REFUSED) from error
    except UNANSWERED as error:
        if _had_no_effect(error):
            await parts.refused(name)
            raise DiscordError(f"Discord did not take the report: {reason_of(error)}.") from error
        raise AwayError(
            "Discord did not confirm a part of the report; it is looked for before it is tried "
            "again."
        ) from error
    except GARBLED as error:
        raise DiscordError(
            "Discord's answer to a part of the report could not be understood; the part is looked "
            "for before it is tried again."
        ) from error


async def say_once(
    said: Callable[[], Awaitable[bool]], say: Callable[[], Awaitable[object]]
) -> None:
    """Say what no ledger knows of, unless it was said; a try without an answer is not the last.

    `said` looks for it before each try. Raises what the last try raised; what Discord refuses is
    not tried again.
    """
    for pause in (*_PAUSES, None):
        if await said():
            return
        try:
            await patiently(say)
        except hikari.ClientHTTPResponseError:
            raise
        except UNANSWERED:
            if pause is None:
                raise
            await asyncio.sleep(pause)
        else:
            return


async def patiently(send: Callable[[], Awaitable[Answer]]) -> Answer:
    """Send what can wait some minutes for rate limits; whatever met one was not done.

    Raises LimitedError or RateLimitTooLongError where the wait is longer, TimeoutError where it
    comes to more than that in the end.
    """
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                return await send()
            except LimitedError as error:
                if error.seconds > _PATIENCE:
                    raise
                await asyncio.sleep(error.seconds)


def _had_no_effect(error: Exception) -> bool:
    if not isinstance(error, hikari.HTTPResponseError):
        return False
    client_error = isinstance(error, hikari.ClientHTTPResponseError)
    return error.status == _TOO_MANY or (client_error and error.status != _TIMED_OUT)


def reason_of(error: Exception) -> str:
    """Discord's own words for an error, without address and status."""
    words = error.message.strip().rstrip(".") if isinstance(error, hikari.HTTPError) else ""
    return words or type(error).__name__
