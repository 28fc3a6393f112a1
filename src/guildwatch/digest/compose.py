"""From told conversations to the digest: which topics, in which order, under which headline."""

from collections.abc import Sequence

from guildwatch.digest.merge import Told, fuse_topics, spread
from guildwatch.digest.words import telling_stems
from guildwatch.model import PeriodKind, Point, PointKind, Topic

LONGEST_HEADLINE = 180
_STRETCH = {PeriodKind.DAY: "day", PeriodKind.WEEK: "week", PeriodKind.MONTH: "month"}
_WEIGHTIEST = (PointKind.DECISION, PointKind.FACT, PointKind.ACTION, PointKind.QUESTION)


def chosen_topics(told: Sequence[Told], how_many: int) -> tuple[Topic, ...]:
    """The topics that are told, biggest matter first."""
    return tuple(each.topic for each in spread(fuse_topics(told), how_many))


def headline(topics: Sequence[Topic], read: int, kind: PeriodKind) -> tuple[str, tuple[int, ...]]:
    """A line for the whole, and the messages that it rests on (of three points at most).

    Written points speak for themselves; quoted ones are too long for it, so their topics are
    named instead. Without topics it says how quiet it was.
    """
    if not topics:
        return _quiet(read, kind), ()
    if all(point.quoted for topic in topics[:2] for point in topic.points):
        return _named(topics[:3])
    first = _main_point(topics[0])
    text, ids = first.text, first.message_ids
    if len(topics) > 1:
        second = _main_point(topics[1])
        both = f"{text.rstrip('.')}; {second.text}"
        if not second.quoted and len(both) <= LONGEST_HEADLINE:
            return both, tuple(dict.fromkeys(ids + second.message_ids))
    return text, ids


def _quiet(read: int, kind: PeriodKind) -> str:
    stretch = _STRETCH.get(kind, "stretch")
    if read == 0:
        return f"A silent {stretch}."
    return f"A quiet {stretch}: {read:,} {'message' if read == 1 else 'messages'}."


def _main_point(topic: Topic) -> Point:
    """The topic's decision if it has one, else its first fact; quotations come last."""
    return min(topic.points, key=lambda point: (point.quoted, _rank(point.kind)))


def _rank(kind: PointKind) -> int:
    return _WEIGHTIEST.index(kind) if kind in _WEIGHTIEST else len(_WEIGHTIEST)


def _named(topics: Sequence[Topic]) -> tuple[str, tuple[int, ...]]:
    named = list(topics)
    while len(named) > 1 and sum(len(each.title) + 2 for each in named) > LONGEST_HEADLINE - 20:
        named.pop()
    ids = tuple(dict.fromkeys(id_ for each in named for id_ in _bearer(each).message_ids))
    return f"Most talked about: {'; '.join(each.title for each in named)}", ids


def _bearer(topic: Topic) -> Point:
    """The point whose words the title is made of."""
    wanted = set(telling_stems(topic.title))
    return max(topic.points, key=lambda point: len(wanted & set(telling_stems(point.text))))
