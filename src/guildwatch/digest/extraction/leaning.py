"""Whether words can be understood alone, or lean on what was said before, and on which line."""

import re
from collections.abc import Mapping, Sequence

from guildwatch.digest.extraction.cues import asks
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, words

_FILLERS = re.compile(
    r"^(?:[\W_]*(?:ok(?:ay)?|so|well|oh|ah+|um+|hm+|anyways?|also|and|but|then|now|still|though|"
    r"actually|basically|like|hi|hello|hey|all|guys|everyone)\b[\s,;:.!…-]*)+",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"^[\W_]*(?:and|but|or|so|then|also|because|though|plus|still|again|anyways?)\b", re.IGNORECASE
)
_VERBS = (
    r"(?:['’](?:s|re|ll|d|ve)\b|\s+(?:(?:also|just|still|only|really|probably|already|then|not)\s+)*"
    r"(?:is|are|was|were|will|would|can|could|should|may|might|must|do|does|did|has|have|had|"
    r"isn'?t|wasn'?t|won'?t|wouldn'?t|can'?t|doesn'?t|didn'?t|hasn'?t|works?|worked|means?|meant|"
    r"sounds?|looks?|seems?|helps?|helped|gives?|gave|says?|said|makes?|made)\b)"
)
_ANSWERING = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|no|nope|nah|correct|exactly|indeed|agreed|true|same|sure|not|nor|or|"
    r"because|cause|cuz|which|than|except|otherwise|instead|plus|ditto|me too|both|neither|either|"
    r"(?:what )?i mean|i meant|as (?:i|we|you) said|then again)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(rf"^\W*(?:that|this|these|those|there){_VERBS}", re.IGNORECASE)
# Somebody "could do" or "would be fine": who, what and whether stands in the line before.
_SUBJECTLESS = re.compile(
    r"^\W*(?:could|would|should|might|may|can|will|must|does|did|is|are|was|were|has|had|been|"
    r"gonna|going to|won'?t|can'?t|doesn'?t|didn'?t|wouldn'?t|isn'?t|wasn'?t)\b",
    re.IGNORECASE,
)
_SAYS_NOTHING_ITSELF = re.compile(
    r"^it (?:seems|looks|appears|is (?:not )?possible)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"^@?[^\s,:]{2,32}[,:]\s+")
_STANDS_FOR = frozenset(["it", "it's", "its", "they", "they're", "them", "he", "she", "him", "one"])


def bare(text: str) -> str:
    """The text without the greetings and fillers before what it says."""
    return text[found.end() :] if (found := _FILLERS.match(text)) else text


def goes_on(text: str) -> bool:
    """Whether a text goes on from what was said: "and", "but", "so"."""
    return bool(_JOINED.match(text))


def answers_only(text: str) -> bool:
    """Whether a text says nothing without what it answers: a yes or no, or no subject."""
    said = _said(text)
    return bool(_ANSWERING.match(said)) or (bool(_SUBJECTLESS.match(said)) and not asks(text))


def leans(text: str) -> bool:
    """Whether a text is hard to understand without what was said before it.

    It only answers, or points at something before it names anything.
    """
    said = _said(text)
    if answers_only(text) or _POINTING.match(said):
        return True
    if _SAYS_NOTHING_ITSELF.match(said):
        return False
    for word in words(said):
        if word.lower() in _STANDS_FOR:
            return True
        if is_telling(word):
            return False
    return False


def _said(text: str) -> str:
    told = text if _ANSWERING.match(text) else _ADDRESS.sub("", text)
    return bare(told).replace("’", "'")


def spoken_to(line: Line, ids: Mapping[str, int]) -> int | None:
    """Whom a line is said to, where it begins with a name; `ids` are people by low name."""
    first = line.text.partition(" ")[0].strip("@,:;").lower()
    found = ids.get(first)
    return found if found != line.author_id else None


def before(line: Line, lines: Sequence[Line], ids: Mapping[str, int]) -> Line | None:
    """What a line was said to: what it replies to, else the last words of whom it speaks to.

    Else whatever was said before it; lines without any telling words do not count.
    """
    earlier = [one for one in lines if one.id < line.id and one.said]
    if line.reply_to is not None:
        return next((one for one in earlier if one.id == line.reply_to), None)
    to = spoken_to(line, ids)
    said = [one for one in earlier if one.author_id == to] if to is not None else earlier
    return said[-1] if said else None
