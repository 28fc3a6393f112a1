"""Since when something of each channel may be missing: kept, so that a crash moves no beginning.

While the program listens it notes every minute up to when everything that happened live is stored.
After a break every gap begins there, and keeps its beginning until it is closed: were it taken from
the newest message instead, what changed in a quiet channel would be looked for too late.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from guildwatch.model import Clock
from guildwatch.store import Breaks as Kept

_MARGIN = timedelta(minutes=5)
"""A dead line is noticed within two heartbeats of 41 seconds; this is more, and costs nothing."""


class Breaks:
    """The beginnings of all open gaps; `is_loaded` once those from before the start are known."""

    def __init__(self, kept: Kept, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock
        self.is_loaded = False
        self._heard: datetime | None = None
        self._since: dict[int, datetime] = {}
        self._early: set[int] = set()
        self._begun: set[int] = set()
        self._ended: set[int] = set()

    async def load(self) -> None:
        """Takes over what was noted before the start. Raises `StoreError`."""
        if self.is_loaded:
            return
        self._heard = await self._kept.heard() or self._clock()
        for channel_id, began in (await self._kept.all()).items():
            self._since[channel_id] = min(began, self._since.get(channel_id, began))
        self.is_loaded = True
        self.interrupt(self._early)
        self._early.clear()

    def since(self, channel_id: int) -> datetime | None:
        """Since when something of a channel may be missing, None where nobody noted it."""
        return self._since.get(channel_id)

    def earliest(self, channel_ids: Iterable[int]) -> datetime | None:
        """Since when something of any of these channels may be missing."""
        found = (self._since[one] for one in channel_ids if one in self._since)
        return min(found, default=None)

    def interrupt(self, channel_ids: Iterable[int]) -> None:
        """Everything heard live broke off some time ago: these channels have had a gap since."""
        if not self.is_loaded:
            self._early.update(channel_ids)
            return
        for channel_id in channel_ids:
            self.begin(channel_id, self._heard or self._clock())

    def lose(self, channel_ids: Iterable[int]) -> None:
        """From about now on nothing is heard of these channels."""
        for channel_id in channel_ids:
            self.begin(channel_id, self._clock() - _MARGIN)

    def begin(self, channel_id: int, moment: datetime) -> None:
        """Something of a channel may be missing since a moment; an earlier one stays."""
        if channel_id not in self._since or moment < self._since[channel_id]:
            self._since[channel_id] = moment
            self._begun.add(channel_id)
            self._ended.discard(channel_id)

    def end(self, channel_id: int) -> None:
        """Nothing of a channel is missing any more."""
        if self._since.pop(channel_id, None) is not None:
            self._begun.discard(channel_id)
            self._ended.add(channel_id)

    async def save(self) -> None:
        """Keeps the beginnings of new gaps. Raises `StoreError`; then they are kept next time.

        That a gap was closed is kept with the next `note`, or by `note_closed` at the end: to read
        it twice does no harm.
        """
        if self._begun:
            await self._write(None)

    async def note_closed(self) -> None:
        """Keeps which gaps were closed. Raises `StoreError`."""
        if self._ended:
            await self._write(None)

    async def note(self, moment: datetime) -> None:
        """Keeps that everything that happened live until shortly before a moment is stored."""
        if self.is_loaded:
            await self._write(moment - _MARGIN)

    async def _write(self, heard: datetime | None) -> None:
        begun, ended = self._begun, self._ended
        self._begun, self._ended = set(), set()
        try:
            since = {one: self._since[one] for one in begun if one in self._since}
            await self._kept.save(since, ended, heard)
        except BaseException:
            self._begun |= begun & self._since.keys()
            self._ended |= ended - self._since.keys()
            raise
        if heard is not None:
            self._heard = heard
