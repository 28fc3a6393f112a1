"""Gates: the roles and channels to which admins restricted commands."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from guildwatch.model import OPERATOR, ChangedBy, Clock, Gate
from guildwatch.store.database import Database, Transaction
from guildwatch.store.record import note_changes

_WHERE = "guild_id = ? AND command = ? AND is_role = ? AND target_id = ?"


class Gates:
    """The gates of every guild; each change of them is recorded."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, guild_id: int) -> Sequence[Gate]:
        """A guild's gates, by command, roles before channels."""
        return await _gates(self._database, guild_id)

    async def add(self, *gates: Gate, by: ChangedBy = OPERATOR) -> None:
        """Sets gates of one guild, all or none; those that stand already are no change."""
        async with self._database.transaction() as transaction:
            before = await _gates(transaction, gates[0].guild_id)
            new = [gate for gate in gates if gate not in before]
            await transaction.many("INSERT INTO gates VALUES (?, ?, ?, ?)", [*map(_key, new)])
            await self._note(transaction, gates[0].guild_id, by, before, [*before, *new])

    async def remove(self, *gates: Gate, by: ChangedBy = OPERATOR) -> None:
        """Takes gates of one guild away, all or none; those that are not there are no change."""
        async with self._database.transaction() as transaction:
            before = await _gates(transaction, gates[0].guild_id)
            await transaction.many(f"DELETE FROM gates WHERE {_WHERE}", [*map(_key, gates)])  # noqa: S608 - our own words
            after = [gate for gate in before if gate not in gates]
            await self._note(transaction, gates[0].guild_id, by, before, after)

    async def _note(
        self,
        transaction: Transaction,
        guild_id: int,
        by: ChangedBy,
        before: Sequence[Gate],
        after: Sequence[Gate],
    ) -> None:
        """Notes each command whose gates change once, however many do."""
        was, now = _told(before), _told(after)
        await note_changes(transaction, self._clock(), guild_id, by, before=was, after=now)


async def _gates(rows: Database | Transaction, guild_id: int) -> list[Gate]:
    records = await rows.rows(
        "SELECT * FROM gates WHERE guild_id = ? ORDER BY command, is_role DESC, target_id",
        (guild_id,),
    )
    return [
        Gate(guild_id, record["command"], record["target_id"], bool(record["is_role"]))
        for record in records
    ]


def _key(gate: Gate) -> tuple[object, ...]:
    return gate.guild_id, gate.command, gate.is_role, gate.target_id


def _told(gates: Sequence[Gate]) -> Mapping[str, str]:
    """The gates of each command, in words."""
    ordered = sorted(gates, key=lambda one: (one.command, not one.is_role, one.target_id))
    return {
        f"gate of {command}": ", ".join(one.target for one in same)
        for command, same in groupby(ordered, key=attrgetter("command"))
    }
