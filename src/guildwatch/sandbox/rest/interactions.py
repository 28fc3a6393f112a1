"""Answers to interactions, and their webhooks.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Sequence

from guildwatch.sandbox import render
from guildwatch.sandbox.acts.answering import Reply
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.interactions import CallbackType, Interaction
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.messages import Draft, Message, MessageFlag
from guildwatch.sandbox.rest import forms
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.world import World

_WEBHOOK = "/webhooks/{webhook_id}/{token}"
_ORIGINAL = _WEBHOOK + "/messages/@original"
_ONE = _WEBHOOK + "/messages/{message_id}"
_CALLBACK = "/interactions/{interaction_id}/{token}/callback"
_LIMIT = Limit(5, 2.0)


class Interactions:
    """How the bot answers: first within three seconds, then for fifteen minutes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> Sequence[Route]:
        """Their routes; the token in the path is all that they ask for."""
        return [
            Route("POST", _CALLBACK, self.callback, None, anonymous=True, free=True),
            Route("POST", _WEBHOOK, self.follow_up, _LIMIT, anonymous=True, free=False),
            Route("GET", _ORIGINAL, self.original, _LIMIT, anonymous=True),
            Route("PATCH", _ORIGINAL, self.edit_original, _LIMIT, anonymous=True),
            Route("DELETE", _ORIGINAL, self.delete_original, _LIMIT, anonymous=True),
            Route("GET", _ONE, self.one, _LIMIT, anonymous=True),
            Route("PATCH", _ONE, self.edit, _LIMIT, anonymous=True),
            Route("DELETE", _ONE, self.delete, _LIMIT, anonymous=True),
        ]

    def callback(self, call: Call) -> Result:
        """The first answer; with `with_response` it is told back."""
        form = call.form
        kind = form.choice("type", tuple(CallbackType), required=True)
        form.check()
        data = form.child("data") or Form({})
        reply = self._reply(CallbackType(kind or 1), data, call)
        interaction = self._world.acknowledge(
            call.id("interaction_id"), call.parts["token"], CallbackType(kind or 1), reply
        )
        if call.query.get("with_response", "").lower() not in ("true", "1"):
            return None
        return self._told_back(interaction)

    def follow_up(self, call: Call) -> Result:
        """A further answer."""
        interaction = self._interaction(call)
        reply = self._reply(CallbackType.MESSAGE, call.form, call)
        return self._told(self._world.follow_up(interaction, reply))

    def original(self, call: Call) -> Result:
        """The first answer as it stands."""
        return self._told(self._interaction(call).original())

    def edit_original(self, call: Call) -> Result:
        """Change the first answer."""
        interaction = self._interaction(call)
        changes = forms.changes(call.form, call.files)
        return self._told(self._world.amend(interaction, interaction.original(), changes))

    def delete_original(self, call: Call) -> Result:
        """Delete the first answer."""
        interaction = self._interaction(call)
        self._world.withdraw(interaction, interaction.original())
        return None

    def one(self, call: Call) -> Result:
        """Any answer."""
        return self._told(self._message(call))

    def edit(self, call: Call) -> Result:
        """Change any answer."""
        changes = forms.changes(call.form, call.files)
        return self._told(self._world.amend(self._interaction(call), self._message(call), changes))

    def delete(self, call: Call) -> Result:
        """Delete any answer."""
        self._world.withdraw(self._interaction(call), self._message(call))
        return None

    def _reply(self, kind: CallbackType, data: Form, call: Call) -> Reply:
        if kind == CallbackType.AUTOCOMPLETE:
            _check_choices(data)
        if kind == CallbackType.MODAL:
            _check_modal(data)
            data.body["components"] = forms.numbered(data.body["components"])
        if kind in (CallbackType.AUTOCOMPLETE, CallbackType.MODAL):
            return Reply(Draft(), {}, data.body)
        return Reply(forms.draft(data, call.files), forms.changes(data, call.files), data.body)

    def _interaction(self, call: Call) -> Interaction:
        if call.id("webhook_id") != self._world.application.id:
            raise RefusedError(Kind.UNKNOWN_WEBHOOK)
        return self._world.interaction_of(call.parts["token"])

    def _message(self, call: Call) -> Message:
        messages = self._interaction(call).messages
        if call.id("message_id") not in messages:
            raise RefusedError(Kind.UNKNOWN_MESSAGE)
        return messages[call.id("message_id")]

    def _told(self, message: Message) -> Json:
        return render.message(self._world, message)

    def _told_back(self, interaction: Interaction) -> Json:
        about: Json = {"id": str(interaction.id), "type": int(interaction.type)}
        resource: Json = {"type": int(interaction.callback or 1)}
        message = interaction.messages.get(interaction.original_id or 0)
        if message is not None:
            about |= {
                "response_message_id": str(message.id),
                "response_message_loading": interaction.loading,
                "response_message_ephemeral": bool(message.flags & MessageFlag.EPHEMERAL),
            }
            resource["message"] = self._told(message)
        return {"interaction": about, "resource": resource}


def _check_choices(data: Form) -> None:
    for choice in data.children("choices", most=25):
        choice.text("name", least=1, most=100, required=True)
        choice.text("value", most=100, required=True)
    data.check()


def _check_modal(data: Form) -> None:
    data.text("custom_id", least=1, most=100, required=True)
    data.text("title", least=1, most=45, required=True)
    data.children("components", least=1, most=5)
    data.check()
