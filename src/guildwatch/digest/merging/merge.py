"""Several tellings of one thing become one, with their receipts united.

Everything is by structure: no model is asked, so nothing is said that was not checked before.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from guildwatch.digest.checking.dates import dates_meant
from guildwatch.digest.checking.faithful import denies
from guildwatch.digest.extraction.titles import shortened
from guildwatch.digest.transcript.words import is_telling, stem, telling_stems, words
from guildwatch.model import Point, PointKind, Topic

_SAME = 0.6
_MORE = 0.2  # of the lesser of two that became one: small matters do not add up to a big one
MOST_POINTS = 5
_MOST_OF_SEVERAL = 8  # points of what several conversations or days told
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")


def most_points(parts: int) -> int:
    """How many points a topic of so many parts has at most."""
    return min(_MOST_OF_SEVERAL, MOST_POINTS + parts - 1)


def fuse_points(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points without near duplicates; who is kept has the receipts of all that say the same.

    Numbers, dates and denials must be the same in both: what differs in them says something else.
    A quotation is one with another only if the same person said it.
    """
    kept: list[Point] = []
    for point in points:
        twin = next((place for place, one in enumerate(kept) if says_the_same(one, point)), None)
        if twin is None:
            kept.append(point)
        else:
            kept[twin] = _with_receipts(kept[twin], point.message_ids)
    return tuple(kept)


def says_the_same(one: Point, other: Point) -> bool:
    """Whether two points tell one thing, so that the receipts of both bear out either."""
    if (one.kind, one.quoted) != (other.kind, other.quoted):
        return False
    if one.quoted and one.text.partition("“")[0] != other.text.partition("“")[0]:
        return False
    said = [_checked_text(each) for each in (one, other)]
    if set(_NUMBER.findall(said[0])) != set(_NUMBER.findall(said[1])):
        return False
    first, second = (set(telling_stems(text)) for text in said)
    if not len(first & second) >= _SAME * len(first | second) > 0:
        return False
    return _meant(said[0]) == _meant(said[1])


def _checked_text(point: Point) -> str:
    return point.original or point.text


def _meant(text: str) -> tuple[set[str], bool]:
    """What a sentence may not lose beside its numbers: days, and whether it denies."""
    return set(dates_meant([text])), denies(text)


def _with_receipts(point: Point, ids: Sequence[int]) -> Point:
    return replace(point, message_ids=tuple(dict.fromkeys(point.message_ids + tuple(ids))))


@dataclass(frozen=True, slots=True)
class Told:
    """A topic with what only the merge needs: its people, and how much it matters."""

    topic: Topic
    people: frozenset[int]
    weight: float


def fuse_topics(told: Iterable[Told]) -> list[Told]:
    """The topics without doubles, in the order in which they came; a single one passes unchanged.

    Two are one if one title lies within the other, if one continues the other, or if what all of
    one says is said by the other. What two topics both say is told by the first alone.
    """
    found = list(told)
    while (fused := _without_repeats([_united(group) for group in _groups(found)])) != found:
        found = fused  # what became one may be one with another now
    return found


def _groups(told: Iterable[Told]) -> list[list[Told]]:
    groups: list[list[Told]] = []
    for each in told:
        mine = [group for group in groups if any(_is_one_matter(one, each) for one in group)]
        if mine:
            mine[0].append(each)
            for other in mine[1:]:
                mine[0].extend(other)
                groups.remove(other)
        else:
            groups.append([each])
    return groups


def _is_one_matter(one: Told, other: Told) -> bool:
    first, second = one.topic, other.topic
    return (
        _is_same_title(_title_key(first.title), _title_key(second.title))
        or _continues(first, second)
        or _continues(second, first)
        or all(any(says_the_same(a, b) for b in first.points) for a in second.points)
        or all(any(says_the_same(a, b) for b in second.points) for a in first.points)
    )


def _continues(later: Topic, earlier: Topic) -> bool:
    return not set(later.continues_ids).isdisjoint(receipts_of(earlier))


def receipts_of(topic: Topic) -> set[int]:
    """The messages that its points rest on."""
    return {one for point in topic.points for one in point.message_ids}


def _is_same_title(one: frozenset[str], other: frozenset[str]) -> bool:
    return one == other or (min(len(one), len(other)) > 1 and (one <= other or other <= one))


def _title_key(title: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(title) if is_telling(word)) or frozenset({title})


def _united(group: Sequence[Told]) -> Told:
    """One topic of several, under the title of the weightiest, each of them heard in turn."""
    if len(group) == 1:
        return group[0]
    lead = max(group, key=lambda told: told.weight)
    people = frozenset[int]().union(*(told.people for told in group))
    points = _in_turn([lead, *(told for told in group if told is not lead)])
    topic = replace(
        lead.topic,
        title=_held_title(lead.topic, points),
        points=_in_order(points, [point for told in group for point in told.topic.points]),
        channel_ids=tuple(dict.fromkeys(id_ for told in group for id_ in told.topic.channel_ids)),
        messages=sum(told.topic.messages for told in group),
        people=len(people) or max(told.topic.people for told in group),
    )
    weights = sorted((told.weight for told in group), reverse=True)
    return Told(_continuing(topic, group), people, weights[0] + _MORE * sum(weights[1:]))


def _in_turn(group: Sequence[Told]) -> tuple[Point, ...]:
    """The first points of each, then the second ones, without doubles, as many as may be told."""
    turns = zip_longest(*(told.topic.points for told in group))
    points = fuse_points(point for turn in turns for point in turn if point is not None)
    return points[: most_points(len(group))]


def _in_order(points: Sequence[Point], told: Sequence[Point]) -> tuple[Point, ...]:
    """The points in the order in which they were told first."""
    place = {(point.text, point.kind): at for at, point in reversed(list(enumerate(told)))}
    return tuple(sorted(points, key=lambda point: place[point.text, point.kind]))


def _held_title(topic: Topic, points: Sequence[Point]) -> str:
    """The topic's title, where all the points that it may rest on are still told."""
    kept = {point.text for point in points}
    if all(point.text in kept for point in topic.points):
        return topic.title
    said = {word for text in kept for word in telling_stems(text)}
    return topic.title if said.issuperset(telling_stems(topic.title)) else shortened(points[0].text)


def _continuing(topic: Topic, group: Sequence[Told]) -> Topic:
    """What it goes on from: the earliest of what its parts go on from that is none of them."""
    told = {id_ for each in group for id_ in receipts_of(each.topic)}
    earlier = [
        each.topic
        for each in group
        if each.topic.continues is not None and told.isdisjoint(each.topic.continues_ids)
    ]
    first = min(earlier, key=lambda one: max(one.continues_ids, default=0), default=None)
    if first is None:
        return replace(topic, continues=None, continues_ids=())
    return replace(topic, continues=first.continues, continues_ids=first.continues_ids)


def _without_repeats(told: Sequence[Told]) -> list[Told]:
    """The topics without points that a topic before them tells, whose receipts go there.

    A topic keeps at least its first point: all that two of them say alike makes them one.
    """
    kept: list[Told] = []
    for each in told:
        first, *rest = each.topic.points
        points = [first, *(point for point in rest if not _given_away(point, kept))]
        if len(points) != len(each.topic.points):
            title = _held_title(each.topic, points)
            each = replace(each, topic=replace(each.topic, title=title, points=tuple(points)))  # noqa: PLW2901
        kept.append(each)
    return kept


def _given_away(point: Point, kept: list[Told]) -> bool:
    for place, told in enumerate(kept):
        for at, one in enumerate(told.topic.points):
            if says_the_same(one, point):
                points = list(told.topic.points)
                points[at] = _with_receipts(one, point.message_ids)
                kept[place] = replace(told, topic=replace(told.topic, points=tuple(points)))
                return True
    return False


def without_points(topics: Iterable[Topic], ids: Collection[int]) -> tuple[Topic, ...]:
    """The topics without open questions that rest on one of these messages."""
    found = []
    for topic in topics:
        points = tuple(
            point
            for point in topic.points
            if point.kind is not PointKind.QUESTION or set(point.message_ids).isdisjoint(ids)
        )
        if points:
            kept = topic if len(points) == len(topic.points) else replace(topic, points=points)
            found.append(kept)
    return tuple(found)


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
