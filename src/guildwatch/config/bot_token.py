"""The bot's token: read from its file, and refused where it cannot be one."""

import logging
import os
import stat
from pathlib import Path

from guildwatch.config.errors import ConfigError

_log = logging.getLogger(__name__)


def sendable(token: str, name: str) -> str:
    """The token as it goes over the line; what cannot is refused before a library quotes it.

    Raises `ConfigError`; `name` says in it where the token was found.
    """
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigError(
            f"{name} holds something else than a bot's token: copy it once more, without anything "
            "before or after it."
        )
    return token


def tell_if_open(path: Path) -> None:
    """Writes into the log that others can read the file of the token."""
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        _log.warning(
            "%s holds the bot's token and others can read it. Run: chmod 600 %s", path, path
        )


def token_in(path: Path) -> str:
    """The token that a file holds; raises `ConfigError`."""
    try:
        text = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it is no text"
        raise ConfigError(
            f"discord.token_file = {path} cannot be read ({reason}). "
            "Name a text file that holds the bot's token."
        ) from error
    if not text:
        raise ConfigError(f"discord.token_file = {path} is empty. Put the bot's token into it.")
    return sendable(text, f"discord.token_file = {path}")
