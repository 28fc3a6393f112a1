"""guildwatch: a daily, true report of what happened in your Discord communities."""

__version__ = "0.1.0"
