"""What the operator configured: a TOML file and environment variables, checked, and all paths."""

from guildwatch.config.loading import load
from guildwatch.config.paths import Paths
from guildwatch.config.saving import save
from guildwatch.config.settings import (
    Config,
    ConfigError,
    DiscordSettings,
    Field,
    LogSettings,
    MoodSettings,
    OllamaSettings,
    ReportSettings,
    StorageSettings,
    as_text,
    fields,
)

__all__ = [
    "Config",
    "ConfigError",
    "DiscordSettings",
    "Field",
    "LogSettings",
    "MoodSettings",
    "OllamaSettings",
    "Paths",
    "ReportSettings",
    "StorageSettings",
    "as_text",
    "fields",
    "load",
    "save",
]
