"""The child process that draws a chart: JSON on stdin, a PNG on stdout.

Two strips over one axis of time: the mood as a line above and below its middle, and the messages as
bars. There are no words of people in it, as the fonts at hand lack most scripts.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guildwatch.report.phrases import Phrases, phrases

# A dark card, because Discord shows one picture to readers of its dark and of its light theme.
# Contrast on it: ink 12:1, quiet ink 6:1, accent 6:1.
CARD, INK, QUIET, FAINT, ACCENT = "#232428", "#e3e5e8", "#a4a8b0", "#3f4248", "#7aa5f5"
BAR = "#6b7280"
SIZE, DPI = (10.0, 3.8), 100
_LARGE, _SMALL = 16, 15  # Discord shows the picture at about half its size

_HOURS_AT_MOST = 49
_FEW = 3
_CALM = 0.05
_NARROWEST = 0.4


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour or a day: its messages, and their mean mood in -1..1 if `scored` of them have one."""

    start: datetime
    messages: int
    scored: int
    score: float | None


def main() -> None:
    """Reads the request from stdin and writes the picture to stdout."""
    request = json.load(sys.stdin)
    drawing = figure(slots(request), request["language"])
    drawing.savefig(sys.stdout.buffer, format="png")


def slots(request: dict[str, Any]) -> list[Slot]:
    """The hours of a request, or its days where there are more than two days of hours."""
    zone = ZoneInfo(request["zone"])
    hours = [
        Slot(
            datetime.fromisoformat(hour["start"]).astimezone(zone),
            hour["messages"],
            hour["scored"],
            hour["score"],
        )
        for hour in request["hours"]
    ]
    if len(hours) <= _HOURS_AT_MOST:
        return hours
    return [_day(list(of_day)) for _, of_day in groupby(hours, key=_date)]


def figure(times: Sequence[Slot], language: str = "en") -> Figure:
    """The chart of these hours or days, with words of the language of this code."""
    words = phrases(language)
    by_day = len({_date(time) for time in times}) == len(times) > 1
    drawing = Figure(figsize=SIZE, dpi=DPI, facecolor=CARD)
    mood, talk = drawing.subplots(
        2,
        1,
        sharex=True,
        gridspec_kw={
            "height_ratios": (1.15, 1),
            "hspace": 0.42,
            "left": 0.035,
            "right": 0.965,
            "top": 0.875,
            "bottom": 0.125,
        },
    )
    for axes in (mood, talk):
        _bare(axes)
    _draw_mood(mood, times, words)
    _draw_talk(talk, times, words, by_day=by_day)
    _label_times(talk, times, words if by_day else None)
    return drawing


def _date(time: Slot) -> date:
    return time.start.date()


def _day(hours: Sequence[Slot]) -> Slot:
    scored = sum(hour.scored for hour in hours)
    total = sum(hour.score * hour.scored for hour in hours if hour.score is not None)
    messages = sum(hour.messages for hour in hours)
    return Slot(hours[0].start, messages, scored, total / scored if scored else None)


def _bare(axes: Axes) -> None:
    axes.set_facecolor(CARD)
    axes.tick_params(length=0, colors=QUIET, labelsize=_SMALL)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_yticks([])


def _titled(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", color=INK, fontsize=_LARGE, pad=7)


def _draw_mood(axes: Axes, times: Sequence[Slot], words: Phrases) -> None:
    """The line, with ▲ above the calm middle, ▼ below it; hollow where few messages spoke."""
    told = [(at + 0.5, time) for at, time in enumerate(times) if time.score is not None]
    reach = max([_NARROWEST, *(abs(time.score or 0.0) * 1.25 for _, time in told)])
    axes.set_ylim(-reach, reach)
    axes.axhline(0, color=FAINT, linewidth=1.2)
    scores = [float("nan") if time.score is None else time.score for time in times]
    axes.fill_between(_middles(times), scores, color=ACCENT, alpha=0.14, linewidth=0)
    axes.plot(_middles(times), scores, color=ACCENT, linewidth=2.2, solid_capstyle="round")
    for at, time in told:
        score = time.score or 0.0
        axes.plot(
            at,
            score,
            marker="^" if score >= _CALM else "v" if score <= -_CALM else "o",
            markersize=9 if abs(score) >= _CALM else 7,
            markerfacecolor=ACCENT if time.scored >= _FEW else CARD,
            markeredgecolor=ACCENT,
            markeredgewidth=1.6,
        )
    _titled(axes, words.say("mood.name"))
    hint = words.say("chart.hint")
    axes.set_title(hint, loc="right", color=QUIET, fontsize=_SMALL, pad=7)


def _draw_talk(axes: Axes, times: Sequence[Slot], words: Phrases, *, by_day: bool) -> None:
    heights = [time.messages for time in times]
    most = max(heights, default=0)
    axes.bar(_middles(times), heights, width=min(0.72, 0.09 * max(len(times), 4)), color=BAR)
    axes.set_ylim(0, max(most, 1) * 1.3)
    axes.axhline(0, color=FAINT, linewidth=1.2)
    axes.set_xlim(-0.1, max(len(times), 1) + 0.1)
    _titled(axes, words.say(f"chart.talk_by_{'day' if by_day else 'hour'}"))
    if most:
        at = heights.index(most)
        axes.text(
            at + 0.5,
            most * 1.04,
            words.number(most),
            color=INK,
            fontsize=_SMALL,
            ha="center",
            va="bottom",
        )


def _label_times(axes: Axes, times: Sequence[Slot], days: Phrases | None) -> None:
    """Names the hours, or the days in these words."""
    by_day = days is not None
    named: Callable[[Slot], str] = partial(_day_name, days) if days else _hour_name
    every = -(-len(times) // 10) if by_day else next(n for n in (1, 3, 6) if len(times) <= 9 * n)
    shown = [
        at for at, time in enumerate(times) if (at if by_day else time.start.hour) % every == 0
    ]
    # An hour's label stands where the hour begins, a day's in its middle.
    axes.set_xticks([at + 0.5 * by_day for at in shown], labels=[named(times[at]) for at in shown])


def _middles(times: Sequence[Slot]) -> list[float]:
    return [at + 0.5 for at in range(len(times))]


def _hour_name(time: Slot) -> str:
    return f"{time.start:%H:%M}"


def _day_name(words: Phrases, time: Slot) -> str:
    return f"{words.calendar('weekdays_short', time.start.weekday())} {time.start.day}"
