"""The bot's registered commands.

https://docs.discord.com/developers/interactions/application-commands
"""

import re
from collections.abc import Iterable, Sequence

from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.options import OptionType
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.world import World

_GLOBAL = "/applications/{application_id}/commands"
_IN_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
_NAME = re.compile(r"[-_'\w]{1,32}")
_CHAT_INPUT = 1
_MOST_CHARACTERS = 8000


class Commands:
    """How the bot registers its commands, everywhere or in one guild."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> Sequence[Route]:
        """Their routes, twice."""
        routes: list[Route] = []
        for base in (_GLOBAL, _IN_GUILD):
            one = base + "/{command_id}"
            routes += [
                Route("GET", base, self.all, Limit(20, 20.0)),
                Route("PUT", base, self.replace, Limit(5, 20.0)),
                Route("POST", base, self.create, Limit(5, 20.0)),
                Route("GET", one, self.one, Limit(20, 20.0)),
                Route("PATCH", one, self.edit, Limit(5, 20.0)),
                Route("DELETE", one, self.delete, Limit(5, 20.0)),
            ]
        return routes

    def all(self, call: Call) -> Result:
        """All commands registered there."""
        return list(self._registered(call).values())

    def one(self, call: Call) -> Result:
        """One command."""
        return self._command(call)

    def replace(self, call: Call) -> Result:
        """Register exactly these commands; those of the same name keep their ids."""
        if not isinstance(call.body, list):
            raise RefusedError(Kind.INVALID_FORM, {})
        registered = self._registered(call)
        forms = Form({"": call.body}).children("", most=110)
        made = [self._checked(form, call, registered.values()) for form in forms]
        if len({(one["name"], one["type"]) for one in made}) < len(made):
            raise RefusedError(Kind.INVALID_FORM, _DUPLICATE)
        registered.clear()
        registered |= {int(one["id"]): one for one in made}
        return made

    def create(self, call: Call) -> Result:
        """Register a command, in place of one with the same name."""
        registered = self._registered(call)
        made = self._checked(call.form, call, registered.values())
        registered[int(made["id"])] = made
        return made

    def edit(self, call: Call) -> Result:
        """Change a command."""
        command = self._command(call)
        merged = Form({**command, **call.form.body})
        made = self._checked(merged, call, [command])
        self._registered(call)[int(command["id"])] = made | {"id": command["id"]}
        return made

    def delete(self, call: Call) -> Result:
        """Take a command away."""
        del self._registered(call)[int(self._command(call)["id"])]
        return None

    def _registered(self, call: Call) -> dict[int, Json]:
        if call.id("application_id") != self._world.application.id:
            raise RefusedError(Kind.UNKNOWN_APPLICATION)
        guild_id = call.id("guild_id") if "guild_id" in call.parts else None
        if guild_id is not None and self._world.bot.id not in self._world.guild(guild_id).members:
            raise RefusedError(Kind.MISSING_ACCESS)
        return self._world.application.commands.setdefault(guild_id, {})

    def _command(self, call: Call) -> Json:
        registered = self._registered(call)
        if call.id("command_id") not in registered:
            raise RefusedError(Kind.UNKNOWN_COMMAND)
        return registered[call.id("command_id")]

    def _checked(self, form: Form, call: Call, existing: Iterable[Json]) -> Json:
        kind = form.choice("type", (1, 2, 3, 4)) or _CHAT_INPUT
        _check_named(form, slash=kind == _CHAT_INPUT)
        options = form.children("options", most=25)
        if kind != _CHAT_INPUT and (options or form.body.get("description")):
            form.fault("options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", "Not allowed here.")
        size = _size(form) + _check_options(form, options, depth=0)
        if size > _MOST_CHARACTERS:
            form.fault("", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
        form.check()
        return self._made(form, kind, call, existing)

    def _made(self, form: Form, kind: int, call: Call, existing: Iterable[Json]) -> Json:
        body = form.body
        same = [
            one["id"] for one in existing if one["name"] == body["name"] and one["type"] == kind
        ]
        permissions = body.get("default_member_permissions")
        here: Json = {"guild_id": call.parts["guild_id"]} if "guild_id" in call.parts else {}
        return here | {
            "id": same[0] if same else str(self._world.ids.next()),
            "application_id": str(self._world.application.id),
            "version": str(self._world.ids.next()),
            "type": kind,
            "name": body["name"],
            "name_localizations": body.get("name_localizations"),
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations"),
            "options": body.get("options") or [],
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": True,
            "contexts": body.get("contexts"),
            "integration_types": body.get("integration_types") or [0],
            "nsfw": bool(body.get("nsfw", False)),
        }


_DUPLICATE: Json = {
    "_errors": [
        {
            "code": "APPLICATION_COMMANDS_DUPLICATE_NAME",
            "message": "Application command names must be unique",
        }
    ]
}


def _check_named(form: Form, *, slash: bool) -> None:
    name = form.text("name", least=1, most=32, required=True)
    form.text("description", least=1 if slash else 0, most=100, required=slash)
    if slash and name and (not _NAME.fullmatch(name) or name != name.lower()):
        form.fault("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(parent: Form, options: Sequence[Form], *, depth: int) -> int:
    """Check options, nested at most twice; gives how many characters they take."""
    size, optional_seen = 0, False
    names = [option.body.get("name") for option in options]
    if len(set(names)) < len(names):
        parent.fault("options", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Names must be unique")
    for option in options:
        kind = OptionType(option.choice("type", tuple(OptionType), required=True) or 3)
        _check_named(option, slash=True)
        required = option.flag("required")
        if required and optional_seen:
            told = "Required options must be placed before non-required options"
            option.fault("", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", told)
        optional_seen = optional_seen or not (required or kind.is_nested)
        if kind.is_nested and depth > 1:
            option.fault("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep")
        size += _size(option) + _check_choices(option)
        size += _check_options(option, option.children("options", most=25), depth=depth + 1)
    return size


def _check_choices(option: Form) -> int:
    choices = option.children("choices", most=25)
    for choice in choices:
        choice.text("name", least=1, most=100, required=True)
        choice.text("value", least=1, most=100, required=True)
    if choices and option.flag("autocomplete"):
        option.fault("autocomplete", "APPLICATION_COMMAND_OPTIONS_CHOICES", "Not with choices")
    return sum(len(str(one.body.get("name"))) + len(str(one.body.get("value"))) for one in choices)


def _size(form: Form) -> int:
    return sum(len(str(form.body.get(name) or "")) for name in ("name", "description"))
