"""What the operator configured: a TOML file and environment variables, checked, and all paths."""

from guildwatch.config.errors import ConfigError
from guildwatch.config.fields import Field, as_text, as_values, fields, variables
from guildwatch.config.loading import load
from guildwatch.config.paths import Paths
from guildwatch.config.private import make_private
from guildwatch.config.redaction import Redactor, is_token
from guildwatch.config.saving import save
from guildwatch.config.settings import (
    Config,
    DiscordSettings,
    LimitSettings,
    LogSettings,
    MoodSettings,
    OllamaSettings,
    ReportSettings,
    StorageSettings,
)

__all__ = [
    "Config",
    "ConfigError",
    "DiscordSettings",
    "Field",
    "LimitSettings",
    "LogSettings",
    "MoodSettings",
    "OllamaSettings",
    "Paths",
    "Redactor",
    "ReportSettings",
    "StorageSettings",
    "as_text",
    "as_values",
    "fields",
    "is_token",
    "load",
    "make_private",
    "save",
    "variables",
]
