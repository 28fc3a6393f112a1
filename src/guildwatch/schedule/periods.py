"""The periods that reports tell: they follow each other without a hole or an overlap."""

from datetime import datetime, timedelta

from guildwatch.model import Period, PeriodKind
from guildwatch.schedule.calendar import Calendar

LONGEST = timedelta(hours=50)
"""Two days, one of them with an hour (or two) more: no period grows longer by a change."""
SHORTEST = timedelta(hours=6)

_INSTANT = timedelta(microseconds=1)


def next_end(calendar: Calendar, told_until: datetime, changed_at: datetime | None) -> datetime:
    """When the period that begins at `told_until` ends and its report is due.

    That is the calendar's next due moment. After a change of time or zone (`changed_at`, None if
    unknown) two due moments are passed over, as long as the period stays within `LONGEST`: one
    that had gone by before the change, since nobody chose it, and one that comes within
    `SHORTEST`, unless it was chosen after the last report.
    """
    due = calendar.next_due(told_until)
    while _nobody_chose(due, told_until, changed_at):
        later = calendar.next_due(due)
        if later - told_until > LONGEST:
            break
        due = later
    return due


def _nobody_chose(due: datetime, told_until: datetime, changed_at: datetime | None) -> bool:
    if changed_at is not None and changed_at > told_until:
        return due <= changed_at
    return due - told_until < SHORTEST


def due_periods(
    calendar: Calendar, told_until: datetime, changed_at: datetime | None, now: datetime
) -> list[Period]:
    """Every period since `told_until` that has ended by now, oldest first."""
    periods = []
    while (end := next_end(calendar, told_until, changed_at)) <= now:
        periods.append(Period(PeriodKind.DAY, told_until, end, calendar.zone))
        told_until = end
    return periods


def period_before_first(calendar: Calendar, now: datetime) -> Period:
    """The last period that ended before a guild was first seen; its reports begin after it."""
    end = calendar.previous_due(now)
    return Period(PeriodKind.DAY, calendar.previous_due(end - _INSTANT), end, calendar.zone)
