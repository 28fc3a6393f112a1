"""One session with Discord: a gateway bot and its command client, which can rise only once."""

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from traceback import extract_tb
from typing import Any, TypeAlias

import aiohttp
import hikari
import lightbulb
from hikari.impl import CacheSettings

from guildwatch.discord.errors import REFUSED, DiscordError, RefusedError
from guildwatch.discord.line import Line
from guildwatch.discord.poster import poster_client
from guildwatch.discord.probe import NO_CONTENT, garbled, stranger, unreachable
from guildwatch.discord.raw import raw_client

_log = logging.getLogger(__name__)

Install: TypeAlias = Callable[[lightbulb.GatewayEnabledClient], Awaitable[None]]
"""Gives a new command client its commands."""

_START_SECONDS = 30.0
_STAGE_SECONDS = 5.0
_BAD_TOKEN, _BAD_INTENTS = 4004, 4014
_SHARD_TASK = "keep alive (shard"


def build(token: str, api_url: str, intents: hikari.Intents) -> hikari.GatewayBot:
    """A bot that caches nothing: the roster keeps the picture. Raises `DiscordError`."""
    try:
        return hikari.GatewayBot(
            token,
            banner=None,
            logs=None,
            suppress_optimization_warning=True,
            rest_url=api_url,
            intents=intents,
            auto_chunk_members=False,
            cache_settings=CacheSettings(components=hikari.api.CacheComponents.NONE),
        )
    except ValueError as error:  # hikari reads the bot's id from the token
        raise RefusedError(REFUSED) from error


@asynccontextmanager
async def opened(
    bot: hikari.GatewayBot, token: str, api_url: str, line: Line, install: Install
) -> AsyncIterator[None]:
    """While this lasts the bot is up, its commands are known, and the line is open.

    Raises `DiscordError` when it does not come up within half a minute.
    """
    client = lightbulb.client_from_app(bot)
    reader, poster = raw_client(bot, token, api_url), poster_client(bot, token, api_url)
    before = asyncio.all_tasks()
    async with AsyncExitStack() as stack:
        stack.enter_context(_payloads_untold())
        stack.push_async_callback(_within, reader.close, "its reader")
        stack.push_async_callback(_within, poster.close, "its poster")
        stack.push_async_callback(_close, bot, client, before)
        stack.callback(line.close)
        with translated(api_url):
            reader.start()
            poster.start()
            await install(client)
            line.open(bot.rest, reader=reader, poster=poster)
            async with asyncio.timeout(_START_SECONDS):
                # One shard: Discord asks for more from 2,500 guilds on.
                await bot.start(check_for_updates=False, shard_ids=(0,), shard_count=1)
            await client.start()
        heed_cancellation()
        yield


@contextmanager
def _payloads_untold() -> Iterator[None]:
    """Of an event that hikari cannot read, only where it failed is told while this lasts.

    It hands the whole payload to the loop, which logs it: an interaction's token, people's words.
    """
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(_told_without_payload)
    try:
        yield
    finally:
        loop.set_exception_handler(before)


def _told_without_payload(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if "payload" not in context:
        loop.default_exception_handler(context)
        return
    error = context.get("exception")
    frames = extract_tb(error.__traceback__) if error is not None else []
    place = frames[-1].name if frames else "an unknown place"
    _log.warning("hikari could not read an event (%s in %s)", type(error).__name__, place)


def heed_cancellation() -> None:
    """Raises the cancellation of this task that hikari may have kept to itself.

    It waits for tasks that it cancels and takes any cancellation that comes meanwhile for theirs
    (`hikari.internal.aio.first_completed`): a program asked to stop just then would go on.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextmanager
def translated(api_url: str) -> Iterator[None]:
    """Turns what hikari and lightbulb raise into a `DiscordError`."""
    try:
        yield
    except hikari.GatewayServerClosedConnectionError as error:
        raise _closed(error) from error
    except hikari.UnauthorizedError as error:
        raise RefusedError(REFUSED) from error
    except TimeoutError as error:
        raise unreachable(api_url) from error
    except (hikari.HikariError, RuntimeError) as error:
        raise DiscordError(f"The connection to Discord failed: {error}") from error
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        raise stranger(api_url) from error
    except (aiohttp.ClientError, OSError, zlib.error) as error:  # hikari lets them through
        raise garbled(api_url) from error


def _closed(error: hikari.GatewayServerClosedConnectionError) -> DiscordError:
    sentences = {_BAD_TOKEN: REFUSED, _BAD_INTENTS: NO_CONTENT}
    code = int(error.code or 0)
    if code in sentences:
        return RefusedError(sentences[code])
    return DiscordError(f"Discord closed the connection ({code}: {error.reason}).")


async def _close(
    bot: hikari.GatewayBot, client: lightbulb.Client, before: Collection[asyncio.Task[object]]
) -> None:
    await _within(client.stop, "its commands")
    if bot.is_alive:
        await _within(bot.close, "the bot")
    await _end_abandoned_shards(before)


async def _end_abandoned_shards(before: Collection[asyncio.Task[object]]) -> None:
    """A shard that is not up yet is left to itself by hikari, and would go on identifying."""
    abandoned = [
        task
        for task in asyncio.all_tasks() - set(before)
        if task.get_name().startswith(_SHARD_TASK)
    ]
    for task in abandoned:
        task.cancel()
    if abandoned:
        await asyncio.wait(abandoned, timeout=_STAGE_SECONDS)


async def _within(close: Callable[[], Awaitable[None]], what: str) -> None:
    """Closes one thing, for some seconds at most; what fails must not keep the rest open."""
    try:
        async with asyncio.timeout(_STAGE_SECONDS):
            await close()
    except (TimeoutError, hikari.HikariError, RuntimeError) as error:
        _log.warning("The connection to Discord did not close %s well: %r", what, error)
