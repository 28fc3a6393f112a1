"""Channels that are left alone for a while, so that one that fails holds up no other."""

import asyncio
from collections.abc import Callable

from guildwatch.capture.intake import Pause


class Resting:
    """Which channels rest after a failure, longer each time; others go on meanwhile."""

    def __init__(self, pause: Pause, wake: Callable[[], None], longest: float) -> None:
        self._pause = pause
        self._wake = wake
        self._longest = longest
        self._failures: dict[int, int] = {}
        self._rests: dict[int, asyncio.Task[None]] = {}

    def is_resting(self, channel_id: int) -> bool:
        """Whether a channel is left alone at this moment."""
        return channel_id in self._rests

    def failures(self, channel_id: int) -> int:
        """How often a channel failed in a row."""
        return self._failures.get(channel_id, 0)

    def failed(self, channel_id: int) -> None:
        """Leaves a channel alone, for two seconds first, then twice as long each time."""
        times = self._failures[channel_id] = self.failures(channel_id) + 1
        seconds = min(2.0 ** min(times, 16), self._longest)
        self._rests[channel_id] = asyncio.create_task(self._rest(channel_id, seconds))

    def worked(self, channel_id: int) -> None:
        """A channel did not fail this time."""
        self._failures.pop(channel_id, None)

    async def end(self) -> None:
        """Ends all rests."""
        rests = list(self._rests.values())
        for rest in rests:
            rest.cancel()
        await asyncio.gather(*rests, return_exceptions=True)

    async def _rest(self, channel_id: int, seconds: float) -> None:
        try:
            await self._pause(seconds)
        finally:
            self._rests.pop(channel_id, None)
        self._wake()
