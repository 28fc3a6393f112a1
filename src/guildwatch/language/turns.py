"""One model call at a time: in this process by a queue, on this machine by a lock file."""

import asyncio
import heapq
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path

from guildwatch.language.errors import ModelError
from guildwatch.language.model import Priority

_PAUSE = 0.1
_SEEN = (
    2  # looks in a row: one alone may have met another's look, which holds a mark for an instant
)


MOST_PASSED = 3
"""Turns that go to commands in a row while something that is due waits."""


class GaveWayError(Exception):
    """The turn was taken back, as somebody more urgent waits; an inner signal of this package."""


_Waiting = tuple[int, int, asyncio.Future[None]]
"""A waiter's priority, its place among equals, and what tells it that it is its turn."""


class Turns:
    """Hands out the one turn, the most urgent waiter first, equals in the order they came.

    Commands pass what is due `MOST_PASSED` times in a row at most: however much members ask for,
    a report that is being written goes on. With `lock_file` the turn is shared by all processes
    that name the same file, and this holds for what is due in another one, too.
    """

    def __init__(self, lock_file: Path | None = None) -> None:
        self._lock_file = lock_file
        self._taken = False
        self._order = count()
        self._waiting: list[_Waiting] = []
        self._passed = 0
        self._passed_elsewhere = 0

    @asynccontextmanager
    async def turn(self, priority: Priority) -> AsyncIterator[None]:
        """Wait for the turn, hold it for the length of the block.

        Work in the background is broken off, within a fraction of a second, once somebody more
        urgent waits, here or in another process: then GaveWayError is raised.
        """
        await self._enter(priority)
        try:
            async with AsyncExitStack() as stack:
                marks: list[_FileLock] = []
                if self._lock_file is not None:
                    if priority is Priority.COMMAND:
                        await self._let_others_due(self._lock_file)
                    marks = await stack.enter_async_context(
                        _machine_turn(self._lock_file, priority)
                    )
                if priority is Priority.BACKGROUND:
                    await stack.enter_async_context(self._giving_way(priority, marks))
                yield
        finally:
            self._leave()

    async def _let_others_due(self, path: Path) -> None:
        """Lets what is due in another process go first, where commands passed it often enough."""
        due = _opened(path.with_suffix(f".{int(Priority.SCHEDULED)}"))
        try:
            if not due.is_held_elsewhere():
                self._passed_elsewhere = 0
                return
            self._passed_elsewhere += 1
            while self._passed_elsewhere > MOST_PASSED and due.is_held_elsewhere():  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(_PAUSE)
            if self._passed_elsewhere > MOST_PASSED:
                self._passed_elsewhere = 0
        finally:
            due.close()

    @asynccontextmanager
    async def _giving_way(
        self, priority: Priority, marks: Sequence["_FileLock"]
    ) -> AsyncIterator[None]:
        """Breaks the block off when somebody more urgent than `priority` waits."""
        try:
            async with asyncio.timeout(None) as limit:
                watch = asyncio.create_task(self._stop_when_wanted(limit, priority, marks))
                try:
                    yield
                finally:
                    watch.cancel()
                    await asyncio.wait([watch])
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise GaveWayError from error

    async def _stop_when_wanted(
        self, limit: asyncio.Timeout, priority: Priority, marks: Sequence["_FileLock"]
    ) -> None:
        seen = 0
        while not self._is_wanted(priority) and seen < _SEEN:
            await asyncio.sleep(_PAUSE)
            held = any(mark.is_held_elsewhere() for mark in marks)
            seen = seen + 1 if held else 0
        limit.reschedule(asyncio.get_running_loop().time())

    def _is_wanted(self, priority: Priority) -> bool:
        return any(rank < priority and not ready.done() for rank, _, ready in self._waiting)

    async def _enter(self, priority: Priority) -> None:
        if not self._taken:
            self._taken = True
            return
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._order), ready))
        try:
            await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled():
                self._leave()  # the turn came in the same moment: pass it on
            raise

    def _leave(self) -> None:
        while (next_ := self._next()) is not None:
            if not next_.done():
                next_.set_result(None)
                return
        self._taken = False

    def _next(self) -> asyncio.Future[None] | None:
        """Who is next, out of the line; None where nobody waits."""
        due = [one for one in self._waiting if one[0] == Priority.SCHEDULED and not one[2].done()]
        if due and self._passed >= MOST_PASSED:
            first = min(due, key=lambda one: one[:2])
            self._waiting.remove(first)
            heapq.heapify(self._waiting)
        elif self._waiting:
            first = heapq.heappop(self._waiting)
        else:
            return None
        if not first[2].done():
            self._passed = self._passed + 1 if due and first[0] < Priority.SCHEDULED else 0
        return first[2]


@asynccontextmanager
async def _machine_turn(path: Path, priority: Priority) -> AsyncIterator[list["_FileLock"]]:
    """Hold the lock on `path`, letting more urgent processes go first; gives the marks of those.

    Whoever waits also holds a mark beside the lock (`….0` for commands); the less urgent leave
    the lock alone as long as such a mark is held. The system drops both when a process dies.
    Neither fcntl nor msvcrt can wait without blocking the loop, therefore the short pauses.
    """
    lock, mark, above = _open_locks(path, priority)
    try:
        while any(other.is_held_elsewhere() for other in above) or not lock.take():
            mark.take()
            await asyncio.sleep(_PAUSE)
        mark.release()
        yield above
    finally:
        for held in (mark, lock, *above):
            held.close()


def _open_locks(
    path: Path, priority: Priority
) -> tuple["_FileLock", "_FileLock", list["_FileLock"]]:
    above = [_opened(path.with_suffix(f".{rank}")) for rank in range(priority)]
    return _opened(path), _opened(path.with_suffix(f".{int(priority)}")), above


def _opened(path: Path) -> "_FileLock":
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _FileLock(path)
    except OSError as error:
        raise ModelError(
            "refused",
            f"{path} cannot be written ({error.strerror}), so the model's turns cannot be shared. "
            "Make its folder writable.",
        ) from error


class _FileLock:
    """An exclusive lock on a file's first byte."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._held = False

    def take(self) -> bool:
        """Take it if it is free; whether it is ours now."""
        if not self._held:
            try:
                _lock(self._file)
            except OSError:
                return False
            self._held = True
        return True

    def is_held_elsewhere(self) -> bool:
        """Whether someone else holds it at this moment."""
        if not self.take():
            return True
        self.release()
        return False

    def release(self) -> None:
        if self._held:
            _unlock(self._file)
            self._held = False

    def close(self) -> None:
        self.release()
        os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
