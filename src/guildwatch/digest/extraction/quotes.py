"""Quoting a line short, and how much it looks like somebody's own plain words."""

import re
from collections.abc import Mapping
from dataclasses import replace

from guildwatch.digest.checking.check import INNER, LONGEST_POINT, is_unfit
from guildwatch.digest.extraction.cues import (
    asks,
    is_elsewhere,
    kind_of,
    orders_machines,
    tells_outcome,
    tells_trouble,
)
from guildwatch.digest.extraction.keywords import without_links
from guildwatch.digest.extraction.leaning import leans
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.digest.transcript.words import telling_stems, words
from guildwatch.model import MessageKind, Point, PointKind

LONGEST_QUOTE = 190
_GOOD_LENGTH = 45
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_CLAUSE_END = re.compile(
    r"[,;:)](?=\s)|\s(?=[-–—(]\s?\w)|\.{2,}(?=\w)|"
    r"\s(?=(?:and|but|because|so|that|which|when|while|if|or|since|although)\s)"
)
_LONGEST_KEY = 90
_KEY_MESSAGE = re.compile(r" \([^()“”]+: “[^“”]*”\)$")
_TURNED = (PointKind.DECISION, PointKind.ACTION)
_DENIES = re.compile(r"\b(?:not|no|never|nobody|none|without|cannot|\w+n['’]t)\b", re.IGNORECASE)
# A name with nothing behind it is an address only if nothing is said of whom it names.
_ADDRESSED = re.compile(
    r"^@?([^\s,:]{1,32})(?:\s*[,:]|\s(?!\s*(?:and|or|is|was|has|had|said|says|will|are|were|got)\b|"
    r"\s*[/&+]))\s*",
    re.IGNORECASE,
)
_NOISE = re.compile(r"[^\w\s.,;:!?'’()\"-]")
_LEAD = 1.6  # people say first what matters
_TORN = 0.6  # what leans on a sentence that is left out
_SAYS_MOST = 0.5  # of the weight of a word that all of it is about, for what is asked or wrong
_PASTED, _LISTED = 0.7, 8  # the share of telling words, from so many words on
_CODE_LIKE = re.compile(
    r"^\s*(?:[!/$.>#]\S|sudo |apt(?:-get)? |cd |ls |grep |cat |\S+\(.*\);?$|_|"
    r"(?:\S+ )?\S+ = [\[{\"])"
)
_CRUDE = re.compile(
    r"^(?:lo+l|lmao|haha\w*)\b|\b(?:\w*fuck\w*|\w*shit\w*|retard\w*|bitch\w*|asshole)\b",
    re.IGNORECASE,
)


def plainness(line: Line) -> float:
    """1 for somebody's own plain words; less for code, lists, crude words, what is passed on."""
    text = line.text
    noise = len(_NOISE.findall(without_links(text))) / len(text)
    plain = 0.3 if noise > 0.12 or _CODE_LIKE.match(text) else 1.0
    plain *= 0.3 if line.kind is MessageKind.FORWARD else 1.0  # it was said elsewhere
    plain *= 0.3 if is_elsewhere(text) else 1.0
    return plain * (0.5 if _CRUDE.search(text) or _is_pasted(line) else 1.0)


def _is_pasted(line: Line) -> bool:
    """Whether hardly a word is one of those that make sentences: a list, a title, a log."""
    return len(line.said) > _PASTED * max(_LISTED, len(words(line.text)))


def may_be_told(text: str) -> bool:
    """Whether a text may be quoted: within a line, where what would be markup at its start is none.

    Pings, invitations, markup that acts anywhere, and orders to machines are not repeated.
    """
    return not is_unfit(f"“{text}”") and not orders_machines(text)


def answered(line: Line, conversation: Conversation) -> bool:
    """Whether somebody else said something of substance after a line."""
    return any(
        later.id > line.id and later.author_id != line.author_id and len(later.said) > 0
        for later in conversation.lines
    )


def quote(
    line: Line, conversation: Conversation, about: dict[str, float], people: dict[int, str]
) -> Point:
    """A line in its author's own words, with whom they spoke to, clipped to what tells most."""
    text, to = _without_address(line, people)
    part = _best_part(text, about)
    speaker = f"{line.name} → {to}" if to else line.name  # read in every language
    return Point(
        text=f"{speaker}: “{part.translate(INNER)}”",
        kind=kind_of(line, answered=answered(line, conversation)),
        message_ids=(line.id,),
        quoted=True,
    )


def with_key_message(point: Point, lines: Mapping[int, Line]) -> Point:
    """A written point with the words that it rests on, where code cannot see it turned around.

    Who decided or does something, and whether it is or is not so, are lost by a swapped name or a
    dropped "not", though every word is in the messages.
    """
    about = dict.fromkeys(telling_stems(point.text), 1.0)
    cited = [lines[id_] for id_ in point.message_ids if id_ in lines]
    if not cited or not (point.kind in _TURNED or _DENIES.search(point.text)):
        return point
    key = max(cited, key=lambda line: len(about.keys() & set(line.said)))
    sentences = _SENTENCE.split(key.text)
    part = max(sentences, key=lambda one: len(about.keys() & set(telling_stems(one))))
    if len(part) > _LONGEST_KEY:
        part = part[:_LONGEST_KEY].rsplit(" ", 1)[0] + " …"
    text = f"{point.text} ({key.name}: “{part.translate(INNER)}”)"
    is_new = part.casefold().strip(" .!") not in point.text.casefold()
    fits = len(text) <= LONGEST_POINT and may_be_told(part)
    return replace(point, text=text) if is_new and fits else point


def apart(text: str) -> tuple[str, str]:
    """A written point's own words, and the key message that `with_key_message` put after them."""
    found = _KEY_MESSAGE.search(text)
    return (text[: found.start()], found[0]) if found else (text, "")


def said(point: Point) -> str:
    """What a quoting point quotes, without its speaker and marks."""
    return point.text.partition("“")[2].removesuffix("”").strip("… ")


def _without_address(line: Line, people: dict[int, str]) -> tuple[str, str | None]:
    found = _ADDRESSED.match(line.text)
    if found is None or len(line.text) - found.end() < 8:
        return line.text, None
    word = found[1].lower()
    for name in people.values():
        if name.lower() == word and name != line.name:
            return line.text[found.end() :], name
    return line.text, None


def _best_part(text: str, about: Mapping[str, float]) -> str:
    """The most telling run of whole sentences that is short enough to quote.

    A sentence that is too long is cut where a clause ends.
    """
    if len(text) <= LONGEST_QUOTE:
        return text
    sentences = _SENTENCE.split(text)
    best, best_weight = "", -1.0
    for start in range(len(sentences)):
        run = ""
        for end in range(start, len(sentences)):
            run = " ".join(sentences[start : end + 1])
            if len(run) > LONGEST_QUOTE:
                break
            weight = _worth(run, about) * _place(run, start)
            if weight > best_weight:
                best, best_weight = run, weight
        cut = run if len(run) <= LONGEST_QUOTE or run not in sentences else _cut(run)
        if cut != run and (weight := _worth(cut, about) * _place(cut, start)) > best_weight:
            best, best_weight = cut, weight
    if len(best) < _GOOD_LENGTH:
        best = _cut(text)
    before = "" if text.startswith(best) else "… "
    return before + best + ("" if text.endswith(best) else " …")


def _place(run: str, start: int) -> float:
    if start == 0:
        return _LEAD
    return _TORN if leans(run) else 1.0


def _cut(text: str) -> str:
    """As much of a text's beginning as may be quoted, up to the end of a clause if there is one."""
    room = text[: LONGEST_QUOTE + 1]
    ends = [found.end() for found in _CLAUSE_END.finditer(room) if found.end() > LONGEST_QUOTE / 2]
    cut = room[: ends[-1]] if ends else room[:LONGEST_QUOTE].rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:.-–—")


def _worth(run: str, about: Mapping[str, float]) -> float:
    worth = sum(about.get(word, 0.0) for word in set(telling_stems(run)))
    says_most = asks(run) or tells_trouble(run) or tells_outcome(run)
    return worth + (_SAYS_MOST * max(about.values(), default=1.0) if says_most else 0.0)
