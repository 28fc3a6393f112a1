"""Which words some lines are about: weighed by how often, how early, how and where they stand."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, stem, words

# What introduces a matter: a chair's announcement, an agenda's numbered line, a reference back.
_CUE = re.compile(
    r"^\s*\d{1,2}[.):]\s|\b(?:next|topics?|agenda|items?|updates? on|regarding|mov(?:e|ing) on|"
    r"discuss\w*|first (?:up|thing)|second|third|lastly|finally|on ?to|about|talk|status)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^\W*(?:\d{1,2}[.):]\s+(?=\D)|\[?(?:topic|agenda)\b\]?\W)", re.IGNORECASE)
_ADDRESS = re.compile(r"^\W*([^\s,:]{2,32})[,:](?=\s)")
_LIST = re.compile(r"\s*(?:[,/]|\band\b)\s*|:\s")
_ROLL = 3  # names
_LONGEST = 24
_SHORT = 2  # telling words
_MANY_CUES = 2

# A logistic regression on the human agendas of 37 IRC meetings (is a stem in the agenda?); what
# it reaches on meetings that it was not fitted on is in docs/extractive.md.
FACTORS = (1.0, -1.5, 0.5, 0.5, 0.9, -0.7, 0.9, -0.3)


@dataclass(slots=True)
class Keyword:
    """How a stem stands in some lines; the counts are of lines that it occurs in."""

    first: float
    lines: int = 0
    cued: int = 0
    capital: int = 0
    upper: int = 0
    scraps: int = 0
    listed: int = 0
    people: set[int] = field(default_factory=set)
    ids: list[int] = field(default_factory=list)

    def features(self) -> tuple[float, ...]:
        """What its weight is made of: frequency, place, announcements, case, scraps, people."""
        return (
            math.log(self.lines),
            math.sqrt(self.first),
            min(_MANY_CUES, self.cued),
            self.capital / self.lines,
            self.upper / self.lines,
            self.scraps / self.lines,
            min(_MANY_CUES, self.listed),
            math.log(len(self.people)),
        )

    def weight(self, factors: Sequence[float] = FACTORS) -> float:
        """The odds, but for a constant factor, that a person would name it."""
        return math.exp(sum(a * b for a, b in zip(factors, self.features(), strict=True)))


def names_in(lines: Sequence[Line]) -> frozenset[str]:
    """The stems of people's names: who speaks, who is spoken to, who is called up in a row."""
    speakers = {line.name for line in lines}
    found = {part for name in speakers for part in (name, *words(name))}
    low = {name.lower() for name in speakers}
    for line in lines:
        addressed = _ADDRESS.match(line.text)
        if addressed and addressed[1].lower() in low:
            found.add(addressed[1])
        if is_roll_call(line.text, low):
            found.update(part for part in _LIST.split(line.text) if " " not in part.strip())
    return frozenset(stem(name.strip(" .,:;!?@")) for name in found)


def is_roll_call(text: str, low_names: Iterable[str]) -> bool:
    """Whether a text calls people up: names in a row, most of a line."""
    parts = [part.strip(" .,:;!?@").lower() for part in _LIST.split(text)]
    known = sum(part in low_names for part in parts)
    return known >= _ROLL or (known >= _ROLL - 1 and 2 * known >= len(parts))


def introduces(text: str) -> bool:
    """Whether a text may introduce a matter."""
    return bool(_CUE.search(text))


def keywords(lines: Sequence[Line], names: frozenset[str]) -> dict[str, Keyword]:
    """Every stem that may be a matter of these lines; nobody's name, no link, no filler."""
    found: dict[str, Keyword] = {}
    for place, line in enumerate(lines):
        spoken = words(without_links(line.text))
        is_scrap = sum(map(is_telling, spoken)) <= _SHORT
        is_cue = introduces(line.text)
        is_listed = bool(_LISTED.search(line.text))
        seen: set[str] = set()
        for position, word in enumerate(spoken):
            key = stem(word)
            if key in seen or not names_a_thing(word) or key in names:
                continue
            seen.add(key)
            one = found.setdefault(key, Keyword(place / len(lines)))
            one.lines += 1
            one.cued += is_cue
            one.listed += is_listed
            one.people.add(line.author_id)
            one.capital += position > 0 and word[0].isupper()
            one.upper += sum(char.isupper() for char in word) > 1
            one.scraps += is_scrap
            one.ids.append(line.id)
    return found


def names_a_thing(word: str) -> bool:
    """Whether a word may stand for a matter: a telling one, or an acronym such as `CT`."""
    if len(word) > _LONGEST:
        return False
    return is_telling(word) or (len(word) == 2 and word.isupper() and word.isalpha())


def weights(found: Mapping[str, Keyword], factors: Sequence[float] = FACTORS) -> dict[str, float]:
    """The weight of each stem as a share of all, so that they add up to one."""
    weighed = {key: one.weight(factors) for key, one in found.items()}
    total = sum(weighed.values()) or 1.0
    return {key: weight / total for key, weight in weighed.items()}


def without_links(text: str) -> str:
    """The text without the words that are addresses."""
    return " ".join(word for word in text.split() if "/" not in word or not _is_link(word))


def _is_link(word: str) -> bool:
    return "://" in word or ("." in word.partition("/")[0] and word.count("/") > 0)
