"""Retention: the texts that have been kept long enough go; counts and reports stay."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from guildwatch.model import first_id_at
from guildwatch.store.database import Database

_CHUNK = 500
_PAUSE = 0.005  # seconds between chunks: one statement for a day would hold up capture for 0.5 s


class Retention:
    """Removes old messages in small chunks beside live traffic."""

    def __init__(self, database: Database, text_went: Callable[[], None]) -> None:
        self._database = database
        self._text_went = text_went

    async def expire(self, before: datetime) -> int:
        """Removes the messages sent before a moment; gives how many there were.

        What was imported stays until it is purged on purpose, and so do tombstones, which keep
        history from bringing a deleted message back. Digests cached of them go with them.
        """
        last, end, expired = 0, first_id_at(before), 0
        while ids := await self._next(last, end):
            await self._remove(ids)
            last = ids[-1]
            expired += len(ids)
            await asyncio.sleep(_PAUSE)
        if expired:
            self._text_went()
        return expired

    async def _next(self, after: int, end: int) -> list[int]:
        records = await self._database.rows(
            "SELECT id FROM messages WHERE id > ? AND id < ? AND imported = 0 "
            "AND text IS NOT NULL ORDER BY id LIMIT ?",
            (after, end, _CHUNK),
        )
        return [record["id"] for record in records]

    async def _remove(self, ids: list[int]) -> None:
        rows = [(one,) for one in ids]
        async with self._database.transaction() as transaction:
            await transaction.many(
                "DELETE FROM conversations WHERE key IN "
                "(SELECT key FROM conversation_messages WHERE message_id = ?)",
                rows,
            )
            await transaction.many("DELETE FROM messages WHERE id = ?", rows)
