"""Joins the file of tombstones with the database: told before a deletion, heeded at the start."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import json
import logging
from collections.abc import Iterator, Sequence

from guildwatch.model import Deletion
from guildwatch.store.applying import forget_digests, load_changes, write_changes
from guildwatch.store.database import Database, Transaction
from guildwatch.store.erasing_members import heed_member
from guildwatch.store.facts import read_facts, write_fact
from guildwatch.store.homes import forget_homes
from guildwatch.store.rows import FORGOTTEN
from guildwatch.store.tombstones import TITLE_BYTES, Mark, Tombstone, Tombstones
from guildwatch.store.withdrawal import withdraw

_log = logging.getLogger(__name__)
# Facts: which file this database has applied and how far, and into which it has told its own.
_FILE, _APPLIED, _TOLD = "tombstones_file", "tombstones_applied", "tombstones_told"
_OWN = (
    "SELECT 'g', message_id, guild_id FROM floors WHERE channel_id = 0",
    "SELECT 'c', message_id, guild_id, channel_id FROM floors WHERE channel_id <> 0",
    "SELECT 'o', 0, guild_id, 0, author_id FROM opt_outs",
    "SELECT 'a', message_id, guild_id, 0, author_id FROM forgotten",
)
# Not those of people who opted out, who may opt in again.
_DELETED = (
    f"SELECT id FROM messages WHERE text IS NULL AND author_id IS NOT {FORGOTTEN}",
    "SELECT id FROM graves WHERE true",
)


class Burials:
    """What must not come back, in the file and in the database."""

    def __init__(self, database: Database, file: Tombstones) -> None:
        self._database = database
        self._file = file

    async def note(self, transaction: Transaction, records: Sequence[Tombstone]) -> None:
        """Writes records into the file, before the transaction that does as they say commits.

        If that fails after all, the file is ahead of the database until it is opened again.
        """
        if not records:
            return
        before = self._file.end
        await self._file.append(records)
        facts = await read_facts(transaction)
        if (facts.get(_FILE), facts.get(_APPLIED)) == (self._file.title.identity, before):
            await write_fact(transaction, _APPLIED, self._file.end)

    async def catch_up(self) -> None:
        """Does what the file says and this database has not done, as after a restored backup.

        A file that has never seen this database is told what is deleted in it.
        """
        title = self._file.title
        async with self._database.transaction() as transaction:
            facts = await read_facts(transaction)
            known, applied = facts.get(_FILE, 0), facts.get(_APPLIED, 0)
            start = self._file.unapplied(known, applied)
            is_told = start != TITLE_BYTES and facts.get(_TOLD) == known
            is_told = is_told or not await _has_own(transaction)
        for records, end in self._file.chunks(start):
            async with self._database.transaction() as transaction:
                await _apply(transaction, records)
                await self._note_position(transaction, end)
        if self._file.odd:
            _log.warning(
                "%d lines of %s are no records and were skipped", self._file.odd, self._file.path
            )
        async with self._database.transaction() as transaction:
            if not is_told:
                await self._tell(transaction)
            await self._note_position(transaction, self._file.end)
            await write_fact(transaction, _TOLD, title.identity)

    async def _note_position(self, transaction: Transaction, end: int) -> None:
        await write_fact(transaction, _FILE, self._file.title.identity)
        await write_fact(transaction, _APPLIED, end)

    async def _tell(self, transaction: Transaction) -> None:
        """Adds to the file what is deleted in the database and not known to it."""
        await transaction.execute("CREATE TEMP TABLE named (id INTEGER PRIMARY KEY)")
        others: set[Tombstone] = set()
        for records, _ in self._file.chunks(TITLE_BYTES):
            await transaction.many(
                "INSERT OR IGNORE INTO named VALUES (?)",
                [(one.message_id,) for one in records if one.mark is Mark.MESSAGE],
            )
            others.update(one for one in records if one.mark is not Mark.MESSAGE)
        for query in _DELETED:
            await self._append_unnamed(transaction, query)
        await transaction.execute("DROP TABLE named")
        if own := [one for one in await _own(transaction) if one not in others]:
            await self._file.append(own)

    async def _append_unnamed(self, transaction: Transaction, query: str) -> None:
        last = 0
        while records := [
            Tombstone(Mark.MESSAGE, record["id"])
            for record in await transaction.rows(
                f"{query} AND id > ? AND id NOT IN (SELECT id FROM named) ORDER BY id LIMIT 5000",
                (last,),
            )
        ]:
            await self._file.append(records)
            last = records[-1].message_id


async def _has_own(transaction: Transaction) -> bool:
    """Whether the database itself has anything that a file should know."""
    queries = (f"EXISTS ({query})" for query in (*_OWN, *_DELETED))
    ((has_own,),) = await transaction.rows(f"SELECT {' OR '.join(queries)}")
    return bool(has_own)


async def _own(transaction: Transaction) -> list[Tombstone]:
    records = [record for query in _OWN for record in await transaction.rows(query)]
    return [Tombstone(Mark(mark), *ids) for mark, *ids in records]


async def _apply(transaction: Transaction, records: Sequence[Tombstone]) -> None:
    messages = [one.message_id for one in records if one.mark is Mark.MESSAGE]
    if messages:
        await _bury(transaction, messages)
    for record in records:
        if record.mark is not Mark.MESSAGE:
            await _heed(transaction, record)


async def _bury(transaction: Transaction, ids: Sequence[int]) -> None:
    """Deletes messages, whether they are here, were here, or are yet to come."""
    events = [
        Deletion(record["guild_id"], record["channel_id"], (record["id"],))
        for record in await transaction.rows(
            "SELECT id, guild_id, channel_id FROM messages "
            "WHERE text IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
    ]
    changes = await load_changes(transaction, events, imported=False)
    for event in events:
        changes.take(event)
    await write_changes(transaction, changes)
    absent = set(ids) - changes.deleted
    await forget_digests(transaction, absent)
    await forget_homes(transaction, absent)
    await withdraw(transaction, [], absent)
    await transaction.execute(
        "INSERT OR IGNORE INTO graves SELECT value FROM json_each(?) "
        "WHERE value NOT IN (SELECT id FROM messages)",
        (json.dumps(list(absent)),),
    )


async def _heed(transaction: Transaction, record: Tombstone) -> None:
    if record.mark in (Mark.AUTHOR, Mark.OPT_OUT, Mark.OPT_IN):
        await heed_member(transaction, record)
    else:
        await raise_floor(transaction, record, is_new=False)


async def raise_floor(transaction: Transaction, record: Tombstone, *, is_new: bool) -> None:
    """Notes that a channel or guild was purged up to an id, and that its rows are to go.

    A record that is not new has been heeded by a database that has such a floor: what was imported
    since on purpose stays.
    """
    await transaction.execute(
        "INSERT INTO floors VALUES (?1, ?2, ?3, ?3) ON CONFLICT (guild_id, channel_id) DO UPDATE "
        "SET message_id = max(message_id, excluded.message_id), "
        "remove_to = max(remove_to, excluded.remove_to) "
        "WHERE ?4 OR message_id < excluded.message_id",
        (record.guild_id, record.channel_id, record.message_id, is_new),
    )


def purged(guild_id: int, channel_ids: Sequence[int], until_id: int) -> Iterator[Tombstone]:
    """The records of a purge; of the whole guild where no channels are named."""
    if not channel_ids:
        yield Tombstone(Mark.GUILD, until_id, guild_id)
    for channel_id in channel_ids:
        yield Tombstone(Mark.CHANNEL, until_id, guild_id, channel_id)
