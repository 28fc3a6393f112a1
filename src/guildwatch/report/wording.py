"""How a report's dates, counts and shares are said, in the languages that there are words of."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from guildwatch.digest import UNANSWERED
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
from guildwatch.report.phrases import Phrases, phrases, reworded

_TENSE = -0.05  # VADER's own bound of negative
_ENOUGH = 5
_LABELS = ("positive", "neutral", "negative")

# From the seventh day back on a weekday's name would mean another day.
_NAMED_DAYS = 7
# A model that is asked twice loses a point here and there, and nothing is missing for it: half of
# what it says of one conversation is dropped on an ordinary day. Several of them, and a third of
# all that was to be told, are another matter.
_MANY_DROPPED = 3
_SHARE_DROPPED = 1 / 3


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 message`, `1,204 messages`, in English."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`, in English."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def said_by(messages: int, people: int, language: str) -> str:
    """`312 messages by 41 people`."""
    words = phrases(language)
    return words.say(
        "words.said",
        messages=words.count("counts.message", messages),
        people=words.count("counts.person", people),
    )


def size(topic: Topic, language: str) -> str:
    """`23 messages, 4 people`."""
    words = phrases(language)
    messages = words.count("counts.message", topic.messages)
    return f"{messages}, {words.count('counts.person', topic.people)}"


def title(topic: Topic, language: str) -> str:
    """What a topic is called; one that has no name of its own is called so in our words."""
    return phrases(language).say("words.unanswered") if topic.title == UNANSWERED else topic.title


def headline(report: Report) -> str:
    """The report's headline; where it only says how quiet it was, in our own words."""
    digest = report.digest
    if digest.headline and not digest.headline_message_ids and not digest.topics:
        return quiet(report)
    return digest.headline


def quiet(report: Report) -> str:
    """`A quiet day: 14 messages by 3 people.`, or that nobody wrote at all."""
    words, kind, activity = phrases(report.language), report.period.kind.value, report.activity
    if not activity.messages:
        return words.say(f"silent.{kind}")
    said = said_by(activity.messages, activity.people, report.language)
    return words.say(f"quiet.{kind}", said=said)


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


def incomplete_line(report: Report) -> str:
    """One sentence about why a report may be incomplete; empty where nothing speaks for it."""
    words, engine = phrases(report.language), report.digest.engine
    told = sum(len(topic.points) for topic in report.digest.topics)
    reasons = []
    if report.coverage.gaps:
        reasons.append(words.count("counts.unread", len(report.coverage.gaps)))
    if engine.dropped_points >= max(_MANY_DROPPED, _SHARE_DROPPED * (told + engine.dropped_points)):
        reasons.append(words.count("counts.unverified", engine.dropped_points))
    if engine.fallback and engine.name != "extractive":  # that all is quoted is said anyway
        reasons.append(words.say("words.not_all_told"))
    return words.say("words.incomplete", reasons="; ".join(reasons)) if reasons else ""


def coverage_line(coverage: Coverage, language: str = "en") -> str:
    """`Read 298 of 312 messages in 9 channels · left out: 14 bot messages`."""
    words = phrases(language)
    how = "part"
    if coverage.read == coverage.messages:
        how = "all" if coverage.messages > 1 else "one"
    parts = [
        words.say(
            f"words.read_{how}",
            read=words.number(coverage.read),
            messages=words.count("counts.message", coverage.messages),
            channels=words.count("counts.channel", coverage.channels),
        )
    ]
    if how == "part":
        parts.append(words.say("words.left_out", parts=", ".join(_left_out(coverage, words))))
    if coverage.gaps:
        parts.append(words.count("counts.gap", len(coverage.gaps)))
    return " · ".join(parts)


def for_members(coverage: Coverage) -> Coverage:
    """The coverage as a guild's members may see it.

    What was deleted and what somebody does not want to be kept is one number: whoever knows who
    wrote when could else tell who opted out.
    """
    left_out = Counter[str]()
    for reason, number in coverage.left_out.items():
        left_out["unkept" if reason in ("deleted", "opted_out") else reason] += number
    return replace(coverage, left_out=dict(left_out))


def engine_line(engine: EngineUse, language: str = "en", *, why: bool = False) -> str:
    """Who wrote it, honestly; `why` adds for the operator what kept the model from it."""
    words = phrases(language)
    reason = reworded(engine.fallback, language).removesuffix(".")
    if engine.name == "extractive":
        lack = "unusable" if reason else "none"
        return reason if why and reason else words.say(f"engine.{lack}")
    by = words.say("engine.written", model=engine.model or engine.name)
    parts = [f"{by}. {reason}" if why and reason else by]
    if engine.name == "mixed" and parts == [by]:
        parts = [words.say("engine.mixed", written=by)]
    if engine.translated:
        parts.append(words.count("counts.translated", engine.translated))
    if engine.untranslated:
        parts.append(words.count("counts.untranslated", engine.untranslated))
    if why and engine.chat_tokens:
        parts.append(effort(engine, language))
    return " · ".join(parts)


def effort(engine: EngineUse, language: str = "en") -> str:
    """For the operator: how much the model read for it, and how much of that was not chat."""
    words, tokens = phrases(language), engine.prompt_tokens
    asked = 1 - engine.chat_tokens / tokens if tokens else 0.0
    told = words.say("engine.effort", tokens=words.number(tokens), share=words.share(asked))
    if not engine.ahead_prompt_tokens:
        return told
    ahead = words.share(engine.ahead_prompt_tokens / tokens)
    return words.say("engine.effort_ahead", told=told, share=ahead)


def mood_line(mood: MoodSummary, zone: str, language: str = "en") -> str:
    """`positive on the whole · 61 % positive, 9 % negative; lowest around 15:00`."""
    words = phrases(language)
    if mood.label not in _LABELS:
        return words.say("mood.unknown")
    shares = words.say(
        "mood.shares", positive=words.share(mood.positive), negative=words.share(mood.negative)
    )
    remarks = list(mood.unusual) or _low_point(mood, zone, words)
    return "; ".join([f"{words.say(f'mood.{mood.label}')} · {shares}", *remarks])


def most_active(names: Iterable[tuple[str, int]], language: str) -> str:
    """` · most active: Mara 38, jonas 31`, nothing of nobody; names are ready to be shown."""
    words = phrases(language)
    told = ", ".join(
        f"{name or words.say('words.someone')} {words.number(messages)}" for name, messages in names
    )
    return f" · {words.say('words.most_active', names=told)}" if told else ""


def most_positive(names: Iterable[str], language: str) -> str:
    """` · most positive: Mara, jonas`, nothing of nobody; names are ready to be shown."""
    words = phrases(language)
    told = ", ".join(name or words.say("words.someone") for name in names)
    return f" · {words.say('words.most_positive', names=told)}" if told else ""


def share(part: float) -> str:
    """A share 0..1 as `61 %`, in English."""
    return phrases("en").share(part)


def clock_times(moments: Iterable[datetime], first_day: date, language: str = "en") -> str:
    """`14:05, 14:10, 22 Nov 00:03`: the day is said when it is not `first_day`."""
    said = []
    for on, group in groupby(moments, key=lambda moment: moment.date()):
        times = ", ".join(f"{moment:%H:%M}" for moment in group)
        said.append(times if on == first_day else f"{short_day(on, language)} {times}")
    return ", ".join(said)


def _last(period: Period) -> datetime:
    return period.end - timedelta(microseconds=1)


def _left_out(coverage: Coverage, words: Phrases) -> Iterator[str]:
    for reason, number in sorted(coverage.left_out.items(), key=lambda item: (-item[1], item[0])):
        if number and words.has(f"left_out.{reason}"):
            yield words.count(f"left_out.{reason}", number)
        elif number:
            yield f"{words.number(number)} {reason.replace('_', ' ')}"


def _low_point(mood: MoodSummary, zone: str, words: Phrases) -> list[str]:
    told = [hour for hour in mood.hours if hour.score is not None and hour.scored >= _ENOUGH]
    lowest = min(told, key=lambda hour: hour.score or 0.0, default=None)
    if lowest is None or lowest.score is None or lowest.score > _TENSE:
        return []
    return [words.say("mood.lowest", time=f"{local(lowest.start, zone):%H:%M}")]


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
