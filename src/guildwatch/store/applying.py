"""Writes a batch of events in one transaction: rows, authors, counts, and what hangs on them."""

# ruff: noqa: S608 - SQL is put together from the store's own constants; values are parameters

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from guildwatch.model import (
    Captured,
    ChannelClosed,
    ChannelKind,
    Deletion,
    GuildLeft,
    Message,
    MessageEdit,
)
from guildwatch.store.changes import Barred, Changes
from guildwatch.store.database import Transaction
from guildwatch.store.homes import forget_homes
from guildwatch.store.plain import storable
from guildwatch.store.rows import COLUMNS, Contribution, Row, row_of_record
from guildwatch.store.withdrawal import queue_rechecks, withdraw, withdraw_channels

SWEPT_AT_ONCE = 500
"""So many messages of a closed channel go right away; the rest follows in the background."""

_UPSERT = (
    f"INSERT INTO messages ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS)}"
)

_BARRED = """
    SELECT 'opted out', guild_id, author_id, 0 FROM opt_outs
        WHERE author_id IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT 'forgotten', guild_id, author_id, message_id FROM forgotten
        WHERE author_id IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT 'floor', guild_id, channel_id, message_id FROM floors
        WHERE guild_id IN (SELECT value FROM json_each(?2))
        AND channel_id IN (SELECT value FROM json_each(?3))
    UNION ALL SELECT 'buried', 0, id, 0 FROM graves
        WHERE id IN (SELECT value FROM json_each(?4))
"""


def is_storable(event: Captured) -> bool:
    """Whether an event's ids are such as Discord gives; SQLite holds no larger ones."""
    ids = [event.guild_id]
    if not isinstance(event, GuildLeft):
        ids += event.channel_id, *_message_ids(event)
    if isinstance(event, Message):
        ids += event.author.id, event.reply_to or 0
    if isinstance(event, Message | MessageEdit):
        ids += (author.id for author in event.mentioned)
    return all(0 <= one < 1 << 63 for one in ids)


async def load_changes(
    transaction: Transaction, batch: Sequence[Captured], *, imported: bool
) -> Changes:
    """What is stored of all that a batch touches."""
    families = await _families(transaction, batch)
    family_ids = [one for family in families.values() for one in family]
    ids = {one for event in batch for one in _message_ids(event)}
    records = await transaction.rows(
        "SELECT * FROM messages WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),)
    )
    for one in family_ids:
        records += await transaction.rows(
            "SELECT * FROM messages WHERE channel_id = ? AND text IS NOT NULL LIMIT ?",
            (one, SWEPT_AT_ONCE),
        )
    closed = await transaction.rows(
        "SELECT id FROM channels WHERE closed > 0 AND id IN (SELECT value FROM json_each(?))",
        (_json({event.channel_id for event in batch if not isinstance(event, GuildLeft)}),),
    )
    return Changes(
        before={record["id"]: row_of_record(record) for record in records},
        closed={record["id"] for record in closed},
        families=families,
        barred=await _barred(transaction, batch, ids),
        imported=imported,
    )


async def _barred(
    transaction: Transaction, batch: Sequence[Captured], ids: Iterable[int]
) -> Barred:
    """What of a batch may not come: one query, as each is a hop into the writer's thread.

    It asks for what the batch names alone: thousands may be barred (each purged thread is a row).
    """
    authors = {one for event in batch for one in _author_ids(event)}
    guilds = {event.guild_id for event in batch}
    channels = {event.channel_id for event in batch if not isinstance(event, GuildLeft)}
    found: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
    for what, place, one, until in await transaction.rows(
        _BARRED, (_json(authors), _json(guilds), _json({0, *channels}), _json(ids))
    ):
        found[what][place, one] = until
    return Barred(
        opted_out=found["opted out"].keys(),
        forgotten=found["forgotten"],
        buried={id_ for _, id_ in found["buried"]},
        floors=found["floor"],
    )


async def write_changes(transaction: Transaction, changes: Changes) -> None:
    """Writes what a batch has changed and corrects everything derived from it."""
    await transaction.many(_UPSERT, (row.values() for row in changes.changed()))
    await _write_authors(transaction, changes)
    await _count(transaction, changes.changed(), changes.before)
    await _close(transaction, changes)
    await forget_digests(transaction, changes.gone().union(changes.reworded()))
    await forget_homes(transaction, changes.gone())
    await withdraw(transaction, changes.buried(), changes.gone())
    await queue_rechecks(transaction, set(changes.reworded()) - changes.gone())


async def remove_rows(transaction: Transaction, rows: Sequence[Row]) -> None:
    """Removes rows wholly, with their counts and everything derived from them."""
    ids = {row.id for row in rows}
    await transaction.execute(
        "DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),)
    )
    await _count(transaction, [row.buried() for row in rows], {row.id: row for row in rows})
    await forget_digests(transaction, ids)
    await forget_homes(transaction, ids)
    await withdraw(transaction, rows, ids)


async def forget_digests(transaction: Transaction, ids: Collection[int]) -> None:
    """Forgets the digests that were cached of any of these messages."""
    if ids:
        await transaction.execute(
            "DELETE FROM conversations WHERE key IN (SELECT key FROM conversation_messages "
            "WHERE message_id IN (SELECT value FROM json_each(?)))",
            (_json(ids),),
        )


async def raise_watermarks(transaction: Transaction, watermarks: Mapping[int, int]) -> None:
    """Notes up to which id each channel is stored; a watermark never falls."""
    await transaction.many(
        "INSERT INTO watermarks (channel_id, message_id) VALUES (?, ?) ON CONFLICT (channel_id) "
        "DO UPDATE SET message_id = max(message_id, excluded.message_id)",
        watermarks.items(),
    )


async def _families(
    transaction: Transaction, batch: Sequence[Captured]
) -> dict[int, frozenset[int]]:
    closing = {event.channel_id for event in batch if isinstance(event, ChannelClosed)}
    families = {one: {one} for one in closing}
    if closing:
        for record in await transaction.rows(
            "SELECT id, parent_id FROM channels WHERE parent_id IN (SELECT value FROM json_each(?))"
            " AND kind IN (?, ?, ?)",
            (_json(closing), *(kind for kind in ChannelKind if kind.is_thread)),
        ):
            families[record["parent_id"]].add(record["id"])
    return {one: frozenset(family) for one, family in families.items()}


def _message_ids(event: Captured) -> Iterable[int]:
    match event:
        case Deletion():
            return event.ids
        case ChannelClosed() | GuildLeft():
            return ()
    return (event.id,)


def _author_ids(event: Captured) -> Iterable[int]:
    mentioned = event.mentioned if isinstance(event, Message | MessageEdit) else ()
    author = (event.author.id,) if isinstance(event, Message) else ()
    return (*author, *(one.id for one in mentioned))


async def _write_authors(transaction: Transaction, changes: Changes) -> None:
    await transaction.many(
        "INSERT INTO authors (id, guild_id, name, is_bot, imported) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id, guild_id) DO UPDATE SET name = excluded.name, is_bot = excluded.is_bot, "
        "imported = excluded.imported WHERE imported >= excluded.imported",
        [
            (author.id, guild_id, storable(author.name), author.is_bot, changes.imported)
            for (guild_id, _), author in changes.authors.items()
        ],
    )


async def _close(transaction: Transaction, changes: Changes) -> None:
    """Notes deleted channels, without what they were called: a post's title is somebody's words."""
    await transaction.many(
        "INSERT INTO channels (id, guild_id, name, kind, known, closed) VALUES (?, ?, '', 0, 0, 1) "
        "ON CONFLICT (id) DO UPDATE SET closed = 1, name = '', topic = '' WHERE closed = 0",
        changes.closing.items(),
    )
    if changes.closing:
        await withdraw_channels(transaction, changes.closing)
        await transaction.execute("UPDATE upkeep SET traces = traces + 1")


async def _count(transaction: Transaction, rows: Iterable[Row], before: Mapping[int, Row]) -> None:
    """Takes from the activity counts what changed rows had added, and adds what they add now."""
    counts: dict[tuple[int, int, int, int], list[int]] = defaultdict(lambda: [0] * 5)
    for row in rows:
        _add(counts, before.get(row.id), -1)
        _add(counts, row, 1)
    changed = {key: count for key, count in counts.items() if any(count)}
    await transaction.many(
        "INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (guild_id, hour, channel_id, author_id) DO UPDATE SET "
        "messages = messages + excluded.messages, scored = scored + excluded.scored, "
        "score_sum = score_sum + excluded.score_sum, positive = positive + excluded.positive, "
        "negative = negative + excluded.negative",
        [(*key, *count) for key, count in changed.items()],
    )
    await transaction.many(
        "DELETE FROM activity WHERE guild_id = ? AND hour = ? AND channel_id = ? "
        "AND author_id = ? AND messages <= 0",
        [key for key, count in changed.items() if count[0] < 0],
    )


def _add(counts: dict[tuple[int, int, int, int], list[int]], row: Row | None, sign: int) -> None:
    one: Contribution | None = row.contribution() if row else None
    if one is None:
        return
    count = counts[one.guild_id, one.hour, one.channel_id, one.author_id]
    for index, amount in enumerate((1, one.scored, one.score_sum, one.positive, one.negative)):
        count[index] += sign * amount


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))
