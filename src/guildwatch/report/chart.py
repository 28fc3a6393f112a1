"""The child process that draws a chart: JSON on stdin, a PNG on stdout.

Two strips over one axis of time: the mood as a line above and below its middle, and the messages as
bars. There are no words of people in it, as the fonts at hand lack most scripts.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guildwatch.report.phrases import Phrases, phrases
from guildwatch.report.slots import Slot, hours_or_days, is_by_day


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart, each as `#rrggbb`."""

    card: str
    ink: str
    quiet: str
    faint: str
    accent: str
    bar: str


# Contrast on its card: ink 12:1 and more, quiet ink 6:1, accent 6:1.
DARK = Palette("#232428", "#e3e5e8", "#a4a8b0", "#3f4248", "#7aa5f5", "#6b7280")
LIGHT = Palette("#ffffff", "#1f2328", "#5b6270", "#d9dce1", "#2d5fc4", "#a9b0bb")
_PALETTES = {"dark": DARK, "light": LIGHT}

SIZE, DPI = (10.0, 3.8), 100
_LARGE, _SMALL = 16, 15  # Discord shows the picture at about half its size

_FEW = 3
_CALM = 0.05
_NARROWEST = 0.4


def main() -> None:
    """Reads the request from stdin and writes the picture to stdout."""
    request = json.load(sys.stdin)
    drawing = figure(slots(request), request["language"], _PALETTES[request["theme"]])
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
    return hours_or_days(hours)


def figure(times: Sequence[Slot], language: str = "en", colours: Palette = DARK) -> Figure:
    """The chart of these hours or days, with words of the language of this code."""
    words = phrases(language)
    by_day = is_by_day(times)
    drawing = Figure(figsize=SIZE, dpi=DPI, facecolor=colours.card)
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
        _bare(axes, colours)
    _draw_mood(mood, times, words, colours)
    _draw_talk(talk, times, words, colours, by_day=by_day)
    _label_times(talk, times, words if by_day else None)
    return drawing


def _bare(axes: Axes, colours: Palette) -> None:
    axes.set_facecolor(colours.card)
    axes.tick_params(length=0, colors=colours.quiet, labelsize=_SMALL)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_yticks([])


def _titled(axes: Axes, title: str, colours: Palette) -> None:
    axes.set_title(title, loc="left", color=colours.ink, fontsize=_LARGE, pad=7)


def _draw_mood(axes: Axes, times: Sequence[Slot], words: Phrases, colours: Palette) -> None:
    """The line, with ▲ above the calm middle, ▼ below it; hollow where few messages spoke."""
    told = [(at + 0.5, time) for at, time in enumerate(times) if time.score is not None]
    reach = max([_NARROWEST, *(abs(time.score or 0.0) * 1.25 for _, time in told)])
    axes.set_ylim(-reach, reach)
    axes.axhline(0, color=colours.faint, linewidth=1.2)
    scores = [float("nan") if time.score is None else time.score for time in times]
    axes.fill_between(_middles(times), scores, color=colours.accent, alpha=0.14, linewidth=0)
    axes.plot(_middles(times), scores, color=colours.accent, linewidth=2.2, solid_capstyle="round")
    for at, time in told:
        score = time.score or 0.0
        axes.plot(
            at,
            score,
            marker="^" if score >= _CALM else "v" if score <= -_CALM else "o",
            markersize=9 if abs(score) >= _CALM else 7,
            markerfacecolor=colours.accent if time.scored >= _FEW else colours.card,
            markeredgecolor=colours.accent,
            markeredgewidth=1.6,
        )
    _titled(axes, words.say("mood.name"), colours)
    hint = words.say("chart.hint")
    axes.set_title(hint, loc="right", color=colours.quiet, fontsize=_SMALL, pad=7)


def _draw_talk(
    axes: Axes, times: Sequence[Slot], words: Phrases, colours: Palette, *, by_day: bool
) -> None:
    heights = [time.messages for time in times]
    most = max(heights, default=0)
    axes.bar(
        _middles(times), heights, width=min(0.72, 0.09 * max(len(times), 4)), color=colours.bar
    )
    axes.set_ylim(0, max(most, 1) * 1.3)
    axes.axhline(0, color=colours.faint, linewidth=1.2)
    axes.set_xlim(-0.1, max(len(times), 1) + 0.1)
    _titled(axes, words.say(f"chart.talk_by_{'day' if by_day else 'hour'}"), colours)
    if most:
        at = heights.index(most)
        axes.text(
            at + 0.5,
            most * 1.04,
            words.number(most),
            color=colours.ink,
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
