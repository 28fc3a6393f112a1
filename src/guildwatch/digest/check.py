"""Whether what a model wrote is borne out by the messages it names; what is not, is not told."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guildwatch.digest.clean import URL, find_urls, visible
from guildwatch.digest.cues import supports
from guildwatch.digest.lines import Line
from guildwatch.digest.links import INVITE
from guildwatch.digest.words import STOP, is_telling, stem, words
from guildwatch.model import Point, PointKind

LONGEST_POINT = 280
LONGEST_TITLE = 70
_MOST_REFS = 6
_SUPPORT = 0.5
_SHORTEST_NAME = 3
_FORBIDDEN = re.compile(
    r"@(?:everyone|here)\b|<(?:@|#|/|a?:|t:|id:)|\]\s*\(|\bdata:|\bjavascript:|^\s*[#>]|\|\||```",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_QUOTED = re.compile(
    r"[\"“„«‹「『`]([^\"“”„«»‹›「」『』`]{2,})[\"”“»›」』`]|(?<!\w)['‘]([^'’]{3,})['’](?!\w)"
)
# Links that do not begin with http: `www.`, another scheme or none, and mail.
_OTHER_LINK = re.compile(r"\bwww\.\S+|(?:\b\w+:)?//\S+|\bmailto:\S+", re.IGNORECASE)
# A host or a file: named without a scheme it is still believed, and opened.
_DOTTED = re.compile(
    r"(?<![\w.])[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?:[/:][^\s\"“”„«»'’]*)?", re.IGNORECASE
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+)[\"“'(]*$")
_CLOSING = ".,;:!?)]…"
_DATE_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december tomorrow yesterday tonight
"""
_DATES = frozenset(_DATE_WORDS.split())
# What a reporting sentence may begin with although nobody in the chat said it.
_REPORTING_WORDS = """
    user users member members people person participant participants discussion question
    questions someone two three four five both several team community there they he she problem
    issue issues suggestion suggestions answer answers advice help support conversation topic
    plans plan developers developer author he's later meanwhile according no none nobody attempts
    attempt efforts concerns concern confusion details various different multiple
"""
_REPORTING = frozenset(_REPORTING_WORDS.split())


@dataclass(frozen=True, slots=True)
class Failure:
    """A point that did not pass: its text and the numbers that exist, for asking once more."""

    text: str
    refs: tuple[int, ...]
    reason: str


def check_point(raw: object, shown: Mapping[int, Line]) -> Point | Failure:
    """A point of the model's answer, with its numbers turned into message ids, or why not."""
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        return Failure("", (), "it has no text")
    text = " ".join(raw["text"].split())
    refs = _refs(raw.get("refs"))
    known = tuple(ref for ref in refs if ref in shown)
    if not refs or known != refs:
        return Failure(text, known, "it refers to messages that do not exist")
    cited = [shown[ref] for ref in refs]
    reason = why_unsupported(text, cited, shown.values(), longest=LONGEST_POINT)
    if reason is not None:
        return Failure(text, known, reason)
    ids = tuple(dict.fromkeys(line.id for line in cited))
    return Point(text, _kind(raw.get("kind"), cited), ids)


def _refs(raw: object) -> tuple[int, ...]:
    if not isinstance(raw, list) or len(raw) > _MOST_REFS:
        return ()
    if not all(isinstance(ref, int) and not isinstance(ref, bool) for ref in raw):
        return ()
    return tuple(dict.fromkeys(raw))


def _kind(raw: object, cited: Sequence[Line]) -> PointKind:
    """The kind that the model gave, if the messages bear it out."""
    if not isinstance(raw, str) or raw not in set(PointKind):
        return PointKind.FACT
    kind = PointKind(raw)
    return kind if any(supports(kind, line.text) for line in cited) else PointKind.FACT


def why_unsupported(
    text: str, cited: Sequence[Line], around: Iterable[Line], *, longest: int
) -> str | None:
    """What in a text its messages do not bear out, in words; None when nothing is.

    `around` are all lines that the writer saw: their words may begin a sentence.
    """
    if not text or len(text) > longest:
        return f"it is not between 1 and {longest} characters long"
    if visible(text) != text or is_unfit(text):
        return "it has formatting, a mention or an invitation in it"
    evidence = _Evidence(cited)
    rest = URL.sub("", text)
    return (
        evidence.lacks_link(text)
        or evidence.lacks_detail(rest)
        or evidence.lacks_word(rest, around)
        or evidence.lacks_person(rest, around)
    )


def is_unfit(text: str) -> bool:
    """Whether a text may not be repeated whoever wrote it: pings, markup that acts, invitations."""
    return bool(_FORBIDDEN.search(text) or INVITE.search(text))


class _Evidence:
    """What the cited messages say, ready to be asked."""

    def __init__(self, cited: Sequence[Line]) -> None:
        self._urls = {url for line in cited for url in line.urls}
        self._text = " ".join(f"{line.name}: {line.text}" for line in cited).casefold()
        self._flat = _flat(self._text)
        self._numbers = set(_parts_of_numbers(self._text))
        self._stems = {stem(word) for word in words(self._text)}
        self._stems |= {
            stem(part) for word in words(self._text) for part in re.split(r"\W+|_", word)
        }

    def lacks_link(self, text: str) -> str | None:
        links = find_urls(text)
        if any(link not in self._urls for link in links):
            return "it has a link that is not in its messages"
        rest = URL.sub("", text)
        bare = (*_OTHER_LINK.findall(rest), *_DOTTED.findall(rest))
        if any(found.casefold().rstrip(_CLOSING) not in self._text for found in bare):
            return "it has a link that is not in its messages"
        return None

    def lacks_detail(self, text: str) -> str | None:
        for number in _NUMBER.findall(text):
            if number not in self._numbers:
                return f"the number {number} is not in its messages"
        for sign in text:  # ½, Ⅻ, ²
            if unicodedata.category(sign) in ("Nl", "No") and sign.casefold() not in self._text:
                return f"the number {sign} is not in its messages"
        for one, other in _QUOTED.findall(text):
            if _flat(one or other) not in self._flat:
                return "it quotes words that are not in its messages"
        for word in words(text):
            if word.lower() in _DATES and stem(word) not in self._stems:
                return f"{word} is not in its messages"
        return None

    def lacks_person(self, text: str, around: Iterable[Line]) -> str | None:
        """Whoever else talks here is told by no point of other people's: names may be small."""
        low = text.casefold()
        for name in sorted({line.name.casefold() for line in around}):
            if len(name) < _SHORTEST_NAME or name in STOP or name in _REPORTING:
                continue
            if name in low and name not in self._text and _stands_alone(name, low):
                return f"{name} is not in its messages"
        return None

    def lacks_word(self, text: str, around: Iterable[Line]) -> str | None:
        telling = {stem(word) for word in words(text) if is_telling(word)}
        if not telling:
            return "it says nothing"
        for found in re.finditer(r"[^\W\d_][\w'’-]*", text):
            word = found[0]
            if not _looks_like_name(word) or stem(word) in self._stems:
                continue
            starts = _SENTENCE_START.search(text[: found.start()]) is not None
            if not (starts and _may_start(word, around)):
                return f"{word} is not in its messages"
        if len(telling & self._stems) < _SUPPORT * len(telling):
            return "too few of its words are in its messages"
        return None


def _looks_like_name(word: str) -> bool:
    return len(word) > 1 and word != word.lower() and word.lower() not in STOP


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _may_start(word: str, around: Iterable[Line]) -> bool:
    """Whether a capital at a sentence's start may be only that: the word is a common one here."""
    low = word.lower()
    if word[1:] != word[1:].lower():
        return False
    return low in _REPORTING or any(stem(low) in line.said and low in line.text for line in around)


def _parts_of_numbers(text: str) -> Iterable[str]:
    """Each number as written, and what a sentence may name of it: `2.4` of `v2.4.1`."""
    for number in _NUMBER.findall(text):
        parts = re.split(r"([.,:/-])", number)
        for start in range(0, len(parts), 2):
            for end in range(start, len(parts), 2):
                yield "".join(parts[start : end + 1])


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
