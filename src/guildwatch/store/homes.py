"""Which conversation each message belongs to, as it was decided when the message came."""

import json
from collections.abc import Collection, Mapping, Sequence

from guildwatch.model import Home, ReasonKind
from guildwatch.store.database import Database, Transaction

_PAGE = 5000


class Homes:
    """The homes of messages; nothing in them is a word of anybody's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel_ids: Collection[int], from_id: int, to_id: int) -> dict[int, Home]:
        """The homes of these channels' messages with ids of [from_id, to_id), as far as known."""
        found: dict[int, Home] = {}
        chosen, last = json.dumps(list(channel_ids)), from_id - 1
        while records := await self._database.rows(
            "SELECT * FROM homes WHERE message_id > ? AND message_id < ? "
            "AND +channel_id IN (SELECT value FROM json_each(?)) ORDER BY message_id LIMIT ?",
            (last, to_id, chosen, _PAGE),
        ):
            for id_, _, conversation_id, reason, because_id in records:
                found[id_] = Home(id_, conversation_id, ReasonKind(reason), because_id)
            last = records[-1]["message_id"]
        return found

    async def of_messages(self, ids: Collection[int]) -> dict[int, Home]:
        """The homes of these messages, as far as known."""
        records = await self._database.rows(
            "SELECT * FROM homes WHERE message_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {
            id_: Home(id_, conversation_id, ReasonKind(reason), because_id)
            for id_, _, conversation_id, reason, because_id in records
        }

    async def keep(self, homes: Mapping[int, Sequence[Home]]) -> None:
        """Keeps homes, by channel; none of a message that is deleted or not there any more."""
        async with self._database.transaction() as transaction:
            await transaction.many(
                "INSERT OR REPLACE INTO homes SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS "
                "(SELECT 1 FROM messages WHERE id = ?1 AND text IS NOT NULL)",
                [
                    (one.message_id, channel_id, one.conversation_id, one.reason, one.because_id)
                    for channel_id, some in homes.items()
                    for one in some
                ],
            )


async def forget_homes(transaction: Transaction, ids: Collection[int]) -> None:
    """Forgets where these messages belonged."""
    if ids:
        await transaction.execute(
            "DELETE FROM homes WHERE message_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
