"""DiscordChatExporter JSON in and out."""

from guildwatch.exchange.archive import Archive
from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.exporting import Exporter, ExportProgress, ExportSummary, Span
from guildwatch.exchange.importing import ImportProgress, ImportSummary, import_exports

__all__ = [
    "Archive",
    "ExchangeError",
    "ExportProgress",
    "ExportSummary",
    "Exporter",
    "ImportProgress",
    "ImportSummary",
    "Span",
    "import_exports",
]
