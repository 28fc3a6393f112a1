"""From told conversations to the digest: which topics, in which order, under which headline."""

import re
from collections.abc import Sequence
from dataclasses import replace

from guildwatch.digest.extraction.cues import announces, asks, tells_outcome
from guildwatch.digest.extraction.leaning import goes_on, leans
from guildwatch.digest.extraction.quotes import said
from guildwatch.digest.merging.merge import Told, fuse_topics, spread
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import PeriodKind, Point, PointKind, Topic

LONGEST_HEADLINE = 180
_STRETCH = {PeriodKind.DAY: "day", PeriodKind.WEEK: "week", PeriodKind.MONTH: "month"}
_COMPARED = 6  # times the topics that are told
_LEADING = 3  # topics that the headline may be taken from
_LONGEST_QUOTE = 70
_SHORTEST_QUOTE = 30
_LEAST_ROOM = 80
_FEWEST_TELLING = 3
_SAME = 0.25
_YOU = re.compile(r"\b(?:you|your|u)\b", re.IGNORECASE)  # it is said to one person
_WORK = (PointKind.DECISION, PointKind.ACTION)
_SENTENCE = re.compile(r"(?<=[^.][.!?])\s+(?=\S)")
_WEIGHTIEST = (PointKind.DECISION, PointKind.FACT, PointKind.ACTION, PointKind.QUESTION)


def chosen_topics(told: Sequence[Told], how_many: int) -> tuple[Topic, ...]:
    """The topics that are told, biggest matter first.

    Of a day on which thousands were told only the weightiest are compared with each other.
    """
    ranked = sorted(told, key=lambda each: each.weight, reverse=True)
    compared = _COMPARED * how_many
    found = fuse_topics(ranked[:compared])
    while len(found) < how_many and compared < len(ranked):
        compared *= 2
        found = fuse_topics(ranked[:compared])
    return tuple(each.topic for each in spread(found, how_many))


def headline(topics: Sequence[Topic], read: int, kind: PeriodKind) -> tuple[str, tuple[int, ...]]:
    """A line for the whole, and the messages that it rests on (of three points at most).

    The main points of the first two topics; where they are quotations, the most telling message
    of all, quoted short. Without topics it says how quiet it was.
    """
    if not topics:
        return _quiet(read, kind), ()
    if all(point.quoted for topic in topics[:2] for point in topic.points):
        return _quoted(topics[:_LEADING])
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


def _quoted(topics: Sequence[Topic]) -> tuple[str, tuple[int, ...]]:
    """What was decided, else the first topic's matter; how it ended or another matter, if short.

    Only what can be understood by itself: it leans on nothing before it and asks no one person.
    """
    leads = [(topic, lead) for topic in topics if (lead := _lead(topic))]
    if not leads:
        leads = [(topics[0], topics[0].points[0])]
    about, first = min(leads, key=lambda each: each[1].kind is not PointKind.DECISION)
    text, ids = _short(first, LONGEST_HEADLINE), first.message_ids
    said_first = set(telling_stems(text))
    room = LONGEST_HEADLINE - len(text) - 2
    if room < _LEAST_ROOM:
        return text, ids
    for other in (_outcome(about, first), *(lead for _, lead in leads if not asks(said(lead)))):
        if other is None or other is first or other.kind is PointKind.QUESTION:
            continue
        more = _short(other, room)
        own = set(telling_stems(more))
        if len(said_first & own) < _SAME * len(own):
            return f"{text}; {more}", tuple(dict.fromkeys(ids + other.message_ids))
    return text, ids


def _lead(topic: Topic) -> Point | None:
    """The point that tells the topic by itself: the decision, else the first that can stand."""
    points = sorted(topic.points, key=lambda point: point.kind is not PointKind.DECISION)
    return next((point for point in points if _stands(point)), None)


def _outcome(topic: Topic, first: Point) -> Point | None:
    """How the matter of its first point ended, if it is told."""
    later = (point for point in reversed(topic.points) if point is not first)
    return next((one for one in later if tells_outcome(said(one)) and _stands(one)), None)


def _stands(point: Point) -> bool:
    """Whether what a headline would tell of a point is understood by itself."""
    text = said(replace(point, text=_short(point, LONGEST_HEADLINE)))
    if point.text.partition("“")[2].startswith("…") or len(telling_stems(text)) < _FEWEST_TELLING:
        return False
    if point.kind in _WORK:
        return not leans(text)
    return not (leans(text) or goes_on(text) or announces(text) or _YOU.search(text))


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
