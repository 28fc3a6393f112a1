"""Which conversation each message belongs to, as it was decided when the message came."""

# ruff: noqa: S608 - SQL is put together from this file's own text; values are parameters

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence

from guildwatch.model import Home, ReasonKind
from guildwatch.store.database import Database, Transaction

_PAGE = 5000
_NEAR = 2000  # lines of a channel among which neighbours are looked for: 3 ms each way


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
            found.update((one["message_id"], _home(one)) for one in records)
            last = records[-1]["message_id"]
        return found

    async def of_messages(self, ids: Collection[int]) -> dict[int, Home]:
        """The homes of these messages, as far as known."""
        records = await self._database.rows(
            "SELECT * FROM homes WHERE message_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {one["message_id"]: _home(one) for one in records}

    async def around(self, ids: Collection[int], reach: int) -> dict[int, Home]:
        """The homes of these messages, and of up to `reach` lines before and after each of them.

        Those lines are of the same conversation, and not further than some thousand lines away.
        """
        records = await self._database.rows(
            "WITH cited AS (SELECT * FROM homes "
            "WHERE message_id IN (SELECT value FROM json_each(?1))) "
            "SELECT homes.* FROM homes JOIN (SELECT message_id FROM cited "
            f"UNION SELECT near.value FROM cited, json_each({_neighbours('<', 'DESC')}) AS near "
            f"UNION SELECT near.value FROM cited, json_each({_neighbours('>', 'ASC')}) AS near"
            ") USING (message_id)",
            (json.dumps(list(ids)), _NEAR, reach),
        )
        return {one["message_id"]: _home(one) for one in records}

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


def _neighbours(is_on_this_side: str, order: str) -> str:
    """The next lines of the conversation of `cited` on one side of it, as a list in JSON."""
    return (
        "(SELECT json_group_array(message_id) FROM (SELECT message_id FROM ("
        "SELECT message_id, conversation_id FROM homes WHERE channel_id = cited.channel_id "
        f"AND message_id {is_on_this_side} cited.message_id ORDER BY message_id {order} LIMIT ?2) "
        "WHERE conversation_id = cited.conversation_id "
        f"ORDER BY message_id {order} LIMIT ?3))"
    )


def _home(record: sqlite3.Row) -> Home:
    return Home(
        record["message_id"],
        record["conversation_id"],
        ReasonKind(record["reason"]),
        record["because_id"],
    )
