"""Enters what has become due into the ledger."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time

from guildwatch.model import GuildSettings, LedgerEntry, LedgerState, Period, PeriodKind
from guildwatch.schedule.calendar import Calendar
from guildwatch.schedule.foresight import take_back
from guildwatch.schedule.periods import KINDS, due_periods, next_end, period_before_first
from guildwatch.store import Ledger

BEFORE_FIRST = {
    PeriodKind.DAY: "before guildwatch came",
    PeriodKind.WEEK: "before weekly reports were asked for",
    PeriodKind.MONTH: "before monthly reports were asked for",
}
_NOT_ASKED_FOR = "not asked for"
_AWAY = "away"


class Planner:
    """Keeps each guild's ledger complete up to now, each kind of period for itself.

    Every period is entered, however many were missed; what becomes of them is seen when they are
    worked on.

    The first entry of a kind is a closed one for the period before it was first asked for: so it
    is known after a stop, too, from when on reports are owed.
    """

    def __init__(self, ledger: Ledger, *, time: time, zone: str) -> None:
        self._ledger = ledger
        self._time = time
        self._zone = zone
        self._told_until: dict[tuple[int, PeriodKind], datetime | None] = {}

    async def plan(self, settings: GuildSettings, now: datetime) -> Mapping[PeriodKind, datetime]:
        """Enter a guild's due periods and tell when the next one of each wanted kind is due.

        What became due of a kind while it was switched off is closed with that reason. Raises
        `ScheduleError` when its zone does not exist.
        """
        # A change in the future was noted by a clock that was ahead; it would hide what is due.
        if settings.since is not None and settings.since > now:
            settings = replace(settings, since=None)
        dues = {}
        for kind in KINDS:
            calendar = await self._calendar(settings, kind)
            if calendar is None:
                continue
            if _is_wanted(settings, kind):
                dues[kind] = await self._keep_up(settings, calendar, now)
            else:
                await self._pass_over(settings.guild_id, calendar, now, _NOT_ASKED_FOR)
        return dues

    async def begin(self, settings: GuildSettings, now: datetime) -> None:
        """Note from when on reports are owed to a guild: from the moment it is first seen.

        Reading its history may take hours, and the day may end meanwhile. Raises `ScheduleError`
        when its zone does not exist.
        """
        for kind in KINDS:
            calendar = await self._calendar(settings, kind)
            if calendar is not None and not await self._is_known(settings.guild_id, kind):
                await self._begin(settings.guild_id, calendar, now)

    async def pass_over(self, settings: GuildSettings, now: datetime) -> None:
        """Close what has become due of a guild that the bot has left: nobody is there to read it.

        What had begun before it left ends with it.
        """
        for kind in KINDS:
            if (calendar := await self._calendar(settings, kind)) is not None:
                await self._pass_over(settings.guild_id, calendar, now, _AWAY)

    async def foretold(self, guild_id: int, now: datetime) -> datetime | None:
        """Up to when reports are told that a clock which was ahead has made due; None if none are.

        What was not posted is taken back first, and is due again in its time; what was posted
        too early then counts up to the moment of its post.
        """
        ends = [await self._end_of_last(guild_id, kind) for kind in KINDS]
        if not any(end is not None and end > now for end in ends):
            return None
        if await take_back(self._ledger, guild_id, now):
            for kind in KINDS:
                self._told_until.pop((guild_id, kind), None)
        ends = [await self._end_of_last(guild_id, kind) for kind in KINDS]
        return max((end for end in ends if end is not None and end > now), default=None)

    def forget_all_but(self, guild_ids: Collection[int]) -> None:
        """Keep no other guilds in mind: what is stored of them may be gone when they return."""
        for key in [key for key in self._told_until if key[0] not in guild_ids]:
            del self._told_until[key]

    async def _calendar(self, settings: GuildSettings, kind: PeriodKind) -> Calendar | None:
        """The due moments of a kind; None for one that nobody has ever asked for."""
        at, zone = settings.report_time or self._time, settings.zone or self._zone
        if kind is not PeriodKind.WEEK:
            is_known = _is_wanted(settings, kind) or await self._is_known(settings.guild_id, kind)
            return Calendar(at, zone, kind) if is_known else None
        if settings.weekly is not None:
            return Calendar(at, zone, kind, settings.weekly)
        last = await self._end_of_last(settings.guild_id, kind)
        if last is None:
            return None
        day = Calendar(at, zone).local(last).weekday()
        return Calendar(at, zone, kind, day)

    async def _is_known(self, guild_id: int, kind: PeriodKind) -> bool:
        return await self._end_of_last(guild_id, kind) is not None

    async def _keep_up(
        self, settings: GuildSettings, calendar: Calendar, now: datetime
    ) -> datetime:
        guild_id = settings.guild_id
        told_until = await self._end_of_last(guild_id, calendar.kind)
        if told_until is None:
            told_until = await self._begin(guild_id, calendar, now)
        periods = due_periods(calendar, told_until, settings.since, now)
        if periods:
            await self._ledger.add(*(LedgerEntry(guild_id, period) for period in periods))
            told_until = self._told_until[guild_id, calendar.kind] = periods[-1].end
        return next_end(calendar, told_until, settings.since)

    async def _pass_over(
        self, guild_id: int, calendar: Calendar, now: datetime, reason: str
    ) -> None:
        told_until = await self._end_of_last(guild_id, calendar.kind)
        end = calendar.previous_due(now)
        if told_until is not None and told_until < end:
            period = Period(calendar.kind, told_until, end, calendar.zone)
            await self._ledger.add(_closed(guild_id, period, reason))
            self._told_until[guild_id, calendar.kind] = end

    async def _begin(self, guild_id: int, calendar: Calendar, now: datetime) -> datetime:
        before = period_before_first(calendar, now)
        await self._ledger.add(_closed(guild_id, before, BEFORE_FIRST[calendar.kind]))
        self._told_until[guild_id, calendar.kind] = before.end
        return before.end

    async def _end_of_last(self, guild_id: int, kind: PeriodKind) -> datetime | None:
        key = guild_id, kind
        if key not in self._told_until:
            self._told_until[key] = await self._ledger.last_end(guild_id, kind)
        return self._told_until[key]


def _is_wanted(settings: GuildSettings, kind: PeriodKind) -> bool:
    if kind is PeriodKind.WEEK:
        return settings.weekly is not None
    return kind is PeriodKind.DAY or settings.monthly


def _closed(guild_id: int, period: Period, reason: str) -> LedgerEntry:
    return LedgerEntry(guild_id, period, LedgerState.CLOSED, reason)
