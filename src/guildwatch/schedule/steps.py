"""What the runner needs from others: the guilds, and the steps that write and post a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from guildwatch.model import Guild, GuildwatchError, LedgerEntry


class GuildList(Protocol):
    """The guilds that the bot is in."""

    @property
    def revision(self) -> int:
        """Grows with every change of what is known of them, rights included."""
        ...

    def joined(self) -> Sequence[Guild]:
        """All of them as far as is known, in any order."""
        ...

    def guilds(self) -> Sequence[Guild]:
        """Those of which a report can be written now: nothing is still to be read."""
        ...


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """How posting ended: posted, or not to be posted for a reason (`no channel`).

    `report_id` is the stored report that was posted, where it is another one than was written.
    """

    closed: str = ""
    report_id: int | None = None


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


class CheckStep(Protocol):
    """Looks whether an entry's report could be posted now, before anything is written for it."""

    async def __call__(self, entry: LedgerEntry, /) -> PostOutcome | None:
        """How it ended, if it turns out to be posted already; None if it is still to be done.

        Raises `BlockedError` where somebody has to clear the way first.
        """
        ...


class GiveUpStep(Protocol):
    """Tells whom it concerns that a report will not come."""

    async def __call__(self, entry: LedgerEntry, reason: str, /) -> None:
        """Called once before the entry is closed, again only after a crash in between."""
        ...


class NotNowError(GuildwatchError):
    """A step cannot be done now through no fault of the report (Discord is away).

    Raised by a step it makes the entry wait without counting as a failed try: an outage of days
    gives no report up.
    """


class BlockedError(NotNowError):
    """A step that only a person can clear the way for (a missing permission).

    The entry waits for as long as it takes: it is looked at again when what is known of the
    guilds changes, and once an hour.
    """


async def nothing_known(_: LedgerEntry) -> PostOutcome | None:
    """A `CheckStep` that knows of no obstacle."""
    return None


async def nobody_told(_entry: LedgerEntry, _reason: str) -> None:
    """A `GiveUpStep` for which the log is enough."""
