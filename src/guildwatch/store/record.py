"""The record of changes: who configured what, when, from what to what."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from guildwatch.model import Change, ChangedBy, ChangeSource, Clock
from guildwatch.store.database import Database, Transaction
from guildwatch.store.plain import integer_to_moment, moment_to_integer, storable

_LONGEST = 500  # characters of a value; a path or a table of days may be long


class Record:
    """Every change of what is configured, by commands, at the console or in the file."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def latest(self, guild_id: int | None = None, *, limit: int = 100) -> list[Change]:
        """The newest changes first: those of one guild, or all with the operator's own."""
        records = await self._database.rows(
            "SELECT * FROM record WHERE ?1 IS NULL OR guild_id = ?1 ORDER BY id DESC LIMIT ?2",
            (guild_id, limit),
        )
        return [_change(record) for record in records]

    async def note(
        self,
        guild_id: int | None,
        by: ChangedBy,
        before: Mapping[str, str],
        after: Mapping[str, str],
    ) -> None:
        """Notes what of these values, by name, changes; one that is missing counts as empty."""
        async with self._database.transaction() as transaction:
            await note_changes(transaction, self._clock(), guild_id, by, before=before, after=after)

    async def see_configuration(self, values: Mapping[str, str], by: ChangedBy) -> list[str]:
        """Notes in what the operator's configuration differs from when it was last seen.

        Gives the names of what differs. `values` must hold no secret. The first time nothing is
        a change.
        """
        async with self._database.transaction() as transaction:
            rows = await transaction.rows("SELECT name, value FROM configuration")
            seen = {row["name"]: row["value"] for row in rows}
            values = {name: _fitting(value) for name, value in values.items()}
            if seen == values:
                return []
            await transaction.execute("DELETE FROM configuration")
            await transaction.many("INSERT INTO configuration VALUES (?, ?)", list(values.items()))
            if not seen:
                return []
            # A field that came or went with another version was changed by nobody.
            both = seen.keys() & values.keys()
            before, after = ({name: of[name] for name in both} for of in (seen, values))
            return await note_changes(
                transaction, self._clock(), None, by, before=before, after=after
            )


async def note_changes(
    transaction: Transaction,
    at: datetime,
    guild_id: int | None,
    by: ChangedBy,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> list[str]:
    """Writes a row for each name whose value changes, and gives those names."""
    names = dict.fromkeys((*before, *after))
    changed = [name for name in names if before.get(name, "") != after.get(name, "")]
    await transaction.many(
        "INSERT INTO record (at, guild_id, author_id, source, name, before, after) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                moment_to_integer(at),
                guild_id,
                by.member_id,
                by.source,
                name,
                _fitting(before.get(name, "")),
                _fitting(after.get(name, "")),
            )
            for name in changed
        ],
    )
    return changed


def _fitting(value: str) -> str:
    return storable(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…")


def _change(record: sqlite3.Row) -> Change:
    return Change(
        integer_to_moment(record["at"]),
        record["guild_id"],
        ChangedBy(ChangeSource(record["source"]), record["author_id"]),
        record["name"],
        record["before"],
        record["after"],
    )
