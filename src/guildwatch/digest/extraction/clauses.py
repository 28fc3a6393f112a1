"""Clauses of a quoted text that can stand as a title, because they name what they speak of."""

import re
from collections.abc import Iterator, Mapping

from guildwatch.digest.extraction.cues import asks, tells_trouble
from guildwatch.digest.extraction.leaning import bare, leans
from guildwatch.digest.extraction.naming import LONGEST_TITLE
from guildwatch.digest.transcript.words import telling_stems

_CLAUSE = re.compile(r"[,;:()–—…](?!\w)|\(|\s-\s|\.\.+|(?<=[.!?])\s+")
_JOINED = re.compile(r"\s+(?:and|but|because|so|since|if|when|though|although)\s+", re.IGNORECASE)
# What stands before what is wrong and says nothing of it.
_SAID_BEFORE = re.compile(
    r"^(?:(?:today|yesterday|recently|i(?:['’](?:m|ve)|m| am| have)?|we(?:['’](?:re|ve))?|you|have|"
    r"had|has|having|get|got|gets|getting|keep|keeps|see|is|it(?:['’]s)?|there(?:['’]s| is| are)|"
    r"a|an|the|my|some|this|that|always|just|only|also|now|still)\s+)+",
    re.IGNORECASE,
)
# What does not say by itself whom or what it speaks of, or is no name for a matter.
_POINTS = re.compile(
    r"\b(?:same|it|its|this|that|these|those|they|them|he|him|she|you|so|assuming|if|i|i['’]?m|"
    r"i['’](?:ve|ll|d)|me|we|us|u|page|someone|somebody|something|whatever)\b|[?|<>=*{}\[\]]|://",
    re.IGNORECASE,
)
_NO_BEGINNING = re.compile(
    r"(?:not|do|does|did|am|are|be|been|never|don['’]?t|\d+(?!\.\d)|"
    r"\w+ed (?:to|for|by|in|on|at))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|[;:()]\s|\s[-–—]\s|\.\.+|\n")
_COMMA = re.compile(r",\s+")
_PART = re.compile(rf",\s+|{_JOINED.pattern}", re.IGNORECASE)
# When it was is said by the report's date; "now" and "again" mean nothing without the talk.
_SAID_AFTER = re.compile(
    r"(?:[\s,]+(?:this (?:morning|afternoon|evening|week|time)|today|tonight|(?:right )?now|again|"
    r"already|yet|too|tho(?:ugh)?|lol|please|anyways?|as well|at all))+$",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\b(?:sorry|thanks?|thx|please|welcome|congrat\w*|good luck)\b", re.IGNORECASE
)
_BACK = re.compile(r"\bits?\b", re.IGNORECASE)
_SHORTEST, _FEWEST_WORDS = 10, 3
_FEWEST_TELLING = 2
_CORE = 4  # words


def share(text: str, about: Mapping[str, float]) -> float:
    """How much of what a conversation is most about a text says, 0..1."""
    most = sum(sorted(about.values(), reverse=True)[:_CORE]) or 1.0
    return min(1.0, sum(about.get(word, 0.0) for word in set(telling_stems(text))) / most)


def trouble(text: str, about: Mapping[str, float]) -> str:
    """The clause that says what is wrong, where one is short enough and names what; else empty."""
    best, best_share = "", 0.0
    for part in _CLAUSE.split(text):
        for piece in _JOINED.split(part):
            clause = _without_lead(piece)
            fits = 8 <= len(clause) <= LONGEST_TITLE and "`" not in clause
            fits = fits and reads_alone(clause) and not asks(part)
            if fits and tells_trouble(clause) and not leans(clause):
                says = share(clause, about)
                if says > best_share:
                    best, best_share = clause, says
    return best


def statement(text: str, about: Mapping[str, float]) -> str:
    """The sentence or clause that says most and can be understood alone; empty without one."""
    fitting = [clause for clause in map(_stated, _pieces(text)) if clause]
    return max(fitting, key=lambda clause: (share(clause, about), len(clause)), default="")


def reads_alone(text: str) -> bool:
    """Whether a clause names what it speaks of and quotes nothing by half."""
    halves = any(text.count(mark) % 2 for mark in '"`') or text.count("“") != text.count("”")
    pointing = _POINTS.search(text) or _NO_BEGINNING.match(text)
    return not halves and not pointing and len(set(telling_stems(text))) >= _FEWEST_TELLING


def _without_lead(piece: str) -> str:
    return _SAID_BEFORE.sub("", bare(piece.strip(" .,!?'-"))).strip()


def _pieces(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        yield sentence
        yield from _COMMA.split(sentence)
        yield from _PART.split(sentence)


def _stated(piece: str) -> str:
    clause = _SAID_AFTER.sub("", _without_lead(piece))
    if not _SHORTEST <= len(clause) <= LONGEST_TITLE or len(clause.split()) < _FEWEST_WORDS:
        return ""
    is_clear = reads_alone(_with_what_is_named(clause)) and not leans(clause)
    return clause if is_clear and not asks(piece) and not _POLITE.search(clause) else ""


def _with_what_is_named(clause: str) -> str:
    """Without the pronouns for what the clause itself has named before them."""
    found = _BACK.search(clause)
    is_named = found and len(telling_stems(clause[: found.start()])) >= _FEWEST_TELLING
    return _BACK.sub("", clause) if is_named else clause
