"""Lines of a terminal: as wide as their cells, not as their characters."""

import unicodedata
from collections.abc import Iterator


def cells(text: str) -> int:
    """How many cells a terminal gives the text: two to wide characters, none to marks."""
    return sum(_cells(character) for character in text)


def wrapped(text: str, width: int, *, first: str = "", indent: str = "") -> Iterator[str]:
    """The text in lines of at most `width` cells, broken at spaces where there are any.

    The first line begins with `first`, every other with `indent`.
    """
    line, taken = first, cells(first)
    empty = True
    for word in text.split(" "):
        if not empty and taken + 1 + cells(word) <= width:
            line, taken = f"{line} {word}", taken + 1 + cells(word)
            continue
        if not empty:
            yield line
            line, taken = indent, cells(indent)
        *full, line = _broken(word, width, line, indent)
        yield from full
        taken, empty = cells(line), False
    yield line


def _broken(word: str, width: int, line: str, indent: str) -> Iterator[str]:
    """The line with the word, which goes on in further lines where it is wider than one."""
    taken = cells(line)
    for character in word:
        if taken + _cells(character) > max(width, cells(indent) + 2):
            yield line
            line, taken = indent, cells(indent)
        line += character
        taken += _cells(character)
    yield line


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
