"""What happens in the guilds, on its way in: live batches, history and gaps, and the present."""

from guildwatch.capture.backfill import Backfill, BackfillProgress
from guildwatch.capture.expiry import Expiry
from guildwatch.capture.frontier import Frontier
from guildwatch.capture.history import (
    ChannelGoneError,
    History,
    HistoryError,
    HistoryPage,
    HistoryRefusedError,
)
from guildwatch.capture.intake import Intake, Pause
from guildwatch.capture.pulse import Pulse
from guildwatch.capture.roster import Roster
from guildwatch.capture.tracking import REPORT_CHANNEL_NAME, report_channel

__all__ = [
    "REPORT_CHANNEL_NAME",
    "Backfill",
    "BackfillProgress",
    "ChannelGoneError",
    "Expiry",
    "Frontier",
    "History",
    "HistoryError",
    "HistoryPage",
    "HistoryRefusedError",
    "Intake",
    "Pause",
    "Pulse",
    "Roster",
    "report_channel",
]
