"""How the program is stopped: once asked it stops in stages, asked twice it stops at once."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

LONGEST_STOP = 45.0
"""Seconds that stopping may take: three stages of ten, the store's closing, and some air."""

_STOPPED_BY_FORCE = 1
# Normal screen, cursor shown, no mouse, no bracketed paste, no keyboard protocol: see
# https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
_PLAIN_SCREEN = b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[<u"


@contextmanager
def stopped_by_signal(stop: asyncio.Event) -> Iterator[None]:
    """Sets `stop` at the first SIGINT or SIGTERM; the second ends the process without waiting.

    A terminal that is closed (SIGHUP) stops it too, unless that was to be ignored (nohup).
    """
    loop = asyncio.get_running_loop()
    make_plain = _terminal()
    is_asked = False

    def asked(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_asked
        if is_asked or stop.is_set():  # a loop that is kept busy has not yet set it
            make_plain()
            os._exit(_STOPPED_BY_FORCE)
        is_asked = True
        loop.call_soon_threadsafe(stop.set)

    def hung_up(_number: int, _frame: FrameType | None) -> None:
        # Shell and kernel both tell of a closed terminal: the second one is not a second wish.
        loop.call_soon_threadsafe(stop.set)

    # signal.signal rather than loop.add_signal_handler, which Windows does not have.
    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, hung_up)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def in_time(seconds: float = LONGEST_STOP) -> Iterator[Callable[[], None]]:
    """Gives what is to be called when stopping begins: from then on it may take `seconds`.

    Then the process is ended, whatever it waits for. A thread that is still at work when this is
    left would keep the process alive: its time goes on running.
    """
    timer = threading.Timer(seconds, _cut_short, (seconds, _terminal()))
    timer.daemon = True

    def begin() -> None:
        if not timer.is_alive():
            with suppress(RuntimeError):  # it ran, or was cancelled
                timer.start()

    try:
        yield begin
    finally:
        if not _is_kept_alive():
            timer.cancel()


def _is_kept_alive() -> bool:
    main = threading.main_thread()
    return any(not one.daemon and one is not main for one in threading.enumerate())


def _cut_short(seconds: float, make_plain: Callable[[], None]) -> None:
    make_plain()
    with suppress(OSError, ValueError):
        sys.stderr.write(
            f"guildwatch: stopping took longer than {seconds:g} s and was cut short. "
            "What was not written is read again at the next start.\n"
        )
        sys.stderr.flush()
    os._exit(_STOPPED_BY_FORCE)


def _terminal() -> Callable[[], None]:
    """What makes the terminal again what it is now, for an end that nobody else cleans up after."""
    if sys.platform == "win32" or not sys.stderr.isatty():
        return lambda: None
    import termios  # noqa: PLC0415 - there is none on Windows

    place = sys.stderr.fileno()
    state = termios.tcgetattr(place)

    def make_plain() -> None:
        with suppress(OSError, termios.error):
            os.write(place, _PLAIN_SCREEN)
            termios.tcsetattr(place, termios.TCSANOW, state)

    return make_plain
