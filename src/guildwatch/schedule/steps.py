"""What the runner needs from others: the guilds, and the steps that write and post a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from guildwatch.model import Guild, GuildwatchError, LedgerEntry


class GuildList(Protocol):
    """The guilds that the bot is in now."""

    def guilds(self) -> Sequence[Guild]:
        """Them, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """How posting ended: posted, or not to be posted for a reason (`no channel`)."""

    closed: str = ""


class WriteStep(Protocol):
    """Writes and stores an entry's report."""

    async def __call__(self, entry: LedgerEntry) -> int | None:
        """The report's id, or None when nothing was said, so that there is nothing to post.

        Any exception makes it try again later. It is called again for an entry that was being
        written when the program stopped.
        """
        ...


class PostStep(Protocol):
    """Posts an entry's stored report."""

    async def __call__(self, entry: LedgerEntry) -> PostOutcome:
        """How it ended; any exception makes it try again later, as with `WriteStep`.

        It may be called again for an entry of which some parts went out, and posts the others.
        """
        ...


class NotNowError(GuildwatchError):
    """A step cannot be done now through no fault of the report (Discord is away).

    Raised by a step it makes the entry wait without counting as a failed try: an outage of days
    gives no report up.
    """
