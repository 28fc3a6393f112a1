"""What can go wrong with Discord, told in one sentence."""

from guildwatch.model import GuildwatchError


class DiscordError(GuildwatchError):
    """Discord could not be reached, refused us, or lacks something that only a person can give."""


class NotConnectedError(DiscordError):
    """There is no connection to Discord at this moment."""
