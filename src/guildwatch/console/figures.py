"""A guild's mood and activity in figures: the day so far, and each of the last thirty days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guildwatch.store import HourCount

MONTH, WEEK = 30, 7


@dataclass(frozen=True, slots=True)
class Figures:
    """A guild's day so far and the days before it; moods are mean compound values in -1..1.

    `days` ends with today, `moods` has one value for each of them (None: nothing was scored).
    """

    today: float | None
    positive: float
    negative: float
    usual: float | None
    by_hour: tuple[int, ...]
    days: tuple[date, ...]
    moods: tuple[float | None, ...]

    @classmethod
    def of(cls, hours: Iterable[HourCount], now: datetime) -> "Figures":
        """Adds up a month of hourly counts; `now` is local."""
        by_day: dict[date, list[HourCount]] = {}
        for hour in hours:
            by_day.setdefault(hour.start.astimezone(now.tzinfo).date(), []).append(hour)
        days = _days_until(now.date())
        today = by_day.get(now.date(), [])
        scored = sum(hour.scored for hour in today) or 1
        counts = [0] * 24
        for hour in today:
            counts[hour.start.astimezone(now.tzinfo).hour] += hour.messages
        return cls(
            today=_mean(today),
            positive=sum(hour.positive for hour in today) / scored,
            negative=sum(hour.negative for hour in today) / scored,
            usual=_mean([hour for day in days[:-1] for hour in by_day.get(day, [])]),
            by_hour=tuple(counts),
            days=days,
            moods=tuple(_mean(by_day.get(day, [])) for day in days),
        )


def month_until(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The stretch (UTC) that the figures are made of: thirty days, today among them."""
    first = datetime.combine(_days_until(now.date())[0], time(), zone)
    return first.astimezone(UTC), now.astimezone(UTC) + timedelta(hours=1)


def _days_until(today: date) -> tuple[date, ...]:
    return tuple(today - timedelta(days=back) for back in reversed(range(MONTH)))


def _mean(hours: list[HourCount]) -> float | None:
    scored = sum(hour.scored for hour in hours)
    return sum(hour.score_sum for hour in hours) / scored if scored else None
