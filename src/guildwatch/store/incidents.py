"""What went wrong with guildwatch itself, while it lasts and for some time after."""

import sqlite3
from datetime import datetime, timedelta

from guildwatch.model import Clock, Incident
from guildwatch.store.database import Database, Transaction
from guildwatch.store.plain import integer_to_moment, moment_to_integer

_KEPT = timedelta(days=90)
_MOST_KEPT = 1_000  # however often something comes and goes within the 90 days
_COUNT_UP = (
    "UPDATE incidents SET times = times + 1, last_at = ?, sentence = ? "
    "WHERE guild_id = ? AND kind = ? AND subject = ? AND ended_at IS NULL"
)
_END = (
    "UPDATE incidents SET ended_at = ? "
    "WHERE guild_id = ? AND kind = ? AND subject = ? AND ended_at IS NULL"
)


class Incidents:
    """Our own failures: one row each while it lasts, however often it is met.

    The latest thousand of 90 days are kept.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(
        self,
        guild_id: int,
        kind: str,
        subject: str,
        sentence: str,
        *,
        since: datetime | None = None,
    ) -> None:
        """Notes that something goes wrong; what goes on already is counted up.

        `guild_id` 0 is no guild's; of the same incident the newer sentence stands. `since` is the
        moment at which it began, where that was not just now.
        """
        now = moment_to_integer(self._clock())
        async with self._database.transaction() as transaction:
            known = await transaction.execute(_COUNT_UP, (now, sentence, guild_id, kind, subject))
            if not known:
                await transaction.execute(
                    "INSERT INTO incidents (guild_id, kind, subject, sentence, first_at, last_at) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        guild_id,
                        kind,
                        subject,
                        sentence,
                        moment_to_integer(since) if since else now,
                        now,
                    ),
                )
                await self._forget_old(transaction)

    async def end(
        self, guild_id: int, kind: str, subject: str, *, at: datetime | None = None
    ) -> None:
        """Notes that it is over, if it went on: now, or since the moment `at`."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                _END, (moment_to_integer(at or self._clock()), guild_id, kind, subject)
            )

    async def going_on(self) -> list[Incident]:
        """What goes wrong at present, the oldest first."""
        records = await self._database.rows(
            "SELECT * FROM incidents WHERE ended_at IS NULL ORDER BY first_at, id"
        )
        return [_incident(record) for record in records]

    async def recent(self, limit: int = 50) -> list[Incident]:
        """The latest incidents, over or not, the newest first."""
        records = await self._database.rows(
            "SELECT * FROM incidents ORDER BY first_at DESC, id DESC LIMIT ?", (limit,)
        )
        return [_incident(record) for record in records]

    async def _forget_old(self, transaction: Transaction) -> None:
        """Also what never ended and was not met for so long: nobody can end it any more."""
        await transaction.execute(
            "DELETE FROM incidents WHERE max(last_at, coalesce(ended_at, 0)) < ? "
            "OR id NOT IN (SELECT id FROM incidents ORDER BY id DESC LIMIT ?)",
            (moment_to_integer(self._clock() - _KEPT), _MOST_KEPT),
        )


def _incident(record: sqlite3.Row) -> Incident:
    return Incident(
        record["guild_id"],
        record["kind"],
        record["subject"],
        record["sentence"],
        integer_to_moment(record["first_at"]),
        integer_to_moment(record["last_at"]),
        record["times"],
        _moment(record["ended_at"]),
    )


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else integer_to_moment(microseconds)
