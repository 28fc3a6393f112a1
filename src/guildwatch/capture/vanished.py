"""Channels that Discord does not tell of any more: deleted unseen, or only closed to the bot."""

from collections.abc import Callable, Iterable

from guildwatch.capture.history import ChannelGoneError, History
from guildwatch.capture.roster import Roster
from guildwatch.model import Channel, ChannelKind
from guildwatch.store import Store


class Vanished:
    """Asks about each whether it still is there; only what is gone takes its texts along."""

    def __init__(self, history: History, store: Store, roster: Roster) -> None:
        self._history = history
        self._store = store
        self._roster = roster
        self._before: dict[int, tuple[Channel, ...]] = {}
        self._channels: dict[int, Channel] = {}

    def __len__(self) -> int:
        return len(self._channels)

    def __contains__(self, channel_id: int) -> bool:
        return channel_id in self._channels

    def add(self, channel: Channel) -> None:
        """Asks about a channel or thread."""
        self._channels[channel.id] = channel

    def remember(self, guild_id: int, channels: Iterable[Channel]) -> None:
        """Compares what was known of a guild with its new picture at the next look."""
        self._before[guild_id] = tuple(channels)

    async def look(self) -> None:
        """Finds what new pictures lack; a program that ended before it asked, asks again."""
        while self._before:
            guild_id, before = next(iter(self._before.items()))
            marks = await self._store.messages.watermarks()
            for channel in before:
                if self._is_missing(channel) and (channel.known or channel.id in marks):
                    self.add(channel)
            for channel_id in await self._store.past.strays(guild_id):
                stray = Channel(channel_id, guild_id, str(channel_id), ChannelKind.PUBLIC_THREAD)
                if self._is_missing(stray):
                    self.add(stray)
            del self._before[guild_id]

    def next(self, is_resting: Callable[[int], bool]) -> Channel | None:
        """One to ask about, channels before their threads."""
        ready = [one for one in self._channels.values() if not is_resting(one.id)]
        return min(ready, key=lambda one: one.kind.is_thread, default=None)

    async def confirm(self, channel: Channel) -> None:
        """Asks. Raises `ChannelGoneError` where it was deleted, `HistoryError` for no answer.

        Of threads in a channel that is only closed to the bot nothing more can be known.
        """
        if not await self._history.has_channel(channel.id):
            raise ChannelGoneError(f"#{channel.name} was deleted.")
        self.take(channel.id)

    def take(self, channel_id: int) -> list[Channel]:
        """Forgets a channel and those of its threads that are asked about; gives the threads."""
        self._channels.pop(channel_id, None)
        threads = [one for one in self._channels.values() if one.parent_id == channel_id]
        for one in threads:
            if one.kind.is_thread:
                del self._channels[one.id]
        return [one for one in threads if one.kind.is_thread]

    def _is_missing(self, channel: Channel) -> bool:
        if self._roster.guild(channel.guild_id) is None or self._roster.channel(channel.id):
            return False
        return not (channel.kind.is_thread and self._roster.channel(channel.parent_id or 0))
