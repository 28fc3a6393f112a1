"""The questions that reports told as open, by their ids: which of them nobody has answered yet."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from guildwatch.model import first_id_at
from guildwatch.store.database import Database


class Questions:
    """Questions from the day on which a report told them as open. No word of anybody is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, guild_id: int, asked: Mapping[int, int]) -> None:
        """Follows these questions (message id → channel id) from now on.

        What was deleted, or is no longer kept, is followed no longer.
        """
        async with self._database.transaction() as transaction:
            await transaction.many(
                "INSERT INTO questions (message_id, guild_id, channel_id) VALUES (?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                [(one, guild_id, channel) for one, channel in asked.items()],
            )
            await transaction.execute(
                "DELETE FROM questions WHERE guild_id = ? AND message_id NOT IN "
                "(SELECT id FROM messages WHERE text IS NOT NULL)",
                (guild_id,),
            )

    async def end(self, ended: Mapping[int, int]) -> None:
        """Notes by which message each of these questions was answered or taken back."""
        async with self._database.transaction() as transaction:
            await transaction.many(
                "INSERT OR IGNORE INTO question_endings "
                "SELECT message_id, ? FROM questions WHERE message_id = ?",
                [(by, one) for one, by in ended.items()],
            )

    async def open(
        self, guild_id: int, start: datetime, end: datetime, *, channel_ids: Collection[int]
    ) -> list[int]:
        """The questions asked in [start, end) that were still open at its end, oldest first.

        For readers of these channels: a question from elsewhere does not exist for them, and an
        answer that was given elsewhere, or was deleted since, is none.
        """
        records = await self._database.rows(
            "SELECT message_id FROM questions JOIN messages ON messages.id = message_id "
            "WHERE questions.guild_id = ?1 AND message_id >= ?2 AND message_id < ?3 "
            "AND text IS NOT NULL "
            "AND questions.channel_id IN (SELECT value FROM json_each(?4)) "
            "AND NOT EXISTS (SELECT 1 FROM question_endings AS ending "
            "JOIN messages AS answer ON answer.id = ending.ended_by "
            "WHERE ending.message_id = questions.message_id AND ending.ended_by < ?3 "
            "AND answer.text IS NOT NULL "
            "AND answer.channel_id IN (SELECT value FROM json_each(?4))) ORDER BY message_id",
            (guild_id, first_id_at(start), first_id_at(end), json.dumps(list(channel_ids))),
        )
        return [record["message_id"] for record in records]
