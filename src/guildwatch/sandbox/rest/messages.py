"""Messages, reactions and pins: https://docs.discord.com/developers/resources/message."""

from collections.abc import Sequence
from datetime import timedelta

from guildwatch.model import created_at
from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.faults import Faults
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.messages import Message
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import DM, Channel
from guildwatch.sandbox.rest import forms
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.world import World

_BASE = "/channels/{channel_id}/messages"
_ONE = _BASE + "/{message_id}"
_EMOJI = _ONE + "/reactions/{emoji}"
_OLDEST_IN_BULK = timedelta(days=14)


class Messages:
    """What the bot does with messages."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._bot = world.bot.id

    def routes(self) -> Sequence[Route]:
        """Their routes with Discord's usual limits."""
        pins = "/channels/{channel_id}/pins"
        return [
            Route("GET", _BASE, self.history, Limit(5, 1.0)),
            Route("POST", _BASE, self.create, Limit(5, 5.0)),
            Route("POST", _BASE + "/bulk-delete", self.bulk_delete, Limit(1, 3.0)),
            Route("GET", _BASE + "/pins", self.pinned, Limit(1, 5.0)),
            Route("PUT", _BASE + "/pins/{message_id}", self.pin, Limit(5, 4.0)),
            Route("DELETE", _BASE + "/pins/{message_id}", self.unpin, Limit(5, 4.0)),
            Route("GET", pins, self.pinned_of_old, Limit(1, 5.0)),
            Route("PUT", pins + "/{message_id}", self.pin, Limit(5, 4.0)),
            Route("DELETE", pins + "/{message_id}", self.unpin, Limit(5, 4.0)),
            Route("GET", _ONE, self.one, Limit(20, 1.0)),
            Route("PATCH", _ONE, self.edit, Limit(5, 5.0)),
            Route("DELETE", _ONE, self.delete, Limit(5, 1.0)),
            Route("PUT", _EMOJI + "/@me", self.react, Limit(4, 1.0)),
            Route("DELETE", _EMOJI + "/@me", self.unreact, Limit(4, 1.0)),
            Route("DELETE", _EMOJI + "/{user_id}", self.unreact, Limit(4, 1.0)),
            Route("DELETE", _EMOJI, self.clear_reactions, Limit(4, 1.0)),
            Route("GET", _EMOJI, self.who_reacted),
            Route("DELETE", _ONE + "/reactions", self.clear_reactions, Limit(4, 1.0)),
            Route("POST", "/channels/{channel_id}/typing", self.typing, Limit(5, 5.0)),
        ]

    def history(self, call: Call) -> Result:
        """A page of messages, newest first; without READ_MESSAGE_HISTORY there are none."""
        channel = self._channel(call)
        form = call.asked
        limit = form.integer("limit", least=1, most=100)
        before, after = form.snowflake("before"), form.snowflake("after")
        around = form.snowflake("around")
        form.check()
        if not channel.has_messages:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        if not self._world.may(self._bot, channel, Permission.READ_MESSAGE_HISTORY):
            return []
        size = 50 if limit is None else limit
        ids = sorted(filter(self._is_in_history, channel.message_ids))
        if around is not None:
            older = [id_ for id_ in ids if id_ <= around][-(size // 2 + 1) :]
            page = (older + [id_ for id_ in ids if id_ > around])[:size]
        elif after is not None:
            page = [id_ for id_ in ids if id_ > after][:size]
        else:
            page = [id_ for id_ in ids if before is None or id_ < before][-size:]
        return [self._told(self._world.message(id_), channel) for id_ in reversed(page)]

    def one(self, call: Call) -> Result:
        """A single message."""
        channel = self._readable(call)
        return self._told(self._message(call, channel), channel)

    def create(self, call: Call) -> Result:
        """A new message of the bot."""
        channel = self._channel(call)
        message = self._world.post(self._bot, channel, forms.draft(call.form, call.files))
        return self._with_nonce(message)

    def edit(self, call: Call) -> Result:
        """Change a message of the bot's own."""
        channel = self._channel(call)
        message = self._message(call, channel)
        self._world.check_old_edit(message)
        changes = forms.changes(call.form, call.files)
        return render.message(self._world, self._world.revise(self._bot, message, changes))

    def delete(self, call: Call) -> Result:
        """Delete a message; another's needs MANAGE_MESSAGES."""
        channel = self._channel(call)
        message = self._message(call, channel)
        if message.author_id != self._bot:
            self._world.require(self._bot, channel, Permission.MANAGE_MESSAGES)
        self._world.remove(channel, [message.id], bulk=False)
        return None

    def bulk_delete(self, call: Call) -> Result:
        """Delete 2 to 100 messages of the last two weeks."""
        channel = self._channel(call)
        if channel.type == DM:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        self._world.require(self._bot, channel, Permission.MANAGE_MESSAGES)
        form = call.form
        ids = form.snowflakes("messages", most=100)
        form.check()
        if len(set(ids)) < 2:
            raise RefusedError(Kind.TOO_FEW_MESSAGES)
        if any(self._world.clock() - created_at(id_) > _OLDEST_IN_BULK for id_ in ids):
            raise RefusedError(Kind.TOO_OLD_TO_DELETE)
        self._world.remove(channel, [id_ for id_ in ids if id_ in channel.message_ids], bulk=True)
        return None

    def react(self, call: Call) -> Result:
        """React as the bot."""
        message = self._message(call, self._channel(call))
        self._world.react(self._bot, message.id, self._emoji(call))
        return None

    def unreact(self, call: Call) -> Result:
        """Take the bot's reaction back, or somebody's (MANAGE_MESSAGES)."""
        channel = self._channel(call)
        message = self._message(call, channel)
        user_id = call.id("user_id") if "user_id" in call.parts else self._bot
        if user_id != self._bot:
            self._world.require(self._bot, channel, Permission.MANAGE_MESSAGES)
        self._world.unreact(user_id, message.id, self._emoji(call))
        return None

    def clear_reactions(self, call: Call) -> Result:
        """Take all reactions away, or all of one emoji."""
        channel = self._channel(call)
        self._world.require(self._bot, channel, Permission.MANAGE_MESSAGES)
        emoji = self._emoji(call) if "emoji" in call.parts else None
        self._world.clear_reactions(self._message(call, channel).id, emoji)
        return None

    def who_reacted(self, call: Call) -> Result:
        """Who reacted with an emoji."""
        message = self._message(call, self._readable(call))
        form = call.asked
        limit, after = form.integer("limit", least=1, most=100) or 25, form.snowflake("after") or 0
        form.check()
        ids = sorted(id_ for id_ in message.reactions.get(self._emoji(call), []) if id_ > after)
        return [render.user(self._world.users[id_]) for id_ in ids[:limit]]

    def pin(self, call: Call) -> Result:
        """Pin a message."""
        message = self._message(call, self._channel(call))
        self._world.pin(self._bot, message.id)
        return None

    def unpin(self, call: Call) -> Result:
        """Take a pin away."""
        message = self._message(call, self._channel(call))
        self._world.unpin(self._bot, message.id)
        return None

    def pinned(self, call: Call) -> Result:
        """The pinned messages with when they were pinned, latest first."""
        channel = self._channel(call)
        items = [
            {"pinned_at": render.optional_moment(one.pinned_at), "message": told}
            for one, told in self._pins(channel)
        ]
        return {"items": items, "has_more": False}

    def pinned_of_old(self, call: Call) -> Result:
        """The pinned messages as the deprecated endpoint tells them."""
        return [told for _, told in self._pins(self._channel(call))]

    def typing(self, call: Call) -> Result:
        """Show that the bot is typing."""
        channel = self._channel(call)
        self._world.require(self._bot, channel, Permission.SEND_MESSAGES)
        payload: Json = {
            "channel_id": str(channel.id),
            "user_id": str(self._bot),
            "timestamp": int(self._world.clock().timestamp()),
        }
        guild = self._world.guild_of(channel)
        if guild is not None:
            payload["guild_id"] = str(guild.id)
            payload["member"] = render.member(self._world, guild.members[self._bot])
        intents = self._world.intent(
            channel, Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING
        )
        self._world.publish("TYPING_START", payload, intents, channel=channel)
        return None

    def _channel(self, call: Call) -> Channel:
        channel = self._world.channel(call.id("channel_id"))
        self._world.require(self._bot, channel)
        return channel

    def _readable(self, call: Call) -> Channel:
        channel = self._channel(call)
        if not self._world.may(self._bot, channel, Permission.READ_MESSAGE_HISTORY):
            raise RefusedError(Kind.MISSING_ACCESS)
        return channel

    def _message(self, call: Call, channel: Channel) -> Message:
        message = self._world.message(call.id("message_id"), channel.id)
        if not self._is_in_history(message.id):
            raise RefusedError(Kind.UNKNOWN_MESSAGE)
        return message

    def _is_in_history(self, message_id: int) -> bool:
        """Whether it has arrived there, which may take longer than its event (`history_delay`)."""
        came = self._world.message(message_id).kept_at
        return self._world.timer() - came >= self._faults.history_delay

    def _told(self, message: Message, channel: Channel) -> Json:
        payload = render.message(self._world, message)
        if self._world.application.reads_content or channel.type == DM:
            return payload
        return render.without_content(payload, self._bot)

    def _with_nonce(self, message: Message) -> Json:
        payload = render.message(self._world, message)
        return payload if message.nonce is None else {**payload, "nonce": message.nonce}

    def _pins(self, channel: Channel) -> list[tuple[Message, Json]]:
        if not self._world.may(self._bot, channel, Permission.READ_MESSAGE_HISTORY):
            return []
        there = [self._world.message(id_) for id_ in channel.message_ids]
        pinned = [(one.pinned_at, one) for one in there if one.pinned_at is not None]
        pinned.sort(key=lambda pair: pair[0], reverse=True)
        return [(one, self._told(one, channel)) for _, one in pinned]

    def _emoji(self, call: Call) -> str:
        emoji = call.parts["emoji"]
        if emoji.isascii() and ":" not in emoji:
            raise RefusedError(Kind.UNKNOWN_EMOJI)
        form = Form({"emoji": emoji})
        form.text("emoji", least=1, most=100)
        form.check()
        return emoji
