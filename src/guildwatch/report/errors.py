"""What can go wrong with a report, in one sentence for a person."""

from guildwatch.model import GuildwatchError


class ReportError(GuildwatchError):
    """A report could not be written or drawn."""
