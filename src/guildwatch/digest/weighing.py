"""Weighs the evidence: which conversation a line joins, or none, and what spoke most for it."""

import math
from collections.abc import Mapping, Sequence
from operator import mul

from guildwatch.digest import weights as learned
from guildwatch.digest.evidence import BEGINNING, LINKING, UNNAMING, Evidence, evidence
from guildwatch.digest.lines import Line
from guildwatch.digest.memory import Heard, Memory
from guildwatch.model import Home, ReasonKind

_UNNAMING_PLACES = [LINKING.index(name) for name in UNNAMING]


class Weights:
    """What each piece of evidence weighs, by its name; without a name it weighs nothing."""

    def __init__(
        self,
        linking: Mapping[str, float] = learned.LINKING,
        beginning: Mapping[str, float] = learned.BEGINNING,
    ) -> None:
        self.linking = [linking.get(name, 0.0) for name in LINKING]
        self.beginning = [beginning.get(name, 0.0) for name in BEGINNING]

    def linking_at(self, unnaming: float) -> list[float]:
        """What each plain piece of evidence weighs where people name each other so little."""
        found = self.linking[: -len(UNNAMING)]
        for place, weight in zip(_UNNAMING_PLACES, self.linking[-len(UNNAMING) :], strict=True):
            found[place] += unnaming * weight
        return found


def choose(memory: Memory, line: Line, spoken_to: frozenset[int], weights: Weights) -> Home:
    """The home of a line whose answer is not known.

    Each earlier line is as likely the one gone on from as the weights say (a softmax, beginning
    something new among them), a conversation as likely as its lines together.
    """
    found = evidence(memory, line, spoken_to)
    linking = weights.linking_at(found.unnaming)
    logits = [sum(map(mul, row, linking)) for row in found.linking]
    new = sum(map(mul, found.beginning, weights.beginning))
    home = likeliest(found, logits, new)
    if home is None:
        return Home(line.id, line.id, ReasonKind.NEW)
    own = [place for place, heard in enumerate(found.candidates) if heard.home_id == home]
    place = max(own, key=logits.__getitem__)
    because = found.candidates[place]
    is_only = len({heard.home_id for heard in found.candidates}) == 1
    return Home(line.id, home, reason(line, spoken_to, because, is_only=is_only), because.id)


def likeliest(found: Evidence, logits: Sequence[float], new: float) -> int | None:
    """The conversation that is likeliest, None where that is a new one."""
    highest = max(new, *logits) if logits else new
    of_home: dict[int, float] = {}
    for heard, logit in zip(found.candidates, logits, strict=True):
        of_home[heard.home_id] = of_home.get(heard.home_id, 0.0) + math.exp(logit - highest)
    home = max(of_home, key=of_home.__getitem__, default=None)
    if home is None or of_home[home] < math.exp(new - highest):
        return None
    return home


def reason(line: Line, spoken_to: frozenset[int], because: Heard, *, is_only: bool) -> ReasonKind:
    """What a person would say of why a line goes on from another one."""
    if because.author_id in spoken_to:
        return ReasonKind.ADDRESSED
    if line.author_id in because.spoken_to:
        return ReasonKind.ANSWERED
    if because.author_id == line.author_id:
        return ReasonKind.SPEAKER
    if not because.said.isdisjoint(line.said):
        return ReasonKind.WORDS
    return ReasonKind.ALONE if is_only else ReasonKind.LATEST
