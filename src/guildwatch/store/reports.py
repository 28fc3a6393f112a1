"""Reports as they were written, less what has been deleted since."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import hashlib
import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildwatch.model import Period, PeriodKind, Report
from guildwatch.store.database import Database, Transaction
from guildwatch.store.departed import Departed
from guildwatch.store.errors import StoreError
from guildwatch.store.plain import integer_to_moment, load, moment_to_integer
from guildwatch.store.remains import without
from guildwatch.store.withdrawal import keep_body, queue_amendment, queue_rechecks

_LONGEST_WRITING = timedelta(hours=6)
_LISTED = "id NOT IN (SELECT report_id FROM answers)"
"""What an answer shows is nobody else's: it may tell a day that was not over."""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """What a list shows of a report; `messages` were stored for its period, `engine` wrote it."""

    id: int
    guild_id: int
    period: Period
    headline: str
    engine: str
    written_at: datetime
    messages: int


class Reports:
    """All reports ever written.

    When a message is deleted, what rests on it leaves every stored report in the same transaction.
    """

    def __init__(self, database: Database, departed: Departed) -> None:
        self._database = database
        self._departed = departed

    async def save(self, report: Report) -> int:
        """Keeps a report in place of one of the same guild, period and sources; gives its id.

        What rests on messages that were deleted while it was being written is left out, and what
        rests on edited ones is checked again. Who was forgotten meanwhile is not in it.
        """
        async with self._database.transaction() as transaction:
            report = await self._departed.left_out_of(transaction, report)
            report_id = await save_report(transaction, report, _hash(report.source_ids))
            if await _is_shown(transaction, report_id):
                await queue_amendment(transaction, report_id, urgent=False)
        return report_id

    async def load(self, report_id: int) -> Report:
        """The report with this id. Raises StoreError when there is none."""
        records = await self._database.rows("SELECT body FROM reports WHERE id = ?", (report_id,))
        if not records:
            raise StoreError(
                f"There is no report {report_id}: choose one from the list of reports."
            )
        return load(Report, records[0]["body"])

    async def of_period(
        self,
        guild_id: int,
        start: datetime,
        end: datetime,
        kind: PeriodKind = PeriodKind.DAY,
        *,
        source_ids: Collection[int] | None = None,
    ) -> StoredReport | None:
        """The report of exactly this period, the newest if there are several.

        With `source_ids` only one that draws on exactly these channels.
        """
        records = await self._database.rows(
            "SELECT * FROM reports WHERE guild_id = ? AND period_start = ? AND period_end = ? "
            "AND kind = ? AND sources = coalesce(?, sources) "
            f"AND {_LISTED} ORDER BY written_at DESC LIMIT 1",
            (
                guild_id,
                moment_to_integer(start),
                moment_to_integer(end),
                kind,
                None if source_ids is None else _hash(source_ids),
            ),
        )
        return _stored_report(records[0]) if records else None

    async def overview(self, guild_id: int | None = None, limit: int = 400) -> list[StoredReport]:
        """The reports of one guild or all, the newest period first."""
        records = await self._database.rows(
            f"SELECT * FROM reports WHERE guild_id = coalesce(?, guild_id) AND {_LISTED} "
            "ORDER BY period_end DESC, written_at DESC LIMIT ?",
            (guild_id, limit),
        )
        return [_stored_report(record) for record in records]


async def save_report(transaction: Transaction, report: Report, sources: str) -> int:
    """Writes a report in place of one of the same guild, period and `sources`; gives its id."""
    period = report.period
    report = without(report, await _deleted(transaction, report.cited_ids))
    ((report_id,),) = await transaction.rows(
        "INSERT INTO reports (guild_id, kind, period_start, period_end, zone, sources, "
        "headline, engine, messages, written_at, body) "
        "VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, '') "
        "ON CONFLICT (guild_id, kind, period_start, period_end, zone, sources) DO UPDATE "
        "SET engine = excluded.engine, messages = excluded.messages, "
        "written_at = excluded.written_at RETURNING id",
        (
            report.guild_id,
            period.kind,
            moment_to_integer(period.start),
            moment_to_integer(period.end),
            period.zone,
            sources,
            report.digest.engine.name,
            report.coverage.messages,
            moment_to_integer(report.written_at),
        ),
    )
    await keep_body(transaction, report_id, report)
    await queue_rechecks(transaction, await _edited(transaction, report))
    return int(report_id)


async def _deleted(transaction: Transaction, ids: Collection[int]) -> set[int]:
    records = await transaction.rows(
        "SELECT id FROM messages WHERE text IS NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {record["id"] for record in records}


async def _edited(transaction: Transaction, report: Report) -> set[int]:
    """The cited messages that were edited while the report may have been in the writing."""
    records = await transaction.rows(
        "SELECT id FROM messages WHERE edited_at >= ? AND id IN (SELECT value FROM json_each(?))",
        (
            moment_to_integer(report.written_at - _LONGEST_WRITING),
            json.dumps(list(report.cited_ids)),
        ),
    )
    return {record["id"] for record in records}


async def _is_shown(transaction: Transaction, report_id: int) -> bool:
    """Whether something of it is in Discord, in an older writing."""
    return bool(
        await transaction.rows(
            "SELECT 1 FROM ledger_parts WHERE report_id = ? LIMIT 1", (report_id,)
        )
    )


def _hash(source_ids: Collection[int]) -> str:
    return hashlib.sha256(json.dumps(sorted(source_ids)).encode()).hexdigest()


def _stored_report(record: sqlite3.Row) -> StoredReport:
    return StoredReport(
        record["id"],
        record["guild_id"],
        Period(
            PeriodKind(record["kind"]),
            integer_to_moment(record["period_start"]),
            integer_to_moment(record["period_end"]),
            record["zone"],
        ),
        record["headline"],
        record["engine"],
        integer_to_moment(record["written_at"]),
        record["messages"],
    )
