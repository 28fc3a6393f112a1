"""What is said: posting, editing, deleting, reacting, pinning, direct messages."""

from collections.abc import Sequence

from guildwatch.sandbox import render
from guildwatch.sandbox.acts.posting import Posting
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.messages import Attachment, Draft, Message, MessageFlag, MessageType, Poll
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import DM, Channel


class Talking(Posting):
    """Acts of members about messages, by ids."""

    def say(
        self,
        author_id: int,
        channel_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        attachments: Sequence[Attachment] = (),
        stickers: Sequence[str] = (),
        forward: int | None = None,
        poll: Poll | None = None,
        embeds: Sequence[Json] = (),
        components: Sequence[Json] = (),
        voice: bool = False,
    ) -> int:
        """A new message's id.

        `forward` is the message that is forwarded; `components` are what stands in place of the
        text; `voice` makes the attachment a voice message.
        """
        draft = Draft(
            content=text,
            embeds=list(embeds),
            attachments=attachments,
            stickers=stickers,
            forward=forward,
            poll=poll,
            reply_to=reply_to,
            components=list(components),
        )
        draft.flags |= MessageFlag.VOICE if voice else 0
        draft.flags |= MessageFlag.COMPONENTS_V2 if components else 0
        return self.post(author_id, self.channel(channel_id), draft).id

    def system(
        self,
        channel_id: int,
        user_id: int,
        kind: int = MessageType.JOIN,
        content: str = "",
        *,
        embeds: Sequence[Json] = (),
    ) -> int:
        """A message that Discord itself writes about a user: they joined, they pinned."""
        draft = Draft(content=content, type=kind, embeds=list(embeds))
        return self.put(user_id, self.channel(channel_id), draft).id

    def edit(self, message_id: int, text: str) -> None:
        """Its author changes a message's text."""
        message = self.message(message_id)
        self.revise(message.author_id, message, {"content": text})

    def show_preview(self, message_id: int, *embeds: Json) -> None:
        """Discord has looked at a message's links, and shows them: an update that is no edit."""
        message = self.message(message_id)
        message.embeds = [*message.embeds, *embeds]
        self.tell_updated(message)

    def delete(self, *message_ids: int) -> None:
        """Delete messages of one channel; several go at once, as a moderator's bulk deletion."""
        channel = self.channel(self.message(message_ids[0]).channel_id)
        self.remove(channel, message_ids, bulk=len(message_ids) > 1)

    def remove(
        self, channel: Channel, message_ids: Sequence[int], *, bulk: bool, told: bool = True
    ) -> None:
        """Take messages away, unchecked, `told` or in silence; ids not there are skipped."""
        there = [id_ for id_ in message_ids if id_ in self.kept_messages]
        for message_id in there:
            del self.kept_messages[message_id]
            channel.message_ids.remove(message_id)
        if not told:
            return
        payload: Json = {"channel_id": str(channel.id)}
        if channel.guild_id is not None:
            payload["guild_id"] = str(channel.guild_id)
        intent = self.intent(channel, Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
        if bulk:
            gone = {**payload, "ids": [str(id_) for id_ in there]}
            self.publish("MESSAGE_DELETE_BULK", gone, intent, channel=channel)
            return
        for message_id in there:
            gone = {**payload, "id": str(message_id)}
            self.publish("MESSAGE_DELETE", gone, intent, channel=channel)

    def react(self, user_id: int, message_id: int, emoji: str, *, burst: bool = False) -> None:
        """React to a message; `emoji` is the emoji itself or `name:id`, `burst` a super one."""
        message = self.message(message_id)
        channel = self._open_for_reactions(message)
        needed = Permission.READ_MESSAGE_HISTORY
        if emoji not in message.reactions:
            needed |= Permission.ADD_REACTIONS
        self.require(user_id, channel, needed)
        reacted = message.reactions.setdefault(emoji, [])
        if user_id not in reacted:
            reacted.append(user_id)
            extra: Json = {"message_author_id": str(message.author_id)}
            extra |= {"burst": burst, "type": int(burst)}
            self._tell_reaction("MESSAGE_REACTION_ADD", message, emoji, user_id, extra)

    def unreact(self, user_id: int, message_id: int, emoji: str) -> None:
        """Take a reaction back."""
        message = self.message(message_id)
        self._open_for_reactions(message)
        reacted = message.reactions.get(emoji, [])
        if user_id not in reacted:
            return
        reacted.remove(user_id)
        if not reacted:
            del message.reactions[emoji]
        extra = {"burst": False, "type": 0}
        self._tell_reaction("MESSAGE_REACTION_REMOVE", message, emoji, user_id, extra)

    def clear_reactions(self, message_id: int, emoji: str | None = None) -> None:
        """Take all reactions of a message away, or all of one emoji."""
        message = self.message(message_id)
        if emoji is None:
            message.reactions.clear()
            self._tell_reaction("MESSAGE_REACTION_REMOVE_ALL", message, None, None, {})
        elif message.reactions.pop(emoji, None) is not None:
            self._tell_reaction("MESSAGE_REACTION_REMOVE_EMOJI", message, emoji, None, {})

    def pin(self, user_id: int, message_id: int) -> None:
        """Pin a message; Discord announces it in the channel."""
        message = self.message(message_id)
        channel = self.channel(message.channel_id)
        self.require(user_id, channel, Permission.PIN_MESSAGES)
        if message.pinned_at is not None:
            return
        self._set_pinned(channel, message, pinned=True)
        self.put(user_id, channel, Draft(type=MessageType.PIN, reply_to=message_id))

    def unpin(self, user_id: int, message_id: int) -> None:
        """Take a pin away."""
        message = self.message(message_id)
        channel = self.channel(message.channel_id)
        self.require(user_id, channel, Permission.PIN_MESSAGES)
        self._set_pinned(channel, message, pinned=False)

    def open_dm(self, user_id: int) -> int:
        """The id of the direct message channel between a user and the bot."""
        pair = {self.user(user_id).id, self.bot.id}
        for channel in self.channels.values():
            if channel.type == DM and set(channel.recipients) == pair:
                return channel.id
        channel = Channel(self.ids.next(), DM, None, recipients=sorted(pair))
        self.channels[channel.id] = channel
        return channel.id

    def messages(self, channel_id: int) -> list[Json]:
        """A channel's or thread's messages as REST tells them, newest last."""
        channel = self.channel(channel_id)
        return [render.message(self, self.kept_messages[id_]) for id_ in channel.message_ids]

    def file(self, url: str) -> bytes:
        """The bytes of an attachment, by the URL in a message."""
        for kept in self.files.values():
            if render.url_of(self, kept) == url:
                return kept.file.data
        raise RefusedError(Kind.NOT_FOUND)

    def _set_pinned(self, channel: Channel, message: Message, *, pinned: bool) -> None:
        message.pinned_at = self.clock() if pinned else None
        channel.last_pin_at = self.clock() if pinned else channel.last_pin_at
        self.tell_updated(message)
        payload: Json = {
            "channel_id": str(channel.id),
            "last_pin_timestamp": render.optional_moment(channel.last_pin_at),
        }
        if channel.guild_id is not None:
            payload["guild_id"] = str(channel.guild_id)
        intent = self.intent(channel, Intent.GUILDS, Intent.DIRECT_MESSAGES)
        self.publish("CHANNEL_PINS_UPDATE", payload, intent, channel=channel)

    def _open_for_reactions(self, message: Message) -> Channel:
        channel = self.channel(message.channel_id)
        if channel.thread is not None and channel.thread.archived:
            raise RefusedError(Kind.THREAD_ARCHIVED)
        if message.flags & MessageFlag.EPHEMERAL:
            raise RefusedError(Kind.UNKNOWN_MESSAGE)
        return channel

    def _tell_reaction(
        self, event: str, message: Message, emoji: str | None, user_id: int | None, extra: Json
    ) -> None:
        channel = self.channel(message.channel_id)
        guild = self.guild_of(channel)
        payload: Json = {"channel_id": str(channel.id), "message_id": str(message.id), **extra}
        if emoji is not None:
            payload["emoji"] = render.emoji(emoji)
        if user_id is not None:
            payload["user_id"] = str(user_id)
        if guild is not None:
            payload["guild_id"] = str(guild.id)
            member = guild.members.get(user_id or 0)
            if event == "MESSAGE_REACTION_ADD" and member is not None:
                payload["member"] = render.member(self, member)
        intents = self.intent(
            channel, Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS
        )
        self.publish(event, payload, intents, channel=channel)
