"""VADER's word lists, read from the installed vaderSentiment package."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a word is worth (about -4..4, by its lower-case form) and what an emoji is called."""

    words: dict[str, float]
    emoji: dict[str, str]


def read_lexicon() -> Lexicon:
    """Both word lists as vaderSentiment itself reads them; where a word is listed twice, the last.

    Emoji of several characters are left out: vaderSentiment looks at single characters, so it
    never finds them.
    """
    words = {word: float(worth) for word, worth in _rows("vader_lexicon.txt")}
    emoji = {sign: name for sign, name in _rows("emoji_utf8_lexicon.txt") if len(sign) == 1}
    return Lexicon(words, emoji)


def _rows(name: str) -> Iterator[tuple[str, str]]:
    content = (files("vaderSentiment") / name).read_text(encoding="utf-8")
    # Not splitlines(): it also splits at characters that belong to a line.
    for line in content.rstrip("\n").split("\n"):
        if line:
            first, second = line.strip().split("\t")[:2]
            yield first, second
