"""Writes chosen fields into the operator's file and leaves every comment where it was."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from guildwatch.config.errors import ConfigError
from guildwatch.config.loading import load
from guildwatch.config.settings import Config


def save(path: Path, changes: Mapping[str, str]) -> Config:
    """Sets `{"section.field": text}` in the file (an empty text unsets) and gives what it means.

    The result is checked before the file is touched and replaces it at once, mode 0600.
    Raises `ConfigError` when a value cannot be used or the file cannot be written.
    """
    document = _document(path)
    for name, text in changes.items():
        _set(document, name, text)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _replace(path, tomlkit.dumps(document))
    except OSError as error:
        raise ConfigError(
            f"The configuration {path} cannot be written ({error.strerror}). Mend its permissions."
        ) from error


def _document(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"The configuration {path} cannot be read: {error}.") from error


def _set(document: tomlkit.TOMLDocument, name: str, text: str) -> None:
    section, _, field = name.partition(".")
    table = document.setdefault(section, tomlkit.table())
    if text == "":
        table.pop(field, None)
    else:
        table[field] = int(text) if text.isdecimal() and field != "token" else text


def _replace(path: Path, text: str) -> Config:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".config-", suffix=".toml")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        config = _checked(draft, path)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return config


def _checked(draft: Path, path: Path) -> Config:
    """What the draft means; a fault in it is told of the file that the operator knows."""
    try:
        return load(draft, {})
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(draft), str(path))) from None
