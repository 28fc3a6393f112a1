"""The fields as a person sees them: name, description, default and value, all in words."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic import SecretStr

from guildwatch.config.redaction import TOKEN_VARIABLE
from guildwatch.config.settings import SECTIONS, Config

_CREDENTIALS = re.compile(r"//[^/\s]*@")


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the Settings screen shows it; `name` is `section.field`."""

    name: str
    description: str
    default: str
    choices: tuple[str, ...] = ()
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "GUILDWATCH_" + self.name.replace(".", "__").upper()


def fields() -> Iterator[Field]:
    """Every field that an operator can choose, in the order of the file."""
    for section, model in SECTIONS.items():
        for name, info in model.model_fields.items():
            if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("settled"):
                continue
            default = info.get_default(call_default_factory=True, validated_data={})
            yield Field(
                name=f"{section}.{name}",
                description=info.description or "",
                default=as_text(default),
                choices=_choices(info.annotation),
                secret=name == "token",
            )


def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that set a field, as they are; of the token only that it is set."""
    found = {field.variable: environ.get(field.variable, "") for field in fields()}
    if found.get(TOKEN_VARIABLE):
        found[TOKEN_VARIABLE] = "set"
    return {name: value for name, value in found.items() if value}


def as_values(config: Config) -> dict[str, str]:
    """Every field by its name, in words; of a secret only that it is set.

    An address loses the name and password that may stand in it.
    """
    found = {}
    for field in fields():
        section, _, name = field.name.partition(".")
        value = getattr(getattr(config, section), name)
        told = _CREDENTIALS.sub("//…@", as_text(value))
        found[field.name] = told if not field.secret else "set" if value else ""
    return found


def as_text(value: object) -> str:
    """A field's value as a person writes it; a secret stays unsaid."""
    if value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)


def _choices(annotation: object) -> tuple[str, ...]:
    return get_args(annotation) if get_origin(annotation) is Literal else ()
