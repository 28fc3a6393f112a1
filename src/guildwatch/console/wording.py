"""Short words and signs for figures, so that every screen says them alike."""

from collections.abc import Sequence
from datetime import timedelta

from rich.cells import cell_len, set_cell_size

from guildwatch.mood import label_of

_SPARKS = "▁▂▃▄▅▆▇█"
_SIGNS = {"positive": "+", "negative": "−", "neutral": " ", "unknown": " "}
_MOODS = {"positive": "🟢", "negative": "🔴", "neutral": "⚪", "unknown": "⚪"}


def lasting(span: timedelta) -> str:
    """A duration in its two largest units: `3 d 4 h`, `2 h 13 min`, `40 s`."""
    seconds = int(span.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def signed(score: float | None) -> str:
    """A compound score as `+0.21`, with a real minus; `–` where there is none."""
    return "–" if score is None else f"{score:+.2f}".replace("-", "−")


def sign(score: float | None) -> str:
    """A message's mood in one cell: `+`, `−` or nothing."""
    return _SIGNS[label_of(score)]


def lamp(score: float | None) -> str:
    """A mood as a coloured dot; the figure beside it says the same without colour."""
    return _MOODS[label_of(score)]


def gauge(score: float | None, width: int) -> str:
    """A mood in -1..1 as a bar of `width` cells whose middle is 0."""
    if score is None:
        return "·" * width
    filled = round((max(-1.0, min(1.0, score)) + 1) / 2 * width)
    return "█" * filled + "·" * (width - filled)


def sparks(values: Sequence[float | None], low: float, high: float) -> str:
    """One block a value between `low` and `high`; `·` where there is none."""
    span = high - low or 1.0
    return "".join(
        "·" if value is None else _SPARKS[round(min(1, max(0, (value - low) / span)) * 7)]
        for value in values
    )


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis."""
    if cell_len(text) > width > 0:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return set_cell_size(text, width)
