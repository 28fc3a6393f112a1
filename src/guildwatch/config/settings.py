"""The fields of the configuration: their names, defaults, checks, and the manual of each.

A field's description is what the console's Settings screen and the documentation show.
"""

import datetime as dt
import logging
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import pydantic
import tzlocal
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr

from guildwatch.config.redaction import TOKEN_VARIABLE, Redactor, is_token
from guildwatch.model import GuildwatchError, LanguageCode

_log = logging.getLogger(__name__)
DISCORD_API = "https://discord.com/api/v10"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEEP_ALIVE = re.compile(r"-1|0|[1-9]\d*(ms|s|m|h)")

_CREDENTIALS = re.compile(r"//[^/\s]*@")


class ConfigError(GuildwatchError):
    """The configuration cannot be used; the sentence names the field, its value and the remedy."""


def _api_url(text: str) -> str:
    url = urlsplit(text.strip().rstrip("/"))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("give an address such as https://discord.com/api/v10")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise ValueError("use https: the bot's token would travel readable")
    path = "/api/v10" if url.path in ("", "/api") else url.path
    return url._replace(path=path, query="", fragment="").geturl()


def _no_token(path: Path | None) -> Path | None:
    if path is not None and is_token(str(path)):
        raise ValueError("it is a token itself, not a file: put it into discord.token")
    return path


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("give an IANA name such as Europe/Berlin or UTC")
    return text


def _keep_alive(text: str) -> str:
    # A number without a unit is answered with HTTP 400 by Ollama.
    if not _KEEP_ALIVE.fullmatch(text):
        raise ValueError("give a number with its unit such as 30m or 2h, 0, or -1 for always")
    return text


def _clock_time(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{1,2}:\d{2}", value):
            raise ValueError("give hours and minutes such as 07:30")
        hours, minutes = map(int, value.split(":"))
        if hours > 23 or minutes > 59:
            raise ValueError("give a time from 00:00 to 23:59")
        return dt.time(hours, minutes)
    if isinstance(value, dt.time):
        return value
    # pydantic would read 5 as five seconds past midnight.
    raise ValueError("give hours and minutes such as 07:30")


def _days_by_id(value: object) -> object:
    """A table, or the same as `ID=DAYS, ID=DAYS` in a variable or on the screen."""
    if not isinstance(value, str):
        return value
    pairs = [pair.partition("=") for pair in re.split(r"[,\s]+", value.strip()) if pair]
    if not all(id_.isdigit() and days.isdigit() for id_, _, days in pairs):
        raise ValueError("give ids and days such as 123=90, 456=7")
    return {int(id_): int(days) for id_, _, days in pairs}


def _model_host() -> str:
    return os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434"


def _machine_zone() -> str:
    name = tzlocal.get_localzone_name()
    return name if name in available_timezones() else "UTC"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class DiscordSettings(_Section):
    """How to reach Discord."""

    token: SecretStr | None = pydantic.Field(
        None, description="The bot's token, from the Developer Portal (Bot → Reset Token)."
    )
    token_file: Annotated[Path | None, AfterValidator(_no_token)] = pydantic.Field(
        None, description="A file that holds nothing but the bot's token; used when token is unset."
    )
    api_url: Annotated[str, AfterValidator(_api_url)] = pydantic.Field(
        DISCORD_API, description="Discord's address; another one only for the sandbox."
    )

    def read_token(self) -> str:
        """The token, from `token` or else from `token_file`.

        Raises `ConfigError` when there is none or the file cannot be read. That others can read the
        file is told.
        """
        token = self._told_token()
        if self.token is None and self.token_file is not None:
            _tell_if_open(self.token_file.expanduser())
        return token

    def _told_token(self) -> str:
        if self.token and (text := self.token.get_secret_value().strip()):
            return _sendable(text, "discord.token")
        if self.token_file is None:
            raise ConfigError(
                "No bot token is set. Copy one from the Developer Portal (Bot → Reset Token) into "
                "the environment variable GUILDWATCH_DISCORD__TOKEN, or into config.toml as "
                'token = "…" under [discord].'
            )
        return _token_in(self.token_file)

    def redactor(self) -> Redactor:
        """What takes this token out of texts, where one is set and can be read."""
        try:
            return Redactor(self._told_token())
        except ConfigError:
            return Redactor()


def _sendable(token: str, name: str) -> str:
    """The token as it goes over the line; what cannot is refused before a library quotes it."""
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigError(
            f"{name} holds something else than a bot's token: copy it once more, without anything "
            "before or after it."
        )
    return token


def _tell_if_open(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        _log.warning(
            "%s holds the bot's token and others can read it. Run: chmod 600 %s", path, path
        )


def _token_in(path: Path) -> str:
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
    return _sendable(text, f"discord.token_file = {path}")


class OllamaSettings(_Section):
    """The local language model."""

    host: str = pydantic.Field(
        default_factory=_model_host,
        min_length=1,
        description="Where Ollama listens; the default is OLLAMA_HOST, then this machine.",
    )
    remote_host: str = pydantic.Field(
        "",
        description="A host on the internet that messages may be sent to all the same, named as in "
        "ollama.host, which must be https then. Without it only this machine and your own network "
        "are spoken to.",
    )
    model: str = pydantic.Field(
        "gemma3:27b", min_length=1, description="The model's name, as `ollama list` shows it."
    )
    context: int = pydantic.Field(
        8192,
        ge=2048,
        le=262_144,
        description="Context window in tokens. Changing it makes Ollama load the model anew; "
        "a larger one needs more memory, and short passages are told more truly.",
    )
    keep_alive: Annotated[str, AfterValidator(_keep_alive)] = pydantic.Field(
        "30m", description="How long Ollama keeps the model loaded after a call; -1 for always."
    )


class ReportSettings(_Section):
    """When reports are due and how they are told, where a guild's admins chose nothing else."""

    time: Annotated[dt.time, BeforeValidator(_clock_time)] = pydantic.Field(
        dt.time(0, 0), description="When the daily report is due, as hours and minutes."
    )
    zone: Annotated[str, AfterValidator(_zone)] = pydantic.Field(
        default_factory=_machine_zone,
        description="The IANA time zone of days and report times; the default is this machine's.",
    )
    language: LanguageCode = pydantic.Field(
        "en",
        description="The language that reports are told in. What was written in another one is "
        "translated by the model; without a model it stays as it is.",
    )
    checkpoint: Path | None = pydantic.Field(
        None,
        description="A folder with an encoder-decoder dialogue summariser in the format of Hugging "
        "Face, with safetensors, which tells what the model cannot; it needs the extra "
        "`transformers`.",
    )


class MoodSettings(_Section):
    """How messages are scored."""

    scorer: Literal["vader"] = pydantic.Field(
        "vader", description="What scores the mood.", json_schema_extra={"settled": True}
    )


class LimitSettings(_Section):
    """How much members may ask for."""

    member: int = pydantic.Field(
        10,
        ge=1,
        le=1_000,
        description="Summaries that one member may ask for within an hour; admins may lower it.",
    )
    guild: int = pydantic.Field(
        40,
        ge=1,
        le=1_000,
        description="Summaries that a guild's members may ask for within an hour, all together; "
        "admins may lower it.",
    )


class StorageSettings(_Section):
    """What is kept, and what is fetched."""

    keep_days: int = pydantic.Field(
        30,
        ge=1,
        le=36_500,
        description="Days for which texts are kept; counts and reports stay. "
        "Imported messages stay.",
    )
    keep: Annotated[
        dict[int, Annotated[int, pydantic.Field(ge=1, le=36_500)]], BeforeValidator(_days_by_id)
    ] = pydantic.Field(
        {},
        description="Other numbers of days for guilds, categories, channels or threads, by id, "
        "such as 123=90, 456=7. The nearest counts.",
    )
    archive: bool = pydantic.Field(
        False,
        description="Whether messages are written into compressed exports (the archive folder) "
        "before they have been kept long enough and go.",
    )
    left_days: int = pydantic.Field(
        30,
        ge=0,
        le=3650,
        description="Days for which everything of a guild is kept after the bot has left it. "
        "If it comes back within them, it goes on where it was.",
    )
    backups_kept: int = pydantic.Field(
        3, ge=1, le=100, description="How many of the automatic backups are kept."
    )
    backup_days: int = pydantic.Field(
        30,
        ge=1,
        le=3650,
        description="Days after which an automatic backup is removed, with what was deleted since.",
    )
    backfill_days: int = pydantic.Field(
        7, ge=0, le=3650, description="Days of history to fetch when a guild is first seen."
    )
    reread_hours: int = pydantic.Field(
        48,
        ge=0,
        le=24 * 90,
        description="Hours before a gap that are read again, to find edits and deletions.",
    )


class LogSettings(_Section):
    """What goes into the log file."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = pydantic.Field(
        "INFO", description="The least severe messages to keep in the log."
    )


class Config(_Section):
    """The whole configuration; a value is the environment's, else the file's, else the default."""

    discord: DiscordSettings = pydantic.Field(default_factory=DiscordSettings)
    ollama: OllamaSettings = pydantic.Field(default_factory=OllamaSettings)
    report: ReportSettings = pydantic.Field(default_factory=ReportSettings)
    mood: MoodSettings = pydantic.Field(default_factory=MoodSettings)
    limits: LimitSettings = pydantic.Field(default_factory=LimitSettings)
    storage: StorageSettings = pydantic.Field(default_factory=StorageSettings)
    log: LogSettings = pydantic.Field(default_factory=LogSettings)


SECTIONS: dict[str, type[BaseModel]] = {
    "discord": DiscordSettings,
    "ollama": OllamaSettings,
    "report": ReportSettings,
    "mood": MoodSettings,
    "limits": LimitSettings,
    "storage": StorageSettings,
    "log": LogSettings,
}


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


def as_values(config: "Config") -> dict[str, str]:
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
