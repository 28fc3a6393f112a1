"""Since when something of a channel may be missing, and until when everything was heard."""

from collections.abc import Collection, Mapping
from datetime import datetime

from guildwatch.model import created_at
from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, moment_to_integer

_HEARD = "heard_until"


class Breaks:
    """The beginnings of gaps that are still open, so that a crash does not move them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[int, datetime]:
        """For each channel with an open gap its beginning; not for those that were deleted."""
        records = await self._database.rows(
            "SELECT channel_id, began FROM breaks WHERE channel_id NOT IN "
            "(SELECT id FROM channels WHERE closed > 0)"
        )
        return {one["channel_id"]: integer_to_moment(one["began"]) for one in records}

    async def heard(self) -> datetime | None:
        """Until when all that happened live is known to be stored.

        Where nobody noted it that is the newest watermark; None where there is none either.
        """
        noted = await self._database.rows("SELECT value FROM facts WHERE name = ?", (_HEARD,))
        if noted:
            return integer_to_moment(noted[0]["value"])
        ((newest,),) = await self._database.rows("SELECT max(message_id) FROM watermarks")
        return None if newest is None else created_at(newest)

    async def save(
        self,
        begun: Mapping[int, datetime],
        ended: Collection[int],
        heard: datetime | None = None,
    ) -> None:
        """Notes at once which gaps began and which were closed, and until when all was heard."""
        async with self._database.transaction() as transaction:
            await transaction.many(
                "DELETE FROM breaks WHERE channel_id = ?", [(one,) for one in ended]
            )
            await transaction.many(
                "INSERT OR REPLACE INTO breaks VALUES (?, ?)",
                [(one, moment_to_integer(moment)) for one, moment in begun.items()],
            )
            if heard is not None:
                await transaction.execute(
                    "INSERT OR REPLACE INTO facts VALUES (?, ?)", (_HEARD, moment_to_integer(heard))
                )
