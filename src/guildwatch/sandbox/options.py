"""A slash command as a member fills it in: found among the registered ones, and checked.

https://docs.discord.com/developers/interactions/application-commands#application-command-object
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from guildwatch.model import GuildwatchError
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.messages import Attachment


class OptionType(IntEnum):
    """The types of command options."""

    SUB_COMMAND = 1
    SUB_COMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11

    @property
    def is_nested(self) -> bool:
        """Whether it holds options instead of a value."""
        return self <= self.SUB_COMMAND_GROUP


_PYTHON: dict[OptionType, type | tuple[type, ...]] = {
    OptionType.STRING: str,
    OptionType.INTEGER: int,
    OptionType.BOOLEAN: bool,
    OptionType.NUMBER: (int, float),
    OptionType.ATTACHMENT: Attachment,
}


class CommandError(GuildwatchError):
    """A member cannot send a command like that; Discord's client would not let them."""


@dataclass(slots=True)
class Filled:
    """A command filled in: the `options` of the interaction, and what they refer to.

    `references` maps an option's type to the ids (or attachments) given for it.
    """

    options: list[Json]
    references: dict[OptionType, list[Any]] = field(default_factory=dict)


def fill(
    command: Json, path: list[str], values: Mapping[str, object], *, focus: str | None = None
) -> Filled:
    """The options of an interaction; `focus` names the option being completed.

    Raises CommandError where a client would not let the member send it.
    """
    filled = Filled([])
    declared = command.get("options") or []
    level = filled.options
    for name in path:
        nested = next((one for one in declared if one["name"] == name), None)
        if nested is None or not OptionType(nested["type"]).is_nested:
            raise CommandError(f"/{command['name']} has no subcommand {name}.")
        inner: list[Json] = []
        level.append({"name": name, "type": nested["type"], "options": inner})
        level, declared = inner, nested.get("options") or []
    if any(OptionType(one["type"]).is_nested for one in declared):
        raise CommandError(f"/{command['name']} {' '.join(path)} wants a subcommand.")
    _fill_values(filled, level, declared, values, focus)
    return filled


def _fill_values(
    filled: Filled,
    level: list[Json],
    declared: list[Json],
    values: Mapping[str, object],
    focus: str | None,
) -> None:
    unknown = values.keys() - {one["name"] for one in declared}
    if unknown:
        raise CommandError(f"There is no option {', '.join(sorted(unknown))}.")
    for option in declared:
        name = option["name"]
        if name in values:
            level.append(_value(filled, option, values[name], focused=name == focus))
        elif option.get("required") and focus is None:
            raise CommandError(f"The option {name} is required.")


def _value(filled: Filled, option: Json, value: Any, *, focused: bool) -> Json:
    kind = OptionType(option["type"])
    if focused:
        return {"name": option["name"], "type": kind, "value": value, "focused": True}
    _check(option, kind, value)
    if kind not in _PYTHON or kind == OptionType.ATTACHMENT:
        filled.references.setdefault(kind, []).append(value)
    sent = value if kind in _PYTHON else str(value)
    return {"name": option["name"], "type": int(kind), "value": sent}


def _check(option: Json, kind: OptionType, value: Any) -> None:
    name = option["name"]
    if not _fits(kind, value):
        raise CommandError(f"The option {name} takes no {type(value).__name__}.")
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise CommandError(f"The option {name} must be one of {choices}.")
    if kind in (OptionType.INTEGER, OptionType.NUMBER):
        _check_bounds(name, value, option.get("min_value"), option.get("max_value"))
    if kind == OptionType.STRING:
        _check_bounds(name, len(value), option.get("min_length"), option.get("max_length", 6000))


def _fits(kind: OptionType, value: object) -> bool:
    expected = _PYTHON.get(kind, int)
    return isinstance(value, expected) and isinstance(value, bool) is (expected is bool)


def _check_bounds(name: str, value: float, least: float | None, most: float | None) -> None:
    if least is not None and value < least:
        raise CommandError(f"The option {name} must be at least {least}.")
    if most is not None and value > most:
        raise CommandError(f"The option {name} must be at most {most}.")
