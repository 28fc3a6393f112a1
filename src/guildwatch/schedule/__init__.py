"""When reports are due, and the running of them: calendar, ledger of due work, runner."""

from guildwatch.schedule.calendar import Calendar, ScheduleError, zone_named
from guildwatch.schedule.runner import GuildState, Runner
from guildwatch.schedule.steps import GuildList, NotNowError, PostOutcome, PostStep, WriteStep

__all__ = [
    "Calendar",
    "GuildList",
    "GuildState",
    "NotNowError",
    "PostOutcome",
    "PostStep",
    "Runner",
    "ScheduleError",
    "WriteStep",
    "zone_named",
]
