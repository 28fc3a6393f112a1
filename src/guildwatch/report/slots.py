"""The times that a report's chart and its table tell: hours, or days where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

_HOURS_AT_MOST = 49


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour or a day: its messages, and their mean mood in -1..1 if `scored` of them have one.

    `start` is in local time.
    """

    start: datetime
    messages: int
    scored: int
    score: float | None


def hours_or_days(hours: Sequence[Slot]) -> list[Slot]:
    """The hours, or their days where there are more than two days of hours."""
    if len(hours) <= _HOURS_AT_MOST:
        return list(hours)
    return [_day(list(of_day)) for _, of_day in groupby(hours, key=_date)]


def is_by_day(times: Sequence[Slot]) -> bool:
    """Whether each of several slots is a day."""
    return len({_date(time) for time in times}) == len(times) > 1


def _date(time: Slot) -> date:
    return time.start.date()


def _day(hours: Sequence[Slot]) -> Slot:
    scored = sum(hour.scored for hour in hours)
    total = sum(hour.score * hour.scored for hour in hours if hour.score is not None)
    messages = sum(hour.messages for hour in hours)
    return Slot(hours[0].start, messages, scored, total / scored if scored else None)
