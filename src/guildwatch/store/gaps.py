"""Stretches of channels that could not be had: what a report's coverage has to admit."""

import json
from collections.abc import Collection
from datetime import datetime

from guildwatch.model import Gap, created_at, first_id_at
from guildwatch.store.database import Database


class Gaps:
    """The known gaps of all channels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, gap: Gap) -> None:
        """Notes a gap; for the same stretch the newer reason stands."""
        async with self._database.transaction() as transaction:
            await transaction.execute("INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?)", _row(gap))

    async def close(self, channel_id: int, start: datetime, end: datetime) -> None:
        """Forgets a channel's gaps that lie wholly in [start, end): it was fetched after all."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "DELETE FROM gaps WHERE channel_id = ? AND start_id >= ? AND end_id <= ?",
                (channel_id, first_id_at(start), first_id_at(end)),
            )

    async def between(
        self, channel_ids: Collection[int], start: datetime, end: datetime
    ) -> list[Gap]:
        """The gaps of these channels that touch [start, end), in order of time."""
        records = await self._database.rows(
            "SELECT * FROM gaps WHERE channel_id IN (SELECT value FROM json_each(?)) "
            "AND start_id < ? AND end_id > ? ORDER BY start_id, channel_id",
            (json.dumps(list(channel_ids)), first_id_at(end), first_id_at(start)),
        )
        return [
            Gap(
                record["channel_id"],
                created_at(record["start_id"]),
                created_at(record["end_id"]),
                record["reason"],
            )
            for record in records
        ]


def _row(gap: Gap) -> tuple[int, int, int, str]:
    return gap.channel_id, first_id_at(gap.start), first_id_at(gap.end), gap.reason
