"""What is to be read: the channels with a gap whose history may be had, and whose turn is next."""

from collections.abc import Collection, Hashable, Mapping
from datetime import datetime, timedelta

from guildwatch.capture.estimate import Estimate
from guildwatch.capture.frontier import Frontier
from guildwatch.capture.resting import Resting
from guildwatch.capture.roster import Roster
from guildwatch.model import Channel, Clock, created_at, first_id_at

_REFUSED_FOR = timedelta(minutes=15)
"""So long a refusal counts: Discord may hear later than we do that the bot was let in."""


class Agenda:
    """The gaps of those guilds whose picture is fresh, the oldest first.

    A channel that Discord refused is left out for a while, or until something has changed that may
    let the bot in.
    `days` is how far back a channel is read that has no watermark.
    """

    def __init__(
        self,
        roster: Roster,
        frontier: Frontier,
        resting: Resting,
        *,
        days: timedelta,
        clock: Clock,
    ) -> None:
        self._roster = roster
        self._frontier = frontier
        self._resting = resting
        self._days = days
        self._clock = clock
        self._estimate = Estimate()
        self._guilds: set[int] = set()
        self._refused: dict[int, tuple[datetime, Hashable]] = {}
        self._marks: Mapping[int, int] = {}

    @property
    def guild_ids(self) -> frozenset[int]:
        """The guilds whose picture is fresh."""
        return frozenset(self._guilds)

    @property
    def messages_left(self) -> int | None:
        """About how many messages are still to come; None while nobody can tell."""
        return self._estimate.messages_left

    def add_guild(self, guild_id: int) -> None:
        """A guild's picture is fresh: what is missing of it can be read."""
        self._guilds.add(guild_id)

    def drop_guild(self, guild_id: int) -> None:
        """A guild's picture is not fresh any more."""
        self._guilds.discard(guild_id)

    def drop_all(self) -> None:
        """No guild's picture is fresh any more."""
        self._guilds.clear()

    def is_behind(self, guild_id: int, channel_ids: Collection[int] | None = None) -> bool:
        """Whether something of a guild is missing that may be had soon (see `Backfill`)."""
        guild = self._roster.guild(guild_id) if guild_id in self._guilds else None
        return guild is None or any(
            self._is_left(channel) and not self._resting.failures(channel.id)
            for channel in guild.channels
            if channel_ids is None or channel.id in channel_ids
        )

    def left(self) -> list[Channel]:
        """The channels that have to be read."""
        guilds = filter(None, map(self._roster.guild, self._guilds))
        return [one for guild in guilds for one in guild.channels if self._is_left(one)]

    def plan(self, marks: Mapping[int, int]) -> None:
        """Takes the watermarks as they stand now, by which the oldest gap is found."""
        self._marks = marks
        self._estimate.plan({one.id: self._span(one) for one in self.left()})

    def note_read(self, channel: Channel, messages: int) -> None:
        """A channel's gap was read, or tried, and so many messages were in it."""
        self._estimate.read(channel.id, messages)

    def next(self) -> Channel | None:
        """The channel whose gap is oldest; those that failed come after all others."""
        left = [one for one in self.left() if not self._resting.is_resting(one.id)]
        if not left:
            return None
        first = first_id_at(self._clock() - self._days)
        oldest = min(
            left,
            key=lambda one: (
                self._resting.failures(one.id),
                self._marks.get(one.id, first),
                one.id,
            ),
        )
        return _parent_first(oldest, left)

    def grounds(self, channel: Channel) -> Hashable:
        """All that decides whether Discord lets the bot read there."""
        guild = self._roster.guild(channel.guild_id)
        parent = self._roster.channel(channel.parent_id or 0)
        return (
            self._frontier.token(channel.id),
            self._roster.bot_member(channel.guild_id),
            guild.roles if guild else (),
            channel.overwrites,
            channel.member_ids,
            parent.overwrites if parent else (),
        )

    def refuse(self, channel: Channel, grounds: Hashable) -> None:
        """Leaves a channel out for a while, or until its grounds are others than these."""
        self._refused[channel.id] = self._clock(), grounds

    def _is_left(self, channel: Channel) -> bool:
        return (
            self._frontier.is_open(channel.id)  # first, as it costs least
            and self._roster.is_tracked(channel.id)
            and not self._is_refused(channel)
        )

    def _is_refused(self, channel: Channel) -> bool:
        if channel.id not in self._refused:
            return False
        since, grounds = self._refused[channel.id]
        is_fresh = timedelta() <= self._clock() - since < _REFUSED_FOR
        return is_fresh and grounds == self.grounds(channel)

    def _span(self, channel: Channel) -> float:
        """How many seconds of a channel's past are missing."""
        mark = self._marks.get(channel.id)
        span = self._days if mark is None else self._clock() - created_at(mark)
        return max(0.0, span.total_seconds())


def _parent_first(channel: Channel, left: list[Channel]) -> Channel:
    """An archived thread's channel, whose list tells whether anything was said in it."""
    if not (channel.kind.is_thread and channel.archived):
        return channel
    return next((one for one in left if one.id == channel.parent_id), channel)
