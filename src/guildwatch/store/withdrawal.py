"""Takes out of stored reports what rests on messages that are gone."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from guildwatch.model import (
    Activity,
    Digest,
    LedgerState,
    Point,
    Report,
    Topic,
    created_at,
    first_id_at,
)
from guildwatch.store.database import Transaction
from guildwatch.store.plain import dump, load, moment_to_integer, storable
from guildwatch.store.rows import Row

_TITLE_LENGTH = 80
_FINAL = tuple(state.value for state in LedgerState if state.is_final)
_QUEUE = """
    INSERT INTO amendments (report_id, urgent) SELECT id, ?2 FROM reports WHERE id = ?1 AND (
        EXISTS (SELECT 1 FROM ledger WHERE report_id = reports.id)
        OR EXISTS (SELECT 1 FROM ledger_parts WHERE report_id = reports.id)
        OR EXISTS (SELECT 1 FROM answers WHERE report_id = reports.id)
        OR EXISTS (SELECT 1 FROM ledger WHERE guild_id = reports.guild_id
            AND kind = reports.kind AND period_end = reports.period_end AND state NOT IN (?3, ?4))
    ) ON CONFLICT (report_id) DO UPDATE SET
        changes = changes + 1, urgent = max(urgent, excluded.urgent), next_try = NULL
"""


def cited(report: Report) -> set[int]:
    """The ids of all messages that a report rests on anywhere."""
    digest = report.digest
    ids = set(digest.headline_message_ids)
    ids.update(one.message_id for one in report.mood.highlights)
    for link in digest.links:
        ids.update(link.message_ids)
    for topic in digest.topics:
        ids.update(topic.continues_ids)
        for point in topic.points:
            ids.update(point.message_ids)
    for each in digest.followed:
        ids.update(each.message_ids)
    for phrase in digest.also:
        ids.update(phrase.message_ids)
    return ids


def without(report: Report, gone: Collection[int]) -> Report:
    """The report with nothing left in it that rests on messages which are gone."""
    if cited(report).isdisjoint(gone):
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
    gone = {one for one in cited(report) if report.message_channels.get(one, 0) in {0, *closed}}
    told = without(report, gone)
    topics = (_closed(topic, closed) for topic in told.digest.topics)
    digest = replace(told.digest, topics=tuple(topic for topic in topics if topic is not None))
    told = replace(told, digest=digest)
    receipts = cited(told)
    return replace(
        told,
        source_ids=tuple(one for one in told.source_ids if one not in closed),
        message_channels={at: one for at, one in told.message_channels.items() if at in receipts},
        narrowed=told.narrowed + len(set(closed).intersection(told.source_ids)),
    )


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


async def keep_body(transaction: Transaction, report_id: int, report: Report) -> None:
    """Writes a report's content and its receipts in place of what was there.

    A receipt that stays still knows whose message it was, which may have expired since.
    """
    await transaction.execute(
        "UPDATE reports SET headline = ?, body = ? WHERE id = ?",
        (storable(report.digest.headline), dump(report), report_id),
    )
    ids = cited(report)
    await transaction.execute(
        "DELETE FROM receipts WHERE report_id = ? "
        "AND message_id NOT IN (SELECT value FROM json_each(?))",
        (report_id, json.dumps(list(ids))),
    )
    await transaction.many(
        "INSERT OR IGNORE INTO receipts (message_id, report_id, author_id, channel_id) VALUES "
        "(?1, ?2, (SELECT author_id FROM messages WHERE id = ?1), ?3)",
        [(one, report_id, report.message_channels.get(one)) for one in ids],
    )


async def withdraw(transaction: Transaction, rows: Sequence[Row], gone: Collection[int]) -> None:
    """Corrects every stored report for messages that have just been deleted.

    `rows` are those that were stored, as they were; `gone` the ids of all of them: a report may
    rest on messages that were kept long enough and are not here any more.
    """
    if not gone:
        return
    moments = [row.created_at for row in rows] or [created_at(0)]
    first, last = min(moments), max(moments)
    for record in await transaction.rows(
        "SELECT id, body FROM reports WHERE id IN (SELECT report_id FROM receipts WHERE message_id"
        " IN (SELECT value FROM json_each(?))) OR (period_start <= ? AND period_end > ? AND"
        " guild_id IN (SELECT value FROM json_each(?)))",
        (
            json.dumps(list(gone)),
            moment_to_integer(last),
            moment_to_integer(first),
            json.dumps([row.guild_id for row in rows]),
        ),
    ):
        report = load(Report, record["body"])
        silent = await _silent(transaction, report, rows)
        told = without(report, gone)
        await correct(transaction, record["id"], report, told, uncounted(told, rows, silent))


async def withdraw_author(
    transaction: Transaction, guild_id: int, author_id: int, until_id: int
) -> None:
    """Takes out of a guild's reports what rests on somebody's messages up to an id.

    Those too that have been kept long enough and are not here any more.
    """
    await _withdraw_receipts(
        transaction,
        await transaction.rows(
            "SELECT message_id FROM receipts JOIN reports ON reports.id = report_id "
            "WHERE author_id = ? AND guild_id = ? AND message_id <= ?",
            (author_id, guild_id, until_id),
        ),
    )


async def withdraw_channels(transaction: Transaction, channel_ids: Collection[int]) -> None:
    """Takes out of reports what rests on messages of deleted channels, expired ones too."""
    await _withdraw_receipts(
        transaction,
        await transaction.rows(
            "SELECT message_id FROM receipts WHERE channel_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(channel_ids)),),
        ),
    )


async def _withdraw_receipts(transaction: Transaction, records: Sequence[sqlite3.Row]) -> None:
    gone = {record["message_id"] for record in records}
    if gone:
        await withdraw(transaction, [], gone)


async def withdraw_below(
    transaction: Transaction, report_id: int, channel_id: int, until_id: int
) -> None:
    """Takes out of a report what rests on a channel's messages (0: on any) up to an id."""
    for record in await transaction.rows("SELECT body FROM reports WHERE id = ?", (report_id,)):
        report = load(Report, record["body"])
        gone = {
            one
            for one in cited(report)
            if one <= until_id and channel_id in (0, report.message_channels.get(one))
        }
        if gone:
            told = without(report, gone)
            await correct(transaction, report_id, report, told, told)


async def correct(
    transaction: Transaction, report_id: int, was: Report, told: Report, corrected: Report
) -> None:
    """Keeps a report as it is now; where something of it has gone its post is to be edited.

    `was` is what it was, `told` without the words that go, `corrected` with its counts put right.
    """
    if corrected == was:
        return
    await keep_body(transaction, report_id, corrected)
    await queue_amendment(transaction, report_id, urgent=told != was)
    if told != was:  # its words may have been all that was left of an expired message
        await transaction.execute("UPDATE upkeep SET traces = traces + 1")


async def queue_amendment(transaction: Transaction, report_id: int, *, urgent: bool) -> None:
    """Notes that a report's post has to be edited, if one is there or on its way.

    `urgent` is what has lost words and not only counts. Between writing and posting a report may
    be written anew for other readers, and the ledger names it only in the end: so every report of
    an open entry's period counts.
    """
    await transaction.execute(_QUEUE, (report_id, urgent, *_FINAL))


async def queue_rechecks(transaction: Transaction, edited: Collection[int]) -> None:
    """Notes what stored reports say by messages whose text has changed: it is checked again."""
    if edited:
        await transaction.execute(
            "INSERT OR IGNORE INTO rechecks (report_id, message_id) "
            "SELECT report_id, message_id FROM receipts "
            "WHERE message_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(edited)),),
        )


async def _silent(transaction: Transaction, report: Report, rows: Sequence[Row]) -> set[int]:
    """Those of the rows' authors of whom the report's period and sources have nothing left."""
    authors = {row.author_id for row in rows if row.author_id}
    heard = await transaction.rows(
        "SELECT DISTINCT author_id FROM messages WHERE id >= ? AND id < ? AND +guild_id = ? "
        "AND author_id IN (SELECT value FROM json_each(?)) "
        "AND +channel_id IN (SELECT value FROM json_each(?)) "
        "AND text IS NOT NULL AND NOT is_bot AND kind NOT IN ('command', 'system')",
        (
            first_id_at(report.period.start),
            first_id_at(report.period.end),
            report.guild_id,
            json.dumps(list(authors)),
            json.dumps(report.source_ids),
        ),
    )
    return authors - {record["author_id"] for record in heard}


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
