"""A text as a reader sees it, letter by letter in plain Latin, and where each letter stands.

Whoever wants to slip something past a pattern puts invisible characters, markup or letters of
another script that look the same into it; whoever reads it then sees no difference.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

_LOOKALIKES = {
    **dict(zip("АВЕЅІЈКМНОРСТУХаеіјорсухѕԁһԛԝ", "ABESIJKMHOPCTYXaeijopcyxsdhqw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονρ", "ABEZHIKMNOPTYXaovp", strict=True)),
    **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‘’‚‛′＇´", "'"),
    **dict.fromkeys("․。．｡", "."),
    **dict.fromkeys("∶ː꞉：", ":"),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("ıⅼ", "l"),
    **dict.fromkeys("łŁ", "l"),
}
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_PLAIN = re.compile(r"[\x20-\x5b\x5d-\x7e\n]*+")
# A backslash hides a sign from Discord's formatting; within a word formatting only splits it.
_HIDDEN = re.compile(r"\\(?=[^A-Za-z0-9\s\\])|(?<=[\w/+=.-])(?:\*\*|~~|\|\|)(?=[\w/+=.-])")


@dataclass(frozen=True, slots=True)
class Seen:
    """`text` is what is seen; its letter at a place stands at `places[place]` of the original."""

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original, what is invisible within it included."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def seen(text: str) -> Seen:
    """The text as it is seen; takes time in proportion to its length."""
    is_plain = _PLAIN.fullmatch(text) is not None
    hidden = _hidden(text) if not is_plain or "**" in text or "||" in text or "~~" in text else ()
    if is_plain and not hidden:
        return Seen(text, None)
    letters = [*map(_TABLE.__getitem__, text)]  # one for each character, or none
    for place in hidden:
        letters[place] = ""
    shown = "".join(letters)
    if len(shown) == len(text):
        return Seen(shown, None)
    return Seen(shown, [*compress(range(len(text)), letters)])


def lowered(text: str) -> str:
    """The text in small letters, each where it was."""
    low = text.lower()
    # A few letters become two.
    return low if len(low) == len(text) else "".join(sign.lower()[:1] for sign in text)


def _hidden(text: str) -> frozenset[int]:
    spans = (found.span() for found in _HIDDEN.finditer(text))
    return frozenset(place for start, end in spans for place in range(start, end))


class _Table(dict[str, str]):
    """The letter that each character is seen as, worked out when it is first met."""

    def __missing__(self, char: str) -> str:
        letter = _letter(char)
        if len(self) < 20_000:  # somebody may try them all
            self[char] = letter
        return letter


def _letter(char: str) -> str:
    """One letter, or nothing where nothing is seen."""
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    category = unicodedata.category(char)
    if char in "\n\t\r" or category == "Zs":
        return "\n" if char in "\n\r" else " "
    if category in ("Cc", "Cf", "Cs", "Co", "Mn", "Me") or char in _INVISIBLE:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    base = unicodedata.normalize("NFKD", char)
    rest_is_marks = all(unicodedata.category(mark) == "Mn" for mark in base[1:])
    return _LOOKALIKES.get(base[0], base[0]) if base and rest_is_marks else char


_TABLE = _Table()
