"""Telling more on purpose: who reads a channel, and what admins opened to the reports' readers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who can read a channel: the holders of any of these roles, and these people by name.

    The guild's own id stands for everybody. Its owner and administrators, who read everything, are
    not mentioned. Whoever is shut out by another role of theirs, or by name, does not belong to it.
    """

    role_ids: frozenset[int] = frozenset()
    member_ids: frozenset[int] = frozenset()
    shut_role_ids: frozenset[int] = frozenset()
    shut_member_ids: frozenset[int] = frozenset()

    def holds(self, other: "Crowd", guild_id: int) -> bool:
        """Whether everybody of the other crowd is in this one, by what is known."""
        if self.shut_role_ids - other.shut_role_ids or self.shut_member_ids - other.shut_member_ids:
            return False
        if guild_id in self.role_ids:
            return True
        return self.role_ids >= other.role_ids and self.member_ids >= other.member_ids


@dataclass(frozen=True, slots=True)
class Widening:
    """A channel that an admin lets the reports in `target_id` tell of, for those readers.

    `insiders` could read the channel itself when that was agreed to.
    It holds while it has no `ended_at`. `made_by` and `ended_by` are members; `ended_by` 0 means
    that it ended by itself, and `reason` why.
    """

    id: int
    guild_id: int
    channel_id: int
    target_id: int
    readers: Crowd
    insiders: Crowd
    made_by: int
    made_at: datetime
    ended_by: int | None = None
    ended_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """What comparing posts with their readers came to.

    So many `posts` were looked at; `narrowed` of them lost `points` in all; of `unknown` more
    nobody could tell who reads them.
    """

    at: datetime
    posts: int = 0
    narrowed: int = 0
    points: int = 0
    unknown: int = 0
