"""When reports are due, and the running of them: calendar, ledger of due work, runner."""

from guildwatch.schedule.calendar import Calendar, ScheduleError, zone_named
from guildwatch.schedule.runner import GuildState, Runner
from guildwatch.schedule.steps import (
    BlockedError,
    CheckStep,
    GiveUpStep,
    GuildList,
    NotNowError,
    PostOutcome,
    PostStep,
    WriteStep,
)
from guildwatch.schedule.worker import Patience

__all__ = [
    "BlockedError",
    "Calendar",
    "CheckStep",
    "GiveUpStep",
    "GuildList",
    "GuildState",
    "NotNowError",
    "Patience",
    "PostOutcome",
    "PostStep",
    "Runner",
    "ScheduleError",
    "WriteStep",
    "zone_named",
]
