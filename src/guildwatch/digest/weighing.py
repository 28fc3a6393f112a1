"""Weighs the evidence: which conversation a line joins, or none, and what spoke most for it."""

from collections.abc import Mapping, Sequence
from operator import mul

from guildwatch.digest import weights as learned
from guildwatch.digest.evidence import BEGINNING, JOINING, Evidence, evidence
from guildwatch.digest.lines import Line
from guildwatch.digest.memory import Going, Heard, Memory
from guildwatch.model import Home, ReasonKind

_SPEAKS_FOR = {
    ReasonKind.ADDRESSED: ("addressed", "mutual"),
    ReasonKind.ANSWERED: ("answered", "waited_for"),
    ReasonKind.SPEAKER: ("returning", "spoke", "own", "continuing"),
    ReasonKind.WORDS: ("shared",),
}
_PLACES = {
    kind: [place for place, name in enumerate(JOINING) if name.startswith(beginnings)]
    for kind, beginnings in _SPEAKS_FOR.items()
}


class Weights:
    """What each piece of evidence weighs, by its name; without a name it weighs nothing."""

    def __init__(
        self,
        joining: Mapping[str, float] = learned.JOINING,
        beginning: Mapping[str, float] = learned.BEGINNING,
    ) -> None:
        self.joining = [joining.get(name, 0.0) for name in JOINING]
        self.beginning = [beginning.get(name, 0.0) for name in BEGINNING]


def choose(memory: Memory, line: Line, spoken_to: frozenset[int], weights: Weights) -> Home:
    """The home of a line whose answer is not known."""
    found = evidence(memory, line, spoken_to)
    place = best(found, weights)
    if place is None:
        return Home(line.id, line.id, ReasonKind.NEW)
    going = found.goings[place]
    reason = _reason(found.joining[place], weights, is_only=len(found.goings) == 1)
    because = _because(reason, going, line, spoken_to)
    return Home(line.id, going.id, reason, because.id)


def best(found: Evidence, weights: Weights) -> int | None:
    """The place of the conversation that weighs most, unless a new one weighs more."""
    most, chosen = sum(map(mul, found.beginning, weights.beginning)), None
    for place, row in enumerate(found.joining):
        weight = sum(map(mul, row, weights.joining))
        if weight > most:
            most, chosen = weight, place
    return chosen


def _reason(row: Sequence[float], weights: Weights, *, is_only: bool) -> ReasonKind:
    """What weighed most of what a person would say."""
    worth = {
        kind: sum(row[place] * weights.joining[place] for place in places)
        for kind, places in _PLACES.items()
        if any(row[place] for place in places)
    }
    kind = max(worth, key=worth.__getitem__, default=None)
    if kind is not None and worth[kind] > 0.0:
        return kind
    return ReasonKind.ALONE if is_only else ReasonKind.LATEST


def _because(reason: ReasonKind, going: Going, line: Line, spoken_to: frozenset[int]) -> Heard:
    """The line of the conversation that the reason speaks of."""
    author = line.author_id
    if reason is ReasonKind.ADDRESSED:
        return max((going.spoke[id_] for id_ in spoken_to if id_ in going.spoke), key=_when)
    if reason is ReasonKind.ANSWERED:
        return going.addressed[author]
    if reason is ReasonKind.SPEAKER:
        return going.spoke.get(author, going.last)
    if reason is ReasonKind.WORDS:
        said = set(line.said)
        return next(each for each in reversed(going.lines) if not said.isdisjoint(each.said))
    return going.last


def _when(heard: Heard) -> float:
    return heard.at
