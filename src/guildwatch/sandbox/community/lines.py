"""A script cut into entries: one a happening, with its time and the lines that go on from it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from guildwatch.model import GuildwatchError

_DAY = re.compile(r"== (?P<day>-?\d+)")
_HEAD = re.compile(
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))? +(?P<rest>\S.*)"
)
INDENT = "    "
"""What a line begins with that goes on from the one above."""


class ScriptError(GuildwatchError):
    """A line that the grammar or the cast does not allow; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One head line with its continuation, not yet understood."""

    line: int
    day: int
    minute: int
    second: int | None
    rest: str
    more: tuple[str, ...] = ()


def entries_of(text: str, name: str) -> list[Entry]:
    """A script's entries in order; raises ScriptError for a line that cannot begin one."""
    entries: list[Entry] = []
    day = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(INDENT) or not line.strip():
            if entries:
                entries[-1] = _continued(entries[-1], line)
        elif match := _DAY.fullmatch(line):
            day = int(match["day"])
        elif match := _HEAD.fullmatch(line):
            minute = int(match["hour"]) * 60 + int(match["minute"])
            second = int(match["second"]) if match["second"] else None
            entries.append(Entry(number, day, minute, second, match["rest"]))
        elif not line.startswith("#"):
            raise ScriptError(
                f"{name}, line {number}: a line begins with a time like 09:15, four spaces, "
                f"== or #, but this one with {line[:20]!r}."
            )
    return entries


def _continued(entry: Entry, line: str) -> Entry:
    return replace(entry, more=(*entry.more, line.removeprefix(INDENT).rstrip()))


def moments_of(entries: list[Entry]) -> Iterator[timedelta]:
    """Each entry's time since the day's midnight; those of one minute are spread over it."""
    minutes = [(entry.day, entry.minute) for entry in entries]
    shares = Counter(minutes)
    seen: Counter[tuple[int, int]] = Counter()
    for entry, minute in zip(entries, minutes, strict=True):
        seen[minute] += 1
        second = entry.second
        if second is None:
            second = 60 * seen[minute] // (shares[minute] + 1)
        yield timedelta(days=entry.day, minutes=entry.minute, seconds=second)
