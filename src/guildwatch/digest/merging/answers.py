"""Whether a question was answered later, by a reply or by what was said about it.

A wrong "answered" hides what somebody still waits for, a wrong "open" only asks once more: in doubt
a question stays open.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from guildwatch.digest.checking.check import is_unfit
from guildwatch.digest.extraction.cues import (
    asks,
    gives_up,
    is_thanks,
    orders_machines,
    tells_outcome,
)
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import stem, words
from guildwatch.model import Message

_SUBSTANCE = 2  # telling words
_SHARED_WHEN_SPOKEN_TO = 1
_SHARED_ELSEWHERE = 3
_MOST_OF_IT = 0.6  # of the question's telling words
_LOOK_BACK = 12  # lines before a thank-you in which the answer stands
# What is said to a question without answering it.
_DEFERS = re.compile(
    r"\b(?:no (?:idea|clue)|not sure|dunno|(?:don'?t|do not|didn'?t|doesn'?t) (?:know|say|find)|"
    r"nobody knows|can'?t (?:say|tell|find)|unclear|"
    r"same (?:here|question|problem|issue)|me too|\+1|bump|wondering|following|"
    r"(?:still|not yet) (?:open|waiting|looking|unclear|unknown|no|not|nothing)|not (?:yet|clear)|"
    r"(?:i'?ll|i will|i have to|i must|let me|we'?ll|going to|gonna|need to) (?:\w+ )?"
    r"(?:look|check|ask|see|find|search|get back|think)|give me|ask (?:\w+ ){0,2}(?:about|he|she|"
    r"they|who)|(?:good|great|nice) question|anybody|anyone|remind(?:er)?|so that nobody forgets|"
    r"i (?:also |really |still )?(?:want|need|wish|hope)|i'?d (?:also |really )?(?:like|love))\b",
    re.IGNORECASE,
)

_STATES = re.compile(
    r"\W*(?:it|that|this|they|there|he|she)(?:'s|'re| is| are| was| were| has)\b|"
    r"\W*(?:yes|yep|yeah|no|nope|use|try|see|take|look at)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"\W*(?:yes|yep|yeah|yup|no|nope|correct|right)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.,;:!?]\s+")
_CHOICE = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|may|will|would|should|has|have)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ending:
    """The line by which a question ended; `taken_back` when its asker gave it up."""

    line: Line
    taken_back: bool = False


def may_matter(message: Message, questions: Iterable[Line]) -> bool:
    """Whether a message might end one of the questions, judged cheaply by its raw text."""
    text = (message.text or "").casefold()
    return any(
        message.id > question.id
        and (
            message.reply_to == question.id
            or message.author.id == question.author_id
            or message.channel_id in (question.channel_id, question.id)
            or sum(word in text for word in set(question.said)) >= _SHARED_ELSEWHERE
        )
        for question in questions
    )


def ending_of(
    question: Line, lines: Sequence[Line], homes: Mapping[int, int] | None = None
) -> Ending | None:
    """How a question ended among these lines (oldest first), None while it is open.

    `homes` are the conversations (the ids of their first messages) by message, as far as known.
    """
    later = [line for line in lines if line.id > question.id]
    about = _about(question)
    for place, line in enumerate(later):
        if line.author_id == question.author_id:
            found = _by_asker(question, about, later, place)
        else:
            found = Ending(line) if _answers(question, about, line, homes or {}) else None
        if found is not None and _may_be_told(found.line):
            return found
    return None


def _about(question: Line) -> frozenset[str]:
    name = {stem(word) for word in words(question.name)}
    return frozenset(question.said) - name


def _may_be_told(line: Line) -> bool:
    return not is_unfit(line.text) and not orders_machines(line.text)


def _answers(question: Line, about: Collection[str], line: Line, homes: Mapping[int, int]) -> bool:
    if asks(line.text) or _DEFERS.search(line.text):
        return False
    shared = len(set(line.said) & set(about))
    if line.reply_to == question.id and _says_yes_or_no(question, line):
        return True
    if question.id in (line.reply_to, line.channel_id):
        says = len(line.said) >= _SUBSTANCE or (line.said and _STATES.match(line.text))
        return bool(says) or shared > 0
    if len(line.said) < _SUBSTANCE:
        return False
    if line.channel_id == question.channel_id:
        home = homes.get(question.id)
        is_near = home is not None and homes.get(line.id) == home
        if (is_near or _speaks_to(line, question)) and shared >= _SHARED_WHEN_SPOKEN_TO:
            return True
    return shared >= max(_SHARED_ELSEWHERE, _MOST_OF_IT * len(about))


def _says_yes_or_no(question: Line, line: Line) -> bool:
    return bool(_YES_OR_NO.match(line.text)) and any(
        _CHOICE.match(part) for part in _SENTENCE.split(question.text)
    )


def _speaks_to(line: Line, question: Line) -> bool:
    first = line.text.partition(" ")[0].strip("@,:;").casefold()
    return question.author_id in line.mentions or first == question.name.casefold()


def _by_asker(
    question: Line, about: Collection[str], later: Sequence[Line], place: int
) -> Ending | None:
    """What the asker says ends it: they give it up, found out, or thank for what helped."""
    line = later[place]
    if line.channel_id != question.channel_id:
        return None
    shared = len(set(line.said) & set(about))
    if gives_up(line.text) and (shared or line.reply_to == question.id):
        return Ending(line, taken_back=True)
    if asks(line.text) or _DEFERS.search(line.text):
        return None
    if tells_outcome(line.text) and shared >= _SHARED_WHEN_SPOKEN_TO:
        helped = _helped(question, about, later, place)
        return Ending(helped or line)
    if is_thanks(line.text):
        helped = _helped(question, about, later, place)
        return Ending(helped) if helped else None
    return None


def _helped(
    question: Line, about: Collection[str], later: Sequence[Line], place: int
) -> Line | None:
    """The line that the asker thanks for: what they reply to, else the last about the question."""
    thanks = later[place]
    before = later[max(0, place - _LOOK_BACK) : place]
    for line in reversed(before):
        if line.author_id == question.author_id or line.channel_id != question.channel_id:
            continue
        if thanks.reply_to not in (None, line.id) or asks(line.text) or _DEFERS.search(line.text):
            continue
        if len(line.said) >= _SUBSTANCE and set(line.said) & set(about):
            return line
    return None
