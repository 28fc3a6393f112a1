"""The guilds whose reports can be written at this moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guildwatch.capture import Backfill, Roster
from guildwatch.model import Guild


@dataclass(frozen=True, slots=True)
class Current:
    """The guilds whose reports can be written now; an imported one has nobody to post to.

    Before Discord has told a guild's picture nobody knows what is followed and who reads it, and
    while something is still to be read after a break a report would lack it.
    """

    roster: Roster
    backfill: Backfill
    is_connected: Callable[[], bool]

    @property
    def revision(self) -> int:
        """Counts up with every change of what is followed or who reads it."""
        return self.roster.revision

    def joined(self) -> Sequence[Guild]:
        """Those that Discord tells us of, whether connected now or not."""
        return self.roster.joined()

    def guilds(self) -> Sequence[Guild]:
        """Those of them about which all is known, with nothing still to be read."""
        if not self.is_connected():
            return []
        return [guild for guild in self.joined() if not self.backfill.is_behind(guild.id)]
