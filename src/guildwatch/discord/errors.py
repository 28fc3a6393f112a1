"""What can go wrong with Discord, told in one sentence."""

from guildwatch.model import GuildwatchError
from guildwatch.schedule import NotNowError


class DiscordError(GuildwatchError):
    """Discord could not be reached, refused us, or lacks something that only a person can give."""


class AwayError(DiscordError, NotNowError):
    """Discord does not answer as it should; what is due waits, and nothing counts as failed."""


class NotConnectedError(AwayError):
    """There is no connection to Discord at this moment."""
