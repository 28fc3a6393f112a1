"""What can be wrong with a data set, as a person should hear it."""

from guildwatch.model import GuildwatchError


class EvalError(GuildwatchError):
    """A data set cannot be measured; the sentence names the file, the line and what to do."""
