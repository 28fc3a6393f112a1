"""What can be wrong with a configuration, in one sentence for a person."""

from guildwatch.model import GuildwatchError


class ConfigError(GuildwatchError):
    """The configuration cannot be used; the sentence names the field, its value and the remedy."""
