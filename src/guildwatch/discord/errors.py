"""What can go wrong with Discord, told in one sentence."""

import aiohttp
import hikari

from guildwatch.model import GuildwatchError
from guildwatch.schedule import NotNowError

UNANSWERED = (
    hikari.HTTPError,
    hikari.ComponentStateConflictError,
    aiohttp.ClientError,
    TimeoutError,
)
"""A request without an answer that we understand. hikari lets through what befalls it once the
answer has begun: it breaks off, does not come to its end, or was no HTTP at all; and it says in
its own way that its client was closed meanwhile."""

GARBLED = (AssertionError, LookupError, TypeError, ValueError)
"""What hikari raises over an answer that says yes and is not what it should be."""


REFUSED = (
    "Discord refused the token. Copy a new one from the Developer Portal (Bot → Reset Token), put "
    "it into the configuration as discord.token, and start guildwatch again."
)
"""What to say when the token is none, or none any more: 401, and the gateway's 4004."""


class RefusalError(GuildwatchError):
    """What somebody asked for and does not get, told to them as it is."""


class DiscordError(GuildwatchError):
    """Discord could not be reached, refused us, or lacks something that only a person can give."""


class RefusedError(DiscordError):
    """Discord refuses the bot for a reason that only a person can mend."""


class AwayError(DiscordError, NotNowError):
    """Discord does not answer as it should; what is due waits, and nothing counts as failed."""


class NotConnectedError(AwayError):
    """There is no connection to Discord at this moment."""


def away(error: Exception, otherwise: str) -> AwayError:
    """What is said of a request that came to nothing: that the token is refused, or `otherwise`."""
    return AwayError(REFUSED if isinstance(error, hikari.UnauthorizedError) else otherwise)


class OutdatedError(DiscordError):
    """What is being posted was corrected in the store meanwhile."""
