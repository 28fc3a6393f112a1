"""What the admins of each guild chose."""

import sqlite3
from datetime import time

from guildwatch.model import GuildSettings
from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, moment_to_integer


class Settings:
    """The settings of every guild."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    async def save(self, settings: GuildSettings) -> None:
        """Keeps a guild's settings in place of the ones before."""
        values = (
            settings.guild_id,
            settings.channel_id,
            settings.dm_user_id,
            settings.report_time.isoformat() if settings.report_time is not None else None,
            settings.zone,
            settings.configured_by,
            None if settings.since is None else moment_to_integer(settings.since),
            settings.weekly,
            settings.monthly,
            settings.skip_quiet,
            settings.language,
        )
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT OR REPLACE INTO guild_settings (guild_id, channel_id, dm_user_id, "
                "report_time, zone, configured_by, since, weekly, monthly, skip_quiet, language) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )


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
    )
