"""The roster: the guilds as they stand now, in memory for whoever looks, saved for the next start.

Every change takes effect before the first `await` of its method. So whoever calls in the order of
Discord's events gets a picture in that order, even though each save takes its time.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from guildwatch.audience import is_hidden
from guildwatch.capture import tracking
from guildwatch.model import Channel, Clock, Guild, GuildSettings, Member, Role, utc_now
from guildwatch.store import Store, StoreError

_log = logging.getLogger(__name__)


class Roster:
    """All guilds that the store knows, which channels are tracked, and what admins chose.

    `revision` grows with every change: whoever draws can compare it and look again. `bot_id` is
    the bot's own user id, 0 until Discord has told it.
    """

    def __init__(self, store: Store, *, clock: Clock = utc_now) -> None:
        self.revision = 0
        self.bot_id = 0
        self._store = store
        self._clock = clock
        self._guilds: dict[int, Guild] = {}
        self._channels: dict[int, Channel] = {}
        self._bots: dict[int, Member] = {}
        self._choices: dict[int, bool] = {}
        self._settings: dict[int, GuildSettings] = {}
        self._tracked: dict[int, bool] = {}
        self._unsaved: set[int] = set()
        self._saving = asyncio.Lock()
        self._watchers: list[Callable[[], None]] = []

    async def load(self) -> None:
        """Takes over what was saved: the picture to start from until Discord tells a newer one."""
        for guild in await self._store.guilds.all():
            self._place(guild)
        self._choices = dict(await self._store.guilds.tracking())
        self._settings = dict(await self._store.settings.all())
        self._bump()

    def guilds(self) -> Sequence[Guild]:
        """All of them, by name."""
        return sorted(self._guilds.values(), key=lambda guild: (guild.name.casefold(), guild.id))

    def guild(self, guild_id: int) -> Guild | None:
        """One guild, None where it is not known."""
        return self._guilds.get(guild_id)

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
        known = self._tracked.get(channel_id)
        if known is None:
            known = self._tracked[channel_id] = self._decide(channel_id)
        return known

    def when_changed(self, tell: Callable[[], None]) -> None:
        """Has `tell` called after every change; it must be quick."""
        self._watchers.append(tell)

    async def put_guild(self, guild: Guild, bot: Member | None) -> None:
        """Takes a guild's whole picture. Threads that it does not list are archived by now."""
        old = self._guilds.get(guild.id)
        kept = _now_archived(old, guild) if old else ()
        if bot is not None:
            self._bots[guild.id] = bot
        self._place(replace(guild, channels=_visible((*guild.channels, *kept))))
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
        self._bots[bot.guild_id] = bot
        self._bump()

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
        self._place(replace(guild, channels=_visible(places.values())))
        await self._changed(guild_id, _touched(new, places, guild))

    async def drop_channel(self, channel_id: int) -> None:
        """Forgets a channel and its threads, or one thread."""
        channel = self._channels.get(channel_id)
        guild = self._guilds.get(channel.guild_id) if channel else None
        if guild is None:
            return
        gone = {channel_id, *(one.id for one in self.threads(channel_id))}
        self._place(
            replace(guild, channels=tuple(one for one in guild.channels if one.id not in gone))
        )
        await self._changed(guild.id)

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
        roles = {one.id: one for one in guild.roles} | {role.id: role}
        self._place(replace(guild, roles=tuple(roles.values())))
        await self._changed(guild_id)

    async def drop_role(self, guild_id: int, role_id: int) -> None:
        """Forgets a role, and what channels say of it: else they would speak of an unknown one."""
        guild = self._guilds.get(guild_id)
        if guild is None:
            return
        roles = tuple(role for role in guild.roles if role.id != role_id)
        channels = tuple(_without_overwrite(one, role_id) for one in guild.channels)
        self._place(replace(guild, roles=roles, channels=channels))
        await self._changed(guild_id)

    async def drop_guild(self, guild_id: int) -> None:
        """Forgets a guild that the bot is no longer in; the store remembers when it left."""
        if guild_id not in self._guilds:
            return
        self._displace(guild_id)
        self._bots.pop(guild_id, None)
        self._bump()
        await self._store.guilds.mark_left(guild_id, self._clock())

    async def choose_tracking(self, channel_id: int, tracked: bool | None) -> None:
        """Keeps an admin's choice for a channel or category; None takes it back.

        Raises `StoreError` where it cannot be saved; then nothing has changed.
        """
        await self._store.guilds.choose_tracking(channel_id, tracked)
        if tracked is None:
            self._choices.pop(channel_id, None)
        else:
            self._choices[channel_id] = tracked
        self._bump()

    async def save_settings(self, settings: GuildSettings) -> None:
        """Keeps what a guild's admins chose.

        Raises `StoreError` where it cannot be saved; then nothing has changed.
        """
        await self._store.settings.save(settings)
        self._settings[settings.guild_id] = settings
        self._bump()

    def _decide(self, channel_id: int) -> bool:
        channel = self._channels.get(channel_id)
        guild = self._guilds.get(channel.guild_id) if channel else None
        if channel is None or guild is None:
            return False
        reports_to = tracking.report_channel(guild, self.settings(guild.id))
        return tracking.is_tracked(
            guild, channel, self._bots.get(guild.id), self._choices, reports_to
        )

    def _place(self, guild: Guild) -> None:
        self._displace(guild.id)
        self._guilds[guild.id] = guild
        self._channels.update((one.id, one) for one in guild.channels)

    def _displace(self, guild_id: int) -> None:
        old = self._guilds.pop(guild_id, None)
        for channel in old.channels if old else ():
            self._channels.pop(channel.id, None)

    def _bump(self, touched: Iterable[int] | None = None) -> None:
        """Notes a change; `touched` are the channels that may be tracked otherwise now, or all."""
        self.revision += 1
        if touched is None:
            self._tracked.clear()
        else:
            for channel_id in touched:
                self._tracked.pop(channel_id, None)
        for tell in self._watchers:
            tell()

    async def _changed(self, guild_id: int, touched: Iterable[int] | None = None) -> None:
        self._bump(touched)
        self._unsaved.add(guild_id)
        async with self._saving:
            await self._save()

    async def _save(self) -> None:
        """Saves what is not saved yet, as it stands now; what fails goes with the next change."""
        for guild_id in tuple(self._unsaved):
            guild = self._guilds.get(guild_id)
            self._unsaved.discard(guild_id)  # first: it may change again while it is saved
            try:
                if guild is not None:
                    await self._store.guilds.save(guild)
            except StoreError as error:
                self._unsaved.add(guild_id)
                _log.warning("Guild %d could not be saved for now: %s", guild_id, error)
                return


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


def _visible(channels: Iterable[Channel]) -> tuple[Channel, ...]:
    """Without those that Discord hides: they are neither listed nor stored."""
    return tuple(one for one in channels if not is_hidden(one))


def _now_archived(old: Guild, new: Guild) -> tuple[Channel, ...]:
    """The threads of the old picture that the new one does not list, though their channel is."""
    told = {one.id for one in new.channels}
    return tuple(
        replace(one, archived=True)
        for one in old.channels
        if one.kind.is_thread and one.id not in told and one.parent_id in told
    )
