"""The periods that people ask for: a day, a week, the last hours, in a guild's own zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from guildwatch.model import Period, PeriodKind
from guildwatch.report.errors import ReportError


def day_period(day: date, zone: str) -> Period:
    """The calendar day, from midnight to midnight in an IANA zone; 23 or 25 hours at a change.

    Raises ReportError for a zone or day that does not exist.
    """
    return Period(PeriodKind.DAY, _midnight(day, zone), _midnight_after(day, zone), zone)


def week_period(last_day: date, zone: str) -> Period:
    """The seven calendar days that end with `last_day`."""
    try:
        first_day = last_day - timedelta(days=6)
    except OverflowError as error:
        raise _no_such_day(last_day) from error
    return Period(
        PeriodKind.WEEK, _midnight(first_day, zone), _midnight_after(last_day, zone), zone
    )


def month_period(day: date, zone: str) -> Period:
    """The calendar month that the day lies in."""
    first = day.replace(day=1)
    try:
        after = (first + timedelta(days=31)).replace(day=1)
    except OverflowError as error:
        raise _no_such_day(day) from error
    return Period(PeriodKind.MONTH, _midnight(first, zone), _midnight(after, zone), zone)


def hours_period(end: datetime, hours: float, zone: str) -> Period:
    """The last `hours` before `end` (aware)."""
    _zone(zone)
    end = end.astimezone(UTC)
    return Period(PeriodKind.SPAN, end - timedelta(hours=hours), end, zone)


def days_of(period: Period) -> tuple[Period, ...]:
    """The days that a longer period is made of, each at the local time at which it begins.

    They touch and cover it exactly; the last is shorter where the period ends within a day.
    """
    first = local(period.start, period.zone)
    bounds = [period.start]
    while bounds[-1] < period.end:
        after = first.date() + timedelta(days=len(bounds))
        moment = datetime.combine(after, first.time(), first.tzinfo).astimezone(UTC)
        bounds.append(min(moment, period.end))
    return tuple(Period(PeriodKind.DAY, start, end, period.zone) for start, end in pairwise(bounds))


def local(moment: datetime, zone: str) -> datetime:
    """The moment as the clocks of an IANA zone show it."""
    return moment.astimezone(_zone(zone))


def _midnight(day: date, zone: str) -> datetime:
    """The day's first moment (UTC): where clocks skip midnight, the moment of the skip."""
    try:
        return datetime.combine(day, time(), _zone(zone)).astimezone(UTC)
    except OverflowError as error:
        raise _no_such_day(day) from error


def _midnight_after(day: date, zone: str) -> datetime:
    try:
        return _midnight(day + timedelta(days=1), zone)
    except OverflowError as error:
        raise _no_such_day(day) from error


def _no_such_day(day: date) -> ReportError:
    return ReportError(f"There can be no report of {day}; choose a day between 2015 and now.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ReportError(
            f"{name!r} is not a time zone; write one of the IANA names, such as Europe/Berlin."
        ) from error
