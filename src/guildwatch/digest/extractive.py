"""The engine without a model: topics told by the most telling messages themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from guildwatch.digest.check import is_unfit
from guildwatch.digest.lines import Conversation, Line
from guildwatch.digest.merge import MOST_POINTS
from guildwatch.digest.pack import points_for
from guildwatch.digest.quotes import choose, quote, said, terms
from guildwatch.digest.rank import Rarity, is_question
from guildwatch.digest.titles import title
from guildwatch.digest.words import stem
from guildwatch.model import Point, PointKind, Topic


class Extractor:
    """Tells conversations in their own words; what is rare or common is judged by all lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._rarity = Rarity(lines)
        self._people = {line.author_id: line.name for line in lines}
        self._names = frozenset(
            stem(part) for name in self._people.values() for part in (name, *name.split())
        )

    def topic(self, conversation: Conversation) -> Topic | None:
        """The conversation as a topic of up to five quoted lines; None if none may be quoted."""
        about = terms(conversation, self._rarity, self._names)
        told = choose(conversation, about, points_for(len(conversation.lines)))
        if not told:
            return None
        points = tuple(quote(line, conversation, about, self._people) for line in told)
        return Topic(
            title=title(conversation.lines, [said(point) for point in points], about, self._names),
            points=points,
            channel_ids=(conversation.channel_id,),
            messages=len(conversation.lines),
            people=conversation.people,
        )

    def open_questions(self, conversations: Iterable[Conversation]) -> Topic | None:
        """What was asked and taken up by nobody, as one topic; None when there is no such thing."""
        asked = [each for each in conversations if each.people == 1 and _question(each)][
            :MOST_POINTS
        ]
        if not asked:
            return None
        return Topic(
            title="Asked, and not answered yet",
            points=tuple(self._asked(conversation) for conversation in asked),
            channel_ids=tuple(dict.fromkeys(each.channel_id for each in asked)),
            messages=sum(len(each.lines) for each in asked),
            people=len({each.lines[0].author_id for each in asked}),
        )

    def _asked(self, conversation: Conversation) -> Point:
        about = terms(conversation, self._rarity, self._names)
        line = _question(conversation) or conversation.lines[0]
        return replace(quote(line, conversation, about, self._people), kind=PointKind.QUESTION)


def _question(conversation: Conversation) -> Line | None:
    """The conversation's first question that says what it is about."""
    return next(
        (line for line in conversation.lines if is_question(line) and not is_unfit(line.text)), None
    )
