"""The picture of the guilds: what Discord shows of them now, and what it does not show any more."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from guildwatch.audience import is_hidden
from guildwatch.model import Channel, Guild


class Picture:
    """All guilds that are known with their channels and threads, and what was set aside."""

    def __init__(self) -> None:
        self._guilds: dict[int, Guild] = {}
        self._channels: dict[int, Channel] = {}
        self._left: dict[int, Guild] = {}
        self._aside: dict[int, Channel] = {}
        self._departures: dict[int, datetime] = {}

    def guilds(self) -> Collection[Guild]:
        """Those that are shown, in no order."""
        return self._guilds.values()

    def guild(self, guild_id: int) -> Guild | None:
        """One guild, None where it is not known."""
        return self._guilds.get(guild_id)

    def former(self, guild_id: int) -> Guild | None:
        """A guild as it was when the bot left it, None where it did not or nothing is left."""
        return self._left.get(guild_id)

    def channel(self, channel_id: int) -> Channel | None:
        """A channel or thread, None where it is not known."""
        return self._channels.get(channel_id)

    def guild_of(self, channel_id: int) -> Guild | None:
        """The guild that a channel or thread stands in, None where it is not known."""
        channel = self._channels.get(channel_id)
        return self._guilds.get(channel.guild_id) if channel else None

    def threads(self, channel_id: int) -> tuple[Channel, ...]:
        """The known threads of a channel."""
        guild = self.guild_of(channel_id)
        places = guild.channels if guild else ()
        return tuple(one for one in places if one.parent_id == channel_id and one.kind.is_thread)

    def aside(self, guild_id: int) -> list[Channel]:
        """What a guild does not show any more: closed to the bot, or deleted unseen."""
        return [one for one in self._aside.values() if one.guild_id == guild_id]

    def to_save(self, guild_id: int) -> Guild | datetime | None:
        """A guild with what is closed to the bot, or when the bot left it; None where unknown."""
        guild = self._guilds.get(guild_id)
        return self._departures.get(guild_id) if guild is None else self._with_aside(guild)

    def put_guild(self, guild: Guild, bot_id: int) -> None:
        """Takes a guild's whole picture. Threads that it does not list are archived by now."""
        old = self._guilds.get(guild.id) or self._left.get(guild.id)
        if old is not None:
            self.set_aside(old)
        self._left.pop(guild.id, None)
        self._departures.pop(guild.id, None)
        self.place(replace(guild, channels=self._with_known_threads(guild.channels, bot_id)))

    def put_channels(
        self, guild: Guild, new: Mapping[int, Channel], bot_id: int
    ) -> dict[int, Channel]:
        """Puts channels or threads into a guild, by id, and sets those aside that are hidden now.

        Gives all channels of before and after; threads that come back with theirs are among them.
        """
        places = {one.id: one for one in guild.channels} | dict(new)
        hidden = [one for one in guild.channels if one.id in new and is_hidden(new[one.id])]
        self._aside.update((one.id, one) for one in hidden)
        after = {one.id: one for one in self._with_known_threads(places.values(), bot_id)}
        self.place(replace(guild, channels=tuple(after.values())))
        return places | after

    def drop_channels(self, guild: Guild, channel_ids: Collection[int]) -> None:
        """Forgets channels or threads of a guild."""
        left = tuple(one for one in guild.channels if one.id not in channel_ids)
        self.place(replace(guild, channels=left))

    def forget_aside(self, channel_id: int) -> None:
        """Forgets what was set aside of a channel, since it is known to be deleted."""
        self._aside.pop(channel_id, None)

    def leave(self, guild: Guild, moment: datetime) -> None:
        """Sets a guild aside that the bot is not in since then (UTC)."""
        self.set_aside(guild)
        self._displace(guild.id)
        self._departures[guild.id] = moment

    def place(self, guild: Guild) -> None:
        """Shows a guild as it is given, in the place of what was shown of it."""
        self._displace(guild.id)
        self._guilds[guild.id] = guild
        self._channels.update((one.id, one) for one in guild.channels)
        for channel in guild.channels:
            self._aside.pop(channel.id, None)

    def set_aside(self, guild: Guild) -> None:
        """Remembers what Discord may not list again: threads, closed channels, the guild itself."""
        self._left[guild.id] = guild
        self._aside.update((one.id, one) for one in guild.channels)

    def _displace(self, guild_id: int) -> None:
        old = self._guilds.pop(guild_id, None)
        for channel in old.channels if old else ():
            self._channels.pop(channel.id, None)

    def _with_known_threads(self, channels: Iterable[Channel], bot_id: int) -> tuple[Channel, ...]:
        """The visible channels, and the threads known in them that are not listed: archived."""
        visible = {one.id: one for one in channels if not is_hidden(one)}
        kept = [
            replace(one, archived=True, member_ids=one.member_ids & {bot_id})
            for one in self._aside.values()
            if one.kind.is_thread and one.parent_id in visible and one.id not in visible
        ]
        return (*visible.values(), *kept)

    def _with_aside(self, guild: Guild) -> Guild:
        """With what is closed to the bot: what it holds is still stored."""
        aside = [
            replace(one, archived=True) if one.kind.is_thread else replace(one, known=False)
            for one in self.aside(guild.id)
        ]
        return replace(guild, channels=(*guild.channels, *aside)) if aside else guild
