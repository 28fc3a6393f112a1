"""How much a conversation matters, and whether it is only small talk."""

import math
from collections import Counter
from collections.abc import Collection, Iterable

from guildwatch.digest.cues import asks
from guildwatch.digest.lines import Conversation, Line

_FEW_TELLING = 9
_FEW_ANNOUNCED = 4
_LIKED = 2
_ANNOUNCED = 2.0


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
    if any(is_question(line) or line.reactions > _LIKED for line in conversation.lines):
        return False
    telling = {word for line in conversation.lines for word in line.said}
    if conversation.channel_id in announcing:
        return len(telling) < _FEW_ANNOUNCED
    lone = conversation.people == 1 and len(conversation.lines) < 2
    return len(telling) < (2 * _FEW_TELLING if lone else _FEW_TELLING)


def is_question(line: Line) -> bool:
    """Whether a line asks something that says what it is about."""
    return len(line.said) > 3 and asks(line.text)


def importance(conversation: Conversation, announcing: Collection[int] = ()) -> float:
    """By people, replies, reactions and how much was said; comparable within a digest.

    `announcing` are the channels where a word counts for more.
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
        + 2.0 * math.log2(1 + spread)
        + math.sqrt(replies)
        + 1.5 * math.sqrt(reactions)
    )
    return weight * (_ANNOUNCED if conversation.channel_id in announcing else 1.0)


def topics_for(lines: int) -> int:
    """How many topics a digest of so many lines tells: it grows with what happened, slowly."""
    return min(12, round(3 + math.sqrt(lines) / 8)) if lines else 0
