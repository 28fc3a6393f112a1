"""The roster: the guilds as they stand now, in memory for whoever looks, saved for the next start.

Every change takes effect before the first `await` of its method. So whoever calls in the order of
Discord's events gets a picture in that order, even though each save takes its time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from guildwatch.audience import is_hidden
from guildwatch.capture import tracking
from guildwatch.capture.intake import Pause
from guildwatch.capture.saving import Saving
from guildwatch.model import (
    OPERATOR,
    ChangedBy,
    Channel,
    ChannelKind,
    Clock,
    Guild,
    GuildSettings,
    Member,
    Role,
    utc_now,
)
from guildwatch.store import Store


class Roster:
    """All guilds that the store knows, which channels are tracked, and what admins chose.

    `revision` grows with every change: whoever draws can compare it and look again. `bot_id` is
    the bot's own user id, 0 until Discord has told it.
    """

    def __init__(
        self, store: Store, *, clock: Clock = utc_now, pause: Pause = asyncio.sleep
    ) -> None:
        self.revision = 0
        self.bot_id = 0
        self._store = store
        self._clock = clock
        self._guilds: dict[int, Guild] = {}
        self._channels: dict[int, Channel] = {}
        self._bots: dict[int, Member] = {}
        self._choices: dict[int, bool] = {}
        self._settings: dict[int, GuildSettings] = {}
        self._tracked: dict[int, set[int]] = defaultdict(set)
        self._left: dict[int, Guild] = {}
        self._aside: dict[int, Channel] = {}
        self._departures: dict[int, datetime] = {}
        self._choosing = asyncio.Lock()
        self._saving = Saving(store.guilds, self._to_save, pause)
        self._watchers: list[Callable[[], None]] = []
        self._mourners: list[Callable[[int], None]] = []

    async def load(self) -> None:
        """Takes over what was saved: the picture to start from until Discord tells a newer one."""
        for guild in await self._store.guilds.all():
            self._place(guild)
        for guild in await self._store.guilds.left():
            self._set_aside(guild)
        self._choices = dict(await self._store.guilds.tracking())
        self._settings = dict(await self._store.settings.all())
        for guild in tuple(self._guilds.values()):
            self._bump(guild.id)

    async def run(self) -> None:
        """Saves what could not be saved at once, a little later, until it is cancelled."""
        await self._saving.run()

    def guilds(self) -> Sequence[Guild]:
        """All of them, by name."""
        return sorted(self._guilds.values(), key=lambda guild: (guild.name.casefold(), guild.id))

    def joined(self) -> Sequence[Guild]:
        """Those of them that the bot is in, by name; an import brings others."""
        return [guild for guild in self.guilds() if guild.is_joined]

    def guild(self, guild_id: int) -> Guild | None:
        """One guild, None where it is not known."""
        return self._guilds.get(guild_id)

    def former(self, guild_id: int) -> Guild | None:
        """A guild as it was when the bot left it, None where it did not or nothing is left."""
        return self._left.get(guild_id)

    def aside(self, guild_id: int) -> list[Channel]:
        """What a guild's picture does not show any more: closed to the bot, or deleted unseen."""
        return [one for one in self._aside.values() if one.guild_id == guild_id]

    def channel(self, channel_id: int) -> Channel | None:
        """A channel or thread, None where it is not known."""
        return self._channels.get(channel_id)

    def bot_member(self, guild_id: int) -> Member | None:
        """The bot in this guild, None where Discord has not told of it since the start."""
        return self._bots.get(guild_id)

    def settings(self, guild_id: int) -> GuildSettings:
        """What the guild's admins chose."""
        return self._settings.get(guild_id) or GuildSettings(guild_id)

    def choice(self, channel_id: int) -> bool | None:
        """What was chosen for this very channel: track, ignore, or None for nothing."""
        return self._choices.get(channel_id)

    def is_tracked(self, channel_id: int) -> bool:
        """Whether the bot listens there (see `capture.tracking`)."""
        channel = self._channels.get(channel_id)
        return channel is not None and channel_id in self._tracked[channel.guild_id]

    def when_changed(self, tell: Callable[[], None]) -> None:
        """Has `tell` called after every change; it must be quick."""
        self._watchers.append(tell)

    def when_untracked(self, tell: Callable[[int], None]) -> None:
        """Has `tell` called with the id of each channel that is not listened to any more."""
        self._mourners.append(tell)

    async def put_guild(self, guild: Guild, bot: Member | None) -> None:
        """Takes a guild's whole picture. Threads that it does not list are archived by now."""
        old = self._guilds.get(guild.id) or self._left.get(guild.id)
        if bot is not None:
            self._bots[guild.id] = bot
        if old is not None:
            self._set_aside(old)
        self._left.pop(guild.id, None)
        self._departures.pop(guild.id, None)
        self._place(replace(guild, channels=self._with_known_threads(guild.channels)))
        await self._changed(guild.id)

    async def update_guild(self, guild: Guild) -> None:
        """Takes a guild's new name, owner, roles and language; its channels stay as they are."""
        old = self._guilds.get(guild.id)
        if old is None:
            return
        self._place(replace(guild, channels=old.channels))
        await self._changed(guild.id)

    async def put_bot(self, bot: Member) -> None:
        """Takes the bot's new roles in a guild."""
        old = self._bots.get(bot.guild_id)
        self._bots[bot.guild_id] = bot
        self._bump(bot.guild_id, () if old and old.role_ids == bot.role_ids else None)

    async def put_channel(self, channel: Channel) -> None:
        """Takes a new or changed channel or thread; a hidden one vanishes from the picture."""
        await self.put_channels(channel.guild_id, (channel,))

    async def put_channels(self, guild_id: int, channels: Iterable[Channel]) -> None:
        """Takes several of a guild's channels or threads at once."""
        guild = self._guilds.get(guild_id)
        if guild is None:
            return
        new = {one.id: one for one in channels}
        places = {one.id: one for one in guild.channels} | new
        hidden = [one for one in guild.channels if one.id in new and is_hidden(new[one.id])]
        self._aside.update((one.id, one) for one in hidden)
        after = {one.id: one for one in self._with_known_threads(places.values())}
        self._place(replace(guild, channels=tuple(after.values())))
        back = after.keys() - places.keys()
        await self._changed(guild_id, _touched(new, places | after, guild), {*new, *back})

    async def drop_channel(self, channel_id: int) -> None:
        """Forgets a channel and its threads, or one thread."""
        self._aside.pop(channel_id, None)
        channel = self._channels.get(channel_id)
        guild = self._guilds.get(channel.guild_id) if channel else None
        if guild is None:
            return
        gone = {channel_id, *(one.id for one in self.threads(channel_id))}
        self._place(
            replace(guild, channels=tuple(one for one in guild.channels if one.id not in gone))
        )
        await self._changed(guild.id, None if _has_say(channel) else gone, gone)

    def threads(self, channel_id: int) -> tuple[Channel, ...]:
        """The known threads of a channel."""
        channel = self._channels.get(channel_id)
        guild = self._guilds.get(channel.guild_id) if channel else None
        places = guild.channels if guild else ()
        return tuple(one for one in places if one.parent_id == channel_id and one.kind.is_thread)

    async def put_role(self, guild_id: int, role: Role) -> None:
        """Takes a new or changed role."""
        guild = self._guilds.get(guild_id)
        if guild is None:
            return
        old = next((one for one in guild.roles if one.id == role.id), None)
        roles = {one.id: one for one in guild.roles} | {role.id: role}
        self._place(replace(guild, roles=tuple(roles.values())))
        same = old is not None and old.permissions == role.permissions
        await self._changed(
            guild_id, () if same or not self._holds(guild_id, role.id) else None, ()
        )

    async def drop_role(self, guild_id: int, role_id: int) -> None:
        """Forgets a role, and what channels say of it: else they would speak of an unknown one."""
        guild = self._guilds.get(guild_id)
        if guild is None:
            return
        roles = tuple(role for role in guild.roles if role.id != role_id)
        channels = tuple(_without_overwrite(one, role_id) for one in guild.channels)
        changed = {
            new.id for new, old in zip(channels, guild.channels, strict=True) if new is not old
        }
        self._place(replace(guild, roles=roles, channels=channels))
        await self._changed(guild_id, None if self._holds(guild_id, role_id) else (), changed)

    async def drop_guild(self, guild_id: int) -> None:
        """Sets a guild aside that the bot is no longer in; the store remembers when it left."""
        guild = self._guilds.get(guild_id)
        if guild is None:
            return
        self._set_aside(guild)
        self._displace(guild_id)
        self._bots.pop(guild_id, None)
        self._departures[guild_id] = self._clock()
        await self._changed(guild_id, [one.id for one in guild.channels])

    async def choose_tracking(
        self, channel_id: int, tracked: bool | None, by: ChangedBy = OPERATOR
    ) -> None:
        """Keeps somebody's choice for a channel or category; None takes it back.

        Raises `StoreError` where it cannot be saved; then nothing has changed.
        """
        await self._store.guilds.choose_tracking(channel_id, tracked, by)
        if tracked is None:
            self._choices.pop(channel_id, None)
        else:
            self._choices[channel_id] = tracked
        channel = self._channels.get(channel_id)
        if channel is not None:
            self._bump(channel.guild_id)

    async def save_settings(
        self,
        settings: GuildSettings,
        by: ChangedBy = OPERATOR,
        *,
        seen: GuildSettings | None = None,
    ) -> None:
        """Keeps what was chosen for a guild.

        `seen` is what it was chosen upon: only what differs from that is changed, so that whatever
        another admin chose meanwhile stays. Raises `StoreError` where it cannot be saved; then
        nothing has changed.
        """
        async with self._choosing:
            if seen is not None:
                settings = replace(self.settings(settings.guild_id), **_changed(seen, settings))
            await self._store.settings.save(settings, by)
            self._settings[settings.guild_id] = settings
            self._bump(settings.guild_id)

    def _place(self, guild: Guild) -> None:
        self._displace(guild.id)
        self._guilds[guild.id] = guild
        self._channels.update((one.id, one) for one in guild.channels)
        for channel in guild.channels:
            self._aside.pop(channel.id, None)

    def _displace(self, guild_id: int) -> None:
        old = self._guilds.pop(guild_id, None)
        for channel in old.channels if old else ():
            self._channels.pop(channel.id, None)

    def _set_aside(self, guild: Guild) -> None:
        """Remembers what Discord may not list again: threads, closed channels, the guild itself."""
        self._left[guild.id] = guild
        self._aside.update((one.id, one) for one in guild.channels)

    def _with_known_threads(self, channels: Iterable[Channel]) -> tuple[Channel, ...]:
        """The visible channels, and the threads known in them that are not listed: archived."""
        visible = {one.id: one for one in channels if not is_hidden(one)}
        kept = [
            replace(one, archived=True, member_ids=one.member_ids & {self.bot_id})
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

    def _holds(self, guild_id: int, role_id: int) -> bool:
        bot = self._bots.get(guild_id)
        return role_id == guild_id or (bot is not None and role_id in bot.role_ids)

    def _bump(self, guild_id: int, touched: Iterable[int] | None = None) -> None:
        """Notes a change; `touched` are the channels that may be tracked otherwise now, or all."""
        self.revision += 1
        self._decide(guild_id, touched)
        for tell in self._watchers:
            tell()

    def _decide(self, guild_id: int, touched: Iterable[int] | None) -> None:
        """Decides at once which channels are tracked: a right that comes back later is no news."""
        guild = self._guilds.get(guild_id)
        before = self._tracked[guild_id]
        if touched is None:
            touched = before.union(one.id for one in (guild.channels if guild else ()))
        rules = None
        if guild is not None and touched:
            rules = tracking.Rules(
                guild, self._bots.get(guild_id), self._choices, self.settings(guild_id)
            )
        for channel_id in touched:
            channel = self._channels.get(channel_id)
            tracked = channel is not None and rules is not None and rules.is_tracked(channel)
            if tracked:
                before.add(channel_id)
            elif channel_id in before:
                before.remove(channel_id)
                for mourn in self._mourners:
                    mourn(channel_id)

    async def _changed(
        self,
        guild_id: int,
        touched: Iterable[int] | None = None,
        unsaved: Iterable[int] | None = None,
    ) -> None:
        """`unsaved` are the channels to save beside the guild itself, None stands for all."""
        self._bump(guild_id, touched)
        await self._saving.save(guild_id, unsaved)

    def _to_save(self, guild_id: int) -> Guild | datetime | None:
        guild = self._guilds.get(guild_id)
        return self._departures.get(guild_id) if guild is None else self._with_aside(guild)


def _has_say(channel: Channel | None) -> bool:
    """Whether other channels may be tracked otherwise once this one is gone."""
    return channel is not None and (
        channel.kind is ChannelKind.CATEGORY or channel.name == tracking.REPORT_CHANNEL_NAME
    )


def _touched(
    new: Mapping[int, Channel], places: Mapping[int, Channel], old: Guild
) -> set[int] | None:
    """The changed channels and what stands in them; None (all) where it is about the report's.

    In a guild with 500 channels, 1,000 threads and 250 roles to ask for all takes 0.3 seconds.
    """
    before = [one for one in old.channels if one.id in new]
    if any(one.name == tracking.REPORT_CHANNEL_NAME for one in (*new.values(), *before)):
        return None
    touched = set(new)
    for _ in range(2):  # a category's channels, and their threads
        touched |= {one.id for one in places.values() if one.parent_id in touched}
    return touched


def _without_overwrite(channel: Channel, id_: int) -> Channel:
    kept = tuple(one for one in channel.overwrites if one.id != id_)
    return channel if kept == channel.overwrites else replace(channel, overwrites=kept)


def _changed(before: GuildSettings, after: GuildSettings) -> dict[str, Any]:
    """The fields that differ, each with what it becomes."""
    values = (
        (one.name, getattr(before, one.name), getattr(after, one.name)) for one in fields(after)
    )
    return {name: new for name, old, new in values if new != old}
