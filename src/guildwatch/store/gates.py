"""Gates: the roles and channels to which admins restricted commands."""

from collections.abc import Sequence

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

    async def add(self, gate: Gate, by: ChangedBy = OPERATOR) -> bool:
        """Sets a gate; False where it stands already."""
        async with self._database.transaction() as transaction:
            before = await _gates(transaction, gate.guild_id)
            if gate in before:
                return False
            await transaction.execute("INSERT INTO gates VALUES (?, ?, ?, ?)", _key(gate))
            await self._note(transaction, gate, by, before, [*before, gate])
        return True

    async def remove(self, gate: Gate, by: ChangedBy = OPERATOR) -> bool:
        """Takes a gate away; False where there is none."""
        async with self._database.transaction() as transaction:
            before = await _gates(transaction, gate.guild_id)
            if gate not in before:
                return False
            await transaction.execute(f"DELETE FROM gates WHERE {_WHERE}", _key(gate))  # noqa: S608 - our own words
            after = [one for one in before if one != gate]
            await self._note(transaction, gate, by, before, after)
        return True

    async def _note(
        self,
        transaction: Transaction,
        gate: Gate,
        by: ChangedBy,
        before: Sequence[Gate],
        after: Sequence[Gate],
    ) -> None:
        name = f"gate of {gate.command}"
        was, is_ = ({name: _told(gates, gate)} for gates in (before, after))
        await note_changes(transaction, self._clock(), gate.guild_id, by, before=was, after=is_)


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


def _told(gates: Sequence[Gate], like: Gate) -> str:
    """All gates of one command, in words."""
    same = (one for one in gates if one.command == like.command)
    ordered = sorted(same, key=lambda one: (not one.is_role, one.target_id))
    return ", ".join(one.target for one in ordered)
