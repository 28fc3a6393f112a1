"""Waiting until a bot has come and has read what was said before."""

import asyncio
import time
from collections.abc import Callable

from guildwatch.sandbox.clock import Timer
from guildwatch.sandbox.journal import Entry, Journal

_LOOK = 0.05  # seconds
_HISTORY = "/channels/{channel_id}/messages"


class Arrival:
    """Tells, by the requests it makes, when a bot is connected and has settled in.

    `connected` says whether a client is on the gateway. It has settled in once it has read some
    history and then asked for nothing for `quiet` real seconds; one that reads none is given
    `patience` seconds of silence. Await it: while no bot comes, it waits.
    """

    def __init__(
        self,
        log: Journal,
        connected: Callable[[], bool],
        *,
        quiet: float = 1.0,
        patience: float = 5.0,
        timer: Timer = time.monotonic,
    ) -> None:
        self._log = log
        self._connected = connected
        self._quiet = quiet
        self._patience = patience
        self._timer = timer
        self._latest: Entry | None = None
        self._since = timer()

    async def __call__(self) -> None:
        """Return when the bot is there and quiet."""
        while not self.is_complete():  # noqa: ASYNC110 - silence is no event to await
            await asyncio.sleep(_LOOK)

    def is_complete(self) -> bool:
        """Look once; what is new, or a bot that is not there, makes the silence start over."""
        latest = next(reversed(tuple(self._log)), None)
        if latest is not self._latest or not self._connected():
            self._latest, self._since = latest, self._timer()
        has_read = bool(self._log.of("GET", _HISTORY))
        needed = self._quiet if has_read else self._patience
        return self._connected() and self._timer() - self._since >= needed
