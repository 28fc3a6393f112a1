"""One request for the past at a time, and a pause before each."""

import asyncio
from datetime import datetime

from guildwatch.capture.history import Between, History, HistoryPage
from guildwatch.capture.intake import Pause
from guildwatch.model import Channel


class PacedHistory:
    """A history that lets `interval` seconds pass before each request, whoever asks."""

    def __init__(self, history: History, pause: Pause, interval: float) -> None:
        self._history = history
        self._pause = pause
        self._interval = interval
        self._turn = asyncio.Lock()

    async def page(self, channel: Channel, *, after: int, limit: int = 100) -> HistoryPage:
        """The first messages after an id."""
        async with self._turn:
            await self._breath()
            return await self._history.page(channel, after=after, limit=limit)

    async def has_message(self, channel: Channel, message_id: int) -> bool:
        """Whether a message is there, asked for it alone."""
        async with self._turn:
            await self._breath()
            return await self._history.has_message(channel, message_id)

    async def has_channel(self, channel_id: int) -> bool:
        """Whether a channel or thread is there, be it readable or not."""
        async with self._turn:
            await self._breath()
            return await self._history.has_channel(channel_id)

    async def archived_threads(
        self,
        channel: Channel,
        *,
        since: datetime,
        every_private: bool = False,
        between: Between | None = None,
    ) -> tuple[Channel, ...]:
        """The threads that were archived since, with a pause before each page of them."""
        async with self._turn:
            await self._breath()
            return await self._history.archived_threads(
                channel, since=since, every_private=every_private, between=between or self._breath
            )

    async def _breath(self) -> None:
        await self._pause(self._interval)
