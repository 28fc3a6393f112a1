"""What is stored of a channel's past, as whoever reads its history again needs it."""

# ruff: noqa: S608 - SQL is put together from the store's own constants; values are parameters

from collections.abc import Mapping
from datetime import datetime

from guildwatch.model import first_id_at
from guildwatch.store.database import Database
from guildwatch.store.plain import moment_to_integer
from guildwatch.store.rows import PLACES

_AROUND = 25
"""So many messages before a cited one belong to its neighbourhood; a page has those behind it."""


class Past:
    """Questions about single channels, each answered from an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, channel_id: int) -> int | None:
        """The channel's watermark: the id up to which everything is stored."""
        found = await self._database.rows(
            "SELECT message_id FROM watermarks WHERE channel_id = ?", (channel_id,)
        )
        return found[0]["message_id"] if found else None

    async def oldest(self, channel_id: int) -> int | None:
        """The channel's oldest message that still has its text, imported ones aside."""
        found = await self._database.rows(
            "SELECT id FROM messages WHERE channel_id = ? AND text IS NOT NULL AND imported = 0 "
            "ORDER BY id LIMIT 1",
            (channel_id,),
        )
        return found[0]["id"] if found else None

    async def stored(self, channel_id: int, *, after: int, until: int) -> set[int]:
        """The channel's messages in (after, until] that still have their text."""
        records = await self._database.rows(
            "SELECT id FROM messages WHERE channel_id = ? AND id > ? AND id <= ? "
            "AND text IS NOT NULL",
            (channel_id, after, until),
        )
        return {one["id"] for one in records}

    async def cited(self, channel_id: int, *, since: datetime, until: int) -> set[int]:
        """The messages up to an id around which reports written since then have receipts.

        Each stands for the stretch that begins with it: there is one some messages before each
        cited one.
        """
        records = await self._database.rows(
            "SELECT coalesce((SELECT min(id) FROM (SELECT id FROM messages WHERE "
            "channel_id = m.channel_id AND id <= m.id ORDER BY id DESC LIMIT ?)), m.id) AS first, "
            "m.id AS cited FROM reports r JOIN receipts c ON c.report_id = r.id "
            "JOIN messages m ON m.id = c.message_id "
            "WHERE r.written_at >= ? AND m.channel_id = ? AND m.id <= ? AND m.text IS NOT NULL",
            (_AROUND, moment_to_integer(since), channel_id, until),
        )
        return {id_ for one in records for id_ in (one["first"], one["cited"])}

    async def strays(self, guild_id: int) -> list[int]:
        """The channels of a guild's stored texts of which nothing else was kept.

        A kill right after a thread was opened leaves one: what was said in it is written before the
        guild's picture.
        """
        records = await self._database.rows(
            f"{PLACES} SELECT id FROM places WHERE id IS NOT NULL "
            "AND id NOT IN (SELECT id FROM channels) AND EXISTS (SELECT 1 FROM messages "
            "WHERE channel_id = places.id AND guild_id = ? AND text IS NOT NULL AND imported = 0)",
            (guild_id,),
        )
        return [one["id"] for one in records]

    async def of_author(
        self, guild_id: int, author_id: int, *, since: datetime
    ) -> Mapping[int, list[int]]:
        """By channel the messages that somebody wrote in a guild since then and that are stored."""
        records = await self._database.rows(
            "SELECT channel_id, id FROM messages WHERE id >= ? AND +guild_id = ? AND author_id = ? "
            "AND text IS NOT NULL ORDER BY id",
            (first_id_at(since), guild_id, author_id),
        )
        found: dict[int, list[int]] = {}
        for one in records:
            found.setdefault(one["channel_id"], []).append(one["id"])
        return found
