"""What speaks for a line's going on from each earlier line, and for its beginning something new.

`weights.py` says what each piece weighs, found by `benchmarks/train_separation.py`. All of them
follow from what was said; none from where earlier lines were put, so that a mistake does not breed
more.
"""

import math
from itertools import islice

from guildwatch.digest.separation.linking import Linking
from guildwatch.digest.separation.manner import ASSENT, GREETING, POINTING
from guildwatch.digest.separation.memory import Heard, Memory
from guildwatch.digest.transcript.lines import Line

_LATEST = 12  # lines that may be answered though nobody is named
_PEOPLE = 15  # speakers whose last line may be answered
_AROUND = 15  # lines in which we look how many people talk
_USUAL = 50  # lines that we act as if we had seen, so that the first ones count as usual
_NAMING, _NAMING_USUAL = 0.3, 40  # the share of lines that name somebody, and how firm that is
_REPLIES_USUAL = 5
_NEVER = 1e5  # seconds since somebody spoke who did not
_LULL = 1800.0  # seconds
_LONG_AGO = 3600.0  # seconds
_SHORT = 4  # words
_MOST_SHARED = 3.0  # what shared words count at most

BEGINNING = (
    "new", "greeting", "opening", "newcomer", "addressing", "addressing_known", "length",
    "own_silence", "silence", "people", "assent", "naming", "short", "opening_newcomer",
    "unaddressed_naming", "link", "turn", "turn_silence", "called", "lull", "opening_silence",
    "own_lately", "newcomer_naming", "pointing", "replies", "replies_addressing",
    "unnaming_opening", "unnaming_own_silence", "unnaming_silence", "unnaming_length",
    "unnaming_newcomer", "greeting_newcomer", "feed", "feed_silence",
)  # fmt: skip


def candidates(memory: Memory, heard: Heard) -> list[Heard]:
    """The last lines, the last one of each speaker, and those of whom the line speaks to."""
    author, last_of = heard.author_id, memory.last_of
    found = dict.fromkeys(islice(reversed(memory.lines), _LATEST))
    found.update(dict.fromkeys(islice(reversed(last_of.values()), _PEOPLE)))
    more = [last_of.get(author), memory.last_to.get(author), memory.last_address.get(author)]
    for id_ in heard.spoken_to:
        more += last_of.get(id_), memory.between(id_, author)
    found.update(dict.fromkeys(each for each in more if each is not None))
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
        self.naming = (memory.addressing + _NAMING * _NAMING_USUAL) / (len(memory) + _NAMING_USUAL)
        self._people = len({each.author_id for each in islice(reversed(memory.lines), _AROUND)})
        self._words = len(line.text.split())
        self._short = 1.0 if self._words <= _SHORT else 0.0
        self._greeting = 1.0 if GREETING.search(line.text) else 0.0
        self._assent = 1.0 if ASSENT.search(line.text) else 0.0
        self._link = 1.0 if line.urls else 0.0
        self._unaddressed = 0.0 if new.spoken_to else 1.0
        usual = len(memory) + _USUAL
        self._telling = {word: math.log(usual / (memory.seen[word] + 1)) / 4.0 for word in new.said}
        self._weigh_nearness()
        self._weigh_manner()
        self._weigh_address()

    def _weigh_nearness(self) -> None:
        weights, unnaming = self._weights, 1.0 - self.naming
        pause = weights.pause + unnaming * weights.unnaming_pause
        self._pause = pause + self.naming * weights.pause_naming
        self._distance = weights.distance + unnaming * weights.unnaming_distance
        self._within_1_min = weights.within_1_min + unnaming * weights.unnaming_within_1_min
        self._within_5_min = weights.within_5_min + unnaming * weights.unnaming_within_5_min
        self._of_last_5 = weights.of_last_5 + unnaming * weights.unnaming_of_last_5
        self._persons_last = weights.persons_last + unnaming * weights.unnaming_persons_last
        self._question = weights.question + unnaming * weights.unnaming_question
        self._shared = weights.shared + unnaming * weights.unnaming_shared
        self._shared_own = weights.shared_own + unnaming * weights.unnaming_shared_own
        self._shared_lately = weights.shared_lately + unnaming * weights.unnaming_shared_lately
        self._rarest = weights.rarest + unnaming * weights.unnaming_rarest

    def _weigh_manner(self) -> None:
        """What counts of any earlier line, of the last one, of one's own and of others' lines."""
        weights, unnaming, new = self._weights, 1.0 - self.naming, self._new
        opening, stranger = 1.0 * new.opens, 1.0 * (self._mine is None)
        self._any = new.turns * weights.turn
        self._last = (
            weights.last + unnaming * weights.unnaming_last
            + self._short * weights.short_last + new.turns * weights.turn_last
            + self._link * weights.link_last + stranger * weights.stranger_last
            + weights.last_few_people / (self._people or 1)
        )  # fmt: skip
        assent = weights.assent_last + unnaming * weights.unnaming_assent_last
        self._last_foreign = self._assent * assent + (self._people <= 2) * weights.last_of_two
        own = weights.own + unnaming * weights.unnaming_own
        self._own = own + opening * weights.opening_own
        shy = weights.opening_foreign + unnaming * weights.unnaming_opening_foreign
        self._foreign = (
            opening * self._unaddressed * shy
            + self._greeting * weights.greeting_foreign + new.is_feed * weights.feed_answering
        )  # fmt: skip
        waiting = weights.newcomer_waiting
        self._first = stranger * weights.stranger_to_newcomer, waiting

    def _weigh_address(self) -> None:
        """Whom the author spoke to last, and who spoke with the author, and how long ago."""
        memory, now = self._memory, self._line.at
        self._talked = memory.talked_with.get(self._author, {})
        address = memory.last_address.get(self._author)
        self._partners = address.spoken_to if address else frozenset()
        self._partner_lately = math.exp((address.at - now) / 1200.0) if address else 0.0

    def linking(self, heard: Heard) -> float:
        """How much speaks for going on from this line."""
        weights = self._weights
        gap = max(0.0, self._line.at - heard.at)
        pause, back = math.log1p(gap / 60.0), self._newest - heard.number
        persons_last = self._memory.last_of.get(heard.author_id) is heard
        found = self._any + pause * self._pause + math.log1p(back) * self._distance
        if gap < 7200.0:
            found = found + self._within(gap)
        if back < 10:
            found = found + weights.of_last_10
            if back < 5:
                found = found + self._of_last_5
            if back == 1:
                found = found + weights.last_but_one
            elif back == 0:
                found = found + self._last
        if persons_last:
            found = found + self._persons_last
        if heard.author_id == self._author:
            found = found + self._of_own(heard, gap, pause, back)
        else:
            found = found + self._of_other(heard, gap, pause, back, persons_last)
        if self._new.said and not self._new.said.isdisjoint(heard.lately):
            found = found + self._of_words(heard, pause, persons_last)
        return found

    def _within(self, gap: float) -> float:
        weights = self._weights
        if gap >= 1800.0:
            return weights.within_2_h
        found = weights.within_2_h + weights.within_30_min
        if gap < 300.0:
            found = found + self._within_5_min
            if gap < 60.0:
                found = found + self._within_1_min
                if gap < 15.0:
                    found = found + weights.within_15_s
        return found

    def _of_own(self, heard: Heard, gap: float, pause: float, back: int) -> float:
        weights = self._weights
        found = self._own + pause * weights.own_pause
        if heard is not self._mine:
            return found
        unnaming, to_same = 1.0 - self.naming, not self._to.isdisjoint(heard.spoken_to)
        quick = weights.own_last_120_s + unnaming * weights.unnaming_own_last_120_s
        lately = weights.own_last_20_min + unnaming * weights.unnaming_own_last_20_min
        return (
            found + weights.own_last + unnaming * weights.unnaming_own_last
            + math.exp(-gap / 120.0) * quick + math.exp(-gap / 1200.0) * lately
            + (1.0 - self._unaddressed) * weights.own_last_addressing
            + to_same * weights.own_last_to_same + (back == 0) * weights.own_right_before
            + (gap > _LONG_AGO) * weights.own_long_ago + heard.is_reply * weights.own_last_replied
            + math.log1p(back) * weights.own_last_distance
            + self._new.is_feed * weights.own_feed + self._assent * weights.assent_own
            + self._short * weights.short_own + self.naming * weights.own_last_naming
        )  # fmt: skip

    def _of_other(
        self, heard: Heard, gap: float, pause: float, back: int, persons_last: bool
    ) -> float:
        weights = self._weights
        found = self._foreign + self._of_acquaintance(heard, persons_last)
        if back == 0:
            found = found + self._last_foreign + math.exp(-gap / 60.0) * weights.last_quick
        if self._to or heard.spoken_to:
            found = found + self._of_address(heard, gap, pause, back, persons_last)
        else:
            found = found + weights.open_talk
            if back == 0:
                found = found + weights.open_talk_last
        if heard.asks or heard.is_first:
            found = found + self._of_waiting(heard)
        if heard.turns:
            found = found + weights.after_turn
        if heard.is_reply:
            found = found + weights.replied
        if heard.is_feed:
            found = found + weights.answering_feed
        return found

    def _of_waiting(self, heard: Heard) -> float:
        """Somebody asked something, or is new here, and nobody has spoken to them since."""
        to_newcomer, waiting = self._first
        spoken_to = self._memory.last_to.get(heard.author_id)
        waits = spoken_to is None or spoken_to.number < heard.number
        found = heard.asks * self._question
        if waits and heard.asks and not heard.spoken_to:
            found = found + self._weights.open_question
        if heard.is_first:
            found = found + to_newcomer + waits * waiting
        return found

    def _of_address(
        self, heard: Heard, gap: float, pause: float, back: int, persons_last: bool
    ) -> float:
        weights, found = self._weights, 0.0
        to_me = self._author in heard.spoken_to
        if heard.author_id in self._to:
            near = math.exp(-gap / 1200.0)
            found = weights.to + near * weights.to_20_min + pause * weights.to_pause
            found = found + self.naming * weights.to_naming + to_me * weights.each_other
            found = found + heard.is_first * weights.to_newcomer
            if persons_last:
                found = found + weights.to_last + near * weights.to_last_20_min
        elif self._to:
            found = weights.to_other
        if to_me:
            found = found + self._of_call(heard, gap)
        elif heard.spoken_to:
            found = found + weights.of_others + self._unaddressed * weights.of_others_unaddressed
            if back == 0:
                found = found + weights.of_others_last
        if not self._to.isdisjoint(heard.spoken_to):
            found = found + weights.to_same
        return found

    def _of_call(self, heard: Heard, gap: float) -> float:
        """It speaks to the author of the new line."""
        weights = self._weights
        found = weights.from_ + self._assent * weights.assent_from
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
            found = shared * self._shared + (shared > 0.0) * weights.any_shared
            found = found + max(each) * self._rarest + shared * pause * weights.shared_pause
            if heard.author_id == self._author:
                found = found + shared * self._shared_own
        if persons_last:
            lately = sum(telling[word] for word in said & heard.lately)
            found = found + min(_MOST_SHARED, lately) * self._shared_lately
        return found

    def beginning(self) -> list[float]:
        """What speaks for beginning something new, in the order of BEGINNING."""
        memory, now, mine, new = self._memory, self._line.at, self._mine, self._new
        since = now - mine.at if mine is not None else _NEVER
        quiet = max(0.0, now - memory.lines[-1].at) if memory.lines else _NEVER
        own_silence, silence = _silence(since), _silence(quiet)
        newcomer = 0.0 if mine is not None else 1.0
        length, addressing = math.log1p(self._words), 1.0 - self._unaddressed
        called = self._called is not None and (mine is None or mine.number < self._called.number)
        replies = memory.replies / (len(memory) + _REPLIES_USUAL)
        unnaming = 1.0 - self.naming
        return [
            1.0, self._greeting, new.opens, newcomer, addressing,
            any(id_ in memory.last_of for id_ in self._to), length, own_silence, silence,
            math.log(self._people or 1), self._assent, self.naming, self._short,
            new.opens * newcomer, self._unaddressed * self.naming, self._link, new.turns,
            new.turns * silence, called, quiet > _LULL, new.opens * silence,
            math.exp(-since / 300.0), newcomer * self.naming,
            self._line.text.startswith(POINTING), replies, replies * addressing,
            unnaming * new.opens, unnaming * own_silence, unnaming * silence,
            unnaming * length, unnaming * newcomer, self._greeting * newcomer,
            new.is_feed, new.is_feed * silence,
        ]  # fmt: skip


def _silence(seconds: float) -> float:
    return min(5.0, math.log1p(seconds / 60.0))
