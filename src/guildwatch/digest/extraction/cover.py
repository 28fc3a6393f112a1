"""Which fragments cover most of what some lines are about in a number of words."""

import heapq
from bisect import insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guildwatch.digest.extraction.fragments import Fragment, fragments, length
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import stem, words


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A fragment, the stems that it covers, and how well it stands as such (1: as any other)."""

    fragment: Fragment
    keys: frozenset[str]
    standing: float

    def value(self, weights: Mapping[str, float], covered: set[str]) -> float:
        """What it would add, by the word; it never grows while others are chosen."""
        worth = sum(weights[key] for key in self.keys - covered)
        return self.standing * worth / (self.fragment.words + 1)


def covering(
    lines: Sequence[Line],
    weights: Mapping[str, float],
    most_words: int,
    standing: Callable[[Fragment], float],
) -> list[Fragment]:
    """Fragments that cover the weightiest stems in so many words, their speakers named; in order.

    Greedy by weight a word, where a stem counts once (Lin and Bilmes 2010).
    """
    covered = set[str]()
    queue = [
        (-one.value(weights, covered), place, one)
        for place, one in enumerate(_candidates(lines, weights, standing))
    ]
    heapq.heapify(queue)
    picked: list[Fragment] = []
    used = 0
    while queue:
        _, place, best = heapq.heappop(queue)
        value = best.value(weights, covered)
        if value == 0 or used + best.fragment.words > most_words:
            continue
        if queue and -value > queue[0][0]:
            heapq.heappush(queue, (-value, place, best))
            continue
        longer = _with(picked, best.fragment)
        if longer and (now := length(told(longer))) <= most_words:
            picked, used = longer, now
            covered |= best.keys
    return picked


def told(picked: Sequence[Fragment]) -> str:
    """The fragments a line each, who said it before the first of each person's."""
    lines = []
    speaker = 0
    for one in picked:
        lines.append(one.text if one.line.author_id == speaker else f"{one.line.name}: {one.text}")
        speaker = one.line.author_id
    return "\n".join(lines)


def _candidates(
    lines: Sequence[Line], weights: Mapping[str, float], standing: Callable[[Fragment], float]
) -> Iterator[_Candidate]:
    for line in lines:
        for one in fragments(line):
            keys = frozenset(map(stem, words(one.said))) & weights.keys()
            if keys:
                yield _Candidate(one, keys, standing(one))


def _with(picked: list[Fragment], one: Fragment) -> list[Fragment]:
    """All of them in their order; nothing where they share words."""
    if any(one.overlaps(other) for other in picked):
        return []
    longer = picked.copy()
    insort(longer, one, key=lambda each: (each.line.id, each.start))
    return longer
