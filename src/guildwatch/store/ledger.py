"""The ledger of due reports and of the parts of their posts.

What it notes comes before an effect that cannot be taken back, so it survives a power cut.
"""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from guildwatch.model import LedgerEntry, LedgerState, Part, Period, PeriodKind
from guildwatch.store.database import Database, Transaction
from guildwatch.store.plain import integer_to_moment, moment_to_integer

_FINAL = tuple(state.value for state in LedgerState if state.is_final)
_COLUMNS = (
    "guild_id, kind, period_start, period_end, zone, state, reason, failures, next_try, report_id"
)
_INSERT = (
    f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (guild_id, kind, period_end) DO "
)
_DELETE = "DELETE FROM ledger WHERE guild_id = ? AND kind = ? AND period_end = ?"


class Ledger:
    """Every due report, known by its guild, kind and the end of its period."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_end(self, guild_id: int, kind: PeriodKind = PeriodKind.DAY) -> datetime | None:
        """Where the last period in the ledger ends, None when there is none yet."""
        ((end,),) = await self._database.rows(
            "SELECT max(period_end) FROM ledger WHERE guild_id = ? AND kind = ?", (guild_id, kind)
        )
        return None if end is None else integer_to_moment(end)

    async def add(self, *entries: LedgerEntry) -> None:
        """Adds entries, all or none; one that is there already stays as it is."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.many(_INSERT + "NOTHING", map(_values, entries))

    async def update(self, *entries: LedgerEntry) -> None:
        """Notes how far entries are, of all or of none; one that is not there is added."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.many(
                _INSERT + "UPDATE SET state = excluded.state, reason = excluded.reason, "
                "failures = excluded.failures, next_try = excluded.next_try, "
                "report_id = excluded.report_id",
                map(_values, entries),
            )

    async def amend(
        self, dropped: Sequence[LedgerEntry], shortened: Sequence[tuple[LedgerEntry, datetime]]
    ) -> None:
        """Takes out entries of periods that are yet to come, and lets others end earlier.

        What an entry that goes had rolled up is due again; what a shortened one had names it on.
        """
        async with self._database.transaction(durable=True) as transaction:
            for entry in dropped:
                await transaction.execute(_DELETE, _key(entry))
                await transaction.execute(
                    "UPDATE ledger SET state = ?, reason = '' WHERE guild_id = ? AND reason = ?",
                    (LedgerState.DUE, entry.guild_id, entry.rolled_up_into),
                )
            for entry, end in shortened:
                await _shorten(transaction, entry, end)

    async def open_entries(self) -> list[LedgerEntry]:
        """The entries that something has still to be done about, oldest first."""
        records = await self._database.rows(
            "SELECT * FROM ledger WHERE state NOT IN (?, ?) ORDER BY period_end, guild_id", _FINAL
        )
        return [_entry(record) for record in records]

    async def ending_after(self, guild_id: int, moment: datetime) -> list[LedgerEntry]:
        """A guild's entries whose period ends after a moment, the last one first."""
        records = await self._database.rows(
            "SELECT * FROM ledger WHERE guild_id = ? AND period_end > ? ORDER BY period_end DESC",
            (guild_id, moment_to_integer(moment)),
        )
        return [_entry(record) for record in records]

    async def recent(self, limit: int = 50) -> list[LedgerEntry]:
        """The last entries, newest first."""
        records = await self._database.rows(
            "SELECT * FROM ledger ORDER BY period_end DESC, guild_id LIMIT ?", (limit,)
        )
        return [_entry(record) for record in records]

    async def last_posted(self) -> dict[int, datetime]:
        """When the latest post of each guild that has one went out."""
        records = await self._database.rows(
            "SELECT guild_id, max(attempted_at) AS posted_at FROM ledger_parts "
            "JOIN ledger USING (guild_id, kind, period_end) "
            "WHERE state = 'posted' AND message_id IS NOT NULL AND attempted_at IS NOT NULL "
            "GROUP BY guild_id"
        )
        return {one["guild_id"]: integer_to_moment(one["posted_at"]) for one in records}

    async def find(self, key: str) -> LedgerEntry | None:
        """The entry with this key (`LedgerEntry.key`), None when there is none."""
        guild_id, _, rest = key.partition(":")
        kind, _, end = rest.partition(":")
        if not (_is_number(guild_id, below=2**63) and _is_number(end, below=10**12)):
            return None
        first = int(end) * 1_000_000
        records = await self._database.rows(
            "SELECT * FROM ledger WHERE guild_id = ? AND kind = ? AND period_end BETWEEN ? AND ?",
            (int(guild_id), kind, first, first + 999_999),
        )
        return _entry(records[0]) if records else None

    async def find_posted(self, message_id: int) -> LedgerEntry | None:
        """The entry of which this message is a part, None when there is none."""
        records = await self._database.rows(
            "SELECT ledger.* FROM ledger JOIN ledger_parts USING (guild_id, kind, period_end) "
            "WHERE message_id = ?",
            (message_id,),
        )
        return _entry(records[0]) if records else None

    async def of_report(self, report_id: int) -> list[LedgerEntry]:
        """The entries whose post shows a report, or may come to show it, the latest first."""
        records = await self._database.rows(
            "SELECT * FROM ledger WHERE report_id = ?1 "
            "OR EXISTS (SELECT 1 FROM ledger_parts AS part WHERE part.report_id = ?1 "
            "AND part.guild_id = ledger.guild_id AND part.kind = ledger.kind "
            "AND part.period_end = ledger.period_end) "
            "OR EXISTS (SELECT 1 FROM reports WHERE id = ?1 AND reports.guild_id = ledger.guild_id "
            "AND reports.kind = ledger.kind AND reports.period_end = ledger.period_end "
            "AND ledger.state NOT IN (?2, ?3)) ORDER BY period_end DESC",
            (report_id, *_FINAL),
        )
        return [_entry(record) for record in records]

    async def parts(self, entry: LedgerEntry) -> list[Part]:
        """The parts of an entry's post, in the order in which they were first kept."""
        records = await self._database.rows(
            "SELECT * FROM ledger_parts WHERE guild_id = ? AND kind = ? AND period_end = ? "
            "ORDER BY ordinal",
            _key(entry),
        )
        return [_part(record) for record in records]

    async def save_part(self, entry: LedgerEntry, part: Part) -> None:
        """Keeps a part of an entry's post, in place of the one of this name."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.execute(_INSERT + "NOTHING", _values(entry))
            await transaction.execute(
                "INSERT INTO ledger_parts (guild_id, kind, period_end, ordinal, name, nonce, "
                "channel_id, attempted_at, message_id, report_id, content, gone) "
                "VALUES (?1, ?2, ?3, (SELECT count(*) FROM "
                "ledger_parts WHERE guild_id = ?1 AND kind = ?2 AND period_end = ?3), "
                "?4, ?5, ?6, ?7, ?8, (SELECT id FROM reports WHERE id = ?9), ?10, ?11) "
                "ON CONFLICT (guild_id, kind, period_end, name) DO UPDATE SET "
                "nonce = excluded.nonce, channel_id = excluded.channel_id, "
                "attempted_at = excluded.attempted_at, message_id = excluded.message_id, "
                "report_id = excluded.report_id, content = excluded.content, gone = excluded.gone",
                (
                    *_key(entry),
                    part.name,
                    part.nonce,
                    part.channel_id,
                    _integer(part.attempted_at),
                    part.message_id,
                    part.report_id,
                    part.content,
                    part.gone,
                ),
            )

    async def note_opened(self, thread_id: int) -> None:
        """Notes that an archived thread is about to be opened, and is to be closed again."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.execute(
                "INSERT OR IGNORE INTO opened_threads VALUES (?)", (thread_id,)
            )

    async def note_closed(self, thread_id: int) -> None:
        """Notes that a thread is closed again, or nothing to be closed any more."""
        async with self._database.transaction() as transaction:
            await transaction.execute("DELETE FROM opened_threads WHERE id = ?", (thread_id,))

    async def opened(self) -> list[int]:
        """The threads that are to be closed again."""
        return [one["id"] for one in await self._database.rows("SELECT id FROM opened_threads")]


async def _shorten(transaction: Transaction, entry: LedgerEntry, end: datetime) -> None:
    """The end is part of an entry's key, so it becomes another one, and its parts with it."""
    shorter = replace(entry, period=replace(entry.period, end=end))
    await transaction.execute(_INSERT + "NOTHING", _values(shorter))
    await transaction.execute(
        "UPDATE ledger_parts SET period_end = ? WHERE guild_id = ? AND kind = ? AND period_end = ?",
        (moment_to_integer(end), *_key(entry)),
    )
    await transaction.execute(_DELETE, _key(entry))
    await transaction.execute(
        "UPDATE ledger SET reason = ? WHERE guild_id = ? AND reason = ?",
        (shorter.rolled_up_into, entry.guild_id, entry.rolled_up_into),
    )


def _is_number(digits: str, *, below: int) -> bool:
    """Whether this is a number that SQLite can hold."""
    return digits.isascii() and digits.isdigit() and len(digits) < 20 and int(digits) < below


def _integer(moment: datetime | None) -> int | None:
    return None if moment is None else moment_to_integer(moment)


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else integer_to_moment(microseconds)


def _key(entry: LedgerEntry) -> tuple[int, str, int]:
    return entry.guild_id, entry.period.kind.value, moment_to_integer(entry.period.end)


def _values(entry: LedgerEntry) -> tuple[int | str | None, ...]:
    period = entry.period
    return (
        entry.guild_id,
        period.kind.value,
        moment_to_integer(period.start),
        moment_to_integer(period.end),
        period.zone,
        entry.state.value,
        entry.reason,
        entry.failures,
        _integer(entry.next_try),
        entry.report_id,
    )


def _entry(record: sqlite3.Row) -> LedgerEntry:
    return LedgerEntry(
        record["guild_id"],
        Period(
            PeriodKind(record["kind"]),
            integer_to_moment(record["period_start"]),
            integer_to_moment(record["period_end"]),
            record["zone"],
        ),
        LedgerState(record["state"]),
        record["reason"],
        record["failures"],
        _moment(record["next_try"]),
        record["report_id"],
    )


def _part(record: sqlite3.Row) -> Part:
    return Part(
        record["name"],
        record["nonce"],
        record["channel_id"],
        _moment(record["attempted_at"]),
        record["message_id"],
        record["report_id"],
        record["content"],
        bool(record["gone"]),
    )
