"""How much people said and in which mood, counted by the hour; it outlives the messages' texts."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildwatch.model import ChannelCount, MemberCount, first_id_at
from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, moment_to_integer
from guildwatch.store.rows import MILLION, NEGATIVE, POSITIVE

_HOUR = 3_600 * MILLION
# Whole hours come from the counts; where the span begins or ends within an hour (zones of half
# and quarter hours), the rest of that hour is counted from the messages themselves.
_COUNTS = f"""
    WITH counts AS (
        SELECT hour, channel_id, author_id, messages, scored, score_sum, positive, negative
        FROM activity
        WHERE guild_id = :guild AND hour >= :first_hour AND hour < :last_hour
        UNION ALL
        SELECT (id >> 22) / 3600000 + 394464, channel_id, author_id, 1, score IS NOT NULL,
            CAST(round(coalesce(score, 0) * {MILLION}) AS INTEGER),
            coalesce(score >= {POSITIVE}, 0), coalesce(score <= {NEGATIVE}, 0)
        FROM messages
        WHERE ((id >= :head_start AND id < :head_end) OR (id >= :tail_start AND id < :tail_end))
            AND +guild_id = :guild AND text IS NOT NULL AND NOT is_bot AND author_id > 0
            AND kind NOT IN ('command', 'system')
    ), chosen AS (
        SELECT * FROM counts
        WHERE (:channels IS NULL OR channel_id IN (SELECT value FROM json_each(:channels)))
            AND (:author IS NULL OR author_id = :author)
    )
"""


@dataclass(frozen=True, slots=True)
class HourCount:
    """What people said in the UTC hour from `start` on: messages, and the mood of the scored ones.

    `score_sum` is the sum of their compound values; `positive` and `negative` are counts.
    """

    start: datetime
    messages: int
    scored: int
    score_sum: float
    positive: int
    negative: int


class ActivityCounts:
    """Counts of what people said (bots, system messages and commands are not counted)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hours(
        self,
        guild_id: int,
        start: datetime,
        end: datetime,
        *,
        channel_ids: Collection[int] | None = None,
        author_id: int | None = None,
    ) -> list[HourCount]:
        """The hours of [start, end) in which something was said, in order.

        An hour that lies only partly in the span counts what was said in that part.
        """
        records = await self._database.rows(
            _COUNTS + "SELECT hour, sum(messages) AS messages, sum(scored) AS scored, "
            "sum(score_sum) AS score_sum, sum(positive) AS positive, sum(negative) AS negative "
            "FROM chosen GROUP BY hour ORDER BY hour",
            _span(guild_id, start, end, channel_ids, author_id),
        )
        return [hour_count_of(record) for record in records]

    async def members(
        self,
        guild_id: int,
        start: datetime,
        end: datetime,
        *,
        channel_ids: Collection[int] | None = None,
        limit: int = 10,
    ) -> list[MemberCount]:
        """Who said most in [start, end), most first."""
        records = await self._database.rows(
            _COUNTS + "SELECT author_id, sum(messages) AS messages, (SELECT name FROM authors a "
            "WHERE a.id = author_id AND a.guild_id = :guild) AS name FROM chosen "
            "GROUP BY author_id ORDER BY messages DESC, author_id LIMIT :limit",
            {**_span(guild_id, start, end, channel_ids), "limit": limit},
        )
        return [
            MemberCount(one["author_id"], one["name"] or "", one["messages"]) for one in records
        ]

    async def channels(
        self,
        guild_id: int,
        start: datetime,
        end: datetime,
        *,
        channel_ids: Collection[int] | None = None,
    ) -> list[ChannelCount]:
        """Where something was said in [start, end), the busiest channel first."""
        records = await self._database.rows(
            _COUNTS + "SELECT channel_id, sum(messages) AS messages, (SELECT name FROM channels c "
            "WHERE c.id = channel_id) AS name FROM chosen "
            "GROUP BY channel_id ORDER BY messages DESC, channel_id",
            _span(guild_id, start, end, channel_ids),
        )
        return [
            ChannelCount(one["channel_id"], one["name"] or "", one["messages"]) for one in records
        ]


def _span(
    guild_id: int,
    start: datetime,
    end: datetime,
    channel_ids: Collection[int] | None,
    author_id: int | None = None,
) -> dict[str, int | str | None]:
    """The parameters of `_COUNTS`: whole hours, and the ids before and after them."""
    first_hour = -(-moment_to_integer(start) // _HOUR)
    last_hour = moment_to_integer(end) // _HOUR
    within = last_hour < first_hour  # the span lies inside a single hour
    head_end = end if within else integer_to_moment(first_hour * _HOUR)
    tail_start = end if within else integer_to_moment(last_hour * _HOUR)
    return {
        "guild": guild_id,
        "first_hour": first_hour,
        "last_hour": last_hour,
        "head_start": first_id_at(start),
        "head_end": first_id_at(head_end),
        "tail_start": first_id_at(tail_start),
        "tail_end": first_id_at(end),
        "channels": None if channel_ids is None else str(list(channel_ids)),
        "author": author_id,
    }


def hour_count_of(record: sqlite3.Row) -> HourCount:
    """The count that a row of `activity` holds."""
    return HourCount(
        integer_to_moment(0) + timedelta(hours=record["hour"]),
        record["messages"],
        record["scored"],
        record["score_sum"] / MILLION,
        record["positive"],
        record["negative"],
    )
