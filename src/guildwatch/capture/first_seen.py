"""Since when a channel is known: from then on something of it may be missing."""

from collections.abc import Collection, Container

from guildwatch.capture.breaks import Breaks
from guildwatch.capture.closing import Closer
from guildwatch.capture.frontier import Frontier
from guildwatch.capture.roster import Roster
from guildwatch.model import Channel, Guild


class FirstSeen:
    """Notes of channels that nobody noted anything of yet since when they are there to be read."""

    def __init__(self, roster: Roster, frontier: Frontier, breaks: Breaks, closer: Closer) -> None:
        self._roster = roster
        self._frontier = frontier
        self._breaks = breaks
        self._closer = closer
        self._before: dict[int, Guild | None] = {}

    def remember(self, guild_id: int, before: Guild | None) -> None:
        """A guild's picture is about to be taken; `before` is how it was known until now."""
        self._before[guild_id] = before

    def note(self, guild_ids: Collection[int]) -> None:
        """Note it of the channels of these guilds; nothing while the notes are not loaded."""
        if not self._breaks.is_loaded:
            return
        for guild_id in guild_ids:
            before = self._before.pop(guild_id, None)
            since = self._breaks.earliest(one.id for one in before.channels) if before else None
            guild = self._roster.guild(guild_id)
            for channel in guild.channels if guild else ():
                if self._is_unnoted(channel):
                    self._closer.first_seen(channel, since)

    def forget_unfollowed(self, guild_ids: Collection[int], marks: Container[int]) -> None:
        """Nothing is missing of a channel that was never read and is not followed either."""
        for guild in filter(None, map(self._roster.guild, guild_ids)):
            for channel in guild.channels:
                if channel.id not in marks and not self._roster.is_tracked(channel.id):
                    self._breaks.end(channel.id)

    def _is_unnoted(self, channel: Channel) -> bool:
        return (
            self._frontier.is_open(channel.id)
            and not self._frontier.was_shed(channel.id)
            and self._breaks.since(channel.id) is None
            and self._roster.is_tracked(channel.id)
        )
