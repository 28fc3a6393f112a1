"""Enters what has become due into the ledger."""

import logging
from collections.abc import Sequence
from datetime import datetime, time

from guildwatch.model import GuildSettings, LedgerEntry, LedgerState, Period, PeriodKind
from guildwatch.schedule.calendar import Calendar
from guildwatch.schedule.periods import due_periods, next_end, period_before_first
from guildwatch.store import Ledger

_log = logging.getLogger(__name__)

_MOST_ONE_BY_ONE = 3


class Planner:
    """Keeps each guild's ledger complete up to now.

    The first entry of a guild is a closed one for the period before it was first seen: so it is
    known after a stop, too, from when on it owes reports.
    """

    def __init__(self, ledger: Ledger, *, time: time, zone: str) -> None:
        self._ledger = ledger
        self._time = time
        self._zone = zone
        self._told_until: dict[int, datetime] = {}

    async def plan(self, settings: GuildSettings, now: datetime) -> datetime:
        """Enter a guild's due periods and tell when its next one is due.

        Raises `ScheduleError` when its zone does not exist.
        """
        calendar = Calendar(settings.report_time or self._time, settings.zone or self._zone)
        told_until = await self._end_of_last(settings, calendar, now)
        periods = due_periods(calendar, told_until, settings.since, now)
        if periods:
            await self._enter(settings.guild_id, periods)
            told_until = self._told_until[settings.guild_id] = periods[-1].end
        return next_end(calendar, told_until, settings.since)

    async def _end_of_last(
        self, settings: GuildSettings, calendar: Calendar, now: datetime
    ) -> datetime:
        guild_id = settings.guild_id
        if guild_id not in self._told_until:
            day_end = await self._ledger.last_end(guild_id)
            span_end = await self._ledger.last_end(guild_id, PeriodKind.SPAN)
            if day_end is None:
                day_end = await self._begin(guild_id, calendar, now)
            elif span_end is not None and span_end > day_end:
                # It stopped between entering days rolled into one and closing them one by one.
                rest = due_periods(calendar, day_end, settings.since, span_end)
                await self._close(guild_id, rest, span_end)
                day_end = span_end
            self._told_until[guild_id] = day_end
        return self._told_until[guild_id]

    async def _begin(self, guild_id: int, calendar: Calendar, now: datetime) -> datetime:
        before = period_before_first(calendar, now)
        reason = "before guildwatch came"
        await self._ledger.add(LedgerEntry(guild_id, before, LedgerState.CLOSED, reason))
        return before.end

    async def _enter(self, guild_id: int, periods: Sequence[Period]) -> None:
        if len(periods) <= _MOST_ONE_BY_ONE:
            for period in periods:
                await self._ledger.add(LedgerEntry(guild_id, period))
            return
        first, last = periods[0], periods[-1]
        whole = Period(PeriodKind.SPAN, first.start, last.end, last.zone)
        _log.info("%d periods of guild %d were missed and become one.", len(periods), guild_id)
        # Before the days that it stands for: a stop in between must not lose them.
        await self._ledger.add(LedgerEntry(guild_id, whole))
        await self._close(guild_id, periods, whole.end)

    async def _close(self, guild_id: int, periods: Sequence[Period], end: datetime) -> None:
        reason = f"rolled up into {guild_id}:{PeriodKind.SPAN}:{int(end.timestamp())}"
        for period in periods:
            await self._ledger.add(LedgerEntry(guild_id, period, LedgerState.CLOSED, reason))
