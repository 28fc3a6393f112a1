"""The engine without a model: topics told by the most telling messages themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from guildwatch.digest.check import is_unfit
from guildwatch.digest.cues import asks_one_person, gives_up, tells_outcome
from guildwatch.digest.lines import Conversation, Line
from guildwatch.digest.merge import MOST_POINTS
from guildwatch.digest.pack import points_for
from guildwatch.digest.quotes import choose, quote, said, terms
from guildwatch.digest.rank import Rarity, is_question
from guildwatch.digest.titles import title
from guildwatch.digest.words import stem
from guildwatch.model import Point, PointKind, Topic

UNANSWERED = "Asked, and not answered yet"
"""The title of what nobody took up, which a report says in its own language."""

_ANSWERED_WITHIN = 3 * 3600.0


class Extractor:
    """Tells conversations in their own words; what is rare or common is judged by all lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._rarity = Rarity(lines)
        self._people = {line.author_id: line.name for line in lines}
        self._spoken_to = _spoken_to(lines, self._people)
        self._names = frozenset(
            stem(part) for name in self._people.values() for part in (name, *name.split())
        )

    def topic(self, conversation: Conversation) -> Topic | None:
        """The conversation as a topic of up to five quoted lines; None if none may be quoted."""
        about = terms(conversation, self._rarity, self._names)
        told = choose(conversation, about, points_for(len(conversation.lines)))
        if not told:
            return None
        points = tuple(self._quoted(line, conversation, about) for line in told)
        return Topic(
            title=title(conversation.lines, [said(point) for point in points], about, self._names),
            points=points,
            channel_ids=(conversation.channel_id,),
            messages=len(conversation.lines),
            people=conversation.people,
        )

    def open_questions(self, conversations: Iterable[Conversation]) -> Topic | None:
        """What was asked and taken up by nobody, as one topic; None when there is no such thing."""
        open_ = (each for each in conversations if each.people == 1 and self._asks_all(each))
        asked = list(islice(open_, MOST_POINTS))
        if not asked:
            return None
        return Topic(
            title=UNANSWERED,
            points=tuple(self._asked(conversation) for conversation in asked),
            channel_ids=tuple(dict.fromkeys(each.channel_id for each in asked)),
            messages=sum(len(each.lines) for each in asked),
            people=len({each.lines[0].author_id for each in asked}),
        )

    def _quoted(self, line: Line, conversation: Conversation, about: dict[str, float]) -> Point:
        point = quote(line, conversation, about, self._people)
        if point.kind is PointKind.QUESTION and not self._is_open(line, conversation):
            return replace(point, kind=PointKind.FACT)
        return point

    def _asks_all(self, conversation: Conversation) -> bool:
        question = _question(conversation)
        return question is not None and self._is_open(question, conversation)

    def _is_open(self, question: Line, conversation: Conversation) -> bool:
        """Whether it asks whoever knows, and nobody spoke to its asker or found out since."""
        later = [line for line in conversation.lines if line.id > question.id]
        if asks_one_person(question.text) or any(_settles(line) for line in later):
            return False
        spoken_to = self._spoken_to.get((question.channel_id, question.author_id), ())
        return not any(0 < at - question.at < _ANSWERED_WITHIN for at in spoken_to)

    def _asked(self, conversation: Conversation) -> Point:
        about = terms(conversation, self._rarity, self._names)
        line = _question(conversation) or conversation.lines[0]
        return replace(quote(line, conversation, about, self._people), kind=PointKind.QUESTION)


def _settles(line: Line) -> bool:
    return tells_outcome(line.text) or gives_up(line.text)


def _spoken_to(lines: Iterable[Line], people: dict[int, str]) -> dict[tuple[int, int], list[float]]:
    """When somebody else spoke to a person in a channel, by its id and theirs."""
    ids = {name.lower(): id_ for id_, name in people.items()}
    found: dict[tuple[int, int], list[float]] = {}
    for line in lines:
        first = line.text.partition(" ")[0].strip("@,:;").lower()
        named = {ids[first]} if first in ids else set()
        for id_ in (named | line.mentions) - {line.author_id}:
            found.setdefault((line.channel_id, id_), []).append(line.at)
    return found


def _question(conversation: Conversation) -> Line | None:
    """The conversation's first question that says what it is about."""
    return next(
        (line for line in conversation.lines if is_question(line) and not is_unfit(line.text)), None
    )
