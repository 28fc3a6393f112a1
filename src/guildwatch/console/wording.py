"""Short words and signs for figures, so that every screen says them alike."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size

from guildwatch.model import (
    AttachmentKind,
    Audit,
    Feedback,
    Message,
    MessageKind,
    Verdict,
    Widening,
)
from guildwatch.mood import label_of
from guildwatch.report.inert import plain
from guildwatch.sensitive import masked

_SPARKS = " ▁▂▃▄▅▆▇█"
_DROPS = " ▔▀█"  # the few blocks that hang from the top of their cell
_SIGNS = {"positive": "+", "negative": "−", "neutral": " ", "unknown": " "}
_MOODS = {"positive": "🟢", "negative": "🔴", "neutral": "⚪", "unknown": "⚪"}
_FULL_MOOD = 0.5  # a mean of many messages hardly ever leaves ±0.5
# Terminals disagree how wide these make the sign that they stand on.
_UNSTEADY = re.compile("[\ufe00-\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff]")
_FILES = {
    AttachmentKind.IMAGE: "image",
    AttachmentKind.VIDEO: "video",
    AttachmentKind.AUDIO: "sound",
    AttachmentKind.VOICE: "voice message",
    AttachmentKind.OTHER: "file",
}
_FLAG_LETTERS = {0x1F1E6 + at: chr(ord("A") + at) for at in range(26)}


def steady(text: str) -> str:
    """The text on one line, in signs that every terminal gives as many cells as we do.

    Joined emoji fall into their parts, skin tones go, a flag becomes its two letters.
    """
    return text if text.isascii() and text.isprintable() else _steadied(plain(text))


def called(name: str) -> str:
    """The name of a member, a place or a server: `steady`, and without secrets."""
    return steady(masked(name))


def _steadied(text: str) -> str:
    return _UNSTEADY.sub("", text).translate(_FLAG_LETTERS)


def carried(message: Message) -> str:
    """What a message holds beside words: `2 images`, `voice message, sticker`; empty for nothing.

    Files of which nobody told what they are count as files.
    """
    counts = Counter(_FILES[kind] for kind in message.attachment_kinds)
    counts[_FILES[AttachmentKind.OTHER]] += message.attachments - counts.total()
    counts["sticker"] = message.stickers
    return ", ".join(_counted(name, count) for name, count in counts.items() if count > 0)


def wordless(message: Message) -> str:
    """What stands in place of words that are not there, or that nobody could see."""
    held = carried(message)
    if held:
        return f"[{held}]"
    return "(system message)" if message.kind is MessageKind.SYSTEM else "(no words)"


def readers_said(feedback: Sequence[Feedback]) -> str:
    """What readers think of a report, on one line; empty where nobody said anything."""
    votes = Counter(one.verdict for one in feedback)
    words = " · ".join(f"“{steady(one.words)}”" for one in feedback if one.words)
    told = [
        f"{votes[Verdict.GOOD]} helpful" if votes[Verdict.GOOD] else "",
        f"{votes[Verdict.BAD]} not helpful" if votes[Verdict.BAD] else "",
        f"{_counted('correction', votes[Verdict.WRONG])}: {words}" if words else "",
    ]
    said = ", ".join(filter(None, told))
    return f"Readers: {said}" if said else ""


def withdrawn(points: int) -> str:
    """What a report has lost since it was written; empty where that is nothing."""
    if not points:
        return ""
    return f"{_counted('1 point' if points == 1 else 'point', points)} withdrawn after deletions"


def audited(audit: Audit, now: datetime) -> str:
    """What comparing the posts with their readers came to; `now` is on the operator's clock."""
    at = audit.at.astimezone(now.tzinfo)
    day = "today" if at.date() == now.date() else f"{at.day} {at:%b}"
    found = "nothing to withdraw"
    if audit.narrowed:
        points = _counted("1 point" if audit.points == 1 else "point", audit.points)
        found = f"{points} withdrawn from {audit.narrowed} of them"
    unknown = f", of {audit.unknown} more nobody can tell who reads them" if audit.unknown else ""
    posts = _counted("1 post" if audit.posts == 1 else "post", audit.posts)
    return f"Audit of who reads what: {posts}, {found}{unknown}, {day} {at:%H:%M}."


def opened(widening: Widening, place: str, zone: ZoneInfo) -> str:
    """That reports tell of a channel on purpose, or once told of it: by whom and since when."""

    def day(moment: datetime) -> str:
        local = moment.astimezone(zone)
        return f"{local.day} {local:%b} {local:%H:%M}"

    by = f"member {widening.made_by}" if widening.made_by else "a former member"
    told = f"Told of on purpose: {place}, by {by}, since {day(widening.made_at)}"
    if widening.ended_at is None:
        return f"{told}."
    how = widening.reason or (f"member {widening.ended_by}" if widening.ended_by else "taken back")
    return f"{told} until {day(widening.ended_at)} ({how})."


def _counted(name: str, count: int) -> str:
    return name if count == 1 else f"{count} {name}s"


def lasting(span: timedelta) -> str:
    """A duration in its two largest units: `3 d 4 h`, `2 h 13 min`, `40 s`."""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def volume(size: int) -> str:
    """Bytes as megabytes or gigabytes."""
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"


def signed(score: float | None) -> str:
    """A compound score as `+0.21`, with a real minus; `–` where there is none."""
    return "–" if score is None else f"{score:+.2f}".replace("-", "−")


def sign(score: float | None) -> str:
    """A message's mood in one cell: `+`, `−` or nothing."""
    return _SIGNS[label_of(score)]


def lamp(score: float | None) -> str:
    """A mood as a coloured dot; the figure beside it says the same without colour."""
    return _MOODS[label_of(score)]


def gauge(score: float | None, arm: int = 5) -> str:
    """A mood as a bar to the right (good) or left (bad) of its middle, `arm` cells for 0.5."""
    level = 0 if score is None else round(min(1.0, abs(score) / _FULL_MOOD) * arm)
    bar = "█" * level + "·" * (arm - level)
    empty = "·" * arm
    return f"{bar[::-1]}│{empty}" if (score or 0) < 0 else f"{empty}│{bar}"


def bars(values: Sequence[float | None], full: float, rows: int, width: int = 1) -> list[str]:
    """Bars of `rows` lines in eighths, top line first; `·` at the foot where there is no value.

    `full` fills them. A value from 0 on shows at least a trace, one below 0 none.
    """
    levels = [None if value is None else _level(value, full, 8 * rows) for value in values]
    return [
        "".join(_block(level, rows - 1 - row, width) for level in levels) for row in range(rows)
    ]


def _level(value: float, full: float, most: int) -> int:
    if value < 0:
        return 0
    return max(1, min(most, round(value / (full or 1) * most)))


def _block(level: int | None, floor: int, width: int) -> str:
    if level is None:
        return ("·" if floor == 0 else " ").center(width)
    return _SPARKS[max(0, min(8, level - 8 * floor))] * width


def drops(values: Sequence[float | None], full: float, width: int = 1) -> str:
    """One line of bars that hang down, for what is below 0; `-full` fills it."""
    most = len(_DROPS) - 1
    levels = [0 if value is None or value >= 0 else _level(-value, full, most) for value in values]
    return "".join(_DROPS[level] * width for level in levels)


def sparks(values: Sequence[float | None], low: float, high: float) -> str:
    """One block a value between `low` and `high`; `·` where there is none."""
    span = high - low or 1.0
    return "".join(
        "·" if value is None else _SPARKS[1 + round(min(1, max(0, (value - low) / span)) * 7)]
        for value in values
    )


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis."""
    if cell_len(text) > width > 0:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return set_cell_size(text, width)
