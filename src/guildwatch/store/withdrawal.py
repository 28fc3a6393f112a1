"""Takes out of stored reports what rests on messages that are gone."""

import json
import sqlite3
from collections.abc import Collection, Sequence

from guildwatch.model import LedgerState, Report, created_at, first_id_at
from guildwatch.store.database import Transaction
from guildwatch.store.plain import dump, load, moment_to_integer, storable
from guildwatch.store.remains import at_length, uncounted, without
from guildwatch.store.rows import Row

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


async def keep_body(transaction: Transaction, report_id: int, report: Report) -> None:
    """Writes a report's content and its receipts in place of what was there.

    A receipt that stays still knows whose message it was, which may have expired since.
    """
    await transaction.execute(
        "UPDATE reports SET headline = ?, body = ? WHERE id = ?",
        (storable(report.digest.headline), dump(report), report_id),
    )
    ids = report.cited_ids
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
            for one in report.cited_ids
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
    await keep_body(transaction, report_id, at_length(corrected, was))
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
