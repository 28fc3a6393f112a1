"""What the admins of each guild chose."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import sqlite3
from datetime import time

from guildwatch.model import (
    OPERATOR,
    ChangedBy,
    Clock,
    GuildSettings,
    described,
    utc_now,
)
from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, moment_to_integer
from guildwatch.store.record import note_changes

_COLUMNS = (
    "guild_id", "channel_id", "dm_user_id", "report_time", "zone", "configured_by", "since",
    "weekly", "monthly", "skip_quiet", "language", "member_limit", "guild_limit", "min_people",
    "names", "top", "board", "hints",
)  # fmt: skip


class Settings:
    """The settings of every guild."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def one(self, guild_id: int) -> GuildSettings:
        """A guild's settings, the defaults when nobody chose."""
        records = await self._database.rows(
            "SELECT * FROM guild_settings WHERE guild_id = ?", (guild_id,)
        )
        return _settings(records[0]) if records else GuildSettings(guild_id)

    async def all(self) -> dict[int, GuildSettings]:
        """The settings of the guilds for which somebody chose, by guild."""
        records = await self._database.rows("SELECT * FROM guild_settings")
        return {record["guild_id"]: _settings(record) for record in records}

    async def save(self, settings: GuildSettings, by: ChangedBy = OPERATOR) -> None:
        """Keeps a guild's settings in place of the ones before; what changes is recorded."""
        async with self._database.transaction() as transaction:
            records = await transaction.rows(
                "SELECT * FROM guild_settings WHERE guild_id = ?", (settings.guild_id,)
            )
            before = _settings(records[0]) if records else GuildSettings(settings.guild_id)
            await transaction.execute(
                f"INSERT OR REPLACE INTO guild_settings ({', '.join(_COLUMNS)}) "
                f"VALUES ({', '.join('?' * len(_COLUMNS))})",
                _values(settings),
            )
            await note_changes(
                transaction,
                self._clock(),
                settings.guild_id,
                by,
                before=described(before),
                after=described(settings, upon=before),
            )


def _values(settings: GuildSettings) -> tuple[object, ...]:
    special = {
        "report_time": settings.report_time and settings.report_time.isoformat(),
        "since": settings.since and moment_to_integer(settings.since),
    }
    return tuple(special[name] if name in special else getattr(settings, name) for name in _COLUMNS)


def _settings(record: sqlite3.Row) -> GuildSettings:
    report_time, since = record["report_time"], record["since"]
    return GuildSettings(
        record["guild_id"],
        record["channel_id"],
        record["dm_user_id"],
        None if report_time is None else time.fromisoformat(report_time),
        record["zone"],
        record["configured_by"],
        None if since is None else integer_to_moment(since),
        record["weekly"],
        bool(record["monthly"]),
        bool(record["skip_quiet"]),
        record["language"],
        record["member_limit"],
        record["guild_limit"],
        record["min_people"],
        bool(record["names"]),
        bool(record["top"]),
        bool(record["board"]),
        bool(record["hints"]),
    )
