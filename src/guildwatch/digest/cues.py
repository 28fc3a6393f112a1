"""What kind of thing a line says, by the words that give it away."""

import re

from guildwatch.digest.lines import Line
from guildwatch.model import PointKind

_DECISION = re.compile(
    r"\[?\bagreed\]?\b(?! with)|\bwe(?:'ve| have)? (?:decided|agreed|settled on)\b|"
    r"\b(?:it'?s|that'?s|is|are) (?:decided|approved|settled|agreed|postponed|cancell?ed)\b|"
    r"\blet'?s (?:go with|settle on|move (?:it|that|the)|postpone|do it)\b|"
    r"\bwe(?:'ll| will) go with\b|\bdecision(?: is|:)|\bgets? (?:postponed|moved to)\b|"
    r"\b(?:moves?|moved|pushed|postponed) (?:it |the \w+ )?to "
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)
_UNLESS = re.compile(r"\b(?:if|when|once|until|unless|before|not)\b[^.!?]*$", re.IGNORECASE)
_ACTION = re.compile(
    r"^\[?action\b|\baction(?: item)?:|"
    r"\b(?:i'll|i will|i am going to|i'm going to|i'm gonna|let me) (?:\w+ ){0,2}?"
    r"(?:add|announce|build|contact|create|draft|email|file|finish|fix|merge|open|organi[sz]e|post|"
    r"prepare|publish|push|release|report|revert|review|schedule|send|set up|upload|write)\b",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"\b(?:fixed|solved|resolved|that was it|that did it|works now|it works|worked|working now|"
    r"turns out|the (?:problem|issue|cause|reason) (?:was|is)|got it working|found (?:it|the))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?\W*$|\?\s|^(?:how|what|why|where|which|who|when|is there|does any|can (?:i|we|any|some))\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|ty|tnx|cheers|danke|merci|gracias)\b", re.IGNORECASE
)


def asks(text: str) -> bool:
    """Whether a text is a question."""
    return bool(_ASKS.search(text))


def tells_outcome(text: str) -> bool:
    """Whether a text says how something ended."""
    return bool(_SOLVED.search(text)) and not asks(text)


def is_thanks(text: str) -> bool:
    """Whether a text gives thanks, as people do once they were helped."""
    return bool(_THANKS.search(text))


def kind_of(line: Line, *, answered: bool) -> PointKind:
    """The kind of a line; a question counts as one only while nobody has taken it up."""
    if asks(line.text):
        return PointKind.FACT if answered else PointKind.QUESTION
    decided = _DECISION.search(line.text)
    if decided and not _UNLESS.search(line.text[: decided.start()]):
        return PointKind.DECISION
    if _ACTION.search(line.text):
        return PointKind.ACTION
    return PointKind.FACT


_LOOSE = {
    PointKind.QUESTION: _ASKS,
    PointKind.DECISION: re.compile(
        _DECISION.pattern
        + r"|\b(?:decid|agree|let'?s|we(?:'ll| will| should)|approved?|vote|final)",
        re.IGNORECASE,
    ),
    PointKind.ACTION: re.compile(
        _ACTION.pattern + r"|\b(?:i'll|i will|todo|going to|gonna|please|need(?:s|ed)? to|on it)\b",
        re.IGNORECASE,
    ),
}


def supports(kind: PointKind, text: str) -> bool:
    """Whether a text can bear out a point of this kind that somebody else made of it."""
    return kind not in _LOOSE or bool(_LOOSE[kind].search(text))
