"""Who has just been taken out of the store, for what was in the making meanwhile."""

import json
from collections.abc import Collection

from guildwatch.model import Report
from guildwatch.store.database import Transaction
from guildwatch.store.nameless import nameless_report

_MOST = 1_000


class Departed:
    """The names of members who were taken out since the start, in memory alone.

    A report or a digest that was begun before may still have them when it is kept.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[int, int], frozenset[str]] = {}

    def note(self, guild_id: int, author_id: int, names: Collection[str]) -> None:
        """Remembers what a member was called."""
        self._names[guild_id, author_id] = frozenset(names)
        while len(self._names) > _MOST:
            del self._names[next(iter(self._names))]

    async def names(self, transaction: Transaction, guild_id: int) -> dict[int, frozenset[str]]:
        """The names by id of those of a guild who have said nothing since."""
        gone = {
            author: names for (guild, author), names in self._names.items() if guild == guild_id
        }
        for record in await transaction.rows(
            "SELECT id FROM authors WHERE guild_id = ? AND id IN (SELECT value FROM json_each(?))",
            (guild_id, json.dumps(list(gone))),
        ):
            del gone[record["id"]]
        return gone

    async def left_out_of(self, transaction: Transaction, report: Report) -> Report:
        """The report without them."""
        for author_id, names in (await self.names(transaction, report.guild_id)).items():
            report = nameless_report(report, author_id, names)
        return report
