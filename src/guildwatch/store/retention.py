"""Retention: what has been kept long enough goes; counts and reports stay."""

# ruff: noqa: S608 - SQL is put together from the store's own constants; values are parameters

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from guildwatch.model import OPERATOR, ChangedBy, Clock, Message, first_id_at, utc_now
from guildwatch.store.applying import forget_digests
from guildwatch.store.database import Database
from guildwatch.store.homes import forget_homes
from guildwatch.store.messages import load_authors
from guildwatch.store.plain import integer_to_moment
from guildwatch.store.record import note_changes
from guildwatch.store.rows import PLACES, message_of_row, row_of_record

_CHUNK = 500
_PAUSE = 0.005  # seconds between chunks: one statement for a day would hold up capture for 0.5 s


class Retention:
    """Removes old messages in small chunks beside live traffic."""

    def __init__(
        self, database: Database, text_went: Callable[[], None], clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._text_went = text_went
        self._clock = clock

    async def choose(
        self,
        guild_id: int,
        channel_id: int | None,
        days: int | None,
        by: ChangedBy = OPERATOR,
    ) -> None:
        """Notes for how many days admins want a channel's texts kept; None takes that back.

        Without a channel it is for the whole guild. The change is recorded.
        """
        place = (guild_id, channel_id or 0)
        name = f"texts of <#{channel_id}> kept for" if channel_id else "texts kept for"
        async with self._database.transaction() as transaction:
            old = await transaction.rows(
                "SELECT days FROM retention WHERE guild_id = ? AND channel_id = ?", place
            )
            before = {name: _days(old[0]["days"] if old else None)}
            at, after = self._clock(), {name: _days(days)}
            await note_changes(transaction, at, guild_id, by, before=before, after=after)
            await transaction.execute(
                "DELETE FROM retention WHERE guild_id = ? AND channel_id = ?", place
            )
            if days is not None:
                await transaction.execute("INSERT INTO retention VALUES (?, ?, ?)", (*place, days))

    async def chosen(self) -> dict[int, dict[int, int]]:
        """The days that admins chose, by guild and then by channel; 0 is the whole guild."""
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for guild_id, channel_id, days in await self._database.rows("SELECT * FROM retention"):
            found[guild_id][channel_id] = days
        return dict(found)

    async def places(self) -> list[tuple[int, int]]:
        """The guild and the id of every channel that has messages or tombstones."""
        records = await self._database.rows(
            f"{PLACES} SELECT (SELECT guild_id FROM messages WHERE channel_id = places.id LIMIT 1) "
            "AS guild_id, id FROM places WHERE id IS NOT NULL"
        )
        return [(record["guild_id"], record["id"]) for record in records]

    async def left(self) -> Mapping[int, datetime]:
        """The guilds that the bot is not in any more, and since when (UTC)."""
        records = await self._database.rows(
            "SELECT id, left_at FROM guilds WHERE left_at IS NOT NULL"
        )
        return {record["id"]: integer_to_moment(record["left_at"]) for record in records}

    async def expire(
        self,
        channel_id: int,
        before: datetime,
        *,
        keep: Callable[[Sequence[Message]], Awaitable[None]] | None = None,
    ) -> int:
        """Removes a channel's messages sent before a moment; gives how many there were.

        Some hundreds at a time are given to `keep` first; if that raises they stay. What was
        imported stays until it is purged on purpose, and so do tombstones, which keep history from
        bringing a deleted message back. Digests cached of what goes go with it.
        """
        last, end, expired = 0, first_id_at(before), 0
        try:
            while messages := await self._next(channel_id, last, end):
                if keep is not None:
                    await keep(messages)
                await self._remove([message.id for message in messages])
                last = messages[-1].id
                expired += len(messages)
                await asyncio.sleep(_PAUSE)
        finally:
            if expired:
                self._text_went()
        return expired

    async def _next(self, channel_id: int, after: int, end: int) -> list[Message]:
        records = await self._database.rows(
            "SELECT * FROM messages WHERE channel_id = ? AND id > ? AND id < ? AND imported = 0 "
            "AND text IS NOT NULL ORDER BY id LIMIT ?",
            (channel_id, after, end, _CHUNK),
        )
        rows = [row_of_record(record) for record in records]
        ids = {row.author_id for row in rows} | {one for row in rows for one in row.mentions}
        authors = await load_authors(self._database, ids)
        return [message_of_row(row, authors) for row in rows]

    async def _remove(self, ids: Sequence[int]) -> None:
        """Removes them, but for those of which only a tombstone has been left meanwhile."""
        async with self._database.transaction() as transaction:
            await forget_digests(transaction, ids)
            await forget_homes(transaction, ids)
            await transaction.execute(
                "DELETE FROM messages WHERE text IS NOT NULL AND imported = 0 "
                "AND id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids),),
            )


def _days(days: int | None) -> str:
    return "" if days is None else "1 day" if days == 1 else f"{days} days"
