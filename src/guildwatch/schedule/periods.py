"""The periods that reports tell: those of each kind follow each other without hole or overlap."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildwatch.model import Period, PeriodKind
from guildwatch.schedule.calendar import Calendar

LONGEST = timedelta(hours=50)
"""Two days, one of them with an hour (or two) more: no day's period grows longer by a change."""
SHORTEST = timedelta(hours=6)

KINDS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH)
"""What becomes due by the calendar; of what is due at one moment this comes first to last."""

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """How short and how long a change of time, zone or weekday may make a period."""

    shortest: timedelta
    longest: timedelta


_BOUNDS = {
    PeriodKind.DAY: _Bounds(SHORTEST, LONGEST),
    PeriodKind.WEEK: _Bounds(timedelta(days=2), timedelta(days=14, hours=26)),
    PeriodKind.MONTH: _Bounds(timedelta(days=7), timedelta(days=62, hours=26)),
}


def next_end(calendar: Calendar, told_until: datetime, changed_at: datetime | None) -> datetime:
    """When the period that begins at `told_until` ends and its report is due.

    That is the calendar's next due moment. After a change of time, zone or weekday (`changed_at`,
    None if unknown) two due moments are passed over, as long as the period does not grow too long
    (a day `LONGEST`): one that had gone by before the change, since nobody chose it, and one that
    comes too soon (a day's within `SHORTEST`), unless it is a day's and was chosen since.
    """
    longest = _BOUNDS[calendar.kind].longest
    due = calendar.next_due(told_until)
    while _nobody_chose(calendar.kind, due, told_until, changed_at):
        later = calendar.next_due(due)
        if later - told_until > longest:
            break
        due = later
    return due


def _nobody_chose(
    kind: PeriodKind, due: datetime, told_until: datetime, changed_at: datetime | None
) -> bool:
    is_new = changed_at is not None and changed_at > told_until
    if is_new and changed_at is not None and due <= changed_at:
        return True
    comes_soon = due - told_until < _BOUNDS[kind].shortest
    return comes_soon and not (is_new and kind is PeriodKind.DAY)


def due_periods(
    calendar: Calendar, told_until: datetime, changed_at: datetime | None, now: datetime
) -> list[Period]:
    """Every period since `told_until` that has ended by now, oldest first."""
    periods = []
    while (end := next_end(calendar, told_until, changed_at)) <= now:
        periods.append(Period(calendar.kind, told_until, end, calendar.zone))
        told_until = end
    return periods


def period_before_first(calendar: Calendar, now: datetime) -> Period:
    """The last period that ended before anybody asked; what is owed begins after it."""
    end = calendar.previous_due(now)
    return Period(calendar.kind, calendar.previous_due(end - _INSTANT), end, calendar.zone)


def rolled_up(periods: Collection[Period]) -> Period:
    """The one period that stands for several that follow each other."""
    first = min(periods, key=lambda period: period.start)
    last = max(periods, key=lambda period: period.end)
    return Period(PeriodKind.SPAN, first.start, last.end, last.zone)
