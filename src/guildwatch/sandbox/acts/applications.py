"""What other applications say: webhooks, and bots that answer a member's command."""

from collections.abc import Sequence

from guildwatch.sandbox import render
from guildwatch.sandbox.acts.checks import check_form
from guildwatch.sandbox.acts.talking import Talking
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.interactions import InteractionType
from guildwatch.sandbox.messages import Attachment, Draft, MessageFlag, MessageType
from guildwatch.sandbox.people import User


class Applications(Talking):
    """Acts of programs other than the bot."""

    def add_webhook(self, channel_id: int, name: str) -> int:
        """A new webhook's id; it writes into this channel under its own name."""
        webhook = User(self.ids.next(), name, bot=True)
        self.users[webhook.id] = webhook
        self.webhooks[webhook.id] = self.channel(channel_id).id
        return webhook.id

    def say_by_webhook(
        self,
        webhook_id: int,
        text: str,
        *,
        embeds: Sequence[Json] = (),
        attachments: Sequence[Attachment] = (),
        thread_id: int | None = None,
    ) -> int:
        """A new message's id, in the webhook's channel or a thread of it."""
        draft = Draft(
            content=text, embeds=list(embeds), attachments=attachments, webhook_id=webhook_id
        )
        check_form(draft)
        channel = self.channel(thread_id or self.webhooks[webhook_id])
        return self.put(webhook_id, channel, draft).id

    def answer_command(
        self,
        bot_id: int,
        channel_id: int,
        asker_id: int,
        command: str,
        text: str = "",
        *,
        embeds: Sequence[Json] = (),
    ) -> int:
        """What another bot says to a member's slash command; without words it thinks first."""
        channel = self.channel(channel_id)
        asked = {
            "id": str(self.ids.next()),
            "type": int(InteractionType.COMMAND),
            "user": render.user(self.user(asker_id)),
            "authorizing_integration_owners": {"0": str(channel.guild_id)},
            "name": command,
            "command_type": 1,
        }
        thinks = not text and not embeds
        draft = Draft(
            content=text,
            embeds=list(embeds),
            type=MessageType.COMMAND,
            flags=MessageFlag.LOADING if thinks else 0,
            interaction=asked,
        )
        return self.put(bot_id, channel, draft).id

    def finish_answer(self, message_id: int, text: str, *, embeds: Sequence[Json] = ()) -> None:
        """The answer over which a bot thought is there; Discord does not call that an edit."""
        message = self.message(message_id)
        message.flags &= ~MessageFlag.LOADING
        self.change_message(message, {"content": text, "embeds": list(embeds)}, is_edit=False)
