"""How much a conversation matters, and whether it is only small talk."""

import math
from collections import Counter
from collections.abc import Collection, Iterable

from guildwatch.digest.extraction.cues import (
    asks,
    is_rhetorical,
    is_thanks,
    kind_of,
    orders_machines,
    tells_outcome,
)
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.model import MessageKind, PointKind

_FEW_TELLING = 9
_FEW_ANNOUNCED = 4
_LIKED = 2
_ANNOUNCED, _AS_SUCH = 2.2, 5.0  # what is announced matters, however short
_WORK = {PointKind.DECISION: 3.0, PointKind.ACTION: 1.5}
_OUTCOME = 1.0
_HELPED = 0.7
_OPENING = 3  # lines
_DISTRACTING = 0.3


class Rarity:
    """How rare a word is among all lines of a digest, from 0 (everybody says it) to 1."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = 0
        self._with: Counter[str] = Counter()
        for line in lines:
            self._lines += 1
            self._with.update(set(line.said))

    def of(self, word: str) -> float:
        """The rarity of a stem, 0..1."""
        if self._lines < 2:
            return 1.0
        return max(0.0, 1.0 - math.log1p(self._with[word]) / math.log1p(self._lines))


def is_small_talk(conversation: Conversation, announcing: Collection[int] = ()) -> bool:
    """Whether there is nothing to tell: hardly a telling word, no question, nobody took it up.

    In the channels that are `announcing` few words are enough.
    """
    if _is_order(conversation) and not _work(conversation.lines):
        return True  # people only laughed at it
    if any(is_question(line) or line.reactions > _LIKED for line in conversation.lines):
        return False
    if any(kind_of(line, answered=True) is PointKind.DECISION for line in conversation.lines):
        return False  # however few words it took
    telling = {word for line in conversation.lines for word in line.said}
    if conversation.channel_id in announcing:
        return len(telling) < _FEW_ANNOUNCED
    lone = conversation.people == 1 and len(conversation.lines) < 2
    return len(telling) < (2 * _FEW_TELLING if lone else _FEW_TELLING)


def is_question(line: Line) -> bool:
    """Whether a line asks something that says what it is about; a poll asks by itself."""
    is_asked = len(line.said) > 3 and line.kind is not MessageKind.POLL and asks(line.text)
    return is_asked and not is_rhetorical(line.text)


def importance(conversation: Conversation, announcing: Collection[int] = ()) -> float:
    """By people, replies, reactions, and what they worked on; comparable within a digest.

    `announcing` are the channels where a word counts for more. What began as an order to machines
    is only what people laughed at.
    """
    lines = conversation.lines
    telling = sum(min(len(line.said), 20) for line in lines)
    ids = {line.id for line in lines}
    replies = sum(line.reply_to in ids for line in lines)
    reactions = sum(line.reactions for line in lines)
    voices = Counter(line.author_id for line in lines)
    spread = sum(1 for count in voices.values() if count > 1 or len(lines) < 6)
    weight = (
        math.sqrt(telling)
        + 1.5 * math.log2(1 + spread)
        + 0.7 * math.sqrt(replies)
        + math.sqrt(reactions)
        + 1.5 * math.sqrt(_work(lines))
        + 0.8 * math.sqrt(_shared(lines))
    )
    weight *= _DISTRACTING if _is_order(conversation) else 1.0
    return _ANNOUNCED * (weight + _AS_SUCH) if conversation.channel_id in announcing else weight


def _is_order(conversation: Conversation) -> bool:
    return any(orders_machines(line.text) for line in conversation.lines[:_OPENING])


def _work(lines: Iterable[Line]) -> float:
    """What was decided, taken on, solved and thanked for; banter has none of it."""
    work = 0.0
    for line in lines:
        if len(line.said) < 2:
            continue
        work += _WORK.get(kind_of(line, answered=True), 0.0)
        work += _OUTCOME if tells_outcome(line.text) else 0.0
        work += _HELPED if is_thanks(line.text) else 0.0
    return work


def _shared(lines: Iterable[Line]) -> int:
    """How many words more than one person said: people at one matter share its words."""
    first: dict[str, int] = {}
    shared = set()
    for line in lines:
        for word in line.said:
            if first.setdefault(word, line.author_id) != line.author_id:
                shared.add(word)
    return len(shared)


def topics_for(lines: int) -> int:
    """How many topics a digest of so many lines has: it grows with what happened, slowly.

    A model may tell of some more: see `considered_for`.
    """
    return min(12, round(3 + math.sqrt(lines) / 8)) if lines else 0


def considered_for(lines: int) -> int:
    """How many conversations a model is asked about, and so how many topics it may make at most.

    About half as many again as are quoted: some prove one, some have nothing to tell.
    """
    most = topics_for(lines)
    return most + most // 2 + 1
