"""What was said: writing it in batches, and reading it by time, id, channel and words."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guildwatch.model import (
    Author,
    Captured,
    ChannelClosed,
    Deletion,
    Message,
    created_at,
    first_id_at,
)
from guildwatch.store.applying import (
    is_storable,
    load_changes,
    raise_watermarks,
    write_changes,
)
from guildwatch.store.burials import Burials
from guildwatch.store.changes import Changes
from guildwatch.store.database import Database, Parameters, Transaction
from guildwatch.store.plain import storable
from guildwatch.store.rows import message_of_row, row_of_record
from guildwatch.store.tombstones import Mark, Tombstone

# The `+` keeps the planner from the guild's index, which is ten times as long as the range of ids
# (measured: 211 ms with it, 31 ms without).
BETWEEN = (
    "SELECT * FROM messages WHERE id >= ?1 AND id < ?2 AND +guild_id = ?3 "
    "AND (?4 IS NULL OR channel_id IN (SELECT value FROM json_each(?4))) ORDER BY id"
)
_SNIPPET_WORDS = 24


@dataclass(frozen=True, slots=True)
class Applied:
    """How many messages a batch brought, changed, and deleted of those that were there.

    Of the messages `unkept` nothing was kept, as their authors do not want it; `opted_out` are
    those people among all that it names, by guild and id, of whom nothing is.
    """

    new: int
    changed: int
    deleted: int
    unkept: frozenset[int] = frozenset()
    opted_out: frozenset[tuple[int, int]] = frozenset()

    def __add__(self, other: "Applied") -> "Applied":
        return Applied(
            self.new + other.new,
            self.changed + other.changed,
            self.deleted + other.deleted,
            self.unkept | other.unkept,
            self.opted_out | other.opted_out,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A message that a search found; `snippet` is the part of its text around the words."""

    message: Message
    snippet: str


class Messages:
    """The messages of all guilds."""

    def __init__(
        self,
        database: Database,
        text_went: Callable[[], None],
        burials: Burials | None = None,
    ) -> None:
        self._database = database
        self._text_went = text_went
        self._burials = burials
        self._listeners: list[Callable[[Sequence[int]], None]] = []
        self._readers: list[Callable[[Mapping[int, Sequence[int]]], None]] = []

    def when_deleted(self, tell: Callable[[Sequence[int]], None]) -> None:
        """Has the ids told of all messages that are deleted from now on, stored ones or not."""
        self._listeners.append(tell)

    def when_stored(self, tell: Callable[[Mapping[int, Sequence[int]]], None]) -> None:
        """Has the ids told, by guild, of all messages that `apply` stores new from now on."""
        self._readers.append(tell)

    async def apply(
        self,
        batch: Sequence[Captured],
        *,
        watermarks: Mapping[int, int] | None = None,
        imported: bool = False,
    ) -> Applied:
        """Stores a batch in one transaction, with everything that follows from it.

        A tombstone stays whatever comes; the newer edit wins; what was `imported` never replaces
        what Discord told. An empty text does not replace a stored one unless attachments beside it
        show that it was really emptied (or it comes as a MessageEdit). The messages of a closed
        channel beyond the first few hundred are deleted in the background. Events with ids that
        Discord cannot have given are left out.
        """
        events = [event for event in batch if is_storable(event)]
        is_deleting = any(isinstance(event, Deletion | ChannelClosed) for event in events)
        async with self._database.transaction(durable=is_deleting) as transaction:
            changes = await self._take(transaction, events, imported=imported)
            await raise_watermarks(transaction, watermarks or {})
        if changes.reworded() or changes.closing or changes.gone():
            self._text_went()
        if gone := sorted(changes.gone()):
            self.tell_gone(gone)
        if come := changes.come():
            for tell in self._readers:
                tell(come)
        opted_out = frozenset(changes.barred.opted_out)
        return Applied(*changes.figures(), unkept=changes.unkept(), opted_out=opted_out)

    def tell_gone(self, ids: Sequence[int]) -> None:
        """Tells whoever wants to hear of it that nothing is left of these messages."""
        for tell in self._listeners:
            tell(ids)

    async def apply_imported(self, batches: AsyncIterable[Sequence[Message]]) -> Applied:
        """Stores all that is imported in one transaction, by the rules of `apply`.

        Whatever ends it before its end, a kill too, leaves nothing of it. Nobody else can write
        meanwhile, and all of it waits in the write-ahead log.
        """
        sums = [0, 0, 0]
        async with self._database.transaction() as transaction:
            async for batch in batches:
                events = [event for event in batch if is_storable(event)]
                changes = await self._take(transaction, events, imported=True)
                sums = [one + more for one, more in zip(sums, changes.figures(), strict=True)]
        self._text_went()  # the older wording, where there was one
        new, changed, deleted = sums
        return Applied(new, changed, deleted)

    async def _take(
        self, transaction: Transaction, events: Sequence[Captured], *, imported: bool
    ) -> Changes:
        changes = await load_changes(transaction, events, imported=imported)
        for event in events:
            changes.take(event)
        await write_changes(transaction, changes)
        await self._note(transaction, changes)
        return changes

    async def _note(self, transaction: Transaction, changes: Changes) -> None:
        """Writes into the file beside the database what must not come back."""
        if self._burials is not None:
            records = [Tombstone(Mark.MESSAGE, one) for one in changes.fresh_tombstones()]
            await self._burials.note(transaction, records)

    async def between(
        self,
        guild_id: int,
        start: datetime,
        end: datetime,
        *,
        channel_ids: Collection[int] | None = None,
    ) -> list[Message]:
        """A guild's messages of [start, end), oldest first, tombstones included."""
        return await self._messages(
            BETWEEN, (first_id_at(start), first_id_at(end), guild_id, _json(channel_ids))
        )

    async def page(
        self,
        guild_id: int,
        after_id: int,
        before_id: int,
        *,
        channel_ids: Collection[int] | None = None,
        limit: int = 1000,
    ) -> list[Message]:
        """A guild's first `limit` messages with ids between two, oldest first, with tombstones."""
        return await self._messages(
            f"{BETWEEN} LIMIT ?5", (after_id + 1, before_id, guild_id, _json(channel_ids), limit)
        )

    async def by_ids(self, ids: Collection[int]) -> dict[int, Message]:
        """The stored ones of these messages by their ids, tombstones included."""
        found = await self._messages(
            "SELECT * FROM messages WHERE id IN (SELECT value FROM json_each(?))",
            (_json(ids),),
        )
        return {message.id: message for message in found}

    async def latest(self, *, guild_id: int | None = None, limit: int = 200) -> list[Message]:
        """The newest messages, oldest of them first, without tombstones."""
        if guild_id is None:
            found = await self._messages(
                "SELECT * FROM messages WHERE text IS NOT NULL ORDER BY id DESC LIMIT ?", (limit,)
            )
        else:
            found = await self._messages(
                "SELECT * FROM messages WHERE guild_id = ? AND text IS NOT NULL "
                "ORDER BY id DESC LIMIT ?",
                (guild_id, limit),
            )
        return found[::-1]

    async def search(
        self,
        guild_id: int,
        words: str,
        *,
        channel_ids: Collection[int] | None = None,
        limit: int = 50,
    ) -> list[Found]:
        """The messages that hold all the words, newest first; any text is safe to search for."""
        records = await self._database.rows(
            "SELECT m.*, snippet(messages_fts, 0, '', '', '…', ?1) AS snippet "
            "FROM messages_fts JOIN messages m ON m.id = messages_fts.rowid "
            "WHERE messages_fts MATCH ?2 AND m.guild_id = ?3 "
            "AND (?4 IS NULL OR m.channel_id IN (SELECT value FROM json_each(?4))) "
            "ORDER BY messages_fts.rowid DESC LIMIT ?5",
            (_SNIPPET_WORDS, _phrases(words), guild_id, _json(channel_ids), limit),
        )
        messages = await self._told(records)
        return [
            Found(message, record["snippet"])
            for message, record in zip(messages, records, strict=True)
        ]

    async def watermarks(self) -> dict[int, int]:
        """For each channel the id up to which everything is stored."""
        records = await self._database.rows("SELECT channel_id, message_id FROM watermarks")
        return {record["channel_id"]: record["message_id"] for record in records}

    async def days(
        self, guild_id: int, *, channel_ids: Collection[int] | None = None
    ) -> tuple[datetime, datetime] | None:
        """When the first and last message of a guild, or of these channels, were sent.

        None when there is none.
        """
        edges = await self._edges(
            "SELECT (SELECT min(id) FROM messages WHERE guild_id = ?1),"
            " (SELECT max(id) FROM messages WHERE guild_id = ?1)"
            if channel_ids is None
            else "SELECT min(first), max(last) FROM (SELECT"
            " (SELECT min(id) FROM messages WHERE channel_id = value) AS first,"
            " (SELECT max(id) FROM messages WHERE channel_id = value) AS last"
            " FROM json_each(?1))",
            guild_id if channel_ids is None else json.dumps(list(channel_ids)),
        )
        return None if edges is None else (created_at(edges[0]), created_at(edges[1]))

    async def edges(self, channel_id: int) -> tuple[int, int] | None:
        """A channel's smallest and largest stored id, tombstones included."""
        return await self._edges(
            "SELECT (SELECT min(id) FROM messages WHERE channel_id = ?1),"
            " (SELECT max(id) FROM messages WHERE channel_id = ?1)",
            channel_id,
        )

    async def _edges(self, sql: str, value: int | str) -> tuple[int, int] | None:
        # SQLite reads min or max from the index only where each stands alone in its SELECT.
        ((first, last),) = await self._database.rows(sql, (value,))
        return None if first is None else (first, last)

    async def _messages(self, sql: str, parameters: Parameters) -> list[Message]:
        return await self._told(await self._database.rows(sql, parameters))

    async def _told(self, records: Sequence[sqlite3.Row]) -> list[Message]:
        """The messages of records; a busy day's take long enough to be built in a thread."""
        rows = await asyncio.to_thread(lambda: [row_of_record(record) for record in records])
        ids = {row.author_id for row in rows} | {one for row in rows for one in row.mentions}
        authors = await load_authors(self._database, ids - {None})
        return await asyncio.to_thread(lambda: [message_of_row(row, authors) for row in rows])


async def load_authors(
    database: Database | Transaction, ids: Collection[int | None]
) -> dict[tuple[int, int], Author]:
    """What is known of these people, by guild and id."""
    records = await database.rows(
        "SELECT * FROM authors WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {
        (one["guild_id"], one["id"]): Author(one["id"], one["name"], bool(one["is_bot"]))
        for one in records
    }


def _json(ids: Collection[int] | None) -> str | None:
    return None if ids is None else json.dumps(list(ids))


def _phrases(words: str) -> str:
    """The words as an FTS5 query that has no syntax left in it: each a quoted string."""
    clean = storable(words).replace("\0", " ").replace('"', " ")
    return " ".join(f'"{word}"' for word in clean.split()) or '""'
