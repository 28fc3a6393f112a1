"""What a language model was made to read, so that a day's cost is known after a restart too."""

import json
from collections.abc import Collection, Sequence
from datetime import timedelta

from guildwatch.model import Cost, Spent, created_at, first_id_at
from guildwatch.store.database import Database

_KEPT = timedelta(days=100)


class Costs:
    """What calls took, by the messages that they were about; nothing in it is a word of anybody's.

    It is kept for some months after those messages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, costs: Sequence[Cost]) -> None:
        """Adds to what was spent, unless the store was opened for reading only."""
        if self._database.is_read_only or not costs:
            return
        newest = max(cost.message_id for cost in costs)
        async with self._database.transaction() as transaction:
            await transaction.many(
                "INSERT INTO costs VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "calls = calls + excluded.calls, "
                "prompt_tokens = prompt_tokens + excluded.prompt_tokens, "
                "chat_tokens = chat_tokens + excluded.chat_tokens, "
                "completion_tokens = completion_tokens + excluded.completion_tokens",
                [_values(cost) for cost in costs],
            )
            await transaction.execute(
                "DELETE FROM costs WHERE message_id < ?",
                (first_id_at(created_at(newest) - _KEPT),),
            )

    async def ahead(self, channel_ids: Collection[int], from_id: int, to_id: int) -> Spent:
        """What was spent ahead on these channels' messages with ids of [from_id, to_id)."""
        return await self._sum("AND is_ahead", channel_ids, from_id, to_id)

    async def all(self, channel_ids: Collection[int], from_id: int, to_id: int) -> Spent:
        """What was spent at all on these channels' messages with ids of [from_id, to_id)."""
        return await self._sum("", channel_ids, from_id, to_id)

    async def _sum(
        self, which: str, channel_ids: Collection[int], from_id: int, to_id: int
    ) -> Spent:
        (record,) = await self._database.rows(
            "SELECT total(calls), total(prompt_tokens), total(chat_tokens), "  # noqa: S608 - ours
            "total(completion_tokens) FROM costs WHERE message_id >= ? AND message_id < ? "
            f"AND channel_id IN (SELECT value FROM json_each(?)) {which}",
            (from_id, to_id, json.dumps(list(channel_ids))),
        )
        return Spent(*map(int, record))


def _values(cost: Cost) -> tuple[int, ...]:
    spent = cost.spent
    return (
        cost.message_id,
        cost.channel_id,
        cost.guild_id,
        cost.is_ahead,
        spent.calls,
        spent.prompt_tokens,
        spent.chat_tokens,
        spent.completion_tokens,
    )
