"""DiscordChatExporter JSON in and out, the archive, and what members may ask of their own data."""

from guildwatch.exchange.archive import Archive
from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.exporting import Exporter, ExportProgress, ExportSummary, Span
from guildwatch.exchange.forgetting import AtWorkError, Begun, Forgetter, Forgotten
from guildwatch.exchange.importing import ImportProgress, ImportSummary, import_exports
from guildwatch.exchange.mydata import DataFile, data_file

__all__ = [
    "Archive",
    "AtWorkError",
    "Begun",
    "DataFile",
    "ExchangeError",
    "ExportProgress",
    "ExportSummary",
    "Exporter",
    "Forgetter",
    "Forgotten",
    "ImportProgress",
    "ImportSummary",
    "Span",
    "data_file",
    "import_exports",
]
