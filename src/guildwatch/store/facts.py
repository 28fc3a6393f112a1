"""Single facts about the database, by name."""

from datetime import datetime

from guildwatch.store.database import Database, Transaction
from guildwatch.store.plain import integer_to_moment, moment_to_integer


class Facts:
    """When things happened to this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def moment(self, name: str) -> datetime | None:
        """The moment (UTC) noted under a name, None when there is none."""
        records = await self._database.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return integer_to_moment(records[0]["value"]) if records else None

    async def note(self, name: str, moment: datetime | None) -> None:
        """Notes a moment in place of the one before; None forgets it."""
        async with self._database.transaction(durable=True) as transaction:
            await write_fact(
                transaction, name, None if moment is None else moment_to_integer(moment)
            )


async def read_facts(transaction: Transaction) -> dict[str, int]:
    """All facts, moments as microseconds since 1970."""
    records = await transaction.rows("SELECT name, value FROM facts")
    return {record["name"]: record["value"] for record in records}


async def write_fact(transaction: Transaction, name: str, value: int | None) -> None:
    """Notes a fact, or forgets it."""
    if value is None:
        await transaction.execute("DELETE FROM facts WHERE name = ?", (name,))
    else:
        await transaction.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
