"""How well one way to group messages agrees with another: four measures of two clusterings.

Both are given as labels: the label at a place names the group of the message at that place. The
definitions are those of Kummerfeld et al. 2019 ("A Large-Scale Corpus for Conversation
Disentanglement", section 4.3, https://aclanthology.org/P19-1374/) and Hubert and Arabie 1985
("Comparing partitions"). Each is 1 where both groupings are the same.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import astuple, dataclass

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The four measures of a clustering against the true one, each 1 at best."""

    variation_of_information: float
    one_to_one: float
    exact_f1: float
    adjusted_rand: float


def agreement(true: Labels, found: Labels) -> Agreement:
    """Measure the found groups against the true ones.

    Raises ValueError where the two differ in length.
    """
    return Agreement(
        variation_of_information(true, found),
        one_to_one(true, found),
        exact_f1(true, found),
        adjusted_rand(true, found),
    )


def mean(agreements: Iterable[Agreement]) -> Agreement:
    """The mean of each measure. Raises ValueError where there is nothing to take it of."""
    rows = [astuple(each) for each in agreements]
    if not rows:
        raise ValueError("there is no agreement to take the mean of")
    return Agreement(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def variation_of_information(one: Labels, other: Labels) -> float:
    """1 - VI / log2 n, where VI is Meila's variation of information in bits: 0..1.

    One message, or none, can be grouped in one way only: 1.
    """
    n = len(one)
    _same_length(one, other)
    if n < 2:
        return 1.0
    a, b, both = Counter(one), Counter(other), Counter(zip(one, other, strict=True))
    vi = sum(
        count / n * (math.log2(a[x] / count) + math.log2(b[y] / count))
        for (x, y), count in both.items()
    )
    return 1.0 - vi / math.log2(n)


def one_to_one(one: Labels, other: Labels) -> float:
    """The share of messages in the best pairing of groups, each used once: 0..1."""
    _same_length(one, other)
    if not one:
        return 1.0
    a = {label: number for number, label in enumerate(dict.fromkeys(one))}
    b = {label: number for number, label in enumerate(dict.fromkeys(other))}
    gain = [[0] * max(len(a), len(b)) for _ in range(max(len(a), len(b)))]
    for x, y in zip(one, other, strict=True):
        gain[a[x]][b[y]] += 1
    return best_pairing(gain) / len(one)


def best_pairing(gain: Sequence[Sequence[int]]) -> int:
    """The most that one can gain by pairing rows with columns of a square table.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), O(n^3).
    """
    n = len(gain)
    row_potential, column_potential = [0.0] * (n + 1), [0.0] * (n + 1)
    row_of, way = [0] * (n + 1), [0] * (n + 1)
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        slack, used = [math.inf] * (n + 1), [False] * (n + 1)
        while row_of[column]:
            used[column] = True
            here, delta, nearest = row_of[column], math.inf, 0
            for j in range(1, n + 1):
                if used[j]:
                    continue
                reduced = -gain[here - 1][j - 1] - row_potential[here] - column_potential[j]
                if reduced < slack[j]:
                    slack[j], way[j] = reduced, column
                if slack[j] < delta:
                    delta, nearest = slack[j], j
            for j in range(n + 1):
                if used[j]:
                    row_potential[row_of[j]] += delta
                    column_potential[j] -= delta
                else:
                    slack[j] -= delta
            column = nearest
        while column:
            row_of[column], column = row_of[way[column]], way[column]
    return sum(gain[row_of[j] - 1][j - 1] for j in range(1, n + 1))


def exact_f1(true: Labels, found: Labels) -> float:
    """F1 of the groups of more than one message that match exactly: 0..1; 1 without any."""
    _same_length(true, found)
    one, other = _groups(true), _groups(found)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def adjusted_rand(one: Labels, other: Labels) -> float:
    """Agreement of pairs beyond chance (Hubert and Arabie 1985): about 0 by chance, 1 at best.

    Where chance alone agrees fully (everything alone, everything one, on both sides) it is 1.
    """
    _same_length(one, other)
    every = _pairs([len(one)])
    a, b = _pairs(Counter(one).values()), _pairs(Counter(other).values())
    both = _pairs(Counter(zip(one, other, strict=True)).values())
    chance = a * b / every if every else 0.0
    most = (a + b) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0


def _same_length(one: Labels, other: Labels) -> None:
    if len(one) != len(other):
        raise ValueError(f"{len(one)} labels cannot be compared with {len(other)}")


def _groups(labels: Labels) -> set[frozenset[int]]:
    members = defaultdict(set)
    for place, label in enumerate(labels):
        members[label].add(place)
    return {frozenset(each) for each in members.values() if len(each) > 1}


def _pairs(sizes: Iterable[int]) -> float:
    return sum(n * (n - 1) / 2 for n in sizes)
