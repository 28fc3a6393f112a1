"""Takes a member out of what is stored in a guild, step by step, each step one transaction."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import json
from collections.abc import Collection
from dataclasses import replace

from guildwatch.model import Report, created_at
from guildwatch.store.applying import forget_digests, write_changes
from guildwatch.store.changes import Barred, Changes
from guildwatch.store.database import Transaction
from guildwatch.store.nameless import nameless, nameless_report, spellings, unaddressed
from guildwatch.store.plain import load, moment_to_integer
from guildwatch.store.rows import FORGOTTEN, Row, hour_of, row_of_record
from guildwatch.store.tombstones import Mark, Tombstone
from guildwatch.store.withdrawal import correct, withdraw_author

EVER = (1 << 63) - 1
_IDS = "(SELECT value FROM json_each(?))"


async def heed_member(transaction: Transaction, record: Tombstone) -> None:
    """Does what a record about a member says: who is barred, and of whom what has to go.

    What has to go goes afterwards (`Rights.finish`), however often the program is killed between.
    """
    pair = (record.author_id, record.guild_id)
    match record.mark:
        case Mark.OPT_IN:
            await transaction.execute(
                "DELETE FROM opt_outs WHERE author_id = ? AND guild_id = ?", pair
            )
            # What was said before was forgotten in the same breath; what comes after is welcome.
            await transaction.execute(
                "UPDATE erasures SET until_id = min(until_id, coalesce((SELECT message_id FROM "
                "forgotten WHERE (author_id, guild_id) = (?1, ?2)), until_id)) "
                "WHERE (author_id, guild_id) = (?1, ?2)",
                pair,
            )
        case Mark.OPT_OUT:
            await transaction.execute("INSERT OR IGNORE INTO opt_outs VALUES (?, ?)", pair)
            await _order(transaction, *pair, EVER)
        case Mark.AUTHOR:
            await transaction.execute(
                "INSERT INTO forgotten VALUES (?, ?, ?) ON CONFLICT (author_id, guild_id) "
                "DO UPDATE SET message_id = max(message_id, excluded.message_id)",
                (*pair, record.message_id),
            )
            await _order(transaction, *pair, record.message_id)


async def _order(transaction: Transaction, author_id: int, guild_id: int, until_id: int) -> None:
    await transaction.execute(
        "INSERT INTO erasures VALUES (?, ?, ?) ON CONFLICT (author_id, guild_id) "
        "DO UPDATE SET until_id = max(until_id, excluded.until_id)",
        (author_id, guild_id, until_id),
    )


async def empty_messages(transaction: Transaction, author_id: int, ids: Collection[int]) -> int:
    """Leaves of an author's messages rows that name nobody; gives how many still had a text."""
    wanted = json.dumps(list(ids))
    rows = {
        one["id"]: row_of_record(one)
        for one in await transaction.rows(
            f"SELECT * FROM messages WHERE author_id = ? AND id IN {_IDS}", (author_id, wanted)
        )
    }
    changes = Changes(rows, set(), {}, Barred(), imported=False)
    for row in rows.values():
        changes.after[row.id] = replace(row.buried(), author_id=FORGOTTEN)
    await write_changes(transaction, changes)
    for statement in (
        f"DELETE FROM questions WHERE message_id IN {_IDS}",
        f"DELETE FROM question_endings WHERE ended_by IN {_IDS}",
        f"DELETE FROM rechecks WHERE message_id IN {_IDS}",
    ):
        await transaction.execute(statement, (wanted,))
    return sum(row.is_alive for row in rows.values())


async def drop_mentions(
    transaction: Transaction, author_id: int, ids: Collection[int], names: Collection[str]
) -> None:
    """Takes a member out of those whom other people's messages mention by name.

    In what was imported their name itself stands where they are mentioned.

    What was told of these messages may have the name, and is told anew.
    """
    records = await transaction.rows(
        f"SELECT * FROM messages WHERE id IN {_IDS} AND mentions IS NOT NULL",
        (json.dumps(list(ids)),),
    )
    rows = [row_of_record(record) for record in records]
    await transaction.many(
        "UPDATE messages SET mentions = ? WHERE id = ?",
        [(_others(row, author_id), row.id) for row in rows],
    )
    imported = {row.id: row.text for row in rows if row.imported and row.text}
    await transaction.many(
        "UPDATE messages SET text = ?1 WHERE id = ?2 AND text <> ?1",
        [(unaddressed(text, names), id_) for id_, text in imported.items()],
    )
    await forget_digests(transaction, ids)


def _others(row: Row, author_id: int) -> str | None:
    others = [one for one in row.mentions if one != author_id]
    return json.dumps(others) if others else None


async def drop_digests_naming(
    transaction: Transaction, guild_id: int, names: Collection[str]
) -> None:
    """Forgets what was told of a guild's conversations with one of these names in it."""
    for name in names:
        for spelled in spellings(name):
            await transaction.execute(
                "DELETE FROM conversations WHERE guild_id = ? AND instr(result, ?)",
                (guild_id, spelled),
            )


async def correct_report(
    transaction: Transaction, report_id: int, author_id: int, names: Collection[str]
) -> None:
    """Takes a member and their names out of a stored report; its post is to be edited then."""
    for record in await transaction.rows("SELECT body FROM reports WHERE id = ?", (report_id,)):
        report = load(Report, record["body"])
        told = nameless_report(report, author_id, names)
        await correct(transaction, report_id, report, told, told)


async def drop_the_rest(
    transaction: Transaction,
    guild_id: int,
    author_id: int,
    until_id: int,
    names: Collection[str],
) -> None:
    """Takes out what is left when no message of theirs is: counts, receipts, feedback, name."""
    pair = (author_id, guild_id)
    await withdraw_author(transaction, guild_id, author_id, until_id)
    await _uncount(transaction, guild_id, author_id, until_id)
    # What they said of reports, until the moment of the id.
    await transaction.execute(
        "DELETE FROM feedback WHERE user_id = ? AND guild_id = ? AND given_at <= ?",
        (*pair, moment_of(until_id)),
    )
    await transaction.execute(
        "UPDATE record SET author_id = 0 WHERE author_id = ? AND guild_id = ? AND at <= ?",
        (*pair, moment_of(until_id)),
    )
    for column in ("made_by", "ended_by"):
        await transaction.execute(
            f"UPDATE widenings SET {column} = 0 WHERE {column} = ? AND guild_id = ?", pair
        )
    await _clear_incidents(transaction, guild_id, names)
    await transaction.execute("DELETE FROM former_names WHERE author_id = ? AND guild_id = ?", pair)
    await transaction.execute(
        "DELETE FROM authors WHERE id = ?1 AND guild_id = ?2 AND NOT EXISTS (SELECT 1 FROM messages"
        " WHERE author_id = ?1 AND guild_id = ?2 AND id > ?3 AND text IS NOT NULL)",
        (*pair, until_id),
    )
    await transaction.execute(
        "DELETE FROM erasures WHERE author_id = ? AND guild_id = ? AND until_id <= ?",
        (*pair, until_id),
    )
    await transaction.execute("UPDATE upkeep SET traces = traces + 1")


async def _uncount(transaction: Transaction, guild_id: int, author_id: int, until_id: int) -> None:
    """Removes an author's counts; in the hour of the id what was said after it counts still."""
    hour = hour_of(until_id)
    await transaction.execute(
        "DELETE FROM activity WHERE guild_id = ? AND author_id = ? AND hour < ?",
        (guild_id, author_id, hour),
    )
    if not await transaction.rows(
        "SELECT 1 FROM messages WHERE id > ? AND +guild_id = ? AND author_id = ? LIMIT 1",
        (until_id, guild_id, author_id),
    ):
        await transaction.execute(
            "DELETE FROM activity WHERE guild_id = ? AND author_id = ? AND hour = ?",
            (guild_id, author_id, hour),
        )


async def _clear_incidents(transaction: Transaction, guild_id: int, names: Collection[str]) -> None:
    records = await transaction.rows(
        "SELECT id, sentence FROM incidents WHERE guild_id = ?", (guild_id,)
    )
    told = [(nameless(one["sentence"], names), one["id"], one["sentence"]) for one in records]
    await transaction.many(
        "UPDATE incidents SET sentence = ? WHERE id = ?",
        [(now, id_) for now, id_, before in told if now != before],
    )


def moment_of(until_id: int) -> int:
    """When an id was made, as columns have it; of `EVER` the last moment that one can hold."""
    return EVER if until_id == EVER else moment_to_integer(created_at(until_id))
