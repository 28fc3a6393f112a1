"""Takes back what a clock that was ahead entered of days that are yet to come.

A post tells by its own id when Discord took it. Nobody can tell it of what was not posted, and
nothing is lost by having it due again.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from guildwatch.model import LedgerEntry, LedgerState, Part, PeriodKind, created_at
from guildwatch.schedule.periods import KINDS
from guildwatch.store import Ledger

_log = logging.getLogger(__name__)

_LOOKED_BACK = timedelta(days=35)


async def take_back(ledger: Ledger, guild_id: int, now: datetime) -> bool:
    """Put a guild's ledger right from its end up to the last entry that stands; whether it did.

    What was closed as silent while the clock was ahead is looked at again.

    An entry stands if it was posted after its period had ended: then the present clock is the
    wrong one. So does one of which nobody knows whether it was posted. One that was posted before
    its period had ended ends with the post; any other is taken out.
    """
    entries = await ledger.ending_after(guild_id, now)
    ends = {entry.key: _end_of(entry, await ledger.parts(entry)) for entry in entries}
    for entry in entries:
        if whole := await ledger.find(entry.whole_key):
            ends[entry.key] = ends.get(whole.key, whole.period.end)
    dropped: list[LedgerEntry] = []
    shortened: list[tuple[LedgerEntry, datetime]] = []
    for kind in (*KINDS, PeriodKind.SPAN):  # what stands for others goes after them
        _walk([entry for entry in entries if entry.period.kind is kind], ends, dropped, shortened)
    if dropped or shortened:
        _log.warning(
            "The clock was ahead: %d reports of guild %d that were entered too early are taken "
            "back, %d that were posted too early end with their post.",
            len(dropped),
            guild_id,
            len(shortened),
        )
        unheard = await _unheard(ledger, guild_id, now)
        await ledger.amend(dropped, shortened)
        await ledger.update(*unheard)
    return bool(dropped or shortened)


async def _unheard(ledger: Ledger, guild_id: int, now: datetime) -> list[LedgerEntry]:
    """What was closed as silent since the last post that was made in its time, to look again.

    The clock may have been ahead ever since, and those periods then were yet to come.
    """
    unheard = []
    entries = await ledger.ending_after(guild_id, now - _LOOKED_BACK)
    for entry in (one for one in entries if one.period.end <= now):
        posted = [part.message_id for part in await ledger.parts(entry) if part.message_id]
        if posted and created_at(min(posted)) >= entry.period.end:
            break
        if entry.reason == "silent":
            unheard.append(replace(entry, state=LedgerState.DUE, reason=""))
    return unheard


def _walk(
    entries: Sequence[LedgerEntry],
    ends: dict[str, datetime | None],
    dropped: list[LedgerEntry],
    shortened: list[tuple[LedgerEntry, datetime]],
) -> None:
    """From the last one back, so that what is left still reaches up to where it begins."""
    for entry in entries:
        end = ends[entry.key]
        if end is None or end <= entry.period.start:
            dropped.append(entry)
            continue
        if end < entry.period.end:
            shortened.append((entry, end))
        return


def _end_of(entry: LedgerEntry, parts: Sequence[Part]) -> datetime | None:
    """Up to when it can have told anything; None if it told nobody anything."""
    posted = [part.message_id for part in parts if part.message_id is not None]
    if posted:
        return min(entry.period.end, created_at(min(posted)))
    is_in_doubt = any(part.attempted_at is not None for part in parts)
    if is_in_doubt or entry.state is LedgerState.POSTED:
        return entry.period.end
    return None
