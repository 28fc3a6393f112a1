"""Single facts about this database, by name."""

from datetime import datetime

from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, moment_to_integer


class Facts:
    """When something was last done to this file (`restored_at`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def moment(self, name: str) -> datetime | None:
        """The moment noted under a name (UTC), None if there is none."""
        records = await self._database.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return integer_to_moment(records[0]["value"]) if records else None

    async def note(self, name: str, moment: datetime) -> None:
        """Notes a moment under a name, in place of the one that was there."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT INTO facts (name, value) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, moment_to_integer(moment)),
            )
