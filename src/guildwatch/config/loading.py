"""Reads the configuration; whatever is wrong with it becomes one sentence."""

import logging
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from guildwatch.config.errors import ConfigError
from guildwatch.config.fields import as_text
from guildwatch.config.redaction import Redactor
from guildwatch.config.settings import SECTIONS, Config

_PREFIX = "GUILDWATCH_"
_log = logging.getLogger(__name__)


def load(
    path: Path, environ: Mapping[str, str] = os.environ, *, must_exist: bool = False
) -> Config:
    """The configuration from a TOML file and the environment, which wins.

    A file that is absent counts as empty unless `must_exist`. Raises `ConfigError`.
    """
    values = _file_values(path, must_exist=must_exist)
    sources = {f"{section}.{name}": str(path) for section in values for name in values[section]}
    for variable, section, name in _variables(environ):
        values.setdefault(section, {})[name] = environ[variable]
        sources[f"{section}.{name}"] = variable
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise _told(error, sources) from None  # the error's own text may quote the token


def _variables(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The variables that set a field, as (variable, section, field)."""
    found = []
    for variable in sorted(environ):
        section, separator, name = variable.removeprefix(_PREFIX).lower().partition("__")
        if variable.startswith(_PREFIX) and separator and environ[variable] != "":
            if section not in SECTIONS:
                raise ConfigError(
                    f"{variable} names no section of the configuration. "
                    f"The sections are {', '.join(sorted(SECTIONS))}."
                )
            found.append((variable, section, name))
    return found


def _file_values(path: Path, *, must_exist: bool) -> dict[str, dict[str, Any]]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"The configuration {path} does not exist.") from None
        return {}
    except OSError as error:
        raise ConfigError(
            f"The configuration {path} cannot be read ({error.strerror}). Mend its permissions."
        ) from error
    values = _parsed(path, raw)
    _keep_private(path, holds_token="token" in values.get("discord", {}))
    return values


def _parsed(path: Path, raw: bytes) -> dict[str, dict[str, Any]]:
    try:
        values = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration {path} is not valid TOML: {error}.") from error
    for name, value in values.items():
        if name not in SECTIONS:
            raise ConfigError(
                f"{path}: there is no section [{name}]. "
                f"The sections are {', '.join(sorted(SECTIONS))}."
            )
        if not isinstance(value, dict):
            raise ConfigError(f"{path}: {name} must be a section, written as [{name}].")
    return values


def _keep_private(path: Path, *, holds_token: bool) -> None:
    """A file that holds the token is for its owner's eyes only, and any for their hands.

    Whoever may write it could name another address, to which the token would then be sent.
    """
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    open_to_others = mode & (0o077 if holds_token else 0o022)
    if not open_to_others:
        return
    what = "holds the bot's token and others can read it" if holds_token else "others can write it"
    try:
        path.chmod(mode & ~open_to_others)
    except OSError as error:
        raise ConfigError(f"{path}: {what}. Run: chmod 600 {path}") from error
    if path.stat().st_mode & open_to_others:
        raise ConfigError(
            f"{path}: {what}, and its disk knows no rights of users. Put it somewhere else and "
            "name it with --config."
        )
    _log.warning("%s: %s. Its mode is mended now", path, what.replace("can", "could"))


def _told(error: ValidationError, sources: Mapping[str, str]) -> ConfigError:
    """The first fault as a sentence: which field, where it was set, its value, what to do."""
    fault = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in fault["loc"][:2])
    where = sources.get(name, "the configuration")
    if fault["type"] == "extra_forbidden":
        section = str(fault["loc"][0])
        names = ", ".join(SECTIONS[section].model_fields)
        return ConfigError(f"{where}: there is no field {name}. [{section}] has {names}.")
    reason = fault["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    value = repr(as_text(fault["input"]))
    if name.startswith("discord.token"):  # a token may have come into the file's place
        value = "(hidden)"
    told = f"{name} = {value} (from {where}) cannot be used: {reason}."
    return ConfigError(Redactor()(told))
