"""The first question to Discord: who we are and what we may ask for, or what is wrong."""

import asyncio
from dataclasses import dataclass

import aiohttp
import hikari
from hikari.impl import HTTPSettings, HTTPTimeoutSettings

from guildwatch.discord.errors import REFUSED, DiscordError, RefusedError
from guildwatch.model import Author

NO_CONTENT = (
    "The Message Content intent is off, so every message would arrive empty. Switch it on in the "
    "Developer Portal (Bot → Privileged Gateway Intents), then start again."
)
_MEMBERS = (
    hikari.ApplicationFlags.VERIFIED_FOR_GUILD_MEMBERS_INTENT
    | hikari.ApplicationFlags.GUILD_MEMBERS_INTENT
)
_INTENTS = (
    hikari.Intents.GUILDS
    | hikari.Intents.GUILD_MODERATION
    | hikari.Intents.GUILD_MESSAGES
    | hikari.Intents.GUILD_MESSAGE_REACTIONS
    | hikari.Intents.DM_MESSAGES
    | hikari.Intents.MESSAGE_CONTENT
)
_CONNECT_SECONDS, _TOTAL_SECONDS = 5.0, 8.0
_PATIENCE_SECONDS = 20.0
"""More than both requests may take: what goes on then is hikari waiting for a rate limit."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's own user, and the intents that it asks the gateway for."""

    me: Author
    intents: hikari.Intents


def unreachable(api_url: str) -> DiscordError:
    """What to say when nobody answers."""
    return DiscordError(
        f"Discord at {api_url} does not answer. Check this machine's network, and discord.api_url "
        "if it was changed."
    )


def stranger(api_url: str) -> DiscordError:
    """What to say when somebody else answers."""
    return DiscordError(
        f"What answers at {api_url} is not Discord. Check discord.api_url in the configuration."
    )


def garbled(api_url: str) -> DiscordError:
    """What to say when an answer is not to be read to its end."""
    return DiscordError(
        f"What came from Discord at {api_url} broke off or was garbled. Check this machine's "
        "network, and discord.api_url if it was changed."
    )


def limited(api_url: str) -> DiscordError:
    """What to say when Discord makes the bot wait before it answers anything."""
    return DiscordError(
        f"Discord at {api_url} answers this bot nothing for now because it asked too often. "
        "Try again in some minutes."
    )


async def identify(token: str, api_url: str) -> Identity:
    """Asks once, without retries and for some seconds at most. Raises `DiscordError`."""
    timeouts = HTTPTimeoutSettings(
        request_socket_connect=_CONNECT_SECONDS,
        acquire_and_connect=_CONNECT_SECONDS,
        total=_TOTAL_SECONDS,
    )
    app = hikari.RESTApp(http_settings=HTTPSettings(timeouts=timeouts), max_retries=0, url=api_url)
    await app.start()
    try:
        async with app.acquire(token, hikari.TokenType.BOT) as rest:
            return await _answered(rest, api_url)
    except hikari.RateLimitTooLongError as error:
        raise limited(api_url) from error
    except TimeoutError as error:
        raise unreachable(api_url) from error
    except hikari.UnauthorizedError as error:
        raise RefusedError(REFUSED) from error
    except hikari.InternalServerError as error:
        raise DiscordError(
            f"Discord at {api_url} has trouble of its own ({error.status}). Try again later."
        ) from error
    except hikari.HTTPError as error:
        raise _unfit(error, api_url) from error
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        raise stranger(api_url) from error
    except aiohttp.ClientResponseError as error:  # no HTTP; hikari lets it through
        raise stranger(api_url) from error
    except aiohttp.ClientError as error:
        raise garbled(api_url) from error
    finally:
        await app.close()


async def _answered(rest: hikari.api.RESTClient, api_url: str) -> Identity:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS) as patience:
            return await _ask(rest)
    except TimeoutError as error:
        if patience.expired():
            raise limited(api_url) from error
        raise


async def _ask(rest: hikari.api.RESTClient) -> Identity:
    user = await rest.fetch_my_user()
    application = await rest.fetch_application()
    members = application.flags & _MEMBERS
    intents = _INTENTS | hikari.Intents.GUILD_MEMBERS if members else _INTENTS
    return Identity(Author(int(user.id), user.username, is_bot=True), intents)


def _unfit(error: hikari.HTTPError, api_url: str) -> DiscordError:
    """What stops a request comes with its cause; an answer that is no JSON, without."""
    if isinstance(error, hikari.HTTPResponseError) and error.status == 429:  # Cloudflare's, in HTML
        return limited(api_url)
    if isinstance(error, hikari.HTTPResponseError) or error.__cause__ is None:
        return stranger(api_url)
    return unreachable(api_url)
