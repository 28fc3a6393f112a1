"""The sweep: after a gap everything older is slowly read again too, and compared."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from guildwatch.capture.frontier import Frontier
from guildwatch.capture.history import HistoryError, HistoryRefusedError
from guildwatch.capture.reading import Reader
from guildwatch.capture.roster import Roster
from guildwatch.model import Channel, Clock
from guildwatch.store import Round, Store


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """How far the sweep is: channels and (about) messages still to compare, and where it reads."""

    channels_left: int = 0
    messages_left: int = 0
    channel_id: int | None = None


class Sweep:
    """Goes round over what is stored, a page of history at a time, the channels taking turns.

    A round begins where the last one stands and ends when it is there again: so a gap every night
    only moves the end, and even the oldest message has its turn. Between stored messages it jumps;
    where nothing is stored it never asks.
    """

    def __init__(
        self, reader: Reader, store: Store, roster: Roster, frontier: Frontier, clock: Clock
    ) -> None:
        self._reader = reader
        self._store = store
        self._roster = roster
        self._frontier = frontier
        self._clock = clock
        self._rounds: dict[int, Round] = {}
        self._left: dict[int, int] = {}
        self._current: int | None = None

    @property
    def progress(self) -> SweepProgress:
        """How far it is."""
        return SweepProgress(len(self._rounds), sum(self._left.values()), self._current)

    async def load(self) -> None:
        """Takes up the rounds that were under way at the stop. Raises `StoreError`."""
        rounds = await self._store.sweeps.all()
        self._left = await self._store.sweeps.left(rounds)
        self._rounds = {one.channel_id: one for one in rounds}

    async def begin(self, channel_id: int, *, until: int) -> None:
        """All that is stored of a channel up to an id has to be compared. Raises `StoreError`."""
        first = await self._store.sweeps.next_id(channel_id, 0)
        if first is None or first > until:
            return
        old = self._rounds.get(channel_id)
        place = old.next_id if old else 0
        await self._keep(Round(channel_id, place, place, old.looked_at if old else self._clock()))
        self._left |= await self._store.sweeps.left([self._rounds[channel_id]])

    async def drop(self, channel_id: int) -> None:
        """A channel is gone. Raises `StoreError`."""
        if self._rounds.pop(channel_id, None):
            self._left.pop(channel_id, None)
            await self._store.sweeps.end(channel_id)

    def next(self, is_resting: Callable[[int], bool]) -> Channel | None:
        """The channel whose turn it is: of those that can be read the one not read for longest."""
        for one in sorted(self._rounds.values(), key=lambda one: (one.looked_at, one.channel_id)):
            channel = self._roster.channel(one.channel_id)
            if channel is not None and self._is_ready(channel) and not is_resting(channel.id):
                return channel
        return None

    async def step(self, channel: Channel) -> None:
        """Compares one page of a channel, or ends its round. Raises `HistoryError`."""
        round_ = self._rounds[channel.id]
        first = await self._store.sweeps.next_id(channel.id, round_.next_id)
        if round_.next_id >= round_.until_id and first is None:
            if round_.until_id:
                await self._keep(replace(round_, next_id=0))
            else:
                await self.drop(channel.id)
        elif first is None or _is_past(round_, first):
            await self.drop(channel.id)
        else:
            await self._compare(channel, round_, first)

    async def _compare(self, channel: Channel, round_: Round, first: int) -> None:
        self._current = channel.id
        try:
            page = await self._reader.read_page(channel, first - 1, await self._floor(channel))
        except HistoryRefusedError as error:  # the live stream runs, so this is no gap
            await self._keep(replace(round_, looked_at=self._clock()))
            raise HistoryError(str(error)) from error
        finally:
            self._current = None
        if page is not None:
            place = max(first, page.reached)
            if round_.next_id < round_.until_id <= place:
                await self.drop(channel.id)
                return
            await self._keep(replace(round_, next_id=place, looked_at=self._clock()))
            left = self._left.get(channel.id, 0) - len(page.messages)
            self._left[channel.id] = max(0, left)

    async def _floor(self, channel: Channel) -> int:
        """Up to where nothing new is taken: older messages were kept long enough, and are gone."""
        mark = await self._store.past.mark(channel.id) or 0
        oldest = await self._store.past.oldest(channel.id)
        return mark if oldest is None else min(mark, oldest - 1)

    async def _keep(self, round_: Round) -> None:
        await self._store.sweeps.keep(round_)
        self._rounds[round_.channel_id] = round_

    def _is_ready(self, channel: Channel) -> bool:
        return self._roster.is_tracked(channel.id) and not self._frontier.is_open(channel.id)


def _is_past(round_: Round, first: int) -> bool:
    """Whether a round that has begun anew is through."""
    return round_.next_id < round_.until_id < first
