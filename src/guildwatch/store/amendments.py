"""Posted reports that say more than they still may, and points that have to be checked again."""

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guildwatch.model import Message, Report, created_at, first_id_at
from guildwatch.store.database import Database, Transaction
from guildwatch.store.messages import load_authors
from guildwatch.store.plain import load, moment_to_integer
from guildwatch.store.remains import at_length
from guildwatch.store.rows import message_of_row, row_of_record
from guildwatch.store.withdrawal import keep_body, queue_amendment

_AROUND = timedelta(hours=2)
_MOST_AROUND = 2_000

Check = Callable[[Report, Collection[int], Sequence[Message]], Report]
"""The report without what does not stand any more: the edited messages' ids, and what is stored of
those that the report cites and of what was said around them."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A report whose post has to be edited.

    `changes` counts what happened to it since; whoever has edited the post and finds another number
    has to edit it again. `failures` counts tries that failed.
    """

    report_id: int
    changes: int
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Recheck:
    """A stored report that cites messages which were edited after it was written."""

    report_id: int
    message_ids: frozenset[int]


class Amendments:
    """What is to be done about reports after messages were deleted or edited.

    The rows come with the transaction of the deletion or the edit itself (see `withdrawal`).
    `text_went` is called when words have left a stored report.
    """

    def __init__(self, database: Database, text_went: Callable[[], None]) -> None:
        self._database = database
        self._text_went = text_went

    async def due(self, now: datetime) -> list[Amendment]:
        """The posts to be edited now: those first that lose words and not only counts."""
        return _amendments(
            await self._database.rows(
                "SELECT * FROM amendments WHERE next_try IS NULL OR next_try <= ? "
                "ORDER BY urgent DESC, report_id DESC",
                (moment_to_integer(now),),
            )
        )

    async def changes(self, report_id: int) -> int:
        """How often a report was changed whose post is not edited yet; 0 when none has to be."""
        records = await self._database.rows(
            "SELECT changes FROM amendments WHERE report_id = ?", (report_id,)
        )
        return int(records[0]["changes"]) if records else 0

    async def waiting(self) -> int:
        """How many posts in Discord have still to be edited."""
        ((count,),) = await self._database.rows(
            "SELECT count(*) FROM amendments WHERE report_id IN "
            "(SELECT report_id FROM ledger_parts WHERE message_id IS NOT NULL "
            "UNION ALL SELECT report_id FROM answers)"
        )
        return int(count)

    async def queue(self, report_id: int) -> None:
        """Notes that a post is to show a report of which it shows another until now."""
        async with self._database.transaction() as transaction:
            await queue_amendment(transaction, report_id, urgent=True)

    async def put_off(self, amendment: Amendment, until: datetime) -> None:
        """Notes that an edit failed, and when to try again; a change since is tried at once."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "UPDATE amendments SET failures = failures + 1, next_try = ? "
                "WHERE report_id = ? AND changes = ?",
                (moment_to_integer(until), amendment.report_id, amendment.changes),
            )

    async def done(self, amendment: Amendment) -> bool:
        """Notes that the post says what the report says; False when that has changed meanwhile."""
        async with self._database.transaction() as transaction:
            return bool(
                await transaction.execute(
                    "DELETE FROM amendments WHERE report_id = ? AND changes = ?",
                    (amendment.report_id, amendment.changes),
                )
            )

    async def narrow(self, report_id: int, was: Report, now: Report) -> bool:
        """Keeps a report that lost channels in place of what it was; False if it changed meanwhile.

        From then on it is nobody's report of that day but its post's: who asks for one from the
        channels that it was once written from has it written anew.
        """
        async with self._database.transaction() as transaction:
            records = await transaction.rows("SELECT body FROM reports WHERE id = ?", (report_id,))
            if not records or load(Report, records[0]["body"]) != was:
                return False
            await keep_body(transaction, report_id, at_length(now, was))
            await transaction.execute(
                "UPDATE reports SET sources = ?, messages = ? WHERE id = ?",
                (f"narrowed {report_id}", now.coverage.messages, report_id),
            )
            if _shown(now) != _shown(was):
                await queue_amendment(transaction, report_id, urgent=True)
                await transaction.execute("UPDATE upkeep SET traces = traces + 1")
        self._text_went()
        return True

    async def rechecks(self) -> list[Recheck]:
        """The reports that cite messages which were edited since."""
        found: dict[int, set[int]] = defaultdict(set)
        for record in await self._database.rows("SELECT report_id, message_id FROM rechecks"):
            found[record["report_id"]].add(record["message_id"])
        return [Recheck(report_id, frozenset(ids)) for report_id, ids in found.items()]

    async def settle(self, recheck: Recheck, check: Check) -> bool:
        """Takes out of a report what the check says does not stand; whether anything went.

        The check is made in a thread, of the report and the messages as they are at this moment.
        """
        async with self._database.transaction() as transaction:
            edited = await _take(transaction, recheck)
            records = await transaction.rows(
                "SELECT body FROM reports WHERE id = ?", (recheck.report_id,)
            )
            if not edited or not records:
                return False
            report = load(Report, records[0]["body"])
            evidence = await _evidence(transaction, report, edited)
            corrected = await asyncio.to_thread(check, report, edited, evidence)
            if corrected == report:
                return False
            await keep_body(transaction, recheck.report_id, corrected)
            await queue_amendment(transaction, recheck.report_id, urgent=True)
            await transaction.execute("UPDATE upkeep SET traces = traces + 1")
        self._text_went()
        return True


def _shown(report: Report) -> Report:
    """The report as far as its readers see it."""
    return replace(report, source_ids=(), narrowed=0)


async def _take(transaction: Transaction, recheck: Recheck) -> frozenset[int]:
    """The messages that are still to be looked at, taken from the list."""
    records = await transaction.rows(
        "DELETE FROM rechecks WHERE report_id = ? RETURNING message_id", (recheck.report_id,)
    )
    return frozenset(record["message_id"] for record in records)


async def _evidence(
    transaction: Transaction, report: Report, edited: Iterable[int]
) -> list[Message]:
    """The cited messages and what was said around the edited ones, oldest first."""
    records = await transaction.rows(
        "SELECT * FROM messages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(report.cited_ids)),),
    )
    for message_id in edited:
        records += await transaction.rows(
            "SELECT * FROM messages WHERE channel_id = ? AND id BETWEEN ? AND ? "
            "AND text IS NOT NULL ORDER BY abs(id - ?) LIMIT ?",
            (
                report.message_channels.get(message_id),
                *_around(message_id),
                message_id,
                _MOST_AROUND,
            ),
        )
    rows = {record["id"]: row_of_record(record) for record in records}
    people = {row.author_id for row in rows.values()}
    people |= {one for row in rows.values() for one in row.mentions}
    authors = await load_authors(transaction, people - {None})
    return [message_of_row(rows[one], authors) for one in sorted(rows)]


def _around(message_id: int) -> tuple[int, int]:
    said = created_at(message_id)
    return first_id_at(said - _AROUND), first_id_at(said + _AROUND)


def _amendments(records: Iterable[sqlite3.Row]) -> list[Amendment]:
    return [Amendment(one["report_id"], one["changes"], one["failures"]) for one in records]
