"""Processes of the real program that start quickly: forked from one that imported everything.

`python -m support.faults.nursery` is that process: it reads an order a line and forks a child for
each, and tells each child's end a line. `Nursery` is its owner.
"""

import asyncio
import gc
import json
import os
import select
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

TESTS = Path(__file__).resolve().parents[2]


def python_path() -> str:
    """Where processes of these tests find them."""
    return os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))


class Child:
    """One process of the program."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet, as far as is known."""
        return not self.ended.done()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there to hear it."""
        if self.is_alive:
            with suppress(ProcessLookupError):  # it ended just now
                os.kill(self.pid, number)

    async def code(self) -> int:
        """Its exit code once it has ended; negative is the signal that ended it."""
        return await asyncio.shield(self.ended)


class Nursery:
    """Forks children as long as it is open, and kills those that are left in the end."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._births: asyncio.Queue[asyncio.Future[Child]] = asyncio.Queue()
        self._children: dict[int, Child] = {}
        self._cache = tempfile.TemporaryDirectory(prefix="guildwatch-cache-")

    async def __aenter__(self) -> Self:
        kept = {key: text for key, text in os.environ.items() if not key.startswith("GUILDWATCH_")}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "support.faults.nursery"),
            env=kept | {"PYTHONPATH": python_path(), "XDG_CACHE_HOME": self._cache.name},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reading is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading
        self._cache.cleanup()

    async def fork(self, order: Any) -> Child:
        """A new child that runs to this order (see `program.Order`)."""
        assert self._process is not None
        assert self._process.stdin is not None
        birth: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        self._births.put_nowait(birth)
        self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        return await birth

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            word, pid, *code = line.split()
            if word == b"born":
                child = self._children[int(pid)] = Child(int(pid))
                self._births.get_nowait().set_result(child)
            else:
                self._children.pop(int(pid)).ended.set_result(int(code[0]))
        for child in self._children.values():
            child.ended.set_result(-signal.SIGKILL)


def _serve() -> None:
    """Forks a child for every line, until there are no more."""
    from guildwatch.mood import Vader  # noqa: PLC0415 - only this process pays for the imports
    from support.faults.program import Order, live  # noqa: PLC0415

    Vader().scores(["It reads its lexicon now."])
    gc.collect()
    gc.freeze()
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    alive: set[int] = set()
    waiting = b""
    while True:
        readable, _, _ = select.select([0, woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
            _bury(alive)
        if 0 not in readable:
            continue
        words = os.read(0, 65536)
        if not words:
            break
        *lines, waiting = (waiting + words).split(b"\n")
        for line in lines:
            pid = os.fork()
            if pid == 0:
                _grow_up(woken, waker)
                os._exit(live(Order(**json.loads(line))))
            alive.add(pid)
            os.write(1, b"born %d\n" % pid)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _grow_up(*pipe: int) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for end in (nothing, *pipe):
        os.close(end)


def _bury(alive: set[int]) -> None:
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        alive.discard(pid)
        os.write(1, b"dead %d %d\n" % (pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    _serve()
