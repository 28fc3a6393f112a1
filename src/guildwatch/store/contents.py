"""How much is stored of each channel, and its messages page by page, however many there are."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from guildwatch.model import Message, created_at, first_id_at
from guildwatch.store.database import Database
from guildwatch.store.messages import load_authors
from guildwatch.store.rows import message_of_row, row_of_record

_PAGE = 1000
_END = 1 << 63


@dataclass(frozen=True, slots=True)
class Extent:
    """How many messages are stored of a channel, and when the first and the last were sent."""

    channel_id: int
    messages: int
    first: datetime
    last: datetime


class Contents:
    """What is there; tombstones do not count and are not told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def extents(
        self,
        guild_id: int,
        *,
        channel_ids: Collection[int] | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> list[Extent]:
        """The channels of a guild with messages in [start, end), the busiest first."""
        records = await self._database.rows(
            "SELECT channel_id, count(*) AS messages, min(id) AS first, max(id) AS last "
            "FROM messages WHERE guild_id = ?1 AND id >= ?2 AND id < ?3 AND text IS NOT NULL "
            "AND (?4 IS NULL OR channel_id IN (SELECT value FROM json_each(?4))) "
            "GROUP BY channel_id ORDER BY messages DESC, channel_id",
            (
                guild_id,
                first_id_at(start) if start else 0,
                first_id_at(end) if end else _END - 1,
                None if channel_ids is None else json.dumps(list(channel_ids)),
            ),
        )
        return [
            Extent(
                one["channel_id"],
                one["messages"],
                created_at(one["first"]),
                created_at(one["last"]),
            )
            for one in records
        ]

    async def page(
        self, guild_id: int, channel_id: int, *, after: int, end: datetime | None = None
    ) -> list[Message]:
        """A channel's next messages behind an id, at most a thousand, oldest first."""
        records = await self._database.rows(
            "SELECT * FROM messages WHERE channel_id = ? AND id > ? AND id < ? "
            "AND guild_id = ? AND text IS NOT NULL ORDER BY id LIMIT ?",
            (channel_id, after, first_id_at(end) if end else _END - 1, guild_id, _PAGE),
        )
        rows = [row_of_record(record) for record in records]
        ids = {row.author_id for row in rows} | {one for row in rows for one in row.mentions}
        authors = await load_authors(self._database, ids - {None})
        return [message_of_row(row, authors) for row in rows]

    async def closed_channels(self) -> set[int]:
        """The channels that are known to have been deleted, with all that was said there."""
        records = await self._database.rows("SELECT id FROM channels WHERE closed > 0")
        return {record["id"] for record in records}
