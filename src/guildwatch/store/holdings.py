"""All that is stored about one member in one guild, for them to see."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildwatch.model import Feedback, Message
from guildwatch.store.activity import HourCount, hour_count_of
from guildwatch.store.database import Database
from guildwatch.store.feedback import feedback_of
from guildwatch.store.messages import load_authors
from guildwatch.store.plain import integer_to_moment
from guildwatch.store.rows import Row, message_of_row, row_of_record

_PAGE = 1000
_MESSAGES = (
    "SELECT * FROM messages WHERE id > ? AND +guild_id = ? AND +author_id = ? ORDER BY id LIMIT ?"
)
_MENTIONS = (
    "SELECT id, channel_id FROM messages WHERE +guild_id = ? "
    "AND EXISTS (SELECT 1 FROM json_each(mentions) WHERE value = ?) ORDER BY id"
)
_COUNTS = "SELECT * FROM activity WHERE guild_id = ? AND author_id = ? ORDER BY hour, channel_id"
_CITATIONS = (
    "SELECT period_start, period_end, channel_id, message_id FROM receipts "
    "JOIN reports ON reports.id = report_id WHERE guild_id = ? AND author_id = ? "
    "ORDER BY period_end, message_id"
)
_RANKED = """
    SELECT period_start, period_end, list.key = 'top' AS said_most,
        json_extract(body, '$.source_ids') AS sources
    FROM reports, (SELECT 'top' AS key UNION SELECT 'board') AS list
    WHERE guild_id = ? AND EXISTS (
        SELECT 1 FROM json_each(body, '$.activity.' || list.key)
        WHERE json_extract(value, '$.id') = ?
    ) ORDER BY period_end, list.key
"""
_HOMES = (
    "SELECT message_id, homes.channel_id, conversation_id, reason "
    "FROM homes JOIN messages ON messages.id = message_id "
    "WHERE +guild_id = ? AND +author_id = ? ORDER BY message_id"
)
_QUESTIONS = (
    "SELECT message_id FROM questions JOIN messages ON messages.id = message_id "
    "WHERE questions.guild_id = ? AND +author_id = ? ORDER BY message_id"
)
_FORMER = "SELECT name FROM former_names WHERE guild_id = ? AND author_id = ? ORDER BY name"
_FEEDBACK = "SELECT * FROM feedback WHERE guild_id = ? AND user_id = ? ORDER BY given_at, verdict"
_CONFIGURED = "SELECT * FROM record WHERE guild_id = ? AND author_id = ? ORDER BY id"
_OPENED = "SELECT * FROM widenings WHERE guild_id = ? AND made_by = ? ORDER BY id"
_PERSON = """
    SELECT (SELECT name FROM authors WHERE guild_id = ?1 AND id = ?2) AS name,
        EXISTS (SELECT 1 FROM opt_outs WHERE guild_id = ?1 AND author_id = ?2) AS is_out,
        (SELECT message_id FROM forgotten WHERE guild_id = ?1 AND author_id = ?2) AS forgotten,
        EXISTS (SELECT 1 FROM guild_settings WHERE guild_id = ?1 AND configured_by = ?2) AS contact,
        EXISTS (SELECT 1 FROM guild_settings WHERE guild_id = ?1 AND dm_user_id = ?2) AS reports
"""


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """What a member said in a channel within one hour."""

    channel_id: int
    count: HourCount


@dataclass(frozen=True, slots=True)
class Citation:
    """A stored report, by its period (UTC), that rests on a member's message."""

    start: datetime
    end: datetime
    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """A stored report, by its period (UTC), that names a member among those who said most.

    Where not `said_most`, it names them among those in the best mood. It draws on `source_ids`.
    """

    start: datetime
    end: datetime
    said_most: bool
    source_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Placed:
    """The conversation that a member's message was put into, and why."""

    message_id: int
    channel_id: int
    conversation_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Configured:
    """Something that a member changed as an admin."""

    at: datetime
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel that a member opened to the readers of the reports."""

    at: datetime
    channel_id: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What is stored about a member.

    `messages` are those with a text; of `deleted` ones only whose they were is left. `mentioning`
    are other people's messages, their channels by their ids; `questions` are those of theirs that
    are followed until they are answered. `forgotten_until` is the id up to
    which everything was forgotten; `name` is empty where none is known. `is_contact` says that the
    bot turns to them about the guild, `gets_reports` that reports go to them directly.
    """

    name: str
    has_opted_out: bool
    forgotten_until: int | None
    is_contact: bool
    gets_reports: bool
    messages: tuple[Message, ...]
    deleted: tuple[int, ...]
    mentioning: dict[int, int]
    counts: tuple[PlaceCount, ...]
    citations: tuple[Citation, ...]
    feedback: tuple[Feedback, ...]
    configured: tuple[Configured, ...]
    opened: tuple[Opened, ...]
    former_names: tuple[str, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    conversations: tuple[Placed, ...] = ()
    questions: tuple[int, ...] = ()


class Holdings:
    """Reads what is stored about members."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_member(self, guild_id: int, author_id: int) -> Holding:
        """All that is stored about a member in a guild."""
        pair = (guild_id, author_id)
        (person,) = await self._database.rows(_PERSON, pair)
        rows = await self._messages(guild_id, author_id)
        mentioning = await self._database.rows(_MENTIONS, pair)
        return Holding(
            name=person["name"] or "",
            former_names=tuple(one["name"] for one in await self._database.rows(_FORMER, pair)),
            has_opted_out=bool(person["is_out"]),
            forgotten_until=person["forgotten"],
            is_contact=bool(person["contact"]),
            gets_reports=bool(person["reports"]),
            messages=await self._told(rows),
            deleted=tuple(row.id for row in rows if not row.is_alive),
            mentioning={one["id"]: one["channel_id"] for one in mentioning},
            counts=_counts(await self._database.rows(_COUNTS, pair)),
            citations=_citations(await self._database.rows(_CITATIONS, pair)),
            feedback=tuple(map(feedback_of, await self._database.rows(_FEEDBACK, pair))),
            configured=_configured(await self._database.rows(_CONFIGURED, pair)),
            opened=_opened(await self._database.rows(_OPENED, pair)),
            rankings=_rankings(await self._database.rows(_RANKED, pair)),
            conversations=tuple(Placed(*one) for one in await self._database.rows(_HOMES, pair)),
            questions=tuple(id_ for (id_,) in await self._database.rows(_QUESTIONS, pair)),
        )

    async def _messages(self, guild_id: int, author_id: int) -> list[Row]:
        found: list[Row] = []
        last = 0
        while page := await self._database.rows(_MESSAGES, (last, guild_id, author_id, _PAGE)):
            found += map(row_of_record, page)
            last = found[-1].id
        return found

    async def _told(self, rows: Sequence[Row]) -> tuple[Message, ...]:
        ids = {row.author_id for row in rows} | {one for row in rows for one in row.mentions}
        authors = await load_authors(self._database, ids)
        return tuple(message_of_row(row, authors) for row in rows if row.is_alive)


def _counts(records: Sequence[sqlite3.Row]) -> tuple[PlaceCount, ...]:
    return tuple(PlaceCount(one["channel_id"], hour_count_of(one)) for one in records)


def _citations(records: Sequence[sqlite3.Row]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            integer_to_moment(one["period_start"]),
            integer_to_moment(one["period_end"]),
            one["channel_id"] or 0,
            one["message_id"],
        )
        for one in records
    )


def _rankings(records: Sequence[sqlite3.Row]) -> tuple[Ranking, ...]:
    return tuple(
        Ranking(
            integer_to_moment(start),
            integer_to_moment(end),
            bool(said_most),
            frozenset(json.loads(sources or "[]")),
        )
        for start, end, said_most, sources in records
    )


def _configured(records: Sequence[sqlite3.Row]) -> tuple[Configured, ...]:
    return tuple(
        Configured(integer_to_moment(one["at"]), one["name"], one["before"], one["after"])
        for one in records
    )


def _opened(records: Sequence[sqlite3.Row]) -> tuple[Opened, ...]:
    return tuple(Opened(integer_to_moment(one["made_at"]), one["channel_id"]) for one in records)
