"""The panel that tells how one guild is today, against the last weeks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from textual.widgets import Static

from guildwatch.console.view import View
from guildwatch.console.wording import gauge, signed, sparks
from guildwatch.report.inert import plain
from guildwatch.store import HourCount

_BAR = 13
_WEEK, _MONTH = 7, 30


@dataclass(frozen=True, slots=True)
class Figures:
    """A guild's day so far and the days before it; moods are mean compound values in -1..1."""

    today: float | None
    positive: float
    negative: float
    usual: float | None
    by_hour: tuple[int, ...]
    days: tuple[float | None, ...]

    @classmethod
    def of(cls, hours: list[HourCount], now: datetime, zone: ZoneInfo) -> "Figures":
        """Adds up a month of hourly counts; `now` is local."""
        by_day: dict[date, list[HourCount]] = {}
        for hour in hours:
            by_day.setdefault(hour.start.astimezone(zone).date(), []).append(hour)
        today = by_day.get(now.date(), [])
        scored = sum(hour.scored for hour in today) or 1
        counts = [0] * 24
        for hour in today:
            counts[hour.start.astimezone(zone).hour] += hour.messages
        days = [now.date() - timedelta(days=back) for back in reversed(range(_MONTH))]
        moods = tuple(_mean(by_day.get(day, [])) for day in days)
        return cls(
            today=_mean(today),
            positive=sum(hour.positive for hour in today) / scored,
            negative=sum(hour.negative for hour in today) / scored,
            usual=_mean([hour for day in days[:-1] for hour in by_day.get(day, [])]),
            by_hour=tuple(counts),
            days=moods,
        )


def _mean(hours: list[HourCount]) -> float | None:
    scored = sum(hour.scored for hour in hours)
    return sum(hour.score_sum for hour in hours) / scored if scored else None


class MoodPanel(Static):
    """Mood and activity of the chosen guild: today, by hour, over 7 and over 30 days."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id, markup=False)
        self._view = view
        self._guild_id: int | None = None
        self.figures: Figures | None = None

    async def show(self, guild_id: int | None) -> None:
        """Reads and shows this guild's figures."""
        self._guild_id = guild_id
        await self.look()

    async def look(self) -> None:
        """Reads the figures again."""
        guild = self._view.roster.guild(self._guild_id) if self._guild_id else None
        if guild is None:
            self.border_title = "Mood"
            self.update("No guild yet.")
            return
        zone = self._view.zone(guild.id)
        now = self._view.clock().astimezone(zone)
        first = datetime.combine(now.date() - timedelta(days=_MONTH - 1), time(), zone)
        hours = await self._view.store.activity.hours(
            guild.id, first.astimezone(UTC), now.astimezone(UTC) + timedelta(hours=1)
        )
        self.border_title = plain(guild.name)
        self.figures = Figures.of(hours, now, zone)
        self.update(self._text(self.figures, self._view.pulse.mood(guild.id)))

    def _text(self, figures: Figures, present: float | None) -> str:
        if self.size.height < 4:
            return (
                f"today {signed(figures.today)} · usual {signed(figures.usual)} · now "
                f"{signed(present)} · 7 days {_line(figures.days[-_WEEK:])}"
            )
        return "\n".join(
            (
                "mood",
                f"{'now':<5} {gauge(present, _BAR)} {signed(present)}",
                f"{'today':<5} {gauge(figures.today, _BAR)} {signed(figures.today)}",
                f"{'usual':<5} {gauge(figures.usual, _BAR)} {signed(figures.usual)}",
                "",
                f"positive {figures.positive:.0%}  negative {figures.negative:.0%}",
                "",
                "messages by hour",
                sparks([count or None for count in figures.by_hour], 0, max(figures.by_hour)),
                "0     6     12    18",
                "",
                "mood, last 7 days",
                _line(figures.days[-_WEEK:], spread=3),
                "",
                "mood, last 30 days",
                _line(figures.days),
                "",
                "· is a day without words",
            )
        )


def _line(days: tuple[float | None, ...], spread: int = 1) -> str:
    known = [mood for mood in days if mood is not None]
    low, high = min([-0.1, *known]), max([0.3, *known])
    return "".join(block * spread for block in sparks(days, low, high))
