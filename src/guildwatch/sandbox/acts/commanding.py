"""What members ask of the bot: slash and menu commands, buttons and selects, forms."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from guildwatch.sandbox import permissions, render
from guildwatch.sandbox.acts.threads import Threading
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.interactions import Answer, Interaction, InteractionType
from guildwatch.sandbox.messages import Message, MessageFlag
from guildwatch.sandbox.options import CommandError, Filled, OptionType, fill
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import Channel, Guild

FOLLOW_UP_SECONDS = 15 * 60.0
"""How long an interaction's token is good for."""
_CHAT_INPUT, _USER_MENU, _MESSAGE_MENU = 1, 2, 3


class Commanding(Threading):
    """Acts that become interactions."""

    async def command(
        self,
        user_id: int,
        channel_id: int,
        path: str,
        options: Mapping[str, object] | None = None,
        *,
        timeout: float = 60,  # noqa: ASYNC109 - what a test would say
    ) -> Answer:
        """Invoke a slash command (`summary now`) and wait until it says something.

        Ids stand for users, roles and channels, an Attachment for a file. Raises CommandError
        for what a client would not send, and for a bot that did not answer in time;
        TimeoutError when it keeps "thinking" for longer than `timeout`.
        """
        answer = self.invoke(user_id, channel_id, path, options)
        return await self._answered(answer, timeout)

    def invoke(
        self,
        user_id: int,
        channel_id: int,
        path: str,
        options: Mapping[str, object] | None = None,
    ) -> Answer:
        """Invoke a slash command without waiting."""
        name, *deeper = path.removeprefix("/").split()
        channel = self.channel(channel_id)
        command = self._command_for(user_id, channel, name, _CHAT_INPUT)
        filled = fill(command, deeper, options or {})
        data = self._command_data(command)
        if filled.options:
            data["options"] = filled.options
        resolved = self._resolved(channel, filled)
        if resolved:
            data["resolved"] = resolved
        return self._send(user_id, channel, InteractionType.COMMAND, data, command["name"])

    async def complete(
        self, user_id: int, channel_id: int, path: str, option: str, so_far: str
    ) -> list[Json]:
        """What the bot proposes while a member types an option."""
        name, *deeper = path.removeprefix("/").split()
        channel = self.channel(channel_id)
        command = self._command_for(user_id, channel, name, _CHAT_INPUT)
        filled = fill(command, deeper, {option: so_far}, focus=option)
        data = {**self._command_data(command), "options": filled.options}
        answer = self._send(user_id, channel, InteractionType.AUTOCOMPLETE, data, command["name"])
        await self._acknowledged(answer)
        return answer.choices

    async def menu(
        self,
        user_id: int,
        message_id: int,
        name: str,
        *,
        timeout: float = 60,  # noqa: ASYNC109 - what a test would say
    ) -> Answer:
        """Invoke a message menu command ("Apps" in a message's menu)."""
        message = self.message(message_id)
        channel = self.channel(message.channel_id)
        command = self._command_for(user_id, channel, name, _MESSAGE_MENU)
        told = {str(message.id): render.message(self, message)}
        data = {
            **self._command_data(command),
            "target_id": str(message_id),
            "resolved": {"messages": told},
        }
        answer = self._send(user_id, channel, InteractionType.COMMAND, data, command["name"])
        return await self._answered(answer, timeout)

    async def press(
        self,
        user_id: int,
        message_id: int,
        custom_id: str,
        values: Sequence[str] = (),
        *,
        timeout: float = 60,  # noqa: ASYNC109 - what a test would say
    ) -> Answer:
        """Press a button or choose in a select of a message, and wait for the answer."""
        message, channel = self._pressed(message_id, user_id)
        component = next(
            (one for one in _components(message.components) if one.get("custom_id") == custom_id),
            None,
        )
        if component is None or component.get("disabled"):
            raise CommandError(f"There is no {custom_id} to press under that message.")
        data: Json = {"custom_id": custom_id, "component_type": component["type"]}
        data["id"] = component["id"]
        if component["type"] != 2:
            data["values"] = list(values)
        answer = self._send(
            user_id, channel, InteractionType.COMPONENT, data, custom_id, source=message
        )
        await self._acknowledged(answer)
        return await self._settled(answer, timeout)

    async def submit(
        self,
        user_id: int,
        asked: Answer,
        values: Mapping[str, str],
        *,
        timeout: float = 60,  # noqa: ASYNC109 - what a test would say
    ) -> Answer:
        """Send off a form that the bot had answered with; `values` by its fields' custom ids."""
        if asked.modal is None:
            raise CommandError("The bot answered with no form.")
        opened_by = self.interactions[asked.token]
        channel = self.channel(opened_by.channel_id)
        data = {
            "custom_id": asked.modal["custom_id"],
            "components": [_filled_row(row, values) for row in asked.modal["components"]],
        }
        answer = self._send(
            user_id,
            channel,
            InteractionType.MODAL,
            data,
            asked.modal["custom_id"],
            source=opened_by.messages.get(opened_by.source_id or 0),
        )
        return await self._answered(answer, timeout)

    async def _answered(self, answer: Answer, patience: float) -> Answer:
        await self._acknowledged(answer)
        return await self._settled(answer, patience)

    async def _acknowledged(self, answer: Answer) -> None:
        try:
            await answer.wait_for(lambda one: one.acknowledged, timeout=self.answer_seconds)
        except TimeoutError as error:
            late = f"The application did not respond within {self.answer_seconds:g} seconds."
            raise CommandError(late) from error

    async def _settled(self, answer: Answer, patience: float) -> Answer:
        return await answer.wait_for(lambda one: not one.thinking, timeout=patience)

    def _command_for(self, user_id: int, channel: Channel, name: str, kind: int) -> Json:
        """The registered command, if this member may use it here."""
        guild = self.guild_of(channel)
        places = (channel.guild_id, None) if guild else (None,)
        for place in places:
            for command in self.application.commands.get(place, {}).values():
                if command["name"] == name and command["type"] == kind:
                    self._check_usable(user_id, channel, guild, command)
                    return command
        raise CommandError(f"The bot has no command {name} here.")

    def _check_usable(
        self, user_id: int, channel: Channel, guild: Guild | None, command: Json
    ) -> None:
        contexts = command["contexts"]
        context = render.context_of(guild)
        if contexts is not None and context not in contexts:
            raise CommandError(f"{command['name']} cannot be used here.")
        self.require(user_id, channel, Permission.USE_APPLICATION_COMMANDS)
        if guild is None or command["default_member_permissions"] is None:
            return
        if self.bot.id not in guild.members:
            raise CommandError("The bot is not here.")
        needed = int(command["default_member_permissions"])
        granted = permissions.in_guild(guild, guild.members[user_id])
        if granted != permissions.EVERY and (not needed or granted & needed != needed):
            raise RefusedError(Kind.MISSING_PERMISSIONS)

    def _command_data(self, command: Json) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    def _send(
        self,
        user_id: int,
        channel: Channel,
        kind: InteractionType,
        data: Json,
        name: str,
        *,
        source: Message | None = None,
    ) -> Answer:
        interaction = Interaction(
            id=self.ids.next(),
            token=secrets.token_urlsafe(48),
            type=kind,
            user_id=user_id,
            channel_id=channel.id,
            name=name,
            created=self.timer(),
            source_id=source.id if source else None,
            command_type=data.get("type", 1),
        )
        self.interactions[interaction.token] = interaction
        if source is not None:
            interaction.original_id = source.id
            interaction.messages[source.id] = source
        payload = render.interaction(self, interaction, channel, data)
        if source is not None:
            payload["message"] = render.message(self, source)
        self.publish("INTERACTION_CREATE", payload, Intent.ALWAYS)
        return Answer(interaction, lambda message: render.message(self, message))

    def _resolved(self, channel: Channel, filled: Filled) -> Json:
        resolved: Json = {}
        for kind, values in filled.references.items():
            if kind == OptionType.ATTACHMENT:
                resolved["attachments"] = self._uploaded(channel, values, filled.options)
                continue
            for id_ in values:
                render.resolve(self, resolved, self.guild_of(channel), kind, id_)
        return resolved

    def _uploaded(self, channel: Channel, values: list[Any], options: list[Json]) -> Json:
        """Files given as options: kept like attachments, and named by id in the options."""
        kept = self.store_files(channel, values, MessageFlag.EPHEMERAL)
        leaves = options
        while leaves and OptionType(leaves[0]["type"]).is_nested:
            leaves = leaves[0]["options"]
        for leaf in leaves:
            for one in kept:
                if leaf["value"] is one.file:
                    leaf["value"] = str(one.id)
        return {str(one.id): render.file(self, one) for one in kept}

    def _pressed(self, message_id: int, user_id: int) -> tuple[Message, Channel]:
        """The message under which something is pressed; an ephemeral one is its asker's only."""
        for interaction in self.interactions.values():
            if message_id in interaction.messages and interaction.user_id == user_id:
                return interaction.messages[message_id], self.channel(interaction.channel_id)
        message = self.message(message_id)
        channel = self.channel(message.channel_id)
        self.require(user_id, channel)
        return message, channel


def _components(tree: Sequence[Json]) -> list[Json]:
    """All components of a message, however deep."""
    found: list[Json] = []
    for one in tree:
        found.append(one)
        found += _components(one.get("components") or ())
        if one.get("accessory"):
            found.append(one["accessory"])
    return found


def _filled_row(row: Json, values: Mapping[str, str]) -> Json:
    """A row (or label) of a form with what the member typed into it."""
    kept = {"id": row["id"], "type": row["type"]}
    if "component" in row:
        return {**kept, "component": _filled_field(row["component"], values)}
    return {**kept, "components": [_filled_field(one, values) for one in row["components"]]}


def _filled_field(field: Json, values: Mapping[str, str]) -> Json:
    name = field["custom_id"]
    typed = values.get(name, field.get("value", ""))
    if len(typed) > field.get("max_length", 4000) or (field.get("required", True) and not typed):
        raise CommandError(f"The form does not let {name} be sent like that.")
    return {"id": field["id"], "type": field["type"], "custom_id": name, "value": typed}
