"""What can go wrong with files that come from elsewhere, as a person should hear it."""

from guildwatch.model import GuildwatchError


class ExchangeError(GuildwatchError):
    """A file cannot be read as what it should be; the sentence says why and what to do."""
