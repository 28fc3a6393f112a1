"""What remains of a report when messages or channels that it rests on are gone."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from guildwatch.model import Activity, Digest, Point, Report, Topic, first_id_at
from guildwatch.store.rows import Row

_TITLE_LENGTH = 80


def without(report: Report, gone: Collection[int]) -> Report:
    """The report with nothing left in it that rests on messages which are gone."""
    if report.cited_ids.isdisjoint(gone):
        return report
    mood = replace(
        report.mood,
        highlights=tuple(one for one in report.mood.highlights if one.message_id not in gone),
    )
    channels = {one: at for one, at in report.message_channels.items() if one not in gone}
    digest = _digest(report.digest, gone)
    return replace(
        report,
        digest=digest,
        mood=mood,
        message_channels=channels,
        withdrawn=report.withdrawn + _size(report.digest) - _size(digest),
    )


def without_channels(report: Report, closed: Collection[int]) -> Report:
    """The report with no word in it that rests on messages of these channels, or may.

    What was told of several conversations together keeps the points of the others, but not its
    title, which may come from a lost one. The figures are left as they are.
    """
    gone = {one for one in report.cited_ids if report.message_channels.get(one, 0) in {0, *closed}}
    told = without(report, gone)
    topics = (_closed(topic, closed) for topic in told.digest.topics)
    digest = replace(told.digest, topics=tuple(topic for topic in topics if topic is not None))
    told = replace(told, digest=digest)
    receipts = told.cited_ids
    return replace(
        told,
        source_ids=tuple(one for one in told.source_ids if one not in closed),
        message_channels={at: one for at, one in told.message_channels.items() if at in receipts},
        narrowed=told.narrowed + len(set(closed).intersection(told.source_ids)),
    )


def at_length(report: Report, was: Report) -> Report:
    """The report told as fully as it was before something of it went, whatever is left."""
    return report if was.is_quiet else replace(report, in_full=True)


def uncounted(report: Report, rows: Sequence[Row], silent: Collection[int]) -> Report:
    """The report without deleted messages in its activity; `silent` authors have no other left."""
    first, last = first_id_at(report.period.start), first_id_at(report.period.end)
    sources = frozenset(report.source_ids)
    mine = [
        row
        for row in rows
        if row.guild_id == report.guild_id
        and first <= row.id < last
        and row.channel_id in sources
        and row.contribution() is not None
    ]
    return replace(report, activity=_activity(report.activity, mine, silent)) if mine else report


def _digest(digest: Digest, gone: Collection[int]) -> Digest:
    topics = tuple(
        one for one in (_topic(topic, gone) for topic in digest.topics) if one is not None
    )
    links = (
        replace(link, message_ids=tuple(one for one in link.message_ids if one not in gone))
        for link in digest.links
    )
    headline, receipts = digest.headline, digest.headline_message_ids
    if any(one in gone for one in receipts):
        headline, receipts = _best_point(topics)
    return replace(
        digest,
        headline=headline,
        headline_message_ids=receipts,
        topics=topics,
        links=tuple(link for link in links if link.message_ids),
        followed=tuple(one for one in digest.followed if not _rests(one.message_ids, gone)),
        also=tuple(one for one in digest.also if not _rests(one.message_ids, gone)),
    )


def _size(digest: Digest) -> int:
    return sum(len(topic.points) for topic in digest.topics)


def _topic(topic: Topic, gone: Collection[int]) -> Topic | None:
    """The topic without points that rest on what is gone, None when none is left.

    Its title may have come from a lost point, so one that is left speaks for it. The title of the
    topic that it continues goes with any message of that one.
    """
    if _rests(topic.continues_ids, gone):
        topic = replace(topic, continues=None, continues_ids=())
    points = tuple(point for point in topic.points if not _rests(point.message_ids, gone))
    if len(points) == len(topic.points) or not points:
        return topic if points else None
    topic = replace(topic, points=points)
    return replace(topic, title=_told_by(topic))


def _closed(topic: Topic, closed: Collection[int]) -> Topic | None:
    """The topic without these channels, None where it was of no other."""
    channels = tuple(one for one in topic.channel_ids if one not in closed)
    if len(channels) == len(topic.channel_ids):
        return topic
    return replace(topic, channel_ids=channels, title=_told_by(topic)) if channels else None


def _told_by(topic: Topic) -> str:
    return _shortened(topic.points[0].text)


def _rests(ids: Sequence[int], gone: Collection[int]) -> bool:
    return any(one in gone for one in ids)


def _best_point(topics: Sequence[Topic]) -> tuple[str, tuple[int, ...]]:
    point: Point | None = next((one for topic in topics for one in topic.points), None)
    return (point.text, point.message_ids) if point else ("", ())


def _shortened(text: str) -> str:
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1].rstrip() + "…"


def _activity(activity: Activity, gone: Sequence[Row], silent: Collection[int]) -> Activity:
    by_channel = Counter(row.channel_id for row in gone)
    by_author = Counter(row.author_id for row in gone)
    channels = (
        replace(one, messages=one.messages - by_channel[one.id]) for one in activity.channels
    )
    top = (replace(one, messages=one.messages - by_author[one.id]) for one in activity.top)
    return Activity(
        messages=max(0, activity.messages - len(gone)),
        people=max(0, activity.people - len(silent & by_author.keys())),
        channels=tuple(one for one in channels if one.messages > 0),
        top=tuple(sorted((one for one in top if one.messages > 0), key=lambda one: -one.messages)),
        board=tuple(one for one in activity.board if not by_author[one.id]),
    )
