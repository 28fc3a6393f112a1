"""Editing posts whose reports have lost what rested on messages that were deleted or edited."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from guildwatch.capture import Pause, Roster
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.edits import Amended
from guildwatch.discord.errors import AwayError
from guildwatch.discord.incident_log import IncidentLog
from guildwatch.discord.publish import post_of
from guildwatch.model import Clock, GuildwatchError, LedgerEntry, LedgerState
from guildwatch.report.dates import when
from guildwatch.report.recheck import Rechecker
from guildwatch.sensitive import masked
from guildwatch.store import Amendment, Store

_log = logging.getLogger(__name__)

_KIND = "post not corrected"
_QUIET, _LONGEST = 2.0, 10.0
"""Seconds without a change after which a post is edited, and for how long that may be waited for:
whoever deletes one message often deletes several."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
_BLOCKED_WAIT = timedelta(minutes=10)
_CLOSING_WAIT = 60.0
_TOLD_AFTER = 6
"""Failures in a row after which the operator hears of a Discord that does not answer."""

_OUT = (LedgerState.POSTED, LedgerState.CLOSED, LedgerState.FAILED)
"""States in which nobody is posting."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """An amendment as it was looked at last, in seconds of real time."""

    changes: int
    first: float
    since: float


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is to be edited, for those who are told of it."""

    guild_id: int
    key: str
    name: str


class Amender:
    """Works off the store's amendments: a stored report was corrected, its post follows.

    It looks once a second. What fails is tried again later, also after a restart: an amendment is
    there until every message of the post is confirmed to say what the report says.
    """

    def __init__(
        self,
        store: Store,
        roster: Roster,
        delivery: Delivery,
        rechecker: Rechecker,
        incidents: IncidentLog,
        *,
        answers: PublicAnswers,
        is_connected: Callable[[], bool],
        clock: Clock,
        pause: Pause = asyncio.sleep,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._roster = roster
        self._delivery = delivery
        self._rechecker = rechecker
        self._incidents = incidents
        self._answers = answers
        self._is_connected = is_connected
        self._clock = clock
        self._pause = pause
        self._steady = steady
        self._seen: dict[int, _Seen] = {}
        self._unfinished: dict[int, tuple[object, ...]] = {}
        self._closing_from = 0.0

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            try:
                await self.look()
            except GuildwatchError as error:
                _log.warning("Posts that have to be edited wait: %s", error)
            except Exception:  # noqa: BLE001 - one odd post must not keep the others as they are
                _log.exception("Posts that have to be edited wait.")
            await self._pause(1.0)

    async def look(self) -> None:
        """Checks again what edits may have made wrong, and edits the posts whose turn it is."""
        await self._rechecker.work()
        due = await self._store.amendments.due(self._clock())
        self._seen = {one.report_id: self._look_at(one) for one in due}
        if self._is_connected():
            await self._close_threads()
            for one in filter(self._is_calm, due):
                await self._take(one)

    async def _close_threads(self) -> None:
        if self._steady() < self._closing_from:
            return
        try:
            await self._delivery.close_threads()
        except AwayError as error:
            self._closing_from = self._steady() + _CLOSING_WAIT
            _log.info("Threads that were opened for an edit stay open for now: %s", error)

    def _look_at(self, amendment: Amendment) -> _Seen:
        now, seen = self._steady(), self._seen.get(amendment.report_id)
        if seen is None:
            return _Seen(amendment.changes, now, now)
        since = seen.since if seen.changes == amendment.changes else now
        return _Seen(amendment.changes, seen.first, since)

    def _is_calm(self, amendment: Amendment) -> bool:
        now, seen = self._steady(), self._seen[amendment.report_id]
        return now - seen.since >= _QUIET or now - seen.first >= _LONGEST

    async def _take(self, amendment: Amendment) -> None:
        entries = await self._store.ledger.of_report(amendment.report_id)
        is_final = all(one.state.is_final for one in entries)
        # Of a post that is on its way the row stays until it is out: what goes out meanwhile may
        # have been rendered before.
        state = (amendment.changes, *((one.key, one.state, one.next_try) for one in entries))
        if not is_final and self._unfinished.get(amendment.report_id) == state:
            return
        for entry in entries:
            if entry.state in _OUT and not await self._amend(amendment, entry):
                return
        if not await self._amend_answer(amendment):
            return
        if is_final:
            await self._store.amendments.done(amendment)
            self._unfinished.pop(amendment.report_id, None)
        else:
            self._unfinished[amendment.report_id] = state

    async def _amend(self, amendment: Amendment, entry: LedgerEntry) -> bool:
        """Whether the post of an entry says what the report says."""
        told = when(entry.period, entry.period.zone, year=False)
        subject = _Subject(entry.guild_id, entry.key, f"The post of {told}")
        return await self._settled(amendment, subject, self._amended(amendment, entry))

    async def _amend_answer(self, amendment: Amendment) -> bool:
        """Whether the answer that shows a report says what the report says."""
        answer = await self._store.answers.of_report(amendment.report_id)
        if answer is None:
            return True
        report = await self._store.reports.load(amendment.report_id)
        guild = self._roster.guild(report.guild_id)
        channel = guild.channel(answer.channel_id) if guild else None
        place = f" in #{masked(channel.name)}" if channel else ""
        subject = _Subject(
            report.guild_id, f"answer:{answer.message_id}", f"My public answer{place}"
        )
        return await self._settled(amendment, subject, self._answers.amend(amendment.report_id))

    async def _settled(
        self, amendment: Amendment, subject: _Subject, work: Awaitable[Amended]
    ) -> bool:
        """Whether all is done; else it is noted when it is tried again."""
        try:
            amended = await work
        except AwayError as error:
            wait = min(_FIRST_WAIT * 2 ** min(amendment.failures, 12), _LONGEST_WAIT)
            if amendment.failures >= _TOLD_AFTER:
                await self._tell(subject, str(error))
            await self._put_off(amendment, wait)
            return False
        if amended.blocked:
            await self._tell(subject, amended.blocked)
            wait = min(_BLOCKED_WAIT * 2 ** min(amendment.failures, 12), _LONGEST_WAIT)
            await self._put_off(amendment, wait)
        elif amended.wait:
            _log.info("Discord takes no more edits of %s for %g s.", subject.key, amended.wait)
            await self._put_off(amendment, timedelta(seconds=amended.wait))
        elif not amended.is_elsewhere:
            await self._incidents.end(subject.guild_id, _KIND, subject.key)
        return amended.is_whole

    async def _amended(self, amendment: Amendment, entry: LedgerEntry) -> Amended:
        guild = self._roster.guild(entry.guild_id)
        if guild is None:
            if not any(part.message_id for part in await self._store.ledger.parts(entry)):
                return Amended()
            return Amended(blocked="I am not in its guild any more.")
        report = await self._store.reports.load(amendment.report_id)
        return await self._delivery.amend(
            guild,
            entry,
            post_of(report, entry),
            amendment.report_id,
            is_final=entry.state.is_final,
        )

    async def _put_off(self, amendment: Amendment, wait: timedelta) -> None:
        await self._store.amendments.put_off(amendment, self._clock() + wait)

    async def _tell(self, subject: _Subject, reason: str) -> None:
        sentence = (
            f"{subject.name} still shows what was deleted since, or closed to some of its readers. "
            f"{reason} I try it again; an admin can delete it."
        )
        _log.warning("Guild %d: %s", subject.guild_id, sentence)
        await self._incidents.begin(subject.guild_id, _KIND, subject.key, sentence)
