"""Which of a guild's waiting entries to work on, and which of them have become one report."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from guildwatch.model import LedgerEntry, LedgerState, PeriodKind
from guildwatch.schedule.periods import KINDS, rolled_up

MOST_ONE_BY_ONE = 3
"""So many missed days are told one by one; more become one report."""
LONGEST_WAIT = timedelta(hours=1)
SETTLING = timedelta(seconds=3)  # what was sent in the last moment is heard a moment later
TRIES_THAT_HOLD = 6  # the hour of doubling waits

_DAYS = (PeriodKind.DAY, PeriodKind.SPAN)
_ORDER = (PeriodKind.SPAN, *KINDS)


def in_order(entries: Collection[LedgerEntry]) -> list[LedgerEntry]:
    """The oldest first; of those that end at one moment the day, then the week, then the month."""
    return sorted(entries, key=lambda one: (one.period.end, _ORDER.index(one.period.kind)))


def next_ready(
    entries: Collection[LedgerEntry], now: datetime, *, cleared: Collection[str] = ()
) -> LedgerEntry | None:
    """Which of a guild's open entries to work on now: the oldest, or None while that one waits.

    One that has failed for an hour lets later ones pass. `cleared` has the keys of those that need
    not wait any longer.
    """
    for entry in in_order(entries):
        if _is_ready(entry, now, cleared):
            return entry
        if entry.failures < TRIES_THAT_HOLD:
            return None
    return None


def _is_ready(entry: LedgerEntry, now: datetime, cleared: Collection[str]) -> bool:
    if now - entry.period.end < SETTLING:
        return False
    if entry.next_try is None or entry.next_try <= now or entry.key in cleared:
        return True
    # A next try that no wait explains comes from a clock that was put back since.
    return entry.next_try - now > LONGEST_WAIT


def overdue(entries: Collection[LedgerEntry]) -> Sequence[LedgerEntry]:
    """The open days without a gap between them, the oldest first, if they are more than three.

    Days that were rolled up already count for more than three of them.
    """
    run: list[LedgerEntry] = []
    for entry in in_order(entries):
        if entry.period.kind not in _DAYS:
            continue
        if run and entry.period.start != run[-1].period.end:
            break
        run.append(entry)
    several = any(entry.period.kind is PeriodKind.SPAN for entry in run) and len(run) > 1
    return run if several or len(run) > MOST_ONE_BY_ONE else ()


def as_one(
    days: Sequence[LedgerEntry], entries: Collection[LedgerEntry]
) -> tuple[LedgerEntry, list[LedgerEntry]]:
    """The entry that stands for several days, and those of a guild's entries that it ends.

    These are the days and whatever longer periods lie wholly within them.
    """
    whole = LedgerEntry(days[0].guild_id, rolled_up([day.period for day in days]))
    within = [
        entry
        for entry in entries
        if entry in days
        or (
            entry.period.kind not in _DAYS
            and whole.period.start <= entry.period.start
            and entry.period.end <= whole.period.end
        )
    ]
    closed = [
        replace(entry, state=LedgerState.CLOSED, reason=whole.rolled_up_into, next_try=None)
        for entry in within
    ]
    return whole, closed
