"""What keeps a guild's reports back: told to its admin once, and to the operator while it lasts."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guildwatch.discord.incident_log import IncidentLog
from guildwatch.discord.notices import Notices
from guildwatch.model import Guild, GuildSettings, Incident, LedgerEntry
from guildwatch.report.dates import when

_log = logging.getLogger(__name__)

_RIGHTS = "missing permission"
_GIVEN_UP = "report given up"
_SUBJECT = "reports"
_LOOKED_BACK = 200


class Incidents(IncidentLog, Protocol):
    """Where our own failures are kept."""

    async def recent(self, limit: int = 50) -> list[Incident]:
        """The latest ones, over or not."""
        ...


class Troubles:
    """Troubles of posting; each is told once from its beginning to its end."""

    def __init__(self, notices: Notices, incidents: Incidents) -> None:
        self._notices = notices
        self._incidents = incidents
        self._told: dict[int, str] = {}

    async def blocked(self, guild: Guild, settings: GuildSettings, sentence: str) -> None:
        """Only a person can clear the way for this guild's reports.

        The admin hears of it again only if it was mended meanwhile.
        """
        if self._told.get(guild.id) == sentence:
            return
        await self._incidents.begin(guild.id, _RIGHTS, _SUBJECT, sentence)
        since = _last_end(await self._incidents.recent(_LOOKED_BACK), guild.id, _RIGHTS)
        await self._notices.tell(guild, settings, sentence, since=since)
        self._told[guild.id] = sentence

    async def over(self, guild_id: int) -> None:
        """The way is clear, and a report has gone it."""
        self._told.pop(guild_id, None)
        for kind in (_RIGHTS, _GIVEN_UP):
            await self._incidents.end(guild_id, kind, _SUBJECT)

    async def given_up(
        self, guild: Guild | None, settings: GuildSettings, entry: LedgerEntry, reason: str
    ) -> None:
        """A report will not come, after a day of trying."""
        told = when(entry.period, entry.period.zone, year=False)
        sentence = (
            f"I tried for a day and could not post the report of {told}. {reason} I don't try it "
            "again; later reports come as usual."
        )
        _log.error("Guild %d: %s", entry.guild_id, sentence)
        await self._incidents.begin(entry.guild_id, _GIVEN_UP, _SUBJECT, sentence)
        if guild is not None:
            await self._notices.tell(guild, settings, sentence)


def _last_end(incidents: Sequence[Incident], guild_id: int, kind: str) -> datetime | None:
    """When the last trouble of this kind was over."""
    ends = [
        one.ended_at
        for one in incidents
        if (one.guild_id, one.kind) == (guild_id, kind) and one.ended_at is not None
    ]
    return max(ends, default=None)
