"""How a report's days, periods and moments are said, in the languages that there are words of."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby

from guildwatch.model import Period, PeriodKind, Topic
from guildwatch.report.periods import local
from guildwatch.report.phrases import Phrases, phrases

# From the seventh day back on a weekday's name would mean another day.
_NAMED_DAYS = 7


def day(moment: date, language: str = "en") -> str:
    """`Saturday, 21 November`."""
    words = phrases(language)
    return words.say(
        "calendar.day",
        weekday=words.calendar("weekdays", moment.weekday()),
        number=moment.day,
        month=words.calendar("months", moment.month - 1),
    )


def short_day(moment: date, language: str = "en") -> str:
    """`21 Nov`."""
    words = phrases(language)
    month = words.calendar("months_short", moment.month - 1)
    return words.say("calendar.short_day", number=moment.day, month=month)


def short_days(first: date, last: date, language: str = "en") -> str:
    """`21 Nov`, `21 to 23 Nov`, `30 Nov to 2 Dec`."""
    if first == last:
        return short_day(last, language)
    words = phrases(language)
    begin = words.say("calendar.day_number", number=first.day)
    if first.month != last.month:
        begin = short_day(first, language)
    return words.say("calendar.short_dates", first=begin, last=short_day(last, language))


def main_day(period: Period, zone: str) -> date:
    """The calendar day on which most of the period lies."""
    return local(period.start + (period.end - period.start) / 2, zone).date()


def when(period: Period, zone: str, *, year: bool, language: str = "en") -> str:
    """What the period is called: `Saturday, 21 November`, `16 to 22 November`, with its hours."""
    called = _called(period, zone, phrases(language), language, year=year)
    return called[:1].upper() + called[1:]


def _called(period: Period, zone: str, words: Phrases, language: str, *, year: bool) -> str:
    start, end = local(period.start, zone), local(period.end, zone)
    main = main_day(period, zone)
    suffix = words.say("calendar.year", year=main.year) if year else ""
    if period.kind is PeriodKind.DAY:
        return day(main, language) + suffix + _hours_of_day(start, end, words)
    if period.kind is PeriodKind.MONTH:
        return words.calendar("months_alone", main.month - 1) + suffix
    last = end - timedelta(microseconds=1)
    if period.kind is PeriodKind.WEEK:  # "Week 5 to …" would be its number
        return words.say("calendar.week", dates=_dates(start, last, words)) + suffix
    if start.time() == end.time() == time():
        is_day = start.date() == last.date()
        return (day(start, language) if is_day else _dates(start, last, words)) + suffix
    return _span(start, end, suffix, language)


def since(moment: datetime, period: Period, zone: str, language: str = "en") -> str:
    """The day of a moment before or in a period: `Thursday`, or `9 Nov` where that is not clear."""
    on = local(moment, zone).date()
    if _is_named(on, period, zone):
        return phrases(language).calendar("weekdays", on.weekday())
    return short_day(on, language)


def asked(moment: datetime, period: Period, zone: str, language: str = "en") -> str:
    """` (asked Thursday)` of a question, nothing where the report's own day is meant."""
    first, last = (local(one, zone).date() for one in (period.start, _last(period)))
    is_day = period.kind is PeriodKind.DAY or first == last
    if is_day and period.start <= moment < period.end:
        return ""
    return f" ({_with_day('words.asked', moment, period, zone, language)})"


def continues(topic: Topic, period: Period, zone: str, language: str, *, title: str = "") -> str:
    """`continues from Thursday: Lost saves`, with the earlier topic's `title` where it is given."""
    said = phrases(language).say("words.continues")
    if topic.continues_since is not None:
        said = _with_day("words.continues", topic.continues_since, period, zone, language)
    return f"{said}: {title}" if title else said


def _with_day(key: str, moment: datetime, period: Period, zone: str, language: str) -> str:
    named = _is_named(local(moment, zone).date(), period, zone)
    day_ = since(moment, period, zone, language)
    return phrases(language).say(f"{key}_{'weekday' if named else 'date'}", day=day_)


def _is_named(on: date, period: Period, zone: str) -> bool:
    return (local(_last(period), zone).date() - on).days < _NAMED_DAYS


def clock_times(moments: Iterable[datetime], first_day: date, language: str = "en") -> str:
    """`14:05, 14:10, 22 Nov 00:03`: the day is said when it is not `first_day`."""
    said = []
    for on, group in groupby(moments, key=lambda moment: moment.date()):
        times = ", ".join(f"{moment:%H:%M}" for moment in group)
        said.append(times if on == first_day else f"{short_day(on, language)} {times}")
    return ", ".join(said)


def _last(period: Period) -> datetime:
    return period.end - timedelta(microseconds=1)


def _hours_of_day(start: datetime, end: datetime, words: Phrases) -> str:
    """Nothing for a whole calendar day, else its bounds."""
    if start.time() != end.time():
        return words.say("calendar.hours", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    if start.time() == time():
        return ""
    weekday = words.calendar("weekdays_short", start.weekday())
    return words.say("calendar.hours_from", weekday=weekday, time=f"{start:%H:%M}")


def _dates(first: datetime, last: datetime, words: Phrases) -> str:
    two = "two_" if last.date() - first.date() == timedelta(days=1) else ""
    of = "" if first.month == last.month else "_of_two_months"
    return words.say(
        f"calendar.{two}dates{of}",
        first=words.say("calendar.day_number", number=first.day),
        last=words.say("calendar.day_number", number=last.day),
        first_month=words.calendar("months", first.month - 1),
        month=words.calendar("months", last.month - 1),
    )


def _span(start: datetime, end: datetime, suffix: str, language: str) -> str:
    words, times = phrases(language), {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    if start.date() == end.date():
        return words.say("calendar.span_of_a_day", day=day(start, language) + suffix, **times)
    first, last = short_day(start, language), short_day(end, language) + suffix
    return words.say("calendar.span", first=first, last=last, **times)
