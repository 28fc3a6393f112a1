"""The roster: the guilds as they stand now, in memory for whoever looks, saved for the next start.

Every change takes effect before the first `await` of its method. So whoever calls in the order of
Discord's events gets a picture in that order, even though each save takes its time.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from guildwatch.capture import tracking
from guildwatch.capture.choices import Choices
from guildwatch.capture.intake import Pause
from guildwatch.capture.picture import Picture
from guildwatch.capture.saving import Saving
from guildwatch.model import (
    OPERATOR,
    ChangedBy,
    Channel,
    Clock,
    Guild,
    GuildSettings,
    Member,
    Role,
    utc_now,
)
from guildwatch.sensitive import Cleared, cleared_channel, cleared_guild, cleared_role
from guildwatch.store import Store


class Roster:
    """All guilds that the store knows, which channels are tracked, and what admins chose.

    `revision` grows with every change: whoever draws can compare it and look again. `bot_id` is
    the bot's own user id, 0 until Discord has told it. `cleared` takes out of names what must
    never be kept.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock = utc_now,
        pause: Pause = asyncio.sleep,
        cleared: Cleared = str,
    ) -> None:
        self.revision = 0
        self.bot_id = 0
        self._store = store
        self._clock = clock
        self._cleared = cleared
        self._picture = Picture()
        self._bots: dict[int, Member] = {}
        self._choices = Choices(store)
        self._tracked = tracking.Tracked()
        self._saving = Saving(store.guilds, self._picture.to_save, pause)
        self._watchers: list[Callable[[], None]] = []

    async def load(self) -> None:
        """Takes over what was saved: the picture to start from until Discord tells a newer one."""
        for guild in await self._store.guilds.all():
            self._picture.place(cleared_guild(guild, self._cleared))
        for guild in await self._store.guilds.left():
            self._picture.set_aside(cleared_guild(guild, self._cleared))
        await self._choices.load()
        for guild in tuple(self._picture.guilds()):
            self._bump(guild.id)

    async def run(self) -> None:
        """Saves what could not be saved at once, a little later, until it is cancelled."""
        await self._saving.run()

    def guilds(self) -> Sequence[Guild]:
        """All of them, by name."""
        return sorted(self._picture.guilds(), key=lambda guild: (guild.name.casefold(), guild.id))

    def joined(self) -> Sequence[Guild]:
        """Those of them that the bot is in, by name; an import brings others."""
        return [guild for guild in self.guilds() if guild.is_joined]

    def guild(self, guild_id: int) -> Guild | None:
        """One guild, None where it is not known."""
        return self._picture.guild(guild_id)

    def former(self, guild_id: int) -> Guild | None:
        """A guild as it was when the bot left it, None where it did not or nothing is left."""
        return self._picture.former(guild_id)

    def aside(self, guild_id: int) -> list[Channel]:
        """What a guild's picture does not show any more: closed to the bot, or deleted unseen."""
        return self._picture.aside(guild_id)

    def channel(self, channel_id: int) -> Channel | None:
        """A channel or thread, None where it is not known."""
        return self._picture.channel(channel_id)

    def bot_member(self, guild_id: int) -> Member | None:
        """The bot in this guild, None where Discord has not told of it since the start."""
        return self._bots.get(guild_id)

    def settings(self, guild_id: int) -> GuildSettings:
        """What the guild's admins chose."""
        return self._choices.settings(guild_id)

    def choice(self, channel_id: int) -> bool | None:
        """What was chosen for this very channel: track, ignore, or None for nothing."""
        return self._choices.tracking.get(channel_id)

    def is_tracked(self, channel_id: int) -> bool:
        """Whether the bot listens there (see `capture.tracking`)."""
        channel = self.channel(channel_id)
        return channel is not None and self._tracked.includes(channel)

    def when_changed(self, tell: Callable[[], None]) -> None:
        """Has `tell` called after every change; it must be quick."""
        self._watchers.append(tell)

    def when_untracked(self, tell: Callable[[int], None]) -> None:
        """Has `tell` called with the id of each channel that is not listened to any more."""
        self._tracked.when_dropped(tell)

    async def put_guild(self, guild: Guild, bot: Member | None) -> None:
        """Takes a guild's whole picture. Threads that it does not list are archived by now."""
        if bot is not None:
            self._bots[guild.id] = bot
        self._picture.put_guild(cleared_guild(guild, self._cleared), self.bot_id)
        await self._changed(guild.id)

    async def update_guild(self, guild: Guild) -> None:
        """Takes a guild's new name, owner, roles and language; its channels stay as they are."""
        old = self.guild(guild.id)
        if old is None:
            return
        self._picture.place(replace(cleared_guild(guild, self._cleared), channels=old.channels))
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
        guild = self.guild(guild_id)
        if guild is None:
            return
        new = {one.id: cleared_channel(one, self._cleared) for one in channels}
        places = self._picture.put_channels(guild, new, self.bot_id)
        back = places.keys() - {one.id for one in guild.channels}
        await self._changed(guild_id, tracking.touched(new, places, guild), {*new, *back})

    async def drop_channel(self, channel_id: int) -> None:
        """Forgets a channel and its threads, or one thread."""
        self._picture.forget_aside(channel_id)
        channel, guild = self.channel(channel_id), self._picture.guild_of(channel_id)
        if guild is None:
            return
        gone = {channel_id, *(one.id for one in self.threads(channel_id))}
        self._picture.drop_channels(guild, gone)
        await self._changed(guild.id, None if tracking.has_say(channel) else gone, gone)

    def threads(self, channel_id: int) -> tuple[Channel, ...]:
        """The known threads of a channel."""
        return self._picture.threads(channel_id)

    async def put_role(self, guild_id: int, role: Role) -> None:
        """Takes a new or changed role."""
        guild = self.guild(guild_id)
        if guild is None:
            return
        role = cleared_role(role, self._cleared)
        old = next((one for one in guild.roles if one.id == role.id), None)
        roles = {one.id: one for one in guild.roles} | {role.id: role}
        self._picture.place(replace(guild, roles=tuple(roles.values())))
        same = old is not None and old.permissions == role.permissions
        await self._changed(
            guild_id, () if same or not self._holds(guild_id, role.id) else None, ()
        )

    async def drop_role(self, guild_id: int, role_id: int) -> None:
        """Forgets a role, and what channels say of it: else they would speak of an unknown one."""
        guild = self.guild(guild_id)
        if guild is None:
            return
        roles = tuple(role for role in guild.roles if role.id != role_id)
        channels = tuple(_without_overwrite(one, role_id) for one in guild.channels)
        changed = {
            new.id for new, old in zip(channels, guild.channels, strict=True) if new is not old
        }
        self._picture.place(replace(guild, roles=roles, channels=channels))
        await self._changed(guild_id, None if self._holds(guild_id, role_id) else (), changed)

    async def drop_guild(self, guild_id: int) -> None:
        """Sets a guild aside that the bot is no longer in; the store remembers when it left."""
        guild = self.guild(guild_id)
        if guild is None:
            return
        self._picture.leave(guild, self._clock())
        self._bots.pop(guild_id, None)
        await self._changed(guild_id, [one.id for one in guild.channels])

    async def choose_tracking(
        self, channel_id: int, tracked: bool | None, by: ChangedBy = OPERATOR
    ) -> None:
        """Keeps somebody's choice for a channel or category; None takes it back.

        Raises `StoreError` where it cannot be saved; then nothing has changed.
        """
        await self._choices.choose_tracking(channel_id, tracked, by)
        channel = self.channel(channel_id)
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
        await self._choices.save(settings, by, seen=seen)
        self._bump(settings.guild_id)

    def _holds(self, guild_id: int, role_id: int) -> bool:
        bot = self._bots.get(guild_id)
        return role_id == guild_id or (bot is not None and role_id in bot.role_ids)

    def _bump(self, guild_id: int, touched: Collection[int] | None = None) -> None:
        """Notes a change; `touched` are the channels that may be tracked otherwise now, or all."""
        self.revision += 1
        if touched is None or touched:
            self._tracked.decide(guild_id, self._rules(guild_id), touched)
        for tell in self._watchers:
            tell()

    def _rules(self, guild_id: int) -> tracking.Rules | None:
        guild, bot = self.guild(guild_id), self._bots.get(guild_id)
        if guild is None:
            return None
        return tracking.Rules(guild, bot, self._choices.tracking, self.settings(guild_id))

    async def _changed(
        self,
        guild_id: int,
        touched: Collection[int] | None = None,
        unsaved: Iterable[int] | None = None,
    ) -> None:
        """`unsaved` are the channels to save beside the guild itself, None stands for all."""
        self._bump(guild_id, touched)
        await self._saving.save(guild_id, unsaved)


def _without_overwrite(channel: Channel, id_: int) -> Channel:
    kept = tuple(one for one in channel.overwrites if one.id != id_)
    return channel if kept == channel.overwrites else replace(channel, overwrites=kept)
