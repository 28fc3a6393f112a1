"""What happens in the guilds, on its way in: live batches, history and gaps, and the present."""

from guildwatch.capture.backfill import Backfill, BackfillProgress
from guildwatch.capture.expiry import Archive, Expiry, Spans
from guildwatch.capture.frontier import Frontier
from guildwatch.capture.history import (
    Between,
    ChannelGoneError,
    History,
    HistoryError,
    HistoryPage,
    HistoryRefusedError,
)
from guildwatch.capture.intake import Intake, Pause
from guildwatch.capture.keeping import KeepRules
from guildwatch.capture.pulse import Pulse
from guildwatch.capture.roster import Roster
from guildwatch.capture.screen import Screen
from guildwatch.capture.sweep import SweepProgress
from guildwatch.capture.tracking import REPORT_CHANNEL_NAME, report_channel

__all__ = [
    "REPORT_CHANNEL_NAME",
    "Archive",
    "Backfill",
    "BackfillProgress",
    "Between",
    "ChannelGoneError",
    "Expiry",
    "Frontier",
    "History",
    "HistoryError",
    "HistoryPage",
    "HistoryRefusedError",
    "Intake",
    "KeepRules",
    "Pause",
    "Pulse",
    "Roster",
    "Screen",
    "Spans",
    "SweepProgress",
    "report_channel",
]
