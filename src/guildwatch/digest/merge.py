"""Several tellings of one thing become one, with their receipts united."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest.words import is_telling, stem, telling_stems, words
from guildwatch.model import Point, Topic

_SAME = 0.6
_MORE = 0.2  # of the lesser of two that became one: small matters do not add up to a big one
MOST_POINTS = 5


def fuse_points(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points without near duplicates, whose receipts go to the one that is kept.

    A quotation stands for its own message only, so it takes no other receipts.
    """
    kept: list[tuple[Point, set[str]]] = []
    for point in points:
        said = set(telling_stems(point.text))
        twin = next((i for i, (_, other) in enumerate(kept) if _alike(said, other)), None)
        if twin is None:
            kept.append((point, said))
        elif not point.quoted and not kept[twin][0].quoted:
            first, other = kept[twin]
            ids = tuple(dict.fromkeys(first.message_ids + point.message_ids))
            kept[twin] = (replace(first, message_ids=ids), other)
    return tuple(point for point, _ in kept)


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _SAME * len(one | other) > 0


@dataclass(frozen=True, slots=True)
class Told:
    """A topic with what only the merge needs: its people, and how much it matters."""

    topic: Topic
    people: frozenset[int]
    weight: float


def fuse_topics(told: Iterable[Told]) -> list[Told]:
    """The topics without doubles: one title within another is one; a single one passes through."""
    kept: list[tuple[frozenset[str], Told]] = []
    for each in told:
        key = _title_key(each.topic.title)
        twin = next((i for i, (other, _) in enumerate(kept) if _is_same_title(key, other)), None)
        if twin is None:
            kept.append((key, each))
        else:
            kept[twin] = kept[twin][0] & key, _united(kept[twin][1], each)
    return [each for _, each in kept]


def _is_same_title(one: frozenset[str], other: frozenset[str]) -> bool:
    return one == other or (min(len(one), len(other)) > 1 and (one <= other or other <= one))


def _title_key(title: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(title) if is_telling(word)) or frozenset({title})


def _united(one: Told, other: Told) -> Told:
    first, second = one.topic, other.topic
    people = one.people | other.people
    topic = replace(
        first,
        points=fuse_points(first.points + second.points)[:MOST_POINTS],
        channel_ids=tuple(dict.fromkeys(first.channel_ids + second.channel_ids)),
        messages=first.messages + second.messages,
        people=len(people) or max(first.people, second.people),
    )
    less, more = sorted((one.weight, other.weight))
    return Told(topic, people, more + _MORE * less)


def spread(told: Sequence[Told], how_many: int) -> list[Told]:
    """The weightiest topics, a channel's second and third counting for less, so that all speak."""
    rest, chosen = list(told), list[Told]()
    taken: dict[int, int] = {}
    while rest and len(chosen) < how_many:
        best = max(
            rest,
            key=lambda each: (
                each.weight / (1 + 0.3 * max(taken.get(id_, 0) for id_ in each.topic.channel_ids))
            ),
        )
        rest.remove(best)
        chosen.append(best)
        for id_ in best.topic.channel_ids:
            taken[id_] = taken.get(id_, 0) + 1
    return chosen
