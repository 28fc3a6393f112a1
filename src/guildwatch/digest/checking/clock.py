"""Times of day, told by twelve hours or by twenty-four: 8pm is 20:00, and is not 8 am."""

import re
from collections.abc import Iterator

_HALF_DAY = re.compile(r"(?<![\w:.])(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\b\.?", re.IGNORECASE)
_RANGE = re.compile(
    r"(?<![\w:.])(\d{1,2})(?:[:.](\d{2}))?\s?(?:-|to|till|until|and)\s?"
    r"(?=\d{1,2}(?:[:.]\d{2})?\s?([ap])\.?m\b)",
    re.IGNORECASE,
)
_WHOLE_DAY = re.compile(
    r"(?<![\w:.])(\d{1,2}):(\d{2})(?![\d:]|\s?[ap]\.?m\b)|(?<![\w:.])(\d{1,2})\s?(?:uhr|h|heures)\b",
    re.IGNORECASE,
)
_HALF_PAST = re.compile(
    r"(?<!\w)half(?: past)? (\d{1,2})(?![\w.:])|(?<!\w)halb (\d{1,2})(?![\w.:])"
)
_NOON = 12


def times(text: str) -> set[int]:
    """The times of day that a folded text surely names, in minutes after midnight."""
    return {minutes for _, minutes in _found(text)}


def without_times(text: str, known: set[int]) -> str:
    """A folded text without those of its times that are known."""
    for found, minutes in sorted(_found(text), key=_place, reverse=True):
        if minutes in known:
            text = f"{text[: found.start()]} {text[found.end() :]}"
    return text


def _place(found: tuple[re.Match[str], int]) -> int:
    return found[0].start()


def wrong_half(text: str, evidence: str) -> str | None:
    """A time of one folded text whose hour another has in the other half of the day alone."""
    known = times(evidence)
    sure = {minutes % (_NOON * 60) for minutes in (_minutes(*each) for each in _halves(evidence))}
    for found in _HALF_DAY.finditer(text):
        minutes = _minutes(found[1], found[2], found[3])
        if minutes not in known and minutes % (_NOON * 60) in sure:
            return found[0]
    return None


def _halves(text: str) -> Iterator[tuple[str, str, str]]:
    for pattern in (_HALF_DAY, _RANGE):
        yield from ((found[1], found[2], found[3]) for found in pattern.finditer(text))


def _found(text: str) -> Iterator[tuple[re.Match[str], int]]:
    for pattern in (_HALF_DAY, _RANGE):
        for found in pattern.finditer(text):
            yield found, _minutes(found[1], found[2], found[3])
    for found in _HALF_PAST.finditer(text.casefold()):  # half 5, and halb 6, which are one
        hour = int(found[1] or int(found[2]) - 1) % _NOON
        yield from ((found, 60 * each + 30) for each in (hour, hour + _NOON))
    for found in _WHOLE_DAY.finditer(text):
        yield found, 60 * int(found[1] or found[3]) + int(found[2] or 0)


def _minutes(hour: str, minute: str | None, half: str) -> int:
    return 60 * (int(hour) % _NOON + (_NOON if half.casefold() == "p" else 0)) + int(minute or 0)
