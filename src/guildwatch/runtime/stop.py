"""How the program is stopped: once asked it stops in stages, asked twice it stops at once."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STOPPED_BY_FORCE = 1


@contextmanager
def stopped_by_signal(stop: asyncio.Event) -> Iterator[None]:
    """Sets `stop` at the first SIGINT or SIGTERM; the second ends the process without waiting."""
    loop = asyncio.get_running_loop()

    def asked(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(_STOPPED_BY_FORCE)
        loop.call_soon_threadsafe(stop.set)

    # signal.signal rather than loop.add_signal_handler, which Windows does not have.
    before = {number: signal.signal(number, asked) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
