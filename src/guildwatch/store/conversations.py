"""The cache of digested conversations."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import json
from collections.abc import Collection, Mapping

from guildwatch.model import wording_of
from guildwatch.store.database import Database, Transaction
from guildwatch.store.departed import Departed
from guildwatch.store.nameless import is_named

_PAGE = 5000
_FOR_THEM = """(? IS NULL OR NOT EXISTS (
    SELECT 1 FROM json_each(among) WHERE value NOT IN (SELECT value FROM json_each(?))))"""


class Conversations:
    """What digesting a conversation gave, kept until one of its messages is edited or deleted."""

    def __init__(self, database: Database, departed: Departed) -> None:
        self._database = database
        self._departed = departed

    async def cached(self, key: str, readable: Collection[int] | None = None) -> str | None:
        """The result kept under a key, None when there is none (any more).

        Nor for readers of the `readable` channels where more than these were read for it.
        """
        readers = _json(readable)
        records = await self._database.rows(
            f"SELECT result FROM conversations WHERE key = ? AND {_FOR_THEM}",
            (key, readers, readers),
        )
        return records[0]["result"] if records else None

    async def resting_on(
        self, first_id: int, last_id: int, readable: Collection[int] | None = None
    ) -> dict[str, tuple[int, ...]]:
        """The keys of what rests on messages of these ids, both included, each with those ids.

        For readers of the `readable` channels, as in `cached`.
        """
        readers = _json(readable)
        found: dict[str, list[int]] = {}
        last = (first_id - 1, "")
        while records := await self._database.rows(
            "SELECT message_id, key FROM conversation_messages JOIN conversations USING (key) "
            f"WHERE message_id <= ? AND (message_id, key) > (?, ?) AND {_FOR_THEM} "
            "ORDER BY message_id, key LIMIT ?",
            (last_id, *last, readers, readers, _PAGE),
        ):
            for id_, key in records:
                found.setdefault(key, []).append(id_)
            last = records[-1]["message_id"], records[-1]["key"]
        return {key: tuple(ids) for key, ids in found.items()}

    async def kept(self, keys: Collection[str]) -> set[str]:
        """Those of the keys under which something is kept."""
        records = await self._database.rows(
            "SELECT key FROM conversations WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {record["key"] for record in records}

    async def keep(
        self,
        key: str,
        guild_id: int,
        channel_id: int,
        message_ids: Collection[int],
        result: str,
        *,
        among: Collection[int] = (),
    ) -> None:
        """Keeps a result; not if one of its messages was deleted while it was being made,
        or it names somebody who was forgotten meanwhile.

        Where they come as a mapping to their wordings (`wording_of`), nor if one has another now
        or is not there any more. `among` are the channels of all messages that were read for it. A
        store that was opened for reading only keeps nothing.
        """
        if self._database.is_read_only:
            return
        async with self._database.transaction() as transaction:
            await transaction.execute("DELETE FROM conversations WHERE key = ?", (key,))
            if await _have_changed(transaction, message_ids):
                return
            departed = await self._departed.names(transaction, guild_id)
            if any(is_named(name, result) for names in departed.values() for name in names):
                return
            await transaction.execute(
                "INSERT INTO conversations (key, guild_id, channel_id, result, among) "
                "VALUES (?, ?, ?, ?, ?)",
                (key, guild_id, channel_id, result, _json(among)),
            )
            await transaction.many(
                "INSERT INTO conversation_messages (message_id, key) VALUES (?, ?)",
                [(one, key) for one in set(message_ids)],
            )


def _json(ids: Collection[int] | None) -> str | None:
    return None if ids is None else json.dumps(sorted(ids))


async def _have_changed(transaction: Transaction, message_ids: Collection[int]) -> bool:
    texts = {
        record["id"]: record["text"]
        for record in await transaction.rows(
            "SELECT id, text FROM messages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(message_ids)),),
        )
    }
    if None in texts.values():
        return True
    if not isinstance(message_ids, Mapping):
        return False
    return {id_: wording_of(text) for id_, text in texts.items()} != dict(message_ids)
