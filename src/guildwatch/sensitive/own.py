"""Our own token, wherever somebody has pasted it."""

import hashlib
import re

from guildwatch.sensitive.found import Kind
from guildwatch.sensitive.seeing import Seen, seen

_SHORTEST = 16


class OwnToken:
    """Knows the token that the program runs with; never shows it.

    Its last part alone counts as well: that is the part which must stay secret. Capitals do not
    matter, since Discord writes the names of channels small.
    """

    __slots__ = ("_known", "fingerprint")

    def __init__(self, token: str) -> None:
        last = token.rpartition(".")[2]
        known = dict.fromkeys(one for one in (token, last) if len(one) >= _SHORTEST)
        # Without any, a pattern that nothing matches.
        pattern = "|".join(map(re.escape, known)) or r"(?!)"
        self._known = re.compile(pattern, re.ASCII | re.IGNORECASE)
        self.fingerprint = hashlib.blake2b(token.encode(), digest_size=6).hexdigest()
        """By which two tokens can be told apart, and nothing else."""

    def __repr__(self) -> str:
        return "OwnToken(…)"

    def removed(self, text: str) -> str:
        """The text with a mark in its place, wherever a reader sees it."""
        if len(text) < _SHORTEST:
            return text
        shown = seen(text)
        # From the end, so that the places before stay what they are.
        for found in reversed([*self._known.finditer(shown.text)]):
            text = _without(text, shown, *found.span())
        return text


def _without(text: str, shown: Seen, start: int, end: int) -> str:
    first, last = shown.span(start, end)
    return text[:first] + Kind.SECRET.mark + text[last:]
