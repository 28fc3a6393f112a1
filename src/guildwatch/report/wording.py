"""How a report's dates, counts and shares are said in English."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby

from guildwatch.model import (
    Coverage,
    EngineUse,
    MoodSummary,
    Period,
    PeriodKind,
    Report,
    Topic,
)
from guildwatch.report.periods import local

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_LEFT_OUT = {
    "deleted": ("deleted message", "deleted messages"),
    "opted_out": ("of a member who opted out", "of members who opted out"),
    "bot": ("bot message", "bot messages"),
    "command": ("command", "commands"),
    "system": ("system message", "system messages"),
    "empty": ("without words", "without words"),
}
_TENSE = -0.05  # VADER's own bound of negative
_ENOUGH = 5
_LABELS = {
    "positive": "positive on the whole",
    "neutral": "neutral on the whole",
    "negative": "negative on the whole",
}

# From the seventh day back on a weekday's name would mean another day.
_NAMED_DAYS = 7
# A model that is asked twice loses a point here and there, and nothing is missing for it: half of
# what it says of one conversation is dropped on an ordinary day. Several of them, and a third of
# all that was to be told, are another matter.
_MANY_DROPPED = 3
_SHARE_DROPPED = 1 / 3
ASKED_EARLIER = "Asked earlier"
_THEMSELVES = "these are the messages themselves"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 message`, `1,204 messages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def day(moment: date) -> str:
    """`Saturday, 21 November`."""
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]}"


def short_day(moment: date) -> str:
    """`21 Nov`."""
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]}"


def short_days(first: date, last: date) -> str:
    """`21 Nov`, `21 to 23 Nov`, `30 Nov to 2 Dec`."""
    if first == last:
        return short_day(last)
    begin = str(first.day) if first.month == last.month else short_day(first)
    return f"{begin} to {short_day(last)}"


def main_day(period: Period, zone: str) -> date:
    """The calendar day on which most of the period lies."""
    return local(period.start + (period.end - period.start) / 2, zone).date()


def when(period: Period, zone: str, *, year: bool) -> str:
    """What the period is called: `Saturday, 21 November`, `16 to 22 November`, with its hours."""
    start, end = local(period.start, zone), local(period.end, zone)
    suffix = f" {main_day(period, zone).year}" if year else ""
    if period.kind is PeriodKind.DAY:
        return day(main_day(period, zone)) + suffix + _hours_of_day(start, end)
    if period.kind is PeriodKind.MONTH:
        return _MONTHS[main_day(period, zone).month - 1] + suffix
    last = end - timedelta(microseconds=1)
    if period.kind is PeriodKind.WEEK:
        return f"Week of {_dates(start, last)}{suffix}"  # "Week 5 to …" would be its number
    if start.time() == end.time() == time():
        return (day(start) if start.date() == last.date() else _dates(start, last)) + suffix
    return _span(start, end, suffix)


def since(moment: datetime, period: Period, zone: str) -> str:
    """The day of a moment before or in a period: `Thursday`, or `9 Nov` where that is not clear."""
    on = local(moment, zone).date()
    last = local(_last(period), zone).date()
    return _DAYS[on.weekday()] if (last - on).days < _NAMED_DAYS else short_day(on)


def asked(moment: datetime, period: Period, zone: str) -> str:
    """` (asked Thursday)` of a question, nothing where the report's own day is meant."""
    first, last = (local(one, zone).date() for one in (period.start, _last(period)))
    is_day = period.kind is PeriodKind.DAY or first == last
    return (
        ""
        if is_day and period.start <= moment < period.end
        else f" (asked {since(moment, period, zone)})"
    )


def continues(topic: Topic, period: Period, zone: str, *, title: str = "") -> str:
    """`continues from Thursday: Lost saves`, with the earlier topic's `title` where it is given."""
    day_ = f" from {since(topic.continues_since, period, zone)}" if topic.continues_since else ""
    return f"continues{day_}: {title}" if title else f"continues{day_}"


def incomplete_line(report: Report) -> str:
    """One sentence about why a report may be incomplete; empty where nothing speaks for it."""
    engine = report.digest.engine
    told = sum(len(topic.points) for topic in report.digest.topics)
    reasons = []
    if report.coverage.gaps:
        gaps = len(report.coverage.gaps)
        reasons.append(f"{count(gaps, 'stretch', 'stretches')} of the talk could not be read")
    if engine.dropped_points >= max(_MANY_DROPPED, _SHARE_DROPPED * (told + engine.dropped_points)):
        dropped = count(engine.dropped_points, "point")
        verb = "was" if engine.dropped_points == 1 else "were"
        reasons.append(f"{dropped} could not be verified and {verb} left out")
    if engine.fallback:
        reasons.append("the language model could not tell all of it")
    return f"This report may be incomplete: {'; '.join(reasons)}." if reasons else ""


def coverage_line(coverage: Coverage) -> str:
    """`Read 298 of 312 messages in 9 channels · left out: 14 bot messages`."""
    messages, channels = coverage.messages, count(coverage.channels, "channel")
    if coverage.read == messages:
        parts = [f"Read {'all ' if messages > 1 else ''}{count(messages, 'message')} in {channels}"]
    else:
        parts = [f"Read {coverage.read:,} of {count(messages, 'message')} in {channels}"]
        parts.append(f"left out: {', '.join(_left_out(coverage))}")
    if coverage.gaps:
        parts.append(count(len(coverage.gaps), "known gap"))
    return " · ".join(parts)


def engine_line(engine: EngineUse, *, why: bool = False) -> str:
    """Who wrote it, honestly; `why` adds for the operator what kept the model from it."""
    reason = engine.fallback.removesuffix(".")
    if engine.name == "extractive":
        lack = "could be used" if reason else "was available"
        return reason if why and reason else f"No language model {lack}: {_THEMSELVES}"
    by = f"AI-written by {engine.model or engine.name}, checked against its sources"
    if engine.name == "mixed":
        return f"{by}. {reason}" if why and reason else f"{by}; where it failed, {_THEMSELVES}"
    return by


def mood_line(mood: MoodSummary, zone: str) -> str:
    """`positive on the whole · 61 % positive, 9 % negative; lowest around 15:00`."""
    if mood.label not in _LABELS:
        return "nothing to measure it by"
    shares = f"{share(mood.positive)} positive, {share(mood.negative)} negative"
    remarks = list(mood.unusual) or _low_point(mood, zone)
    return "; ".join([f"{_LABELS[mood.label]} · {shares}", *remarks])


def share(part: float) -> str:
    """A share 0..1 as `61 %`."""
    return f"{round(part * 100)} %"


def clock_times(moments: Iterable[datetime], first_day: date) -> str:
    """`14:05, 14:10, 22 Nov 00:03`: the day is said when it is not `first_day`."""
    said = []
    for on, group in groupby(moments, key=lambda moment: moment.date()):
        times = ", ".join(f"{moment:%H:%M}" for moment in group)
        said.append(times if on == first_day else f"{short_day(on)} {times}")
    return ", ".join(said)


def _last(period: Period) -> datetime:
    return period.end - timedelta(microseconds=1)


def _left_out(coverage: Coverage) -> Iterable[str]:
    for reason, number in sorted(coverage.left_out.items(), key=lambda item: (-item[1], item[0])):
        if number:
            yield count(number, *_LEFT_OUT.get(reason, (reason.replace("_", " "),) * 2))


def _low_point(mood: MoodSummary, zone: str) -> list[str]:
    told = [hour for hour in mood.hours if hour.score is not None and hour.scored >= _ENOUGH]
    lowest = min(told, key=lambda hour: hour.score or 0.0, default=None)
    if lowest is None or lowest.score is None or lowest.score > _TENSE:
        return []
    return [f"lowest around {local(lowest.start, zone):%H:%M}"]


def _hours_of_day(start: datetime, end: datetime) -> str:
    """Nothing for a whole calendar day, else its bounds."""
    if start.time() == end.time():
        return "" if start.time() == time() else f" (from {_clock_on(start)})"
    return f" ({start:%H:%M} to {end:%H:%M})"


def _clock_on(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()][:3]} {moment:%H:%M}"


def _dates(first: datetime, last: datetime) -> str:
    month = _MONTHS[last.month - 1]
    to = "and" if last.date() - first.date() == timedelta(days=1) else "to"
    if first.month == last.month:
        return f"{first.day} {to} {last.day} {month}"
    return f"{first.day} {_MONTHS[first.month - 1]} {to} {last.day} {month}"


def _span(start: datetime, end: datetime, suffix: str) -> str:
    if start.date() == end.date():
        return f"{day(start)}{suffix}, {start:%H:%M} to {end:%H:%M}"
    return f"{short_day(start)}, {start:%H:%M} to {short_day(end)}{suffix}, {end:%H:%M}"
