"""Takes one entry of the ledger through its states, so that a crash at any of them is made good."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from guildwatch.model import Clock, GuildwatchError, LedgerEntry, LedgerState
from guildwatch.schedule.rolling import LONGEST_WAIT, as_one, overdue
from guildwatch.schedule.steps import (
    BlockedError,
    CheckStep,
    GiveUpStep,
    NotNowError,
    PostOutcome,
    PostStep,
    WriteStep,
)
from guildwatch.store import Ledger

_log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(minutes=1)
_TRIES = 30  # an hour of doubling waits, then 23 hours


class StuckError(GuildwatchError):
    """A step that did not come to its end and was stopped."""


def _elapsed() -> timedelta:
    """Real time, in which neither a sleeping machine nor a clock that is set counts."""
    return timedelta(seconds=time.monotonic())


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds of real time a step counts as stuck and is stopped.

    A month of a busy guild takes a small machine hours to write. A post of fifty messages under
    Discord's limits takes minutes.
    """

    write: float = 6 * 3600.0
    post: float = 1800.0


@dataclass(frozen=True, slots=True)
class Steps:
    """What the worker has done by others."""

    write: WriteStep
    post: PostStep
    check: CheckStep
    give_up: GiveUpStep


class Worker:
    """Works on entries: due → writing → written → posting → posted, failed or closed.

    Each state is in the ledger before its step begins. After a crash what was being written is
    written again, and what was being posted is posted again by its parts.
    """

    def __init__(self, ledger: Ledger, steps: Steps, *, clock: Clock, patience: Patience) -> None:
        self._ledger = ledger
        self._steps = steps
        self._clock = clock
        self._patience = patience

    async def work(self, entry: LedgerEntry, waiting: Sequence[LedgerEntry]) -> LedgerEntry | None:
        """Take an entry as far as it gets; gives the one that is blocked, if it is.

        `waiting` are its guild's open entries: where more than three days are among them of which
        nothing is posted, they become one. Raises only where the ledger cannot be written.
        """
        began = _elapsed()
        try:
            entry, obstacle = await self._looked_at(entry, waiting)
            if entry.report_id is None and not entry.state.is_final:
                entry = await self._write(entry)  # kept for the operator, blocked or not
            if not entry.state.is_final:
                await self._post(entry, obstacle)
        except BlockedError as error:
            return await self._block(entry, str(error))
        except NotNowError as error:
            await self._wait(entry, str(error))
        except GuildwatchError as error:
            await self._fail(entry, str(error), _elapsed() - began)
        except Exception as error:  # noqa: BLE001 - a bug in one report must not stop the others
            _log.exception("The report %s failed.", entry.key)
            reason = f"Unexpected {type(error).__name__}: see the log."
            await self._fail(entry, reason, _elapsed() - began)
        return None

    async def _looked_at(
        self, entry: LedgerEntry, waiting: Sequence[LedgerEntry]
    ) -> tuple[LedgerEntry, BlockedError | None]:
        """The entry, or the one for many that it has become, and what is in its way."""
        try:
            return await self._worth_doing(entry, waiting), None
        except BlockedError as obstacle:
            return entry, obstacle

    async def _worth_doing(self, entry: LedgerEntry, waiting: Sequence[LedgerEntry]) -> LedgerEntry:
        untold = [one for one in waiting if not await self._is_begun(one)]
        days = overdue(untold)
        if entry not in days:
            return await self._unless_posted(entry)
        checked = [await self._unless_posted(day) for day in days]
        if checked[0].state.is_final:
            return checked[0]
        days = overdue([day for day in checked if not day.state.is_final])
        if entry not in days:
            return entry
        whole, closed = as_one(days, untold)
        await self._ledger.update(whole, *closed)
        _log.info("%d waiting reports become one: %s.", len(closed), whole.key)
        return whole

    async def _is_begun(self, entry: LedgerEntry) -> bool:
        """Whether something of it is posted, or may be."""
        parts = await self._ledger.parts(entry)
        return any((part.attempted_at or part.message_id) is not None for part in parts)

    async def _unless_posted(self, entry: LedgerEntry) -> LedgerEntry:
        async with self._stopped_after(self._patience.post, "Looking where it goes"):
            outcome = await self._steps.check(entry)
        return entry if outcome is None else await self._end(entry, outcome)

    async def _write(self, entry: LedgerEntry) -> LedgerEntry:
        entry = await self._move(entry, LedgerState.WRITING)
        async with self._stopped_after(self._patience.write, "Writing"):
            report_id = await self._steps.write(entry)
        if report_id is None:
            return await self._move(entry, LedgerState.CLOSED, reason="silent")
        return await self._move(replace(entry, report_id=report_id), LedgerState.WRITTEN)

    async def _post(self, entry: LedgerEntry, obstacle: BlockedError | None) -> None:
        if obstacle is not None:
            raise obstacle
        entry = await self._move(entry, LedgerState.POSTING)
        async with self._stopped_after(self._patience.post, "Posting"):
            outcome = await self._steps.post(entry)
        await self._end(entry, outcome)

    async def _end(self, entry: LedgerEntry, outcome: PostOutcome) -> LedgerEntry:
        state = LedgerState.CLOSED if outcome.closed else LedgerState.POSTED
        if outcome.report_id is not None:
            entry = replace(entry, report_id=outcome.report_id)
        return await self._move(entry, state, reason=outcome.closed)

    @asynccontextmanager
    async def _stopped_after(self, seconds: float, what: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds) as limit:
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise StuckError(
                f"{what} took more than {seconds / 3600:g} hours and was stopped."
            ) from error

    async def _fail(self, entry: LedgerEntry, reason: str, lasted: timedelta) -> None:
        """What took hours to fail counts as often as it could have been tried meanwhile."""
        entry = replace(entry, failures=entry.failures + 1 + max(0, lasted // LONGEST_WAIT))
        if entry.failures >= _TRIES:
            await self._give_up(entry, reason)
            return
        wait = min(_FIRST_WAIT * 2 ** (entry.failures - 1), LONGEST_WAIT)
        await self._wait(entry, reason, wait)

    async def _give_up(self, entry: LedgerEntry, reason: str) -> None:
        try:
            async with asyncio.timeout(self._patience.post):
                await self._steps.give_up(entry, reason)
        except Exception:  # noqa: BLE001 - who could not be told must not keep it open for ever
            _log.exception("Nobody could be told that the report %s is given up.", entry.key)
        await self._move(entry, LedgerState.CLOSED, reason=f"given up: {reason}")

    async def _block(self, entry: LedgerEntry, reason: str) -> LedgerEntry:
        """What was found blocked for the same reason a moment ago needs no new note."""
        now = self._clock()
        is_news = (entry.state, entry.reason) != (LedgerState.FAILED, reason)
        # A clock that was put back since leaves a next try that is too far away.
        if is_news or entry.next_try is None or not now < entry.next_try <= now + LONGEST_WAIT:
            await self._wait(entry, reason, LONGEST_WAIT)
        return entry

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
