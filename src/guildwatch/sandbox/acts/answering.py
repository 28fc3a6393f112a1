"""How the bot answers an interaction, and goes on answering it.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from dataclasses import dataclass

from guildwatch.sandbox import render
from guildwatch.sandbox.acts.checks import check_form
from guildwatch.sandbox.acts.commanding import FOLLOW_UP_SECONDS, Commanding
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.interactions import CallbackType, Interaction, InteractionType
from guildwatch.sandbox.messages import Draft, Message, MessageFlag, MessageType

_NEEDS_MESSAGE = (CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE_MESSAGE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers: as a new message, as changes to an old one, and as it came."""

    draft: Draft
    changes: Json
    data: Json


class Answering(Commanding):
    """The bot's side of interactions."""

    def acknowledge(
        self, interaction_id: int, token: str, kind: CallbackType, reply: Reply
    ) -> Interaction:
        """The first answer; raises 10062 when it comes too late, 40060 when it is the second."""
        interaction = self.interactions.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise RefusedError(Kind.UNKNOWN_INTERACTION)
        if interaction.callback is not None:
            raise RefusedError(Kind.ALREADY_ACKNOWLEDGED)
        if self.timer() - interaction.created > self.answer_seconds:
            raise RefusedError(Kind.UNKNOWN_INTERACTION)
        if kind in _NEEDS_MESSAGE and interaction.source_id is None:
            raise RefusedError(Kind.INVALID_FORM, {})
        if (kind == CallbackType.AUTOCOMPLETE) is not (
            interaction.type == InteractionType.AUTOCOMPLETE
        ):
            raise RefusedError(Kind.INVALID_FORM, {})
        self._take_up(interaction, kind, reply)
        interaction.callback = kind
        interaction.touch()
        return interaction

    def interaction_of(self, token: str) -> Interaction:
        """The interaction of a webhook's token; raises 10015 before an answer, 50027 when over."""
        interaction = self.interactions.get(token)
        if interaction is None or interaction.callback is None:
            raise RefusedError(Kind.UNKNOWN_WEBHOOK)
        if self.timer() - interaction.created > FOLLOW_UP_SECONDS:
            raise RefusedError(Kind.INVALID_WEBHOOK_TOKEN)
        return interaction

    def follow_up(self, interaction: Interaction, reply: Reply) -> Message:
        """A further answer; the first one after deferring takes the deferred one's place."""
        if interaction.loading:
            return self.amend(interaction, interaction.original(), reply.changes)
        check_form(reply.draft)
        return self._say(interaction, reply.draft)

    def amend(self, interaction: Interaction, message: Message, changes: Json) -> Message:
        """Change an answer; one that was only "thinking" becomes visible."""
        was_loading = interaction.loading and message.id == interaction.original_id
        if was_loading:
            interaction.loading = False
            message.flags &= ~MessageFlag.LOADING
        self.change_message(message, changes, is_edit=not was_loading)
        interaction.touch()
        return message

    def withdraw(self, interaction: Interaction, message: Message) -> None:
        """Delete an answer."""
        interaction.messages.pop(message.id, None)
        if message.id in self.kept_messages:
            self.remove(self.channel(message.channel_id), [message.id], bulk=False)
        interaction.loading = False
        interaction.touch()

    def _take_up(self, interaction: Interaction, kind: CallbackType, reply: Reply) -> None:
        draft = reply.draft
        if kind == CallbackType.MESSAGE:
            check_form(draft)
            interaction.original_id = self._say(interaction, draft).id
        elif kind == CallbackType.DEFERRED_MESSAGE:
            draft.flags = draft.flags & MessageFlag.EPHEMERAL | MessageFlag.LOADING
            interaction.original_id = self._say(interaction, draft).id
            interaction.loading = True
        elif kind == CallbackType.UPDATE_MESSAGE:
            self.change_message(self._pressed_message(interaction), reply.changes)
        elif kind == CallbackType.AUTOCOMPLETE:
            interaction.choices = reply.data.get("choices", [])
        elif kind == CallbackType.MODAL:
            interaction.modal = reply.data

    def _pressed_message(self, interaction: Interaction) -> Message:
        """The message under which something was pressed; who follows it sees what it becomes."""
        source = interaction.source_id or 0
        if source not in interaction.messages:
            raise RefusedError(Kind.UNKNOWN_MESSAGE)
        for other in self.interactions.values():
            if source in other.messages:
                other.touch()
        return interaction.messages[source]

    def _say(self, interaction: Interaction, draft: Draft) -> Message:
        channel = self.channel(interaction.channel_id)
        draft.type = _message_type(interaction)
        message = self.compose(self.bot.id, channel, draft)
        message.webhook_id = self.application.id
        message.interaction = render.interaction_metadata(self, interaction, channel)
        interaction.messages[message.id] = message
        if not message.flags & MessageFlag.EPHEMERAL:
            self._keep(channel, message, draft)
        self.tell_created(message)
        interaction.touch()
        return message


def _message_type(interaction: Interaction) -> MessageType:
    if interaction.type != InteractionType.COMMAND:
        return MessageType.DEFAULT
    slash = interaction.command_type == 1
    return MessageType.COMMAND if slash else MessageType.CONTEXT_MENU_COMMAND
