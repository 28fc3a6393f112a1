"""A page of memory that a sandbox and the program share: the time, and how the program is."""

import mmap
import struct
import time
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_OFFSET = struct.Struct("d")
_TOLD = struct.Struct("QIIIIIIId")
_TOLD_AT = 64
_SIZE = 4096


@dataclass(frozen=True)
class Told:
    """How the program says it is.

    `beat` grows with each telling. `guilds` counts those that it watches, `planned` those of them
    whose next report it awaits, `behind` those of which something is missing, `left` the channels
    still to be read, `open` the ledger's open entries, `ready` those that wait for no later try;
    `next_try` is the earliest of the others' (UNIX).
    """

    beat: int = 0
    guilds: int = 0
    planned: int = 0
    backlog: int = 0
    behind: int = 0
    left: int = 0
    open: int = 0
    ready: int = 0
    next_try: float = 0.0


class Page:
    """The shared memory, as a file that both sides map."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    def now(self) -> datetime:
        """The time in this sandbox: the machine's and what was jumped."""
        return datetime.now(UTC) + timedelta(seconds=self.jumped)

    def timer(self) -> float:
        """Seconds that only grow, and go on while the clock jumps: Discord's own time limits."""
        return time.monotonic() + self.jumped

    @property
    def jumped(self) -> float:
        """By how many seconds this clock is ahead of the machine's."""
        (seconds,) = _OFFSET.unpack_from(self._memory, 0)
        return float(seconds)

    def jump(self, seconds: float) -> None:
        """Let time pass at once; never back."""
        _OFFSET.pack_into(self._memory, 0, self.jumped + max(0.0, seconds))

    def tell(self, told: Told) -> None:
        """The program says how it is."""
        _TOLD.pack_into(self._memory, _TOLD_AT, *astuple(told))

    def told(self) -> Told:
        """What the program said last."""
        return Told(*_TOLD.unpack_from(self._memory, _TOLD_AT))

    def forget(self) -> None:
        """Nothing is known of the program that is about to start."""
        self.tell(Told())
