"""Takes one entry of the ledger through its states, so that a crash at any of them is made good."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from guildwatch.model import Clock, GuildwatchError, LedgerEntry, LedgerState
from guildwatch.schedule.steps import NotNowError, PostStep, WriteStep
from guildwatch.store import Ledger

_log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_SETTLING = timedelta(seconds=3)  # what was sent in the last moment is heard a moment later
_TRIES = 30  # an hour of doubling waits, then 23 hours
_TRIES_THAT_HOLD = 6  # the hour of doubling waits


def next_ready(entries: Sequence[LedgerEntry], now: datetime) -> LedgerEntry | None:
    """Which of a guild's open entries to work on now: the oldest, or None while that one waits.

    One that has failed for an hour lets later ones pass.
    """
    for entry in sorted(entries, key=lambda entry: entry.period.end):
        if _is_ready(entry, now):
            return entry
        if entry.failures < _TRIES_THAT_HOLD:
            return None
    return None


def _is_ready(entry: LedgerEntry, now: datetime) -> bool:
    if timedelta() <= now - entry.period.end < _SETTLING:
        return False
    if entry.next_try is None or entry.next_try <= now:
        return True
    # A next try that no wait explains comes from a clock that was put back since.
    return entry.next_try - now > _LONGEST_WAIT


class Worker:
    """Works on entries: due → writing → written → posting → posted, failed or closed.

    Each state is in the ledger before its step begins. After a crash what was being written is
    written again, and what was being posted is posted again by its parts.
    """

    def __init__(self, ledger: Ledger, *, write: WriteStep, post: PostStep, clock: Clock) -> None:
        self._ledger = ledger
        self._write_step = write
        self._post_step = post
        self._clock = clock

    async def work(self, entry: LedgerEntry) -> None:
        """Take an entry as far as it gets; raises only where the ledger cannot be written."""
        try:
            if entry.report_id is None:
                entry = await self._write(entry)
            if not entry.state.is_final:
                entry = await self._post(entry)
        except NotNowError as error:
            await self._wait(entry, str(error))
        except GuildwatchError as error:
            await self._fail(entry, str(error))
        except Exception as error:  # noqa: BLE001 - a bug in one report must not stop the others
            _log.exception("The report %s failed.", entry.key)
            await self._fail(entry, f"Unexpected {type(error).__name__}: see the log.")

    async def _write(self, entry: LedgerEntry) -> LedgerEntry:
        entry = await self._move(entry, LedgerState.WRITING)
        report_id = await self._write_step(entry)
        if report_id is None:
            return await self._move(entry, LedgerState.CLOSED, reason="silent")
        return await self._move(replace(entry, report_id=report_id), LedgerState.WRITTEN)

    async def _post(self, entry: LedgerEntry) -> LedgerEntry:
        entry = await self._move(entry, LedgerState.POSTING)
        outcome = await self._post_step(entry)
        state = LedgerState.CLOSED if outcome.closed else LedgerState.POSTED
        return await self._move(entry, state, reason=outcome.closed)

    async def _fail(self, entry: LedgerEntry, reason: str) -> None:
        failures = entry.failures + 1
        entry = replace(entry, failures=failures)
        if failures >= _TRIES:
            await self._move(entry, LedgerState.CLOSED, reason=f"given up: {reason}")
            return
        wait = min(_FIRST_WAIT * 2 ** (failures - 1), _LONGEST_WAIT)
        await self._wait(entry, reason, wait)

    async def _wait(self, entry: LedgerEntry, reason: str, wait: timedelta = _FIRST_WAIT) -> None:
        entry = replace(entry, next_try=self._clock() + wait)
        await self._move(entry, LedgerState.FAILED, reason=reason)

    async def _move(
        self, entry: LedgerEntry, state: LedgerState, *, reason: str = ""
    ) -> LedgerEntry:
        next_try = entry.next_try if state is LedgerState.FAILED else None
        entry = replace(entry, state=state, reason=reason, next_try=next_try)
        await self._ledger.update(entry)
        _log.info("The report %s is %s%s.", entry.key, state, f" ({reason})" if reason else "")
        return entry
