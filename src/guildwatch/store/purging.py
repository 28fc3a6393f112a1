"""Purge: what is removed on purpose, with everything derived from it, and does not come back."""

import asyncio
import json
from collections.abc import Callable, Collection
from datetime import datetime

from guildwatch.model import ChannelKind, Clock, first_id_at
from guildwatch.store.applying import remove_rows
from guildwatch.store.burials import Burials, purged, raise_floor
from guildwatch.store.database import Database, Transaction
from guildwatch.store.rows import Row, row_of_record
from guildwatch.store.withdrawal import withdraw_below

_CHUNK = 500
_PAUSE = 0.005  # seconds between chunks, so that capture comes in
_THREADS = json.dumps([kind for kind in ChannelKind if kind.is_thread])
# What is known of a guild, in the order in which foreign keys let it go.
_OF_GUILD = (
    "DELETE FROM feedback WHERE guild_id = ?1",
    "DELETE FROM ledger WHERE guild_id = ?1",
    "DELETE FROM reports WHERE guild_id = ?1",
    "DELETE FROM conversations WHERE guild_id = ?1",
    "DELETE FROM questions WHERE guild_id = ?1",
    "DELETE FROM costs WHERE guild_id = ?1",
    "DELETE FROM incidents WHERE guild_id = ?1",
    "DELETE FROM guild_settings WHERE guild_id = ?1",
    "DELETE FROM gates WHERE guild_id = ?1",
    "DELETE FROM record WHERE guild_id = ?1",
    "DELETE FROM retention WHERE guild_id = ?1",
    "DELETE FROM activity WHERE guild_id = ?1",
    "DELETE FROM authors WHERE guild_id = ?1",
    "DELETE FROM tracking WHERE channel_id IN (SELECT id FROM channels WHERE guild_id = ?1)",
    "DELETE FROM watermarks WHERE channel_id IN (SELECT id FROM channels WHERE guild_id = ?1)",
    "DELETE FROM gaps WHERE channel_id IN (SELECT id FROM channels WHERE guild_id = ?1)",
    "DELETE FROM sweeps WHERE channel_id IN (SELECT id FROM channels WHERE guild_id = ?1)",
    "DELETE FROM breaks WHERE channel_id IN (SELECT id FROM channels WHERE guild_id = ?1)",
    "DELETE FROM channels WHERE guild_id = ?1",
    "DELETE FROM guilds WHERE id = ?1",
)


class Purge:
    """Removes messages, imported ones too, in chunks beside live traffic."""

    def __init__(
        self,
        database: Database,
        burials: Burials | None,
        clock: Clock,
        text_went: Callable[[], None],
    ) -> None:
        self._database = database
        self._burials = burials
        self._clock = clock
        self._text_went = text_went

    async def purge(
        self,
        guild_id: int,
        *,
        channel_ids: Collection[int] | None = None,
        before: datetime | None = None,
    ) -> int:
        """Removes a guild's messages, or those of some channels and their threads.

        Those sent before a moment go, all there are if none is given, with their counts, digests
        and what rests on them in stored reports; gives how many there were. History does not
        bring them back, neither does a backup; an import on purpose may. What is interrupted is
        finished when the store is opened again.
        """
        if channel_ids is not None and not channel_ids:
            return 0
        async with self._database.transaction(durable=True) as transaction:
            chosen = await _with_threads(transaction, channel_ids or ())
            until = await _last_id(transaction, guild_id, before, self._clock())
            records = list(purged(guild_id, chosen, until))
            if self._burials is not None:
                await self._burials.note(transaction, records)
            for record in records:
                await raise_floor(transaction, record, is_new=True)
        return await self.finish()

    async def finish(self) -> int:
        """Removes what purges have still left; gives how many messages that were."""
        removed = 0
        for floor in await self._database.rows(
            "SELECT guild_id, channel_id, remove_to FROM floors WHERE remove_to > 0"
        ):
            removed += await self._remove(*floor)
        if removed:
            self._text_went()
        return removed

    async def forget_guild(self, guild_id: int) -> None:
        """Removes everything that is known of a guild but who opted out of being kept.

        Of deleted messages the ids stay, and that nothing older is taken from history again.
        """
        await self.purge(guild_id)
        async with self._database.transaction(durable=True) as transaction:
            await transaction.execute(
                "INSERT OR IGNORE INTO graves SELECT id FROM messages WHERE guild_id = ?",
                (guild_id,),
            )
            await transaction.execute("DELETE FROM messages WHERE guild_id = ?", (guild_id,))
            for statement in _OF_GUILD:
                await transaction.execute(statement, (guild_id,))
        self._text_went()

    async def _remove(self, guild_id: int, channel_id: int, until_id: int) -> int:
        removed = last = 0
        place = ("channel_id", channel_id) if channel_id else ("guild_id", guild_id)
        while rows := await self._next(*place, last, until_id):
            async with self._database.transaction() as transaction:
                await remove_rows(transaction, rows)
            last = rows[-1].id
            removed += len(rows)
            await asyncio.sleep(_PAUSE)
        await self._correct_reports(guild_id, channel_id, until_id)
        async with self._database.transaction(durable=True) as transaction:
            await transaction.execute(
                "UPDATE floors SET remove_to = 0 "
                "WHERE guild_id = ? AND channel_id = ? AND remove_to = ?",
                (guild_id, channel_id, until_id),
            )
        return removed

    async def _next(self, column: str, id_: int, after: int, until_id: int) -> list[Row]:
        records = await self._database.rows(
            f"SELECT * FROM messages WHERE {column} = ? AND text IS NOT NULL "  # noqa: S608
            "AND id > ? AND id <= ? ORDER BY id LIMIT ?",
            (id_, after, until_id, _CHUNK),
        )
        return [row_of_record(record) for record in records]

    async def _correct_reports(self, guild_id: int, channel_id: int, until_id: int) -> None:
        """Corrects reports that rest on messages which had been kept long enough before."""
        for record in await self._database.rows(
            "SELECT id FROM reports WHERE guild_id = ? AND id IN "
            "(SELECT report_id FROM receipts WHERE message_id <= ?)",
            (guild_id, until_id),
        ):
            async with self._database.transaction() as transaction:
                await withdraw_below(transaction, record["id"], channel_id, until_id)


async def _with_threads(transaction: Transaction, channel_ids: Collection[int]) -> list[int]:
    threads = await transaction.rows(
        "SELECT id FROM channels WHERE parent_id IN (SELECT value FROM json_each(?)) "
        "AND kind IN (SELECT value FROM json_each(?))",
        (json.dumps(list(channel_ids)), _THREADS),
    )
    return sorted({*channel_ids, *(record["id"] for record in threads)})


async def _last_id(
    transaction: Transaction, guild_id: int, before: datetime | None, now: datetime
) -> int:
    if before is not None:
        return max(0, first_id_at(before) - 1)
    ((newest,),) = await transaction.rows(
        "SELECT max(id) FROM messages WHERE guild_id = ?", (guild_id,)
    )
    return max(first_id_at(now), newest or 0)
