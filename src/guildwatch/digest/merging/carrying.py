"""Which topics carry on an earlier one, and what became of the questions that were open.

A wrong "continues" is a lie, a missing one only a pity: in doubt a topic stands alone.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest.checking.check import LONGEST_POINT
from guildwatch.digest.extraction.cues import asks
from guildwatch.digest.extraction.quotes import LONGEST_QUOTE
from guildwatch.digest.extraction.rank import Rarity
from guildwatch.digest.merging.answers import Ending, ending_of
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import stem, telling_stems, words
from guildwatch.model import Digest, Followed, Point, PointKind, Topic

MOST_FOLLOWED = 5
"""Questions of earlier reports that one report tells."""

_SHARED = 3  # telling words, so that no two common ones make a story
_ALIKE = 0.27  # of the weight of the words of the topic that has fewer
_ALIKE_ELSEWHERE = 0.38  # by the same people in another channel
_TITLE_SHARED, _SAME_TITLE = 2, 0.75  # with so many words in both titles less is enough
_SELDOM = 0.6  # of `Rarity`: said in one of some hundred questions
_FEW_WORDS = 12
_SAME_QUESTION = 0.5
_FEWEST = 10.0  # topics; among fewer no word counts as frequent
_FREQUENT = 0.5  # a word in more of the topics says nothing; rarer ones weigh by their rarity


@dataclass(frozen=True, slots=True)
class Chapter:
    """A topic as a chapter of a story: who spoke in its messages, and in which conversations.

    `conversations` are ids of the messages that began them, as far as known, `threads` the threads
    that it was told from, and `answered` the messages that were replied to.
    """

    topic: Topic
    people: frozenset[int] = frozenset()
    conversations: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    answered: frozenset[int] = frozenset()

    @property
    def receipts(self) -> tuple[int, ...]:
        """The messages that its points rest on, oldest first."""
        ids = {one for point in self.topic.points for one in point.message_ids}
        return tuple(sorted(ids))


class Story:
    """The earlier topics that a report may go on from, the latest first."""

    def __init__(self, earlier: Iterable[Chapter], names: Iterable[str] = ()) -> None:
        self._earlier = sorted(
            (chapter for chapter in earlier if chapter.receipts),
            key=lambda chapter: -chapter.receipts[-1],
        )
        self._names = {stem(word) for name in names for word in words(name)}
        self._stems = [self._said(chapter.topic) for chapter in self._earlier]

    def continued(self, topics: Sequence[Chapter]) -> tuple[Topic, ...]:
        """The topics; those that carry on an earlier one have its title, no two the same one."""
        said = [self._said(chapter.topic) for chapter in topics]
        rarity = _rarity([*self._stems, *said])
        taken: set[int] = set()
        found = []
        for chapter, stems in zip(topics, said, strict=True):
            place = self._earlier_one(chapter, stems, rarity, taken)
            if place is None:
                found.append(chapter.topic)
                continue
            taken.add(place)
            earlier = self._earlier[place]
            found.append(
                replace(
                    chapter.topic,
                    continues=earlier.topic.title,
                    continues_ids=earlier.receipts,
                )
            )
        return tuple(found)

    def _earlier_one(
        self,
        chapter: Chapter,
        stems: frozenset[str],
        rarity: Mapping[str, float],
        taken: Collection[int],
    ) -> int | None:
        free = [place for place in range(len(self._earlier)) if place not in taken]
        for place in free:
            if _is_same_talk(chapter, self._earlier[place]):
                return place
        alike = {place: self._likeness(chapter, stems, place, rarity) for place in free}
        best = max(free, key=lambda place: alike[place], default=None)
        return best if best is not None and alike[best] >= 1 else None

    def _likeness(
        self, chapter: Chapter, stems: frozenset[str], place: int, rarity: Mapping[str, float]
    ) -> float:
        """How much a topic is like an earlier one, in parts of what it takes: 1 is enough."""
        earlier, other = self._earlier[place], self._stems[place]
        shared = [word for word in stems & other if rarity[word] > 0]
        same_place = not set(chapter.topic.channel_ids).isdisjoint(earlier.topic.channel_ids)
        same_people = not chapter.people.isdisjoint(earlier.people)
        if len(shared) < _SHARED or not (same_place or same_people):
            return 0.0
        titles = [set(telling_stems(each.topic.title)) for each in (chapter, earlier)]
        if titles[0].union(titles[1]).isdisjoint(shared):
            return 0.0
        # Of a topic of few words every one would count for much.
        usual = sum(rarity.values()) / len(rarity)
        least = min(sum(rarity[word] for word in each) for each in (stems, other))
        least = max(least, _FEW_WORDS * usual)
        needed = _ALIKE if same_place and same_people else _ALIKE_ELSEWHERE
        needed *= _SAME_TITLE if len(titles[0] & titles[1]) >= _TITLE_SHARED else 1.0
        return sum(rarity[word] for word in shared) / (least * needed)

    def _said(self, topic: Topic) -> frozenset[str]:
        texts = (topic.title, *(point.text for point in topic.points))
        return frozenset(word for text in texts for word in telling_stems(text)) - self._names


def _is_same_talk(chapter: Chapter, earlier: Chapter) -> bool:
    """Whether both are of one conversation, thread or forum post, or one answers the other."""
    if not chapter.conversations.isdisjoint(earlier.conversations):
        return True
    if not chapter.threads.isdisjoint(earlier.threads):
        return True
    return not chapter.answered.isdisjoint(earlier.receipts)


def _rarity(topics: Sequence[frozenset[str]]) -> dict[str, float]:
    count = Counter(word for stems in topics for word in stems)
    most = max(_FEWEST, _FREQUENT * len(topics))
    return {word: max(0.0, math.log((1 + most) / number)) for word, number in count.items()}


def settled(
    digest: Digest, lines: Sequence[Line], homes: Mapping[int, int], *, over_days: bool
) -> Digest:
    """The digest without open questions that its own messages answer; a list of them loses them.

    In a report of several days such a question is told with its answer, in that of one day it is
    no longer called open.
    """
    there = {line.id: line for line in lines}
    ended: list[Followed] = []
    topics = []
    for topic in digest.topics:
        points = []
        is_list = all(point.kind is PointKind.QUESTION for point in topic.points)
        for point in topic.points:
            question = asked_in(point, there)
            ending = question and ending_of(question, lines, homes)
            if not question or not ending:
                points.append(point)
            elif over_days:
                ended.append(_followed(point, question, ending))
            elif not is_list:
                points.append(replace(point, kind=PointKind.FACT))
        if points:
            topics.append(replace(topic, points=tuple(points)))
    followed = merged_followed([*digest.followed, *ended])
    return replace(digest, topics=tuple(topics), followed=followed)


def asked_again(digest: Digest) -> Digest:
    """The digest with an earlier question that is asked anew told once, in its newest words."""
    now = digest.points(PointKind.QUESTION)
    followed = []
    for each in digest.followed:
        again = next((point for point in now if _asks_again(point, each)), None)
        if again is None or each.answer is not None:
            followed.append(each)
        else:
            ids = tuple(dict.fromkeys((each.asked_id, *again.message_ids)))
            followed.append(replace(each, question=replace(again, message_ids=ids)))
    return replace(digest, followed=tuple(followed))


def asked_before(digest: Digest, asked: Sequence[Line]) -> Digest:
    """The digest with its open questions' first day, where they were `asked` earlier already.

    By the same person in such words, or by anybody in words that are seldom said.
    """
    rarity = Rarity(asked)
    known = {one for each in digest.followed for one in each.question.message_ids}
    followed = list(digest.followed)
    for point in digest.points(PointKind.QUESTION):
        first = next((line for line in asked if _is_first(line, point, rarity)), None)
        if first is not None and known.isdisjoint(point.message_ids):
            ids = tuple(dict.fromkeys((first.id, *point.message_ids)))
            followed.append(Followed(replace(point, message_ids=ids)))
    return replace(digest, followed=tuple(followed))


def _is_first(line: Line, point: Point, rarity: Rarity) -> bool:
    if not is_same_question(line.text, point.text):
        return False
    shared = set(line.said) & set(telling_stems(point.text))
    rare = [word for word in shared if rarity.of(word) >= _SELDOM]
    return point.text.startswith(f"{line.name}: ") or len(rare) >= _SHARED


def _asks_again(point: Point, followed: Followed) -> bool:
    return followed.asked_id not in point.message_ids and is_same_question(
        point.text, followed.question.text
    )


def asked_in(point: Point, lines: Mapping[int, Line]) -> Line | None:
    """The line by which an open question was asked, None for any other point."""
    if point.kind is not PointKind.QUESTION:
        return None
    cited = [lines[one] for one in sorted(point.message_ids) if one in lines]
    return next((line for line in cited if asks(line.text)), cited[0] if cited else None)


def followed_up(
    questions: Sequence[Line], lines: Sequence[Line], homes: Mapping[int, int]
) -> tuple[Followed, ...]:
    """What became of earlier questions: answered ones first, then the latest that are open."""
    found = []
    for question in questions:
        point = Point(_quoted(question), PointKind.QUESTION, (question.id,), quoted=True)
        ending = ending_of(question, lines, homes)
        found.append(_followed(point, question, ending) if ending else Followed(point))
    return merged_followed(found)


def merged_followed(followed: Iterable[Followed]) -> tuple[Followed, ...]:
    """One of each question, answered where any says so; at most `MOST_FOLLOWED`."""
    found: dict[int, Followed] = {}
    for each in followed:
        known = found.get(each.asked_id)
        if known is None or known.answer is None:
            found[each.asked_id] = each
    ranked = sorted(found.values(), key=lambda each: (each.answer is None, -each.asked_id))
    kept: list[Followed] = []
    for each in ranked:
        if not any(is_same_question(each.question.text, one.question.text) for one in kept):
            kept.append(each)
    return tuple(kept[:MOST_FOLLOWED])


def is_same_question(one: str, other: str) -> bool:
    """Whether two questions ask the same, by their telling words."""
    first, second = set(telling_stems(one)), set(telling_stems(other))
    shared = len(first & second)
    return shared >= _SHARED and shared >= _SAME_QUESTION * min(len(first), len(second))


def _followed(point: Point, question: Line, ending: Ending) -> Followed:
    text = point.text if point.quoted else _quoted(question)
    asked = replace(point, text=text, message_ids=(question.id,), quoted=True)
    kind = PointKind.FACT
    answer = Point(_quoted(ending.line), kind, (ending.line.id,), quoted=True)
    return Followed(asked, answer, taken_back=ending.taken_back)


def _quoted(line: Line) -> str:
    text = line.text
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(",;:- ") + " …"
    return f"{line.name}: “{text}”"[:LONGEST_POINT]
