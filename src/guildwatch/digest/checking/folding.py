"""One spelling for what looks the same, so that a text and its messages can be compared."""

import re
import unicodedata

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2019\u2018\u02bc\u00b4\u0060\u2032\uff07"
_DOTS = "\u2024\u2027\u22c5\u00b7\u30fb\uff65\u3002\uff61\ua4f8\u0701\u0702"
_SIGNS = str.maketrans(
    dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_APOSTROPHES, "'") | {"\u2044": "/"}
)
# Between Latin letters such a sign is a dot, and a browser takes it for one; elsewhere it ends
# a sentence or parts words.
_DOT_INSIDE = re.compile(f"(?<=[A-Za-z0-9])[{_DOTS}](?=[A-Za-z0-9])")
_DOT_BETWEEN = re.compile(f"[{_DOTS}]")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """The text with one form of each letter, digit, hyphen, apostrophe and dot; case is kept."""
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    if text.isascii():
        return text
    text = _DOT_BETWEEN.sub(". ", _DOT_INSIDE.sub(".", text))
    return "".join(map(_digit, text))


def _digit(char: str) -> str:
    """A digit of any script as the ASCII one."""
    return char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))


def flat(text: str) -> str:
    """Its words alone, folded and in small letters, a space around each."""
    return f" {' '.join(_WORD.findall(fold(text).casefold()))} "


def is_unspaced(char: str) -> bool:
    """Whether a letter is of a script that has no capitals (many of them no spaces either)."""
    return unicodedata.category(char) == "Lo"
