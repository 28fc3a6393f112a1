"""Choosing the lines that tell a conversation: its opening, what helped, how it ended."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from guildwatch.digest.extraction.ceremony import is_ceremony, leads_a_meeting
from guildwatch.digest.extraction.cues import (
    asks,
    concludes,
    is_elsewhere,
    is_thanks,
    kind_of,
    suggests,
    tells_outcome,
    tells_trouble,
)
from guildwatch.digest.extraction.keywords import is_roll_call, keywords, names_in
from guildwatch.digest.extraction.leaning import answers_only, bare, before, leans
from guildwatch.digest.extraction.quotes import LONGEST_QUOTE, may_be_told, plainness
from guildwatch.digest.extraction.rank import Rarity
from guildwatch.digest.extraction.story import Story, asks_after, story
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.model import PointKind

_GOOD_LENGTH = 45
_AT_LAST, _CONCLUDED = 0.7, 0.1
_MOST_REPEATED = 0.8
_LEAST = 0.25  # of the best line's weight
_HOW_IT_ENDED = 0.5  # of that; an ending says little else
_ONCE = 0.25  # a word said once may be anything
_OPENING, _FIRST, _DECIDED, _TAKEN_ON, _ENDED, _ANSWERS = 0.5, 0.3, 0.9, 0.45, 0.35, 0.45
_BY_ASKER = 0.3  # more for who says so of what they asked themselves
_ASIDE = 0.5  # what is said to somebody else while one is helped
_LEANING = 0.6  # what cannot be understood without another line
_WRONG, _SHORT = 0.12, 2
_FEW = 3  # lines
_AT_ONCE = 0.2  # who answers first says mostly how it is
_CENTRAL = 4.0
_FULL = 6  # telling words, with which something is understood though it says "it"
_OF_ONE_QUESTION = 40  # lines
_TURNED_INTO = (PointKind.DECISION, PointKind.ACTION)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line, how well it tells its conversation, and whether it must be told if anything is."""

    line: Line
    weight: float


def terms(conversation: Conversation, rarity: Rarity, names: frozenset[str]) -> dict[str, float]:
    """The conversation's words by how much it is about them; people's names are not among them.

    How often and by whom else today they are said, and whether they stand as what is spoken about
    stands: early, where matters are announced, with capitals.
    """
    count: Counter[str] = Counter()
    for line in conversation.lines:
        count.update(set(line.said))
    own = keywords(conversation.lines, names | names_in(conversation.lines))
    most = max((one.weight() for one in own.values()), default=1.0)
    return {
        word: (math.log1p(number) if number > 1 else _ONCE)
        * rarity.of(word)
        * (own[word].weight() / most) ** 0.25
        for word, number in count.items()
        if word in own
    }


def choose(
    conversation: Conversation,
    about: dict[str, float],
    how_many: int,
    people: Collection[str] = (),
) -> list[Line]:
    """The lines that tell most with the least repetition.

    Decisions come first, then what opens it (or the most telling line), then the rest in their
    order. None is unfit to be repeated, an order to machines, or mere ceremony; none is torn from
    the line without which it says nothing. `people` are the names of all who may be called up.
    """
    told = _Told(conversation, about, how_many, {name.lower() for name in people})
    for line in told.wanted():
        told.add(line)
    lead = told.lead()
    return sorted(
        told.lines,
        key=lambda line: (
            kind_of(line, answered=True) is not PointKind.DECISION,
            line is not lead,
            line.id,
        ),
    )


class _Told:
    """The lines chosen so far, and which may be chosen."""

    def __init__(
        self,
        conversation: Conversation,
        about: dict[str, float],
        how_many: int,
        low_names: set[str],
    ) -> None:
        lines = conversation.lines
        low = low_names | {line.name.lower() for line in lines}
        self.lines: list[Line] = []
        self._said: set[str] = set()
        self._how_many = how_many
        self._all = lines
        self._ids = {line.name.lower(): line.author_id for line in lines}
        self._story = story(lines, about)
        self._opening = lines[self._story.opening]
        weighed = weigh(lines, self._story, about)
        self._weights = {each.line.id: each.weight for each in weighed}
        fit = {
            each.line.id: each.weight
            for each in weighed
            if may_be_told(each.line.text) and not _is_ceremony(each.line, low)
        }
        full = {one.id for one in lines if one.id in fit and len(one.said) >= 2}
        best = max(fit, key=lambda id_: fit[id_], default=0)
        self._fit = {id_: weight for id_, weight in fit.items() if id_ in (full or {best})}
        self._least = _LEAST * max(self._fit.values(), default=0.0)

    def lead(self) -> Line | None:
        """What opens it if somebody needs something, else the weightiest that is told."""
        if self._story.needs and any(one is self._opening for one in self.lines):
            return self._opening
        return max(self.lines, key=lambda line: self._weights[line.id], default=None)

    def wanted(self) -> Iterator[Line]:
        """What must be told, the most needed first, then whatever tells most that is new."""
        works = [line for line in self._all if kind_of(line, answered=True) in _TURNED_INTO]
        if self._story.needs:
            yield from self._best([self._opening], 1)
        yield from self._best(works, max(1, self._how_many // 2))
        if self._story.needs:
            yield from self._ended()
        while rest := [line for line in self._all if line.id in self._fit]:
            best = max(rest, key=lambda one: self._fit[one.id] * (1 - self._repeats(one)))
            if self.lines and self._fit[best.id] < self._least:
                return
            yield best
            self._fit.pop(best.id, None)

    def _ended(self) -> Iterator[Line]:
        """How it ended for who opened it, what had helped, and what else was wrong."""
        asker = self._opening.author_id
        ends = [at for at in self._story.endings if self._all[at].author_id == asker]
        fit = self._best([self._all[at] for at in ends], len(ends), _HOW_IT_ENDED)
        last = sorted(fit, key=lambda line: line.id)[-1:]
        yield from last
        helped = self._story.answers
        of_last = [helped[at] for at in ends if at in helped and self._all[at] in last]
        others = [found for at, found in helped.items() if self._all[at].author_id == asker]
        first = [self._story.first] if self._story.first is not None else []
        for places in (of_last, others, first):
            if best := self._best([self._all[at] for at in places], 1):
                yield from best
                break
        if self._how_many > _FEW:
            yield from self._best([one for one in self._all if _is_wrong(one, asker)], 1)

    def _best(self, lines: Sequence[Line], most: int, part: float = 1.0) -> list[Line]:
        """The weightiest of these that weigh enough, or that part of it."""
        fit = [line for line in lines if self._fit.get(line.id, -1.0) >= part * self._least]
        return sorted(fit, key=lambda line: -self._fit[line.id])[:most]

    def add(self, line: Line) -> None:
        """Takes a line, with the one that it leans on; not if there is no room for both."""
        if line.id not in self._fit:
            return
        repeats = self._repeats(line) > _MOST_REPEATED
        needed = self._needed(line)
        if needed is None or len(self.lines) + len(needed) >= self._how_many:
            return
        if self.lines and repeats:
            return
        for one in (*needed, line):
            self._fit.pop(one.id)
            self.lines.append(one)
            self._said |= set(one.said)

    def _needed(self, line: Line) -> list[Line] | None:
        """What must be told before a line can be understood, and is not; None if it cannot be."""
        text = plain(line, self._ids)
        if not leans(text) or (len(line.said) >= _FULL and not answers_only(text)):
            return []
        if kind_of(line, answered=True) in _TURNED_INTO or self._ends_what_is_told(line):
            return []
        last = before(line, self._all, self._ids)
        if last is None or any(one is last for one in self.lines):
            return []
        is_told = self._fit.get(last.id, -1.0) >= self._least
        return [last] if is_told and not leans(plain(last, self._ids)) else None

    def _ends_what_is_told(self, line: Line) -> bool:
        """Whether it says how what is told ended: that is understood from the opening."""
        ends = any(self._all[at] is line for at in self._story.endings)
        return ends and any(one is self._opening for one in self.lines)

    def _repeats(self, line: Line) -> float:
        """The share of a line that is told already; a decision repeats what it decides."""
        own = set(line.said)
        share = len(own & self._said) / len(own) if own else 1.0
        return share * (0.3 if kind_of(line, answered=True) is PointKind.DECISION else 1.0)


def weigh(lines: Sequence[Line], how: Story, about: dict[str, float]) -> list[Weighed]:
    """Every line with its weight: central words, place, replies and reactions, outcome, form."""
    replies = Counter(line.reply_to for line in lines if line.reply_to)
    most = sum(sorted(about.values(), reverse=True)[:12]) or 1.0
    ids = {line.name.lower(): line.author_id for line in lines}
    asker = lines[how.opening].author_id
    # Out of a long conversation an answer alone cannot be understood.
    answer = _ANSWERS * min(1.0, _OF_ONE_QUESTION / len(lines))
    helped = set(how.answers.values())
    found = []
    for place, line in enumerate(lines):
        central = sum(about.get(word, 0.0) for word in set(line.said)) / most
        weight = central
        weight += 0.12 * math.log1p(replies[line.id]) + 0.12 * math.log1p(line.reactions)
        weight += _says_how_it_is(line, place, len(lines))
        weight += _BY_ASKER if place in how.endings and line.author_id == asker else 0.0
        weight += answer * min(1.0, 3 * central) if place in helped else 0.0
        weight += _AT_ONCE if place == how.first else 0.0
        weight += _form_of_help(line, asker) if how.mine else 0.0
        weight *= _LEANING if leans(plain(line, ids)) or asks_after(line.text) else 1.0
        weight *= _ASIDE if how.mine and place not in how.mine else 1.0
        if place == how.opening:
            weight += (_OPENING if how.needs else _FIRST) * min(1.0, _CENTRAL * central)
        found.append(Weighed(line, weight * _form(line)))
    return found


def _form_of_help(line: Line, asker: int) -> float:
    """More for what is wrong with whom and what may help; what is asked back is not told."""
    if line.author_id == asker:
        return _WRONG if _is_wrong(line, asker) else 0.0
    if asks(line.text):
        return -_WRONG
    return _WRONG if suggests(line.text) and len(line.said) > _SHORT else 0.0


def _is_wrong(line: Line, asker: int) -> bool:
    is_told = tells_trouble(line.text) and not is_elsewhere(line.text)
    return line.author_id == asker and is_told and len(line.said) > _SHORT


def plain(line: Line, ids: dict[str, int]) -> str:
    """What a line says, without whom it says it to and without fillers."""
    first, _, rest = line.text.partition(" ")
    return bare(rest if rest and first.strip("@,:;").lower() in ids else line.text)


def _is_ceremony(line: Line, low_names: set[str]) -> bool:
    if is_ceremony(line.text) or is_roll_call(line.text, low_names):
        return True
    turned = kind_of(line, answered=True) in _TURNED_INTO
    return not turned and leads_a_meeting(line.text, low_names)


def _says_how_it_is(line: Line, place: int, total: int) -> float:
    if len(line.said) < 3:
        return 0.0
    kind = kind_of(line, answered=True)
    if kind is PointKind.DECISION:
        return _DECIDED
    if kind is PointKind.ACTION:
        return _TAKEN_ON
    if tells_outcome(line.text):
        return _ENDED if place > total / 3 else 0.08
    if concludes(line.text) and place > _AT_LAST * total:
        return _CONCLUDED
    return 0.0


def _form(line: Line) -> float:
    """1 for a plain sentence of readable length, less for scraps, walls, logs and thanks."""
    length = len(line.text)
    form = min(1.0, length / _GOOD_LENGTH) * min(1.0, math.sqrt(2.5 * LONGEST_QUOTE / length))
    return form * plainness(line) * (0.5 if is_thanks(line.text) and length < 80 else 1.0)
