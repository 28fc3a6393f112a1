"""Threads: started, joined, listed. https://docs.discord.com/developers/topics/threads."""

from collections.abc import Sequence
from datetime import datetime

from guildwatch.model import ChannelKind
from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import Channel, Thread
from guildwatch.sandbox.rest import forms
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.world import World

_CHANNEL = "/channels/{channel_id}"
_KINDS = (ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD)


class Threads:
    """What the bot does with threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bot = world.bot.id

    def routes(self) -> Sequence[Route]:
        """Their routes."""
        members = _CHANNEL + "/thread-members"
        from_message = _CHANNEL + "/messages/{message_id}/threads"
        mine = _CHANNEL + "/users/@me/threads/archived/private"
        return [
            Route("POST", from_message, self.start_from_message, Limit(50, 300.0), status=201),
            Route("POST", _CHANNEL + "/threads", self.start, Limit(50, 300.0), status=201),
            Route("GET", _CHANNEL + "/threads/archived/public", self.archived_public),
            Route("GET", _CHANNEL + "/threads/archived/private", self.archived_private),
            Route("GET", mine, self.archived_mine),
            Route("GET", members, self.members),
            Route("PUT", members + "/@me", self.join),
            Route("DELETE", members + "/@me", self.leave),
            Route("GET", members + "/{user_id}", self.member),
            Route("PUT", members + "/{user_id}", self.add),
            Route("DELETE", members + "/{user_id}", self.remove),
            Route("GET", "/guilds/{guild_id}/threads/active", self.active),
        ]

    def start_from_message(self, call: Call) -> Result:
        """A thread on a message."""
        channel = self._channel(call)
        message = self._world.message(call.id("message_id"), channel.id)
        form = call.form
        name = form.text("name", least=1, most=100, required=True) or ""
        _archive_minutes(form)
        form.check()
        thread = self._world.start_from_message(self._bot, message, name)
        return render.thread_for(self._world, thread, self._bot)

    def start(self, call: Call) -> Result:
        """A thread on its own, or a post in a forum."""
        channel = self._channel(call)
        form = call.form
        name = form.text("name", least=1, most=100, required=True) or ""
        _archive_minutes(form)
        if channel.is_forum:
            return self._start_post(channel, name, call, form)
        kind = form.choice("type", _KINDS) or ChannelKind.PRIVATE_THREAD
        form.check()
        invitable = form.flag("invitable", default=True)
        thread = self._world.start_thread(self._bot, channel, name, kind, invitable=invitable)
        return render.thread_for(self._world, thread, self._bot)

    def active(self, call: Call) -> Result:
        """All active threads of a guild that the bot sees, newest first."""
        guild = self._world.guild(call.id("guild_id"))
        self._world.require_in_guild(self._bot, guild)
        seen = [one for one in self._world.threads_of(guild) if self._world.views(self._bot, one)]
        return {**render.thread_list(self._world, seen[::-1], self._bot), "has_more": False}

    def archived_public(self, call: Call) -> Result:
        """A page of archived public threads, latest archived first."""
        return self._archived(call, private=False, joined_only=False)

    def archived_private(self, call: Call) -> Result:
        """A page of archived private threads; needs MANAGE_THREADS."""
        self._world.require(self._bot, self._channel(call), Permission.MANAGE_THREADS)
        return self._archived(call, private=True, joined_only=False)

    def archived_mine(self, call: Call) -> Result:
        """A page of archived private threads that the bot has joined."""
        return self._archived(call, private=True, joined_only=True)

    def members(self, call: Call) -> Result:
        """Who has joined a thread; the whole list needs the GUILD_MEMBERS intent."""
        channel = self._thread(call)
        return [self._member(channel, id_, call) for id_ in _details(channel).members]

    def member(self, call: Call) -> Result:
        """One thread member."""
        return self._member(self._thread(call), call.id("user_id"), call)

    def join(self, call: Call) -> Result:
        """The bot joins a thread."""
        self._world.join_thread(self._bot, self._thread(call).id)
        return None

    def leave(self, call: Call) -> Result:
        """The bot leaves a thread."""
        self._world.leave_thread(self._bot, self._thread(call).id)
        return None

    def add(self, call: Call) -> Result:
        """The bot brings somebody into a thread."""
        channel = self._thread(call)
        self._world.require(self._bot, channel, Permission.SEND_MESSAGES_IN_THREADS)
        self._world.add_to_thread(channel.id, call.id("user_id"))
        return None

    def remove(self, call: Call) -> Result:
        """The bot removes somebody from a thread."""
        channel = self._thread(call)
        self._world.require(self._bot, channel, Permission.MANAGE_THREADS)
        self._world.leave_thread(call.id("user_id"), channel.id)
        return None

    def _channel(self, call: Call) -> Channel:
        channel = self._world.channel(call.id("channel_id"))
        self._world.require(self._bot, channel)
        return channel

    def _thread(self, call: Call) -> Channel:
        channel = self._channel(call)
        _details(channel)
        return channel

    def _member(self, channel: Channel, user_id: int, call: Call) -> Json:
        if user_id not in _details(channel).members:
            raise RefusedError(Kind.UNKNOWN_MEMBER)
        told = render.thread_member(channel, user_id)
        if call.query.get("with_member", "").lower() != "true":
            return told
        member = self._world.member(channel.guild_id or 0, user_id)
        return {**told, "member": render.member(self._world, member)}

    def _start_post(self, channel: Channel, name: str, call: Call, form: Form) -> Json:
        message = form.child("message")
        if message is None:
            form.fault("message", "BASE_TYPE_REQUIRED", "This field is required")
        tag_ids = form.snowflakes("applied_tags", most=5)
        form.check()
        draft = forms.draft(message or form, call.files)
        thread = self._world.start_post(self._bot, channel, name, draft, tag_ids)
        first = render.message(self._world, self._world.message(thread.id))
        return {**render.thread_for(self._world, thread, self._bot), "message": first}

    def _archived(self, call: Call, *, private: bool, joined_only: bool) -> Json:
        channel = self._channel(call)
        self._world.require(self._bot, channel, Permission.READ_MESSAGE_HISTORY)
        form = call.asked
        limit = form.integer("limit", least=2, most=100) or 50
        before_id = form.snowflake("before") if joined_only else None
        before = None if joined_only else form.moment("before")
        form.check()
        guild = self._world.guild(channel.guild_id or 0)
        found = [
            one
            for one in self._world.threads_of(guild, archived=True)
            if one.parent_id == channel.id
            and one.is_private_thread is private
            and (not joined_only or self._bot in _details(one).members)
            and (before_id is None or one.id < before_id)
            and (before is None or _archived_at(one) < before)
        ]
        found.sort(key=(lambda one: one.id) if joined_only else _archived_at, reverse=True)
        listed = render.thread_list(self._world, found[:limit], self._bot)
        return {**listed, "has_more": len(found) > limit}


def _details(channel: Channel) -> Thread:
    if channel.thread is None:
        raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
    return channel.thread


def _archived_at(channel: Channel) -> datetime:
    return _details(channel).archive_changed_at


def _archive_minutes(form: Form) -> None:
    form.choice("auto_archive_duration", (60, 1440, 4320, 10080))
    form.integer("rate_limit_per_user", least=0, most=21600)
