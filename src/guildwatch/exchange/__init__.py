"""DiscordChatExporter JSON in."""

from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.importing import ImportProgress, ImportSummary, import_exports

__all__ = ["ExchangeError", "ImportProgress", "ImportSummary", "import_exports"]
