"""What speaks for a line's going on from each earlier line.

`weights.py` says what each piece weighs, found by `benchmarks/train_separation.py`. All of them
follow from what was said; none from where earlier lines were put, so that a mistake does not breed
more. What speaks for beginning something new is in `beginning.py`.
"""

import math
from itertools import islice

from guildwatch.digest.separation.beginning import SHORT, naming, replying
from guildwatch.digest.separation.linking import Linking
from guildwatch.digest.separation.manner import ASSENT, GREETING
from guildwatch.digest.separation.memory import Heard, Memory
from guildwatch.digest.transcript.lines import Line

_LATEST = 12  # lines that may be answered though nobody is named
_PEOPLE = 15  # speakers whose last line may be answered
_USUAL = 50  # lines that we act as if we had seen, so that the first ones count as usual
_LONG_AGO = 3600.0  # seconds
_AT_ONCE = 15.0  # seconds in which a bot answers
_MOST_SHARED = 3.0  # what shared words count at most
_RARELY = 3  # lines that said a word which tells where it is said again


def candidates(memory: Memory, heard: Heard) -> list[Heard]:
    """The last lines, the last one of each speaker, those of whom it speaks to, and its echoes."""
    author, last_of = heard.author_id, memory.last_of
    found = dict.fromkeys(islice(reversed(memory.lines), _LATEST))
    found.update(dict.fromkeys(islice(reversed(last_of.values()), _PEOPLE)))
    more = [last_of.get(author), memory.last_to.get(author), memory.last_address.get(author)]
    for id_ in heard.spoken_to:
        more += last_of.get(id_), memory.between(id_, author)
    found.update(dict.fromkeys(each for each in more if each is not None))
    found.update(dict.fromkeys(memory.echoed(heard)))
    return sorted(found, key=_number, reverse=True)


def _number(heard: Heard) -> int:
    return heard.number


class Evidence:
    """What speaks for what of a new line, as seen against what is remembered.

    What follows from the new line alone is weighed once, here; `linking` adds for an earlier line
    what only both tell. `naming` is the share of lines that name somebody here. The weights are
    only ever multiplied and added: with the axes of a space for weights, `linking` gives the
    evidence itself.
    """

    def __init__(self, memory: Memory, line: Line, new: Heard, weights: Linking) -> None:
        self._memory, self._line, self._new, self._weights = memory, line, new, weights
        self._author, self._to = new.author_id, new.spoken_to
        self._mine = memory.last_of.get(new.author_id)
        self._called = memory.last_to.get(new.author_id)
        self._newest = memory.lines[-1].number if memory.lines else 0
        self.naming, self._replying = naming(memory), replying(memory)
        self._short = 1.0 if len(line.text.split()) <= SHORT else 0.0
        self._assent = 1.0 if ASSENT.search(line.text) else 0.0
        self._unaddressed = 0.0 if new.spoken_to else 1.0
        usual = len(memory) + _USUAL
        self._telling = {word: math.log(usual / (memory.seen[word] + 1)) / 4.0 for word in new.said}
        self._weigh_manner()
        self._weigh_address()

    def _weigh_manner(self) -> None:
        """What counts of any earlier line, of the last one, of one's own and of others' lines."""
        weights, new, replies = self._weights, self._new, self._replying
        self._any = new.turns * weights.turn
        self._pause = weights.pause + self.naming * weights.pause_naming
        self._last = (
            weights.last + self._short * weights.short_last + new.turns * weights.turn_last
            + bool(self._line.urls) * weights.link_last
        )  # fmt: skip
        self._own = weights.own + replies * weights.replying_own
        self._foreign = (
            new.opens * self._unaddressed * weights.opening_foreign
            + bool(GREETING.search(self._line.text)) * weights.greeting_foreign
            + new.is_feed * weights.feed_answering + replies * weights.replying_foreign
        )  # fmt: skip
        self._first = (self._mine is None) * weights.stranger_to_newcomer
        heading = self._memory.last_heading
        is_near = heading is not None and self._line.at - heading.at < _LONG_AGO
        self._heading = heading.number if heading is not None and is_near else -math.inf

    def _weigh_address(self) -> None:
        """Whom the author spoke to last, and who spoke with the author, and how long ago."""
        memory, now, author = self._memory, self._line.at, self._author
        self._talked = memory.talked_with.get(author, {})
        address = memory.last_address.get(author)
        self._partners = address.spoken_to if address else frozenset[int]()
        self._partner_lately = math.exp((address.at - now) / 1200.0) if address else 0.0
        # Of whom the author speaks to: since when they speak to others, and whom they spoke to.
        self._turned_away: dict[int, int] = {}
        self._theirs: dict[int, float] = {}
        for id_ in self._to:
            address, between = memory.last_address.get(id_), self._talked.get(id_)
            if address is None:
                continue
            if between is not None and author not in address.spoken_to:
                self._turned_away[id_] = between.number
            for theirs in address.spoken_to:
                lately = math.exp((address.at - now) / 1200.0)
                self._theirs[theirs] = max(lately, self._theirs.get(theirs, 0.0))

    def linking(self, heard: Heard) -> float:
        """How much speaks for going on from this line."""
        weights = self._weights
        gap = max(0.0, self._line.at - heard.at)
        pause, back = math.log1p(gap / 60.0), self._newest - heard.number
        persons_last = self._memory.last_of.get(heard.author_id) is heard
        found = self._any + pause * self._pause + math.log1p(back) * weights.distance
        if gap < 7200.0:
            found = found + self._within(gap)
        if back < 10:
            found = found + weights.of_last_10
            if back < 5:
                found = found + weights.of_last_5
            if back == 0:
                found = found + self._last
        if heard.number < self._heading:
            found = found + weights.before_heading
        if heard.author_id == self._author:
            found = found + self._of_own(heard, gap, pause, back)
        else:
            found = found + self._of_other(heard, gap, pause, back, persons_last)
        if self._new.said and not self._new.said.isdisjoint(heard.lately):
            found = found + self._of_words(heard, pause, persons_last)
        if self._new.numbers and not self._new.numbers.isdisjoint(heard.numbers):
            found = found + weights.same_number
        return found

    def _within(self, gap: float) -> float:
        weights = self._weights
        if gap >= 1800.0:
            return weights.within_2_h
        found = weights.within_2_h + weights.within_30_min
        if gap < 300.0:
            found = found + weights.within_5_min
            if gap < 60.0:
                found = found + weights.within_1_min
        return found

    def _of_own(self, heard: Heard, gap: float, pause: float, back: int) -> float:
        weights = self._weights
        found = self._own + pause * weights.own_pause
        if any(self._talked.get(id_) is heard for id_ in self._to):
            found = found + weights.own_between
        if heard is not self._mine:
            return found
        to_same = not self._to.isdisjoint(heard.spoken_to)
        unshared = self._new.is_feed and self._new.said.isdisjoint(heard.said)
        return (
            found + weights.own_last
            + math.exp(-gap / 120.0) * weights.own_last_120_s
            + math.exp(-gap / 1200.0) * weights.own_last_20_min
            + (1.0 - self._unaddressed) * weights.own_last_addressing
            + to_same * weights.own_last_to_same + (gap > _LONG_AGO) * weights.own_long_ago
            + heard.is_reply * weights.own_last_replied
            + math.log1p(back) * weights.own_last_distance
            + self._new.is_feed * weights.own_feed + unshared * weights.feed_unshared
            + self._assent * weights.assent_own + self._short * weights.short_own
            + self.naming * weights.own_last_naming + self._replying * weights.replying_own_last
        )  # fmt: skip

    def _of_other(
        self, heard: Heard, gap: float, pause: float, back: int, persons_last: bool
    ) -> float:
        weights = self._weights
        found = self._foreign + self._of_acquaintance(heard, persons_last)
        if back == 0:
            found = found + self._of_last(gap)
        if self._to or heard.spoken_to:
            found = found + self._of_address(heard, gap, pause, persons_last)
        else:
            found = found + weights.open_talk
            if back == 0:
                found = found + weights.open_talk_last
        if heard.asks or heard.is_first:
            found = found + self._of_waiting(heard)
        if heard.commands and gap < _AT_ONCE:
            found = found + weights.answering_command
        if heard.closes:
            found = found + weights.after_closing
        if heard.is_reply:
            found = found + weights.replied
        return found

    def _of_last(self, gap: float) -> float:
        """It is the latest line of all, and somebody else's."""
        weights = self._weights
        found = math.exp(-gap / 60.0) * weights.last_quick + self._replying * weights.replying_last
        return found + (gap < 10.0) * weights.last_10_s

    def _of_waiting(self, heard: Heard) -> float:
        """Somebody asked something, or is new here, and nobody has spoken to them since."""
        spoken_to = self._memory.last_to.get(heard.author_id)
        waits = spoken_to is None or spoken_to.number < heard.number
        found = heard.asks * self._weights.question
        if waits and heard.asks and not heard.spoken_to:
            found = found + self._weights.open_question
        if heard.is_first:
            found = found + self._first + waits * self._weights.newcomer_waiting
        return found

    def _of_address(self, heard: Heard, gap: float, pause: float, persons_last: bool) -> float:
        weights, found = self._weights, 0.0
        to_me = self._author in heard.spoken_to
        if heard.author_id in self._to:
            found = self._of_spoken_to(heard, gap, pause, to_me, persons_last)
        elif self._to:
            found = weights.to_other
        if to_me:
            found = found + self._of_call(heard, gap)
        elif heard.spoken_to:
            found = found + weights.of_others + self._unaddressed * weights.of_others_unaddressed
        if not self._to.isdisjoint(heard.spoken_to):
            found = found + weights.to_same
        return found

    def _of_spoken_to(
        self, heard: Heard, gap: float, pause: float, to_me: bool, persons_last: bool
    ) -> float:
        """Its author is spoken to by the new line, but may be busy with others by now."""
        weights, them, near = self._weights, heard.author_id, math.exp(-gap / 1200.0)
        found = weights.to + near * weights.to_20_min + pause * weights.to_pause
        found = found + self.naming * weights.to_naming + to_me * weights.each_other
        found = found + heard.is_first * weights.to_newcomer
        if persons_last:
            found = found + weights.to_last + near * weights.to_last_20_min
        if self._talked.get(them) is heard:
            found = found + weights.to_between
        if self._turned_away.get(them, heard.number) < heard.number:
            found = found + weights.to_turned_away
        if heard.spoken_to and not to_me:
            found = found + weights.to_of_others
            found = found + (them in self._talked) * weights.to_of_others_known
        return found

    def _of_call(self, heard: Heard, gap: float) -> float:
        """It speaks to the author of the new line."""
        weights = self._weights
        found = weights.from_ + self._assent * weights.assent_from
        found = found + self._replying * weights.replying_from
        if heard is self._called:
            found = found + weights.from_last + math.exp(-gap / 600.0) * weights.from_last_10_min
        if self._mine is None or self._mine.number < heard.number:
            found = found + weights.from_unanswered
        return found

    def _of_acquaintance(self, heard: Heard, persons_last: bool) -> float:
        """Whether the two have been talking, and whom each talks to by now."""
        weights, now, them, found = self._weights, self._line.at, heard.author_id, 0.0
        between = self._talked.get(them)
        if between is not None:
            talked = math.exp((between.at - now) / 1800.0)
            found = talked * weights.talked
            if persons_last:
                found = found + talked * self._unaddressed * weights.talked_last
        if self._unaddressed and them in self._partners:
            found = found + self._partner_lately * weights.my_partner
            if persons_last:
                found = found + self._partner_lately * weights.my_partner_last
        if them in self._theirs:
            found = found + self._theirs[them] * weights.to_partner_of
        address = self._memory.last_address.get(them)
        if address is None:
            return found
        lately = math.exp((address.at - now) / 1200.0)
        if self._author in address.spoken_to:
            lately *= self._unaddressed
            found = found + lately * weights.their_partner
            return found + persons_last * lately * weights.their_partner_last
        if them not in self._to and self._author not in heard.spoken_to:
            found = found + lately * weights.busy_elsewhere
        return found

    def _of_words(self, heard: Heard, pause: float, persons_last: bool) -> float:
        weights, telling, said, found = self._weights, self._telling, self._new.said, 0.0
        both = said & heard.said
        if both:
            each = [telling[word] for word in both]
            shared = min(_MOST_SHARED, sum(each))
            found = shared * weights.shared + max(each) * weights.rarest
            found = found + shared * pause * weights.shared_pause
            if any(self._memory.seen[word] <= _RARELY for word in both):
                found = found + weights.rare_again
            if heard.author_id == self._author:
                found = found + shared * weights.shared_own
        if persons_last:
            lately = sum(telling[word] for word in said & heard.lately)
            found = found + min(_MOST_SHARED, lately) * weights.shared_lately
        return found
