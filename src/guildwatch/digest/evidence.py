"""What speaks for a line's going on from each earlier line, and for its beginning something new.

Numbers without weights: `weights.py` has those, found by `benchmarks/train_separation.py`. All of
them follow from what was said; none from where earlier lines were put, so that a mistake does not
breed more.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from guildwatch.digest.lines import Line
from guildwatch.digest.manner import ASSENT, GREETING, OPENING, POINTING, TURN
from guildwatch.digest.memory import Heard, Memory

_LATEST = 12  # lines that may be answered though nobody is named
_PEOPLE = 15  # speakers whose last line may be answered
_AROUND = 15  # lines in which we look how many people talk
_USUAL = 50  # lines that we act as if we had seen, so that the first ones count as usual
_NAMING, _NAMING_USUAL = 0.3, 40  # the share of lines that name somebody, and how firm that is
_REPLIES_USUAL = 5
_NEVER = 1e5  # seconds since somebody spoke who did not
_LULL = 1800.0  # seconds
_SHORT = 4  # words

NEARNESS = ("pause", "within_15_s", "within_1_min", "within_5_min", "within_30_min", "within_2_h",
            "distance", "last", "last_but_one", "of_last_5", "of_last_10")  # fmt: skip
SPEAKER = ("own", "own_last", "own_last_120_s", "own_last_20_min", "own_last_addressing",
           "own_last_to_same", "own_right_before", "own_long_ago", "own_last_replied",
           "own_last_distance", "own_pause", "own_feed")  # fmt: skip
ADDRESS = ("to", "to_last", "to_last_20_min", "to_20_min", "to_newcomer", "to_naming", "to_pause",
           "from", "from_last", "from_last_10_min", "from_unanswered", "each_other", "to_same",
           "to_other", "of_others", "of_others_unaddressed", "of_others_last", "open_talk",
           "open_talk_last")  # fmt: skip
ACQUAINTANCE = ("talked", "talked_last", "my_partner", "my_partner_last", "their_partner",
                "their_partner_last", "busy_elsewhere")  # fmt: skip
WORDS = ("shared", "any_shared", "shared_own", "rarest", "shared_lately", "shared_pause")
MANNER = ("question", "open_question", "newcomer_waiting", "assent_last", "assent_from",
          "assent_own", "opening_own", "opening_foreign", "short_last", "short_own",
          "greeting_foreign", "turn", "turn_last", "after_turn", "link_last",
          "replied", "answering_feed", "feed_answering")  # fmt: skip
CHANNEL = ("last_few_people", "last_quick", "last_of_two", "persons_last", "stranger_last",
           "stranger_to_newcomer", "pause_naming", "own_last_naming")  # fmt: skip
# What of it also weighs by how little people name each other here.
UNNAMING = ("last", "own", "own_last", "own_last_120_s", "own_last_20_min", "pause", "distance",
            "persons_last", "question", "rarest", "of_last_5", "assent_last", "within_1_min",
            "within_5_min", "opening_foreign", "shared", "shared_own", "shared_lately")  # fmt: skip
_PLAIN = NEARNESS + SPEAKER + ADDRESS + ACQUAINTANCE + WORDS + MANNER + CHANNEL
LINKING = _PLAIN + tuple(f"unnaming_{name}" for name in UNNAMING)
BEGINNING = (
    "new", "greeting", "opening", "newcomer", "addressing", "addressing_known", "length",
    "own_silence", "silence", "people", "assent", "naming", "short", "opening_newcomer",
    "unaddressed_naming", "link", "turn", "turn_silence", "called", "lull", "opening_silence",
    "own_lately", "newcomer_naming", "pointing", "replies", "replies_addressing",
    "unnaming_opening", "unnaming_own_silence", "unnaming_silence", "unnaming_length",
    "unnaming_newcomer", "greeting_newcomer", "feed", "feed_silence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """The earlier lines that a line may go on from, what speaks for each, and for none of them.

    `linking` has a row for each of `candidates`, in the order of LINKING less its last names, those
    of UNNAMING: what these stand for is `unnaming` times what stands in the row already.
    `beginning` is in the order of BEGINNING.
    """

    candidates: Sequence[Heard]
    linking: Sequence[Sequence[float]]
    beginning: Sequence[float]
    unnaming: float


def evidence(memory: Memory, line: Line, spoken_to: frozenset[int]) -> Evidence:
    """What speaks for each earlier line that this one may go on from, and for a new beginning."""
    look = _Look(memory, line, spoken_to)
    candidates = _candidates(memory, line.author_id, spoken_to)
    linking = [look.linking(each) for each in candidates]
    return Evidence(candidates, linking, look.beginning(), look.unnaming)


def _candidates(memory: Memory, author: int, spoken_to: frozenset[int]) -> list[Heard]:
    """The last lines, the last one of each speaker, and those of whom the line speaks to."""
    found = dict.fromkeys(islice(reversed(memory.lines), _LATEST))
    found.update(dict.fromkeys(islice(reversed(memory.last_of.values()), _PEOPLE)))
    more = [memory.last_of.get(author), memory.last_to.get(author), memory.last_address.get(author)]
    for id_ in spoken_to:
        more += memory.last_of.get(id_), memory.between(id_, author)
    found.update(dict.fromkeys(each for each in more if each is not None))
    return sorted(found, key=_number, reverse=True)


def _number(heard: Heard) -> int:
    return heard.number


class _Look:
    """A new line as seen against what is remembered."""

    def __init__(self, memory: Memory, line: Line, spoken_to: frozenset[int]) -> None:
        self._memory, self._line, self._to = memory, line, spoken_to
        self._author = line.author_id
        self._mine = memory.last_of.get(line.author_id)
        self._called = memory.last_to.get(line.author_id)
        self._my_address = memory.last_address.get(line.author_id)
        self._newest = memory.lines[-1].number if memory.lines else 0
        recent = islice(reversed(memory.lines), _AROUND)
        self._people = len({heard.author_id for heard in recent}) or 1
        self._naming = (memory.addressing + _NAMING * _NAMING_USUAL) / (len(memory) + _NAMING_USUAL)
        self.unnaming = 1.0 - self._naming
        self._said = frozenset(line.said)
        usual = len(memory) + _USUAL
        self._telling = {
            word: math.log(usual / (memory.seen[word] + 1)) / 4.0 for word in self._said
        }
        text = line.text
        self._words = len(text.split())
        self._opening = 1.0 if OPENING.search(text) else 0.0
        self._greeting = 1.0 if GREETING.search(text) else 0.0
        self._assent = 1.0 if ASSENT.search(text) else 0.0
        self._turn = 1.0 if TURN.search(text) else 0.0
        self._short = 1.0 if self._words <= _SHORT else 0.0
        self._link = 1.0 if line.urls else 0.0
        self._feed = 1.0 if memory.goes_on_as_feed(line) else 0.0
        self._unaddressed = 0.0 if spoken_to else 1.0

    def linking(self, heard: Heard) -> list[float]:
        """What speaks for going on from this line, in the order of LINKING, the plain."""
        gap = max(0.0, self._line.at - heard.at)
        pause, back = math.log1p(gap / 60.0), self._newest - heard.number
        is_last = 1.0 if back == 0 else 0.0
        persons_last = 1.0 if self._memory.last_of.get(heard.author_id) is heard else 0.0
        row = [
            pause, gap < 15.0, gap < 60.0, gap < 300.0, gap < 1800.0, gap < 7200.0,
            math.log1p(back), is_last, back == 1, back < 5, back < 10,
        ]  # fmt: skip
        if heard.author_id == self._author:
            row += self._speaker(heard, gap, pause, back)
            row += self._address(heard, gap, pause, is_last, persons_last)
            row += _STRANGERS
        else:
            row += _NOT_OWN
            row += self._address(heard, gap, pause, is_last, persons_last)
            row += self._acquaintance(heard, persons_last)
        row += self._shared(heard, pause, persons_last)
        row += self._manner(heard, is_last)
        row += self._channel(heard, gap, pause, is_last, persons_last)
        return row

    def _speaker(self, heard: Heard, gap: float, pause: float, back: int) -> Sequence[float]:
        if heard is not self._mine:
            return (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, back == 0, 0.0, 0.0, 0.0, pause, 0.0)
        return (
            1.0, 1.0, math.exp(-gap / 120.0), math.exp(-gap / 1200.0), 1.0 - self._unaddressed,
            not self._to.isdisjoint(heard.spoken_to), back == 0, gap > 3600.0, heard.is_reply,
            math.log1p(back), pause, self._feed,
        )  # fmt: skip

    def _address(
        self, heard: Heard, gap: float, pause: float, is_last: float, persons_last: float
    ) -> Sequence[float]:
        to = 1.0 if heard.author_id in self._to else 0.0
        to_me = 1.0 if self._author in heard.spoken_to else 0.0
        foreign = 0.0 if heard.author_id == self._author else 1.0
        if not to and not heard.spoken_to and not self._to:
            return (*_NO_ADDRESS, foreign, foreign * is_last)
        last_to_me = 1.0 if heard is self._called else 0.0
        unanswered = to_me and (self._mine is None or self._mine.number < heard.number)
        near, of_others = math.exp(-gap / 1200.0), 0.0
        if heard.spoken_to and not to_me:
            of_others = foreign
        return (
            to, to * persons_last, to * persons_last * near, to * near, to * heard.is_first,
            to * self._naming, to * pause, to_me, last_to_me,
            last_to_me * math.exp(-gap / 600.0), unanswered, to * to_me,
            foreign * (not self._to.isdisjoint(heard.spoken_to)),
            (1.0 - self._unaddressed) * (1.0 - to) * foreign, of_others,
            of_others * self._unaddressed, of_others * is_last, 0.0, 0.0,
        )  # fmt: skip

    def _acquaintance(self, heard: Heard, persons_last: float) -> Sequence[float]:
        """Whether the two have been talking, and whom each talks to by now."""
        memory, now, them = self._memory, self._line.at, heard.author_id
        talked = mine = theirs = busy = 0.0
        between = memory.between(self._author, them)
        if between is not None:
            talked = math.exp((between.at - now) / 1800.0)
        if self._my_address is not None and them in self._my_address.spoken_to:
            mine = math.exp((self._my_address.at - now) / 1200.0) * self._unaddressed
        address = memory.last_address.get(them)
        if address is not None and self._author in address.spoken_to:
            theirs = math.exp((address.at - now) / 1200.0) * self._unaddressed
        elif address is not None and them not in self._to and self._author not in heard.spoken_to:
            busy = math.exp((address.at - now) / 1200.0)
        return (
            talked, talked * self._unaddressed * persons_last, mine, mine * persons_last,
            theirs, theirs * persons_last, busy,
        )  # fmt: skip

    def _shared(self, heard: Heard, pause: float, persons_last: float) -> Sequence[float]:
        said = self._said
        if not said or said.isdisjoint(heard.lately):
            return _NOTHING_SHARED
        telling = self._telling
        both = said & heard.said
        shared = min(3.0, sum(telling[word] for word in both))
        own = shared if heard.author_id == self._author else 0.0
        rarest = max((telling[word] for word in both), default=0.0)
        lately = min(3.0, sum(telling[word] for word in said & heard.lately)) * persons_last
        return shared, shared > 0.0, own, rarest, lately, shared * pause

    def _manner(self, heard: Heard, is_last: float) -> Sequence[float]:
        own = 1.0 if heard.author_id == self._author else 0.0
        foreign, unaddressed = 1.0 - own, self._unaddressed
        spoken_to = self._memory.last_to.get(heard.author_id)
        waits = foreign * (spoken_to is None or spoken_to.number < heard.number)
        own_last = 1.0 if heard is self._mine else 0.0
        return (
            foreign * heard.asks, waits * (heard.asks and not heard.spoken_to),
            waits * heard.is_first, self._assent * is_last * foreign,
            self._assent * (self._author in heard.spoken_to), self._assent * own_last,
            self._opening * own, self._opening * foreign * unaddressed, self._short * is_last,
            self._short * own_last, self._greeting * foreign, self._turn, self._turn * is_last,
            heard.turns * foreign, self._link * is_last, heard.is_reply * foreign,
            heard.is_feed * foreign, self._feed * foreign,
        )  # fmt: skip

    def _channel(
        self, heard: Heard, gap: float, pause: float, is_last: float, persons_last: float
    ) -> Sequence[float]:
        foreign = 0.0 if heard.author_id == self._author else 1.0
        stranger = 0.0 if self._mine is not None else 1.0
        return (
            is_last / self._people, is_last * foreign * math.exp(-gap / 60.0),
            is_last * foreign * (self._people <= 2), persons_last, is_last * stranger,
            stranger * heard.is_first, pause * self._naming,
            self._naming if heard is self._mine else 0.0,
        )  # fmt: skip

    def beginning(self) -> list[float]:
        """What speaks for beginning something new, in the order of BEGINNING."""
        memory, now, mine = self._memory, self._line.at, self._mine
        since = now - mine.at if mine is not None else _NEVER
        quiet = max(0.0, now - memory.lines[-1].at) if memory.lines else _NEVER
        own_silence, silence = _silence(since), _silence(quiet)
        newcomer = 0.0 if mine is not None else 1.0
        length, addressing = math.log1p(self._words), 1.0 - self._unaddressed
        called = self._called is not None and (mine is None or mine.number < self._called.number)
        replies = memory.replies / (len(memory) + _REPLIES_USUAL)
        unnaming = self.unnaming
        return [
            1.0, self._greeting, self._opening, newcomer, addressing,
            any(id_ in memory.last_of for id_ in self._to), length, own_silence, silence,
            math.log(self._people), self._assent, self._naming, self._short,
            self._opening * newcomer, self._unaddressed * self._naming, self._link, self._turn,
            self._turn * silence, called, quiet > _LULL, self._opening * silence,
            math.exp(-since / 300.0), newcomer * self._naming,
            self._line.text.startswith(POINTING), replies, replies * addressing,
            unnaming * self._opening, unnaming * own_silence, unnaming * silence,
            unnaming * length, unnaming * newcomer, self._greeting * newcomer,
            self._feed, self._feed * silence,
        ]  # fmt: skip


_NOT_OWN = (0.0,) * len(SPEAKER)
_NO_ADDRESS = (0.0,) * (len(ADDRESS) - 2)
_STRANGERS = (0.0,) * len(ACQUAINTANCE)
_NOTHING_SHARED = (0.0,) * len(WORDS)


def _silence(seconds: float) -> float:
    return min(5.0, math.log1p(seconds / 60.0))
