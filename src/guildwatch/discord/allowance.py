"""How often members may ask for what costs something: so many times within an hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildwatch.discord.errors import RefusalError
from guildwatch.model import Clock, Limits

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Use:
    """One thing that somebody asked for."""

    at: datetime
    member_id: int
    interaction_id: int


class Allowance:
    """Counts what members ask for within the last hour; a new start begins with nothing counted.

    `limits` gives a guild's. A guild's uses are kept in one list as long as its limit, in which its
    members are counted too, so memory is bounded by the guilds.
    """

    def __init__(self, limits: Callable[[int], Limits], *, clock: Clock) -> None:
        self.limits = limits
        self._clock = clock
        self._uses: dict[int, list[_Use]] = {}

    def take(self, guild_id: int, member_id: int, interaction_id: int) -> None:
        """Count one use; raises RefusalError, which says when again, where there were too many."""
        limits, uses = self.limits(guild_id), self._recent(guild_id)
        own = [use for use in uses if use.member_id == member_id]
        if len(own) >= limits.member:
            raise _too_many("You have", own[-limits.member].at)
        if len(uses) >= limits.guild:
            raise _too_many("This server has", uses[-limits.guild].at)
        uses.append(_Use(self._clock(), member_id, interaction_id))

    def give_back(self, guild_id: int, interaction_id: int) -> None:
        """Take back the use of an interaction that came to nothing."""
        uses = self._recent(guild_id)
        self._uses[guild_id] = [use for use in uses if use.interaction_id != interaction_id]

    def _recent(self, guild_id: int) -> list[_Use]:
        """A guild's uses of the last hour; those of a clock that was ahead count no more."""
        now, uses = self._clock(), self._uses.get(guild_id, [])
        recent = [use for use in uses if timedelta() <= now - use.at < WINDOW]
        self._uses[guild_id] = recent
        return recent


def _too_many(who: str, began: datetime) -> RefusalError:
    seconds = int((began + WINDOW).timestamp()) + 1
    return RefusalError(
        f"{who} asked for as much as I can write within an hour. Ask again at <t:{seconds}:t> "
        f"(<t:{seconds}:R>); the report of the day comes anyway."
    )
