"""What went wrong with guildwatch itself: since when, how often, and what it means."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble of our own, from its beginning to its end (UTC; None while it lasts).

    `guild_id` 0 is no guild's. `subject` tells apart what can fail side by side (a channel, a
    report); `sentence` says what happened and what to do, `times` how often it was met.
    """

    guild_id: int
    kind: str
    subject: str
    sentence: str
    first_at: datetime
    last_at: datetime
    times: int = 1
    ended_at: datetime | None = None

    def is_same(self, other: "Incident") -> bool:
        """Whether both tell of the same trouble, whatever is known of its course."""
        return (self.guild_id, self.kind, self.subject, self.first_at) == (
            other.guild_id,
            other.kind,
            other.subject,
            other.first_at,
        )
