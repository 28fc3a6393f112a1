"""Everything the sandbox knows, and the questions that all its parts ask about it."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from guildwatch.model import Clock
from guildwatch.sandbox import permissions, render
from guildwatch.sandbox.application import Application
from guildwatch.sandbox.clock import Timer
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Event, Intent, Listener
from guildwatch.sandbox.ids import Ids
from guildwatch.sandbox.interactions import Interaction
from guildwatch.sandbox.journal import Journal
from guildwatch.sandbox.messages import Message, StoredFile
from guildwatch.sandbox.people import Member, User
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import DM, Channel, Guild

Found = TypeVar("Found")


class State:
    """The sandbox's memory.

    `clock` stamps ids and times; `timer` (real seconds) runs Discord's own limits: 3 seconds for
    an answer, minutes for a nonce. `obfuscate` hides what the bot cannot view behind
    `___hidden___`, as Discord does since 16 November 2026; off, such channels arrive in full.
    `tells_ban_deletions`: whether the messages that go with a ban are told as deleted.
    `answer_seconds`: how long the bot may take for its first answer, on a slow machine more than 3.
    """

    def __init__(self, clock: Clock, *, timer: Timer = time.monotonic) -> None:
        self.clock = clock
        self.timer = timer
        self.ids = Ids(clock)
        self.address = "http://127.0.0.1"
        self.obfuscate = True
        self.tells_ban_deletions = True
        self.answer_seconds = 3.0
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.kept_messages: dict[int, Message] = {}
        self.files: dict[int, StoredFile] = {}
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[tuple[int, str], tuple[float, int]] = {}
        self.old_edits: dict[int, deque[float]] = {}
        self.webhooks: dict[int, int] = {}
        self.closed_dms: set[int] = set()
        self.listeners: list[Listener] = []
        self.log = Journal()
        self.application = Application(self.ids.next(), "Watcher")
        self.bot = User(self.application.id, "Watcher", bot=True)
        self.users[self.bot.id] = self.bot
        self.application_owner = User(self.ids.next(), "operator")
        self.users[self.application_owner.id] = self.application_owner

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.application.token

    def user(self, user_id: int) -> User:
        """The user; raises 10013."""
        return _found(self.users, user_id, Kind.UNKNOWN_USER)

    def guild(self, guild_id: int) -> Guild:
        """The guild; raises 10004."""
        return _found(self.guilds, guild_id, Kind.UNKNOWN_GUILD)

    def channel(self, channel_id: int) -> Channel:
        """The channel, thread or direct message channel; raises 10003."""
        return _found(self.channels, channel_id, Kind.UNKNOWN_CHANNEL)

    def message(self, message_id: int, channel_id: int | None = None) -> Message:
        """The message, in that channel if one is given; raises 10008."""
        message = _found(self.kept_messages, message_id, Kind.UNKNOWN_MESSAGE)
        if channel_id not in (None, message.channel_id):
            raise RefusedError(Kind.UNKNOWN_MESSAGE)
        return message

    def member(self, guild_id: int, user_id: int) -> Member:
        """The member; raises 10007."""
        return _found(self.guild(guild_id).members, user_id, Kind.UNKNOWN_MEMBER)

    def guild_of(self, channel: Channel) -> Guild | None:
        """The channel's guild, None for a direct message channel."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def channels_of(self, guild: Guild) -> list[Channel]:
        """The guild's channels without its threads."""
        there = (self.channels[id_] for id_ in guild.channel_ids)
        return [channel for channel in there if not channel.is_thread]

    def threads_of(self, guild: Guild, *, archived: bool = False) -> list[Channel]:
        """The guild's active threads, or its archived ones."""
        there = (self.channels[id_] for id_ in guild.channel_ids)
        return [one for one in there if one.thread and one.thread.archived is archived]

    def permissions(self, user_id: int, channel: Channel) -> int:
        """What a user may in a channel; nothing for who is not there."""
        guild = self.guild_of(channel)
        if guild is None:
            return int(permissions.DIRECT) if user_id in channel.recipients else 0
        member = guild.members.get(user_id)
        if member is None:
            return 0
        parent = self.channels.get(channel.parent_id or 0)
        return permissions.in_channel(guild, channel, parent, member, self.clock())

    def may(self, user_id: int, channel: Channel, wanted: int) -> bool:
        """Whether the user has all the wanted permissions in the channel."""
        return self.permissions(user_id, channel) & wanted == wanted

    def views(self, user_id: int, channel: Channel) -> bool:
        """Whether the user sees the channel."""
        return self.may(user_id, channel, Permission.VIEW_CHANNEL)

    def require(self, user_id: int, channel: Channel, wanted: int = 0) -> None:
        """Raise 50001 for who does not see the channel, 50013 for who lacks a permission."""
        if not self.views(user_id, channel):
            raise RefusedError(Kind.MISSING_ACCESS)
        if not self.may(user_id, channel, wanted):
            raise RefusedError(Kind.MISSING_PERMISSIONS)

    def require_in_guild(self, user_id: int, guild: Guild, wanted: int = 0) -> Member:
        """The user's membership; raises 50001 for who is not in the guild, 50013 as above."""
        member = guild.members.get(user_id)
        if member is None:
            raise RefusedError(Kind.MISSING_ACCESS)
        if permissions.in_guild(guild, member) & wanted != wanted:
            raise RefusedError(Kind.MISSING_PERMISSIONS)
        return member

    def publish(
        self,
        name: str,
        payload: Json,
        intents: int,
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
    ) -> None:
        """Tell the bot, if it is in that guild, sees that channel, and the guild is available."""
        guild = guild or (self.guild_of(channel) if channel else None)
        if guild is not None and (self.bot.id not in guild.members or not guild.available):
            return
        if channel is not None and not self.views(self.bot.id, channel):
            return
        for listener in self.listeners:
            listener(Event(name, payload, intents))

    def publish_channel(self, name: str, channel: Channel) -> None:
        """Tell of a channel itself: obfuscated, or as a thread only to who sees it."""
        if channel.is_thread:
            self.publish(name, render.channel(self, channel), Intent.GUILDS, channel=channel)
            return
        payload = render.channel_for(self, channel, self.bot.id)
        self.publish(name, payload, Intent.GUILDS, guild=self.guild_of(channel))

    @contextmanager
    def visibility(self, guild: Guild) -> Iterator[None]:
        """Change permissions within, and the bot hears which channels opened or closed to it."""
        before = self._viewed(guild)
        yield
        after = self._viewed(guild)
        for channel in self.channels_of(guild):
            if (channel.id in before) is not (channel.id in after):
                self.publish_channel("CHANNEL_UPDATE", channel)
        opened = after - before
        if opened:
            payload = render.thread_list_sync(self, guild, sorted(opened))
            self.publish("THREAD_LIST_SYNC", payload, Intent.GUILDS, guild=guild)

    def _viewed(self, guild: Guild) -> set[int]:
        return {one.id for one in self.channels_of(guild) if self.views(self.bot.id, one)}

    def intent(self, channel: Channel, in_guild: Intent, in_dm: Intent) -> Intent:
        """The intent of an event by where it happens."""
        return in_dm if channel.type == DM else in_guild


def _found(things: dict[int, Found], key: int, missing: Kind) -> Found:
    if key not in things:
        raise RefusedError(missing)
    return things[key]
