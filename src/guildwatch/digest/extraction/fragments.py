"""Turns cut at the borders of their sentences and clauses: what can be quoted and still be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guildwatch.digest.transcript.lines import Line

CUT = "…"
FEWEST_WORDS = 4
FEWEST_OF_A_TURN = 3
MOST_WORDS = 25
# A word, or what stands up to a mark in a script that puts no spaces between words.
_WORD = re.compile(r"[^\s。！？，、；：]+[。！？，、；：]*|[。！？，、；：]+")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:)\]，、；：][\"'”’]*$")
_DASH = re.compile(r"[-–—|]|->")
# A clause that hangs on another may be left out, but does not stand alone.
_HANGING_WORDS = "because that which who if when since though although while or where unless than"
_HANGING = frozenset(_HANGING_WORDS.split())
# Said before one says something: it may be left out.
_OPENING_WORDS = (
    "ok okay hokay so well yeah yes yep no alright also and but oh ah um hmm then anyway"
)
_OPENING = frozenset(_OPENING_WORDS.split())
_ADDRESS = re.compile(r"@?[\w\[\]{}|`^-]{2,32}[:,]")
_NUMBER = re.compile(r"\d{1,2}[.):]|[-*•]")
_PAUSES = ",;:，、；："
_JOINING = frozenset({"and", "but", "so", "then"})
_ABBREVIATED = re.compile(r"^\W*(?:e\.?g|i\.?e|etc|vs|\w)\.$", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def length(text: str) -> int:
    """How many words a text has; two characters count for one where words are not spaced."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


@dataclass(frozen=True, slots=True)
class Fragment:
    """A line's characters from `start` up to `end`: the whole of it, or whole clauses.

    `opens` says that it begins what its author said, but for fillers.
    """

    line: Line
    start: int
    end: int
    words: int
    opens: bool = True

    @property
    def said(self) -> str:
        """Its words as they stand in the line."""
        return self.line.text[self.start : self.end]

    @property
    def text(self) -> str:
        """Its words with a mark where something is left out."""
        before = CUT if self.start else ""
        after = CUT if self.end < len(self.line.text) and not self.said.endswith(CUT) else ""
        return before + self.said + after

    def overlaps(self, other: "Fragment") -> bool:
        """Whether a word belongs to both."""
        return self.line.id == other.line.id and self.start < other.end and other.start < self.end


def fragments(line: Line) -> Iterator[Fragment]:
    """The whole line, and every run of its clauses that can stand alone and is short enough.

    Of a long line without a border it is the first words.
    """
    parts = list(_WORD.finditer(line.text))
    opening = _opening(parts)
    starts, ends = _borders(parts, opening)
    counts = [0]
    for part in parts:
        counts.append(counts[-1] + length(part[0]))
    if counts[-1] > MOST_WORDS and len(ends) == 1:
        ends = [_last_within(counts, MOST_WORDS), *ends]
    for first in starts:
        for after in ends:
            many = counts[after] - counts[first]
            if many > MOST_WORDS and first:
                break
            whole = first == 0 and after == len(parts) and many >= FEWEST_OF_A_TURN
            if whole or FEWEST_WORDS <= many <= MOST_WORDS:
                begin, end = parts[first].start(), parts[after - 1].end()
                if after < len(parts):
                    end = begin + len(line.text[begin:end].rstrip(_PAUSES))
                yield Fragment(line, begin, end, many, first <= opening)


def _last_within(counts: list[int], most: int) -> int:
    return max(1, sum(count <= most for count in counts) - 1)


def _borders(parts: list[re.Match[str]], opening: int) -> tuple[list[int], list[int]]:
    """Where a fragment may start, and where one may end, as places among the words."""
    starts, ends = sorted({0, opening}), []
    for place in range(1, len(parts)):
        before, word = parts[place - 1][0], parts[place][0].lower().strip("(\"'“")
        sentence = bool(_SENTENCE_END.search(before)) and not _ABBREVIATED.match(before)
        clause = bool(_CLAUSE_END.search(before) or _DASH.fullmatch(before))
        dash = bool(_DASH.fullmatch(word))
        joined, hanging = word in _JOINING, word in _HANGING
        if place > opening and (sentence or ((clause or joined) and not (hanging or dash))):
            starts.append(place + (joined and place + 1 < len(parts)))
        if (sentence or clause or joined or hanging or dash) and not _DASH.fullmatch(before):
            ends.append(place)
    return starts, [*ends, len(parts)] if parts else []


def _opening(parts: list[re.Match[str]]) -> int:
    """How many words stand before what is said: whom it is said to, and fillers."""
    place = 0
    if parts and (_ADDRESS.fullmatch(parts[0][0]) or _NUMBER.fullmatch(parts[0][0])):
        place = 1
    while place < len(parts) and parts[place][0].lower().rstrip(",.!…:") in _OPENING:
        place += 1
    return place if place < len(parts) else 0
