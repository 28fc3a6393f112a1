"""Channels and their permissions: https://docs.discord.com/developers/resources/channel."""

from collections.abc import Sequence

from guildwatch.model import Overwrite
from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import Channel
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.world import World

_ONE = "/channels/{channel_id}"
_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


class Channels:
    """What the bot does with channels, threads among them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bot = world.bot.id

    def routes(self) -> Sequence[Route]:
        """Their routes."""
        overwrite = _ONE + "/permissions/{overwrite_id}"
        return [
            Route("GET", _ONE, self.one, Limit(20, 5.0)),
            Route("PATCH", _ONE, self.edit, Limit(5, 15.0)),
            Route("DELETE", _ONE, self.delete, Limit(5, 15.0)),
            Route("PUT", overwrite, self.set_overwrite, Limit(10, 15.0)),
            Route("DELETE", overwrite, self.drop_overwrite, Limit(10, 15.0)),
        ]

    def one(self, call: Call) -> Result:
        """A channel or thread."""
        return self._told(self._channel(call))

    def edit(self, call: Call) -> Result:
        """Change a channel or thread."""
        channel = self._channel(call)
        if channel.thread is not None:
            self._edit_thread(channel, call.form)
        else:
            self._world.require(self._bot, channel, Permission.MANAGE_CHANNELS)
            self._world.change_channel(channel, **_channel_changes(call.form))
        return self._told(channel)

    def delete(self, call: Call) -> Result:
        """Delete a channel or thread."""
        channel = self._channel(call)
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        self._world.require(self._bot, channel, needed)
        told = self._told(channel)
        self._world.delete_channel(channel.id)
        return told

    def set_overwrite(self, call: Call) -> Result:
        """Set one permission overwrite."""
        channel = self._channel(call)
        self._world.require(self._bot, channel, Permission.MANAGE_ROLES)
        form = call.form
        kind = form.choice("type", (0, 1), required=True)
        allow, deny = form.integer("allow") or 0, form.integer("deny") or 0
        form.check()
        one = Overwrite(call.id("overwrite_id"), is_member=kind == 1, allow=allow, deny=deny)
        others = {**channel.overwrites, one.id: one}
        self._world.change_channel(channel, overwrites=others)
        return None

    def drop_overwrite(self, call: Call) -> Result:
        """Take one permission overwrite away."""
        channel = self._channel(call)
        self._world.require(self._bot, channel, Permission.MANAGE_ROLES)
        others = dict(channel.overwrites)
        if others.pop(call.id("overwrite_id"), None) is None:
            raise RefusedError(Kind.UNKNOWN_OVERWRITE)
        self._world.change_channel(channel, overwrites=others)
        return None

    def _channel(self, call: Call) -> Channel:
        channel = self._world.channel(call.id("channel_id"))
        self._world.require(self._bot, channel)
        return channel

    def _told(self, channel: Channel) -> Json:
        if channel.is_thread:
            return render.thread_for(self._world, channel, self._bot)
        return render.channel(self._world, channel)

    def _edit_thread(self, channel: Channel, form: Form) -> None:
        """Change a thread: waking a thread needs no more than writing in it."""
        thread = channel.thread
        if thread is None:
            return
        archived = form.flag("archived") if "archived" in form else None
        locked = form.flag("locked") if "locked" in form else None
        name = form.text("name", least=1, most=100)
        minutes = form.choice("auto_archive_duration", _ARCHIVE_MINUTES)
        tag_ids = form.snowflakes("applied_tags", most=5)
        form.check()
        self._require_thread_edit(channel, form, archived=archived)
        if name is not None:
            channel.name = name
        if minutes is not None:
            thread.auto_archive_minutes = minutes
        if "applied_tags" in form:
            thread.tag_ids = tag_ids
        self._world.change_thread(channel, archived=archived, locked=locked)

    def _require_thread_edit(self, channel: Channel, form: Form, *, archived: bool | None) -> None:
        thread = channel.thread
        if thread is None or self._world.may(self._bot, channel, Permission.MANAGE_THREADS):
            return self._check_awake(channel, form, archived=archived)
        waking = archived is False and form.body.keys() <= {"archived", "locked"}
        if waking and not thread.locked and not form.body.get("locked"):
            return self._world.require(self._bot, channel, Permission.SEND_MESSAGES_IN_THREADS)
        own = thread.owner_id == self._bot and "locked" not in form and not thread.locked
        if not own:
            raise RefusedError(Kind.MISSING_PERMISSIONS)
        return self._check_awake(channel, form, archived=archived)

    def _check_awake(self, channel: Channel, form: Form, *, archived: bool | None) -> None:
        """Only waking (and locking) goes while a thread is archived."""
        asleep = channel.thread is not None and channel.thread.archived
        if asleep and archived is not False and not form.body.keys() <= {"archived", "locked"}:
            raise RefusedError(Kind.THREAD_ARCHIVED)


def _channel_changes(form: Form) -> dict[str, object]:
    """The changes in a body, under the names of Channel's fields."""
    found: dict[str, object] = {
        "name": form.text("name", least=1, most=100),
        "topic": form.text("topic", most=1024),
        "position": form.integer("position", least=0),
        "slowmode": form.integer("rate_limit_per_user", least=0, most=21600),
    }
    changed = {name: value for name, value in found.items() if value is not None}
    if "nsfw" in form:
        changed["nsfw"] = form.flag("nsfw")
    if "parent_id" in form:
        changed["parent_id"] = form.snowflake("parent_id")
    if "permission_overwrites" in form:
        changed["overwrites"] = overwrites(form)
    form.check()
    return changed


def overwrites(form: Form) -> dict[int, Overwrite]:
    """The permission overwrites in a body."""
    found = [
        Overwrite(
            one.snowflake("id", required=True) or 0,
            is_member=one.choice("type", (0, 1)) == 1,
            allow=one.integer("allow") or 0,
            deny=one.integer("deny") or 0,
        )
        for one in form.children("permission_overwrites")
    ]
    return {one.id: one for one in found}
