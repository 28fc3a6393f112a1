"""Waiting until a bot has come and has read what was said before."""

import asyncio
from collections.abc import Callable

from guildwatch.sandbox.journal import Entry, Journal

_LOOK = 0.05
_HISTORY = "/channels/{channel_id}/messages"


class Arrival:
    """Tells, by the requests it makes, when a bot is connected and has settled in.

    `connected` says whether a client is on the gateway. It has settled in once it has read some
    history and then asked for nothing for `quiet` real seconds; one that reads none is given
    `patience` seconds of silence. While no bot comes, this waits.
    """

    def __init__(
        self,
        log: Journal,
        connected: Callable[[], bool],
        *,
        quiet: float = 1.0,
        patience: float = 5.0,
    ) -> None:
        self._log = log
        self._connected = connected
        self._quiet = quiet
        self._patience = patience

    async def __call__(self) -> None:
        """Return when the bot is there and quiet; start over when it leaves."""
        loop = asyncio.get_running_loop()
        latest, since = self._latest(), loop.time()
        while loop.time() - since < self._needed():
            await asyncio.sleep(_LOOK)
            if self._latest() is not latest or not self._connected():
                latest, since = self._latest(), loop.time()

    def _needed(self) -> float:
        return self._quiet if self._log.of("GET", _HISTORY) else self._patience

    def _latest(self) -> Entry | None:
        return next(reversed(tuple(self._log)), None)
