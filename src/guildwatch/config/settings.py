"""The fields of the configuration: their names, defaults and limits, and the manual of each.

A field's description is what the console's Settings screen and the documentation show.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

import tzlocal
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from guildwatch.config.bot_token import sendable, tell_if_open, token_in
from guildwatch.config.errors import ConfigError
from guildwatch.config.redaction import Redactor
from guildwatch.config.values import (
    ClockTime,
    DaysById,
    DiscordAddress,
    KeepAlive,
    TokenFile,
    ZoneName,
)
from guildwatch.model import LanguageCode

DISCORD_API = "https://discord.com/api/v10"


def _model_host() -> str:
    return os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434"


def _machine_zone() -> str:
    name = tzlocal.get_localzone_name()
    return name if name in available_timezones() else "UTC"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class DiscordSettings(_Section):
    """How to reach Discord."""

    token: SecretStr | None = Field(
        None, description="The bot's token, from the Developer Portal (Bot → Reset Token)."
    )
    token_file: TokenFile | None = Field(
        None, description="A file that holds nothing but the bot's token; used when token is unset."
    )
    api_url: DiscordAddress = Field(
        DISCORD_API, description="Discord's address; another one only for the sandbox."
    )

    def read_token(self) -> str:
        """The token, from `token` or else from `token_file`.

        Raises `ConfigError` when there is none or the file cannot be read. That others can read the
        file is told.
        """
        token = self._told_token()
        if self.token is None and self.token_file is not None:
            tell_if_open(self.token_file.expanduser())
        return token

    def _told_token(self) -> str:
        if self.token and (text := self.token.get_secret_value().strip()):
            return sendable(text, "discord.token")
        if self.token_file is None:
            raise ConfigError(
                "No bot token is set. Copy one from the Developer Portal (Bot → Reset Token) into "
                "the environment variable GUILDWATCH_DISCORD__TOKEN, or into config.toml as "
                'token = "…" under [discord].'
            )
        return token_in(self.token_file)

    def redactor(self) -> Redactor:
        """What takes this token out of texts, where one is set and can be read."""
        try:
            return Redactor(self._told_token())
        except ConfigError:
            return Redactor()


class OllamaSettings(_Section):
    """The local language model."""

    host: str = Field(
        default_factory=_model_host,
        min_length=1,
        description="Where Ollama listens; the default is OLLAMA_HOST, then this machine.",
    )
    remote_host: str = Field(
        "",
        description="A host on the internet that messages may be sent to all the same, named as in "
        "ollama.host, which must be https then. Without it only this machine and your own network "
        "are spoken to.",
    )
    model: str = Field(
        "gemma3:27b", min_length=1, description="The model's name, as `ollama list` shows it."
    )
    context: int = Field(
        8192,
        ge=2048,
        le=262_144,
        description="Context window in tokens. Changing it makes Ollama load the model anew; "
        "a larger one needs more memory, and short passages are told more truly.",
    )
    keep_alive: KeepAlive = Field(
        "30m", description="How long Ollama keeps the model loaded after a call; -1 for always."
    )


class ReportSettings(_Section):
    """When reports are due and how they are told, where a guild's admins chose nothing else."""

    time: ClockTime = Field(
        dt.time(0, 0), description="When the daily report is due, as hours and minutes."
    )
    zone: ZoneName = Field(
        default_factory=_machine_zone,
        description="The IANA time zone of days and report times; the default is this machine's.",
    )
    language: LanguageCode = Field(
        "en",
        description="The language that reports are told in. What was written in another one is "
        "translated by the model; without a model it stays as it is.",
    )
    checkpoint: Path | None = Field(
        None,
        description="A folder with an encoder-decoder dialogue summariser in the format of Hugging "
        "Face, with safetensors, which tells what the model cannot; it needs the extra "
        "`transformers`.",
    )


class MoodSettings(_Section):
    """How messages are scored."""

    scorer: Literal["vader"] = Field(
        "vader", description="What scores the mood.", json_schema_extra={"settled": True}
    )


class LimitSettings(_Section):
    """How much members may ask for."""

    member: int = Field(
        10,
        ge=1,
        le=1_000,
        description="Summaries that one member may ask for within an hour; admins may lower it.",
    )
    guild: int = Field(
        40,
        ge=1,
        le=1_000,
        description="Summaries that a guild's members may ask for within an hour, all together; "
        "admins may lower it.",
    )


class StorageSettings(_Section):
    """What is kept, and what is fetched."""

    keep_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="Days for which texts are kept; counts and reports stay. "
        "Imported messages stay.",
    )
    keep: DaysById = Field(
        {},
        description="Other numbers of days for guilds, categories, channels or threads, by id, "
        "such as 123=90, 456=7. The nearest counts.",
    )
    archive: bool = Field(
        False,
        description="Whether messages are written into compressed exports (the archive folder) "
        "before they have been kept long enough and go.",
    )
    left_days: int = Field(
        30,
        ge=0,
        le=3650,
        description="Days for which everything of a guild is kept after the bot has left it. "
        "If it comes back within them, it goes on where it was.",
    )
    backups_kept: int = Field(
        3, ge=1, le=100, description="How many of the automatic backups are kept."
    )
    backup_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="Days after which an automatic backup is removed, with what was deleted since.",
    )
    backfill_days: int = Field(
        7, ge=0, le=3650, description="Days of history to fetch when a guild is first seen."
    )
    reread_hours: int = Field(
        48,
        ge=0,
        le=24 * 90,
        description="Hours before a gap that are read again, to find edits and deletions.",
    )


class LogSettings(_Section):
    """What goes into the log file."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="The least severe messages to keep in the log."
    )


class Config(_Section):
    """The whole configuration; a value is the environment's, else the file's, else the default."""

    discord: DiscordSettings = Field(default_factory=DiscordSettings)
    ollama: OllamaSettings = Field(default_factory=OllamaSettings)
    report: ReportSettings = Field(default_factory=ReportSettings)
    mood: MoodSettings = Field(default_factory=MoodSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    storage: StorageSettings = Field(default_factory=StorageSettings)
    log: LogSettings = Field(default_factory=LogSettings)


SECTIONS: dict[str, type[BaseModel]] = {
    "discord": DiscordSettings,
    "ollama": OllamaSettings,
    "report": ReportSettings,
    "mood": MoodSettings,
    "limits": LimitSettings,
    "storage": StorageSettings,
    "log": LogSettings,
}
