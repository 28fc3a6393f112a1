"""How much of what people wrote a summary says: ROUGE, and the share of a reference's items.

ROUGE as defined by Lin 2004 ("ROUGE: A Package for Automatic Evaluation of Summaries",
https://aclanthology.org/W04-1013/): F1 of words, of pairs of words and of the longest common
subsequence, in lower case, without stemming; of several references the best counts.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from guildwatch.digest.transcript.words import STOP, stem, words

_TOKEN = re.compile(r"[^\W_]+")
_FOUND = 0.5
"""The share of an item's stems that must occur."""


@dataclass(frozen=True, slots=True)
class Rouge:
    """F1 in 0..1 of words, of pairs of words, and of the longest common subsequence."""

    one: float
    two: float
    longest: float


def rouge(text: str, references: Sequence[str]) -> Rouge:
    """The best of each measure over the references; 0 where there are none."""
    found = [_against(_tokens(text), _tokens(one)) for one in references]
    return Rouge(
        max((one.one for one in found), default=0.0),
        max((one.two for one in found), default=0.0),
        max((one.longest for one in found), default=0.0),
    )


def coverage(text: str, references: Sequence[str], most_words: int) -> float | None:
    """The share of a reference's items, told with commas, that the first words of a text say.

    An item is said where at least half of its stems are. Of several references the mean; prose of
    several lines has commas but no items and counts only where there is nothing else. None where
    there is no item at all.
    """
    said = {stem(word) for word in _words(first_words(text, most_words))}
    lines = [one for one in references if "\n" not in one.strip()]
    shares = [
        sum(len(item & said) >= _FOUND * len(item) for item in items) / len(items)
        for one in lines or references
        if (items := _items(one))
    ]
    return sum(shares) / len(shares) if shares else None


def first_words(text: str, most: int) -> str:
    """The text up to so many words, told apart by spaces."""
    return " ".join(text.split()[:most])


def _items(reference: str) -> list[frozenset[str]]:
    """Each item's stems; words that say nothing count only where there are no others."""
    found = []
    for item in reference.split(","):
        all_words = _words(item)
        telling = [word for word in all_words if word.lower() not in STOP]
        if stems := frozenset(stem(word) for word in telling or all_words):
            found.append(stems)
    return found


def _words(text: str) -> list[str]:
    """Words, and the parts of those that are joined by signs."""
    whole = words(text)
    return whole + [part for word in whole for part in _TOKEN.findall(word) if part != word]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def _against(text: Sequence[str], reference: Sequence[str]) -> Rouge:
    pairs = [list(pairwise(one)) for one in (text, reference)]
    return Rouge(
        _f1(_shared(text, reference), len(text), len(reference)),
        _f1(_shared(pairs[0], pairs[1]), len(pairs[0]), len(pairs[1])),
        _f1(_common(text, reference), len(text), len(reference)),
    )


def _shared(one: Sequence[object], other: Sequence[object]) -> int:
    return (Counter(one) & Counter(other)).total()


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for place, theirs in enumerate(other, 1):
            above = row[place]
            row[place] = before + 1 if word == theirs else max(above, row[place - 1])
            before = above
    return row[-1]


def _f1(both: int, one: int, other: int) -> float:
    return 2 * both / (one + other) if one + other else 0.0
