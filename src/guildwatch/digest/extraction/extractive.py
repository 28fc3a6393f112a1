"""The engine without a model: topics told by the most telling messages themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from guildwatch.digest.checking.check import is_unfit
from guildwatch.digest.extraction.ceremony import is_ceremony
from guildwatch.digest.extraction.choosing import choose, terms
from guildwatch.digest.extraction.cues import asks_one_person, gives_up, tells_outcome
from guildwatch.digest.extraction.keywords import introduces
from guildwatch.digest.extraction.naming import names_a_matter
from guildwatch.digest.extraction.quotes import may_be_told, quote, said
from guildwatch.digest.extraction.rank import Rarity, is_question
from guildwatch.digest.extraction.summary import key_phrases
from guildwatch.digest.extraction.titles import title
from guildwatch.digest.merging.merge import MOST_POINTS
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.digest.transcript.words import stem, telling_stems
from guildwatch.digest.writing.pack import points_for
from guildwatch.model import KeyPhrase, Point, PointKind, Topic

UNANSWERED = "Asked, and not answered yet"
"""The title of what nobody took up, which a report says in its own language."""

_SAME_QUESTION = 0.6  # of the words of both
_MOST_ALSO = 8  # phrases
_MOST_LOOKED_AT = 40  # conversations
_PHRASES_LOOKED_AT = 12  # words of them
_FEWEST_HOLDING = 2  # messages
_QUOTATION = ('"', "“")  # what somebody else asked
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
        told = choose(
            conversation, about, points_for(len(conversation.lines)), self._people.values()
        )
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
        asked = list(islice(_asked_once(open_), MOST_POINTS))
        if not asked:
            return None
        return Topic(
            title=UNANSWERED,
            points=tuple(self._asked(conversation) for conversation in asked),
            channel_ids=tuple(dict.fromkeys(each.channel_id for each in asked)),
            messages=sum(len(each.lines) for each in asked),
            people=len({each.lines[0].author_id for each in asked}),
        )

    def also(self, conversations: Iterable[Conversation], told: str) -> tuple[KeyPhrase, ...]:
        """What more conversations are about, a phrase each, that is not `told` already."""
        known = set(telling_stems(told))
        found: list[KeyPhrase] = []
        for conversation in islice(conversations, _MOST_LOOKED_AT):
            phrase = next(self._presentable(conversation, known), None)
            if phrase is not None:
                found.append(phrase)
                known.update(telling_stems(phrase.text))
            if len(found) == _MOST_ALSO:
                break
        return tuple(found)

    def _presentable(self, conversation: Conversation, known: set[str]) -> Iterator[KeyPhrase]:
        """Its key phrases that several messages hold and that say by themselves what they mean."""
        held = {line.id: line.text.lower() for line in conversation.lines}
        for phrase in key_phrases(conversation.lines, _PHRASES_LOOKED_AT):
            low = phrase.text.lower()
            ids = tuple(one for one in phrase.message_ids if low in held[one])
            own = set(telling_stems(phrase.text))
            if (
                len(ids) >= _FEWEST_HOLDING
                and own.isdisjoint(known | self._names)
                and names_a_matter(phrase.text)
                and not introduces(phrase.text)
                and not is_unfit(phrase.text)
            ):
                yield KeyPhrase(phrase.text, ids[:MOST_POINTS])

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


def _asked_once(conversations: Iterable[Conversation]) -> Iterator[Conversation]:
    """Without those that ask again what their asker has asked before."""
    asked: dict[int, list[set[str]]] = {}
    for conversation in conversations:
        question = _question(conversation)
        own = set(question.said) if question else set()
        before = asked.setdefault(conversation.lines[0].author_id, [])
        if all(len(own & one) <= _SAME_QUESTION * len(own | one) for one in before):
            before.append(own)
            yield conversation


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
        (
            line
            for line in conversation.lines
            if is_question(line)
            and may_be_told(line.text)
            and not is_ceremony(line.text)
            and not line.text.startswith(_QUOTATION)
        ),
        None,
    )
