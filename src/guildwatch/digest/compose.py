"""From told conversations to the digest: which topics, in which order, under which headline."""

import re
from collections.abc import Sequence

from guildwatch.digest.merge import Told, fuse_topics, spread
from guildwatch.digest.words import telling_stems
from guildwatch.model import PeriodKind, Point, PointKind, Topic

LONGEST_HEADLINE = 180
_STRETCH = {PeriodKind.DAY: "day", PeriodKind.WEEK: "week", PeriodKind.MONTH: "month"}
_LEADING = 3  # topics that the headline may be taken from
_LONGEST_QUOTE = 70
_SHORTEST_QUOTE = 30
_LEAST_ROOM = 80
_SAME = 0.25
_SENTENCE = re.compile(r"(?<=[^.][.!?])\s+(?=\S)")
_WEIGHTIEST = (PointKind.DECISION, PointKind.FACT, PointKind.ACTION, PointKind.QUESTION)


def chosen_topics(told: Sequence[Told], how_many: int) -> tuple[Topic, ...]:
    """The topics that are told, biggest matter first."""
    return tuple(each.topic for each in spread(fuse_topics(told), how_many))


def headline(topics: Sequence[Topic], read: int, kind: PeriodKind) -> tuple[str, tuple[int, ...]]:
    """A line for the whole, and the messages that it rests on (of three points at most).

    The main points of the first two topics; where they are quotations, the most telling message
    of all, quoted short. Without topics it says how quiet it was.
    """
    if not topics:
        return _quiet(read, kind), ()
    if all(point.quoted for topic in topics[:2] for point in topic.points):
        return _quoted([topic.points[0] for topic in topics[:_LEADING]])
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


def _quoted(leads: Sequence[Point]) -> tuple[str, tuple[int, ...]]:
    """What was decided, else the first topic's message; a second one of another matter, if short.

    The most telling message of each topic is its first point.
    """
    first = min(leads, key=lambda point: point.kind is not PointKind.DECISION)
    text, ids = _short(first, LONGEST_HEADLINE), first.message_ids
    said = set(telling_stems(text))
    room = LONGEST_HEADLINE - len(text) - 2
    for other in leads:
        more = _short(other, room)
        own = set(telling_stems(more))
        is_news = other.kind is not PointKind.QUESTION and len(said & own) < _SAME * len(own)
        if other is not first and is_news and room >= _LEAST_ROOM:
            return f"{text}; {more}", tuple(dict.fromkeys(ids + other.message_ids))
    return text, ids


def _short(point: Point, room: int) -> str:
    """A quotation with as many of its first sentences as a headline has room for."""
    speaker, mark, quoted = point.text.partition("“")
    room = min(room - len(speaker) - 2, 2 * _LONGEST_QUOTE)
    kept = ""
    for sentence in _SENTENCE.split(quoted.removesuffix("”").strip("… ")):
        if len(kept) >= _SHORTEST_QUOTE and len(kept) + len(sentence) > _LONGEST_QUOTE:
            break
        kept = f"{kept} {sentence}".strip()
    if len(kept) > room:
        kept = kept[: max(1, room - 2)].rsplit(" ", 1)[0].rstrip(",;:- ") + " …"
    return f"{speaker}{mark}{kept}”"
