"""What can go wrong with the store, as a person should hear it."""

from guildwatch.model import GuildwatchError


class StoreError(GuildwatchError):
    """The database cannot be opened, read or written, or what was asked for is not in it."""


class DamagedError(StoreError):
    """A database file is not in order, or is no guildwatch database."""


class OddRowError(StoreError):
    """A single row is not such as the database takes, which has nothing to do with the disk."""
