"""Which words are forms of each other, in languages whose endings are not listed anywhere."""

from collections.abc import Collection
from functools import lru_cache

_SHORTEST = 4
_SHORTEST_PART = 5  # of a compound: `treiber` in `grafiktreiber`
_ALIKE, _LONG_START = 0.7, 5
_ALIKE_IF_LONG = 0.6


def has_kin(word: str, stems: Collection[str]) -> bool:
    """Whether one of these stems begins as the word's, or one of both is put together with it."""
    return len(word) >= _SHORTEST and any(_are_kin(word, other) for other in stems)


@lru_cache(maxsize=100_000)
def _are_kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST or not (short.isalpha() and long.isalpha()):
        return False
    if len(short) >= _SHORTEST_PART and short in long:
        return True
    same = next(
        (at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    wanted = _ALIKE_IF_LONG if same >= _LONG_START else _ALIKE
    return same >= _SHORTEST and same >= wanted * len(long)
