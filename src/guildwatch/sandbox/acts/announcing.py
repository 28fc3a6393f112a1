"""Announcement channels: followed from elsewhere, their messages published into other channels.

https://docs.discord.com/developers/resources/message#crosspost-message
"""

from guildwatch.model import ChannelKind
from guildwatch.sandbox import render
from guildwatch.sandbox.acts.applications import Applications
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.messages import Draft, Message, MessageFlag, MessageType
from guildwatch.sandbox.permissions import Permission


class Announcing(Applications):
    """Acts about what is sent on from one channel into others."""

    def follow(self, user_id: int, source_id: int, target_id: int) -> int:
        """The id of the webhook that from now on brings a channel's publications into another."""
        source, target = self.channel(source_id), self.channel(target_id)
        if source.type != ChannelKind.ANNOUNCEMENT:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        guild = self.guild(source.guild_id or 0)
        webhook_id = self.add_webhook(target_id, f"{guild.name} #{source.name}"[:80])
        source.followers.append(webhook_id)
        told = self.compose(
            user_id, target, Draft(content=source.name, type=MessageType.FOLLOW_ADDED)
        )
        told.reference = {"type": 0, "channel_id": str(source.id), "guild_id": str(source.guild_id)}
        self._keep(target, told, Draft())
        self.tell_created(told)
        return webhook_id

    def crosspost(self, user_id: int, message_id: int) -> list[int]:
        """Publish an announcement; the ids of its copies in the channels that follow."""
        message = self.message(message_id)
        source = self.channel(message.channel_id)
        if source.type != ChannelKind.ANNOUNCEMENT:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        foreign = message.author_id != user_id
        needed = Permission.MANAGE_MESSAGES if foreign else Permission.SEND_MESSAGES
        self.require(user_id, source, needed)
        if message.flags & MessageFlag.CROSSPOSTED:
            raise RefusedError(Kind.ALREADY_CROSSPOSTED)
        message.flags |= MessageFlag.CROSSPOSTED
        self.tell_updated(message)
        return [self._send_on(message, webhook_id) for webhook_id in source.followers]

    def _send_on(self, message: Message, webhook_id: int) -> int:
        source, target = self.channel(message.channel_id), self.channel(self.webhooks[webhook_id])
        draft = Draft(
            content=message.content,
            embeds=message.embeds,
            flags=MessageFlag.IS_CROSSPOST,
            webhook_id=webhook_id,
        )
        copy = self.compose(webhook_id, target, draft)
        copy.files = message.files
        copy.reference = {
            "type": 0,
            "message_id": str(message.id),
            "channel_id": str(source.id),
            "guild_id": render.optional_id(source.guild_id),
        }
        self._keep(target, copy, draft)
        self.tell_created(copy)
        return copy.id
