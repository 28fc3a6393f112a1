"""The gateway's raw events, in Discord's order, on their way to the roster and into the intake.

hikari starts a task for each event, in order; every handler here takes effect before its first
`await`, and so the order stays. Its own event objects are not used: one field that they do not know
makes hikari throw the whole event away.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

import hikari

from guildwatch.capture import Backfill, Intake, Pause, Roster
from guildwatch.discord import contents, payloads
from guildwatch.discord.fields import (
    OddPayloadError,
    Raw,
    mapping,
    mappings,
    needed_snowflake,
    snowflake,
    snowflakes,
)
from guildwatch.discord.pictures import known_members, unlisted, vanished, with_members
from guildwatch.model import (
    Channel,
    ChannelClosed,
    ChannelKind,
    Deletion,
    Guild,
    GuildLeft,
    GuildwatchError,
    Member,
    Message,
    ReactionChange,
)

_log = logging.getLogger(__name__)

_TOLD = {"content", "attachments", "components", "message_snapshots", "poll", "sticker_items"}
"""The parts of an update that change what we keep; embeds alone are the previews of links."""
_AFTER_BAN = 5.0
"""Seconds until a banned member's messages are asked for: Discord deletes them after it tells."""

Welcome: TypeAlias = Callable[[Guild], Awaitable[None]]
"""What is done once for a guild in which the bot was not seen before."""
Interaction: TypeAlias = Callable[[Raw], Awaitable[None]]
"""What is done with an interaction, beside what answers to commands."""


class Listeners:
    """Hears what happens, keeps the roster current, and offers what is said to the intake.

    `oddities` counts by event what could not be understood; each kind is logged once.
    """

    def __init__(
        self,
        roster: Roster,
        intake: Intake,
        backfill: Backfill,
        *,
        welcome: Welcome | None = None,
        interaction: Interaction | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.oddities: Counter[str] = Counter()
        self._roster = roster
        self._intake = intake
        self._backfill = backfill
        self._welcome = welcome
        self._pause = pause
        self._handlers: dict[str, Callable[[Raw], Awaitable[None]]] = {
            "READY": self._ready,
            "MESSAGE_CREATE": self._message_created,
            "MESSAGE_UPDATE": self._message_updated,
            "MESSAGE_DELETE": self._message_deleted,
            "MESSAGE_DELETE_BULK": self._messages_deleted,
            "MESSAGE_REACTION_ADD": self._reaction_added,
            "MESSAGE_REACTION_REMOVE": self._reaction_removed,
            "MESSAGE_REACTION_REMOVE_ALL": self._reactions_cleared,
            "MESSAGE_REACTION_REMOVE_EMOJI": self._emoji_cleared,
            "CHANNEL_CREATE": self._channel_changed,
            "CHANNEL_UPDATE": self._channel_changed,
            "CHANNEL_DELETE": self._channel_deleted,
            "THREAD_CREATE": self._thread_changed,
            "THREAD_UPDATE": self._thread_changed,
            "THREAD_DELETE": self._channel_deleted,
            "THREAD_LIST_SYNC": self._threads_listed,
            "THREAD_MEMBER_UPDATE": self._own_thread_member_changed,
            "THREAD_MEMBERS_UPDATE": self._thread_members_changed,
            "GUILD_CREATE": self._guild_created,
            "GUILD_UPDATE": self._guild_updated,
            "GUILD_DELETE": self._guild_deleted,
            "GUILD_ROLE_CREATE": self._role_changed,
            "GUILD_ROLE_UPDATE": self._role_changed,
            "GUILD_ROLE_DELETE": self._role_deleted,
            "GUILD_MEMBER_UPDATE": self._member_changed,
            "GUILD_BAN_ADD": self._banned,
        }
        if interaction is not None:
            self._handlers["INTERACTION_CREATE"] = interaction

    async def hear(self, event: hikari.ShardPayloadEvent) -> None:
        """Takes one event of the gateway."""
        handler = self._handlers.get(event.name)
        if handler is None:
            return
        try:
            await handler(event.payload)
        except OddPayloadError as odd:
            self.oddities[event.name] += 1
            if self.oddities[event.name] == 1:
                _log.warning("A %s could not be understood: its %s is odd.", event.name, odd)
        except GuildwatchError as error:
            _log.warning("%s: %s", event.name, error)

    async def _ready(self, raw: Raw) -> None:
        """A new session: whatever happened since the last one is missing, and guilds may be."""
        self._roster.bot_id = needed_snowflake(mapping(raw.get("user")), "id")
        self._backfill.interrupt()
        there = {snowflake(one.get("id")) for one in mappings(raw.get("guilds"))}
        for guild in self._roster.guilds():
            if guild.id not in there and guild.is_joined:
                await self._leave(guild.id)

    async def _message_created(self, raw: Raw) -> None:
        if raw.get("guild_id") is None:
            return  # a direct message, which is nobody's business here
        channel_id = needed_snowflake(raw, "channel_id")
        if not self._roster.is_tracked(channel_id):
            self._intake.frontier.open(channel_id)
        elif not self._is_not_kept(raw):
            self._intake.offer(self._understood(raw, channel_id))

    def _understood(self, raw: Raw, channel_id: int) -> Message:
        """The message; an odd one is looked for in history, which tells what is missing."""
        try:
            return payloads.message(raw)
        except OddPayloadError:
            self._intake.frontier.shed(channel_id)
            raise

    async def _message_updated(self, raw: Raw) -> None:
        """Takes what a message has become; where only a part of it is told it is read again."""
        if raw.get("guild_id") is None or self._is_not_kept(raw):
            return
        edit = payloads.edit(raw)
        if edit is not None:
            self._intake.offer(edit)
        elif raw.keys() & _TOLD:
            self._doubt(needed_snowflake(raw, "channel_id"), needed_snowflake(raw, "id"))

    def _is_not_kept(self, raw: Raw) -> bool:
        return payloads.author_id(raw) == self._roster.bot_id or contents.is_ephemeral(raw)

    def _doubt(self, channel_id: int, message_id: int) -> None:
        if self._roster.is_tracked(channel_id):
            self._intake.doubt(channel_id, message_id)

    async def _message_deleted(self, raw: Raw) -> None:
        self._delete(raw, (needed_snowflake(raw, "id"),))

    async def _messages_deleted(self, raw: Raw) -> None:
        self._delete(raw, snowflakes(raw.get("ids")))

    def _delete(self, raw: Raw, ids: tuple[int, ...]) -> None:
        """Even in channels that are not tracked any more: what they once said may be stored."""
        if raw.get("guild_id") is not None and ids:
            guild_id = needed_snowflake(raw, "guild_id")
            self._intake.offer(Deletion(guild_id, needed_snowflake(raw, "channel_id"), ids))

    async def _reaction_added(self, raw: Raw) -> None:
        self._react(raw, delta=1)

    async def _reaction_removed(self, raw: Raw) -> None:
        self._react(raw, delta=-1)

    async def _reactions_cleared(self, raw: Raw) -> None:
        self._react(raw, clear=True)

    async def _emoji_cleared(self, raw: Raw) -> None:
        """Discord does not say how many of the emoji there were: the message is read again."""
        self._doubt(needed_snowflake(raw, "channel_id"), needed_snowflake(raw, "message_id"))

    def _react(self, raw: Raw, *, delta: int = 0, clear: bool = False) -> None:
        channel_id = needed_snowflake(raw, "channel_id")
        if self._roster.is_tracked(channel_id):
            id_, guild_id = needed_snowflake(raw, "message_id"), needed_snowflake(raw, "guild_id")
            self._intake.offer(ReactionChange(id_, guild_id, channel_id, delta, clear))

    async def _channel_changed(self, raw: Raw) -> None:
        await self._roster.put_channel(payloads.channel(raw))

    async def _channel_deleted(self, raw: Raw) -> None:
        channel_id, guild_id = needed_snowflake(raw, "id"), needed_snowflake(raw, "guild_id")
        for thread in self._roster.threads(channel_id):
            self._intake.offer(ChannelClosed(guild_id, thread.id))
        self._intake.offer(ChannelClosed(guild_id, channel_id))
        await self._roster.drop_channel(channel_id)

    async def _thread_changed(self, raw: Raw) -> None:
        """Discord tells of a private thread only those who see it, and so are mostly in it.

        Of one that was made and archived while we were away, and is opened again, nothing else is
        told. Where it is seen by right alone, it does no harm to count as being in it.
        """
        guild_id, bot_id = needed_snowflake(raw, "guild_id"), self._roster.bot_id
        thread = payloads.thread(raw, guild_id, bot_id)
        seen = {bot_id} if thread.kind is ChannelKind.PRIVATE_THREAD else ()
        await self._roster.put_channel(with_members(self._with_known_members(thread), seen))

    async def _threads_listed(self, raw: Raw) -> None:
        """The active threads of channels that the bot can see from now on, all of them."""
        guild_id, bot_id = needed_snowflake(raw, "guild_id"), self._roster.bot_id
        joined = {snowflake(one.get("id")) for one in mappings(raw.get("members"))}
        threads = payloads.several(
            lambda one: payloads.thread(one, guild_id, bot_id), raw.get("threads")
        )
        told = [
            with_members(self._with_known_members(one), {bot_id} if one.id in joined else ())
            for one in threads
        ]
        among = None if "channel_ids" not in raw else set(snowflakes(raw["channel_ids"]))
        archived = unlisted(self._roster.guild(guild_id), told, among)
        await self._roster.put_channels(guild_id, [*told, *archived])

    async def _own_thread_member_changed(self, raw: Raw) -> None:
        thread = self._roster.channel(needed_snowflake(raw, "id"))
        if thread is not None:
            await self._roster.put_channel(with_members(thread, {self._roster.bot_id}))

    async def _thread_members_changed(self, raw: Raw) -> None:
        thread = self._roster.channel(needed_snowflake(raw, "id"))
        if thread is None:
            return
        me = {self._roster.bot_id}
        added = snowflakes([one.get("user_id") for one in mappings(raw.get("added_members"))])
        gone = snowflakes(raw.get("removed_member_ids"))
        inside = (known_members(thread, self._roster.bot_id) | me.intersection(added)) - set(gone)
        await self._roster.put_channel(replace(thread, member_ids=inside))

    async def _guild_created(self, raw: Raw) -> None:
        """A guild's whole picture: at the start, after an outage, or because the bot joined."""
        if raw.get("unavailable") is True:
            return
        guild = payloads.guild(raw, self._roster.bot_id)
        old = self._roster.guild(guild.id)
        known = {one.id: one for one in old.channels} if old else {}
        channels = tuple(
            with_members(one, known_members(known.get(one.id), self._roster.bot_id))
            for one in guild.channels
        )
        for channel in vanished(old, guild):
            self._backfill.confirm_gone(channel)
        self._backfill.request(guild.id)
        await self._roster.put_guild(replace(guild, channels=channels), self._bot_in(raw, guild.id))
        if self._welcome is not None and (old is None or not old.is_joined):
            await self._welcome(self._roster.guild(guild.id) or guild)

    async def _guild_updated(self, raw: Raw) -> None:
        await self._roster.update_guild(payloads.guild(raw, self._roster.bot_id))

    async def _guild_deleted(self, raw: Raw) -> None:
        guild_id = needed_snowflake(raw, "id")
        if raw.get("unavailable") is True:
            self._backfill.interrupt_guild(guild_id)
        else:
            await self._leave(guild_id)

    async def _role_changed(self, raw: Raw) -> None:
        guild_id = needed_snowflake(raw, "guild_id")
        await self._roster.put_role(guild_id, payloads.role(mapping(raw.get("role"))))

    async def _role_deleted(self, raw: Raw) -> None:
        guild_id = needed_snowflake(raw, "guild_id")
        await self._roster.drop_role(guild_id, needed_snowflake(raw, "role_id"))

    async def _member_changed(self, raw: Raw) -> None:
        member = payloads.member(raw, needed_snowflake(raw, "guild_id"))
        if member.id == self._roster.bot_id:
            await self._roster.put_bot(member)

    async def _banned(self, raw: Raw) -> None:
        """Up to seven days of their messages may go with them, and Discord need not say which."""
        guild_id = needed_snowflake(raw, "guild_id")
        author_id = needed_snowflake(mapping(raw.get("user")), "id")
        await self._pause(_AFTER_BAN)
        self._backfill.recheck_author(guild_id, author_id)

    async def _leave(self, guild_id: int) -> None:
        self._backfill.interrupt_guild(guild_id)
        self._intake.offer(GuildLeft(guild_id))
        await self._roster.drop_guild(guild_id)

    def _with_known_members(self, thread: Channel) -> Channel:
        known = self._roster.channel(thread.id)
        return with_members(thread, known_members(known, self._roster.bot_id))

    def _bot_in(self, raw: Raw, guild_id: int) -> Member:
        members = payloads.several(lambda one: payloads.member(one, guild_id), raw.get("members"))
        bot_id = self._roster.bot_id
        known = self._roster.bot_member(guild_id) or Member(guild_id, bot_id, "")
        return next((one for one in members if one.id == bot_id), known)
