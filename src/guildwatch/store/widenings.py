"""Channels that admins opened to the readers of the reports on purpose, and those that they had."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from guildwatch.model import Clock, Crowd, Widening
from guildwatch.store.database import Database
from guildwatch.store.plain import dump, integer_to_moment, load, moment_to_integer


class Widenings:
    """Who opened which channel, for whom, and until when."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def holding(self, guild_id: int) -> list[Widening]:
        """Those of a guild that nobody ended, the oldest first."""
        return _widenings(
            await self._database.rows(
                "SELECT * FROM widenings WHERE guild_id = ? AND ended_at IS NULL ORDER BY id",
                (guild_id,),
            )
        )

    async def recent(self, limit: int = 50) -> list[Widening]:
        """The latest of all guilds, ended or not, the newest first."""
        return _widenings(
            await self._database.rows("SELECT * FROM widenings ORDER BY id DESC LIMIT ?", (limit,))
        )

    async def begin(
        self,
        guild_id: int,
        channel_id: int,
        target_id: int,
        *,
        readers: Crowd,
        insiders: Crowd,
        made_by: int,
    ) -> None:
        """Opens a channel to these readers of the reports, in place of what held for it before."""
        now = moment_to_integer(self._clock())
        async with self._database.transaction(durable=True) as transaction:
            await transaction.execute(
                "UPDATE widenings SET ended_at = ?, ended_by = ? "
                "WHERE guild_id = ? AND channel_id = ? AND ended_at IS NULL",
                (now, made_by, guild_id, channel_id),
            )
            await transaction.execute(
                "INSERT INTO widenings "
                "(guild_id, channel_id, target_id, readers, insiders, made_by, made_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (guild_id, channel_id, target_id, dump(readers), dump(insiders), made_by, now),
            )

    async def end(self, ids: Collection[int], by: int = 0, reason: str = "") -> None:
        """Ends these, if they still hold; `by` 0 says that they end by themselves, for a reason."""
        now = moment_to_integer(self._clock())
        async with self._database.transaction(durable=True) as transaction:
            await transaction.many(
                "UPDATE widenings SET ended_at = ?, ended_by = ?, reason = ? "
                "WHERE id = ? AND ended_at IS NULL",
                [(now, by, reason, one) for one in ids],
            )


def _widenings(records: Collection[sqlite3.Row]) -> list[Widening]:
    return [
        Widening(
            one["id"],
            one["guild_id"],
            one["channel_id"],
            one["target_id"],
            load(Crowd, one["readers"]),
            load(Crowd, one["insiders"]),
            one["made_by"],
            integer_to_moment(one["made_at"]),
            one["ended_by"],
            _moment(one["ended_at"]),
            one["reason"],
        )
        for one in records
    ]


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else integer_to_moment(microseconds)
