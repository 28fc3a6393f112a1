"""How far the slow second look at what is stored has come in each channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, moment_to_integer


@dataclass(frozen=True, slots=True)
class Round:
    """A round over a channel's messages: from after `next_id` to the newest, and on to `until_id`.

    Where `next_id` is smaller than `until_id` it is past the newest one and began anew. `looked_at`
    is when this channel had its latest turn.
    """

    channel_id: int
    next_id: int
    until_id: int
    looked_at: datetime


class Sweeps:
    """The rounds that are under way; a channel without one is known to be as Discord has it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Round]:
        """Every round that is under way."""
        return [
            Round(
                one["channel_id"],
                one["next_id"],
                one["until_id"],
                integer_to_moment(one["looked_at"]),
            )
            for one in await self._database.rows("SELECT * FROM sweeps")
        ]

    async def keep(self, round_: Round) -> None:
        """Notes how far a round has come."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT OR REPLACE INTO sweeps (channel_id, next_id, until_id, looked_at) "
                "VALUES (?, ?, ?, ?)",
                (
                    round_.channel_id,
                    round_.next_id,
                    round_.until_id,
                    moment_to_integer(round_.looked_at),
                ),
            )

    async def end(self, channel_id: int) -> None:
        """Forgets a channel's round: it is through, or the channel is gone."""
        async with self._database.transaction() as transaction:
            await transaction.execute("DELETE FROM sweeps WHERE channel_id = ?", (channel_id,))

    async def next_id(self, channel_id: int, after: int) -> int | None:
        """The next stored message of a channel that still has its text, None behind the last."""
        found = await self._database.rows(
            "SELECT id FROM messages WHERE channel_id = ? AND id > ? AND text IS NOT NULL "
            "ORDER BY id LIMIT 1",
            (channel_id, after),
        )
        return found[0]["id"] if found else None

    async def left(self, rounds: Sequence[Round]) -> dict[int, int]:
        """About how many messages each round has still to look at (tombstones count)."""
        left: dict[int, int] = {}
        for one in rounds:
            ((count,),) = await self._database.rows(
                "SELECT count(*) FROM messages WHERE channel_id = ?1 AND "
                "CASE WHEN ?2 < ?3 THEN id > ?2 AND id <= ?3 ELSE id > ?2 OR id <= ?3 END",
                (one.channel_id, one.next_id, one.until_id),
            )
            left[one.channel_id] = count
        return left
