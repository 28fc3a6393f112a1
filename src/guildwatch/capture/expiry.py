"""Expiry: once an hour, what has been kept long enough goes."""

import asyncio
import logging
from datetime import timedelta

from guildwatch.model import Clock
from guildwatch.store import Store, StoreError

_log = logging.getLogger(__name__)
_SECONDS = 3600.0


class Expiry:
    """Keeps texts for so many days (`storage.keep_days`) and not longer."""

    def __init__(self, store: Store, *, days: int, clock: Clock) -> None:
        self._store = store
        self._kept = timedelta(days=days)
        self._clock = clock

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_SECONDS)

    async def look(self) -> None:
        """Removes what is too old now; what a store in trouble keeps goes at the next look."""
        try:
            expired = await self._store.retention.expire(self._clock() - self._kept)
        except StoreError as error:
            _log.warning("Old messages could not be removed for now: %s", error)
            return
        if expired:
            _log.info("%d messages were kept for %d days and are gone", expired, self._kept.days)
