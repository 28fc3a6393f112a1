"""Stopping: by signal, by a closed terminal, twice, and in the middle of things that hang."""

import asyncio
import os
import signal
import sqlite3
import struct
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from guildwatch.runtime.lock import is_held
from guildwatch.sandbox import Trouble
from support.program import PATIENCE, environment, guildwatch, started, until
from support.town import Town

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the signals are POSIX's")


def lock_of(address: dict[str, str]) -> Path:
    return Path(address["GUILDWATCH_DATA_DIR"]) / "guildwatch.lock"


def connected(town: Town) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return town.server.gateway.connected > 0

    return holds


def shows_status(address: dict[str, str], *, shown: bool) -> Callable[[], Awaitable[bool]]:
    """Whether the running program shows its status, which it takes away when it begins to stop."""

    async def holds() -> bool:
        return (Path(address["GUILDWATCH_DATA_DIR"]) / "status.json").exists() is shown

    return holds


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.long)]
)
async def test_every_wish_to_stop_is_heard(
    town: Town, address: dict[str, str], number: signal.Signals
) -> None:
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        pytest.skip("SIGHUP is ignored here, as under nohup, and so by the program")
    async with started("run", **address) as process:
        await until(connected(town))
        process.send_signal(number)
        process.send_signal(signal.SIGHUP)  # as shell and kernel both tell of a closed terminal
        _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert b"Traceback" not in err
    assert not is_held(lock_of(address))


@pytest.mark.long  # half a minute: the three stages
async def test_a_locked_store_does_not_keep_it(town: Town, address: dict[str, str]) -> None:
    async with started("run", **address) as process:
        await until(connected(town))
        path = Path(address["GUILDWATCH_DATA_DIR"]) / "guildwatch.db"
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            town.world.say(town.ada, town.general, "this cannot be written now")
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(2 * PATIENCE):  # without its stages it would wait for ever
                await process.communicate()
        assert process.returncode == 0
    async with started("run", **address):

        async def has_it() -> bool:
            with closing(sqlite3.connect(path)) as database:
                return database.execute("SELECT count(*) FROM messages").fetchone() == (1,)

        await until(has_it)


LOST = """
import signal, sys, weakref
from guildwatch.cli import main

class Lost:
    def find_spec(self, name, *_):
        if name == "guildwatch.cli.root":
            let_go = type("Lock", (), {})()
            self.seen = weakref.ref(let_go, lambda _: signal.raise_signal(signal.SIGINT))

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
sys.meta_path.insert(0, Lost())
sys.exit(main(["status"]))
"""


async def test_a_wish_to_stop_while_it_is_still_being_loaded_ends_it_without_a_word(
    tmp_path: Path,
) -> None:
    # In a callback of a weak reference, as import's own locks have, Python ignores what is raised.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOST),
        env=environment(GUILDWATCH_DATA_DIR=str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert await process.communicate() == (b"", b"")
    assert process.returncode == 130


async def test_the_second_wish_ends_it_at_once(town: Town, address: dict[str, str]) -> None:
    async with started("run", **address) as process:
        await until(connected(town))
        await until(shows_status(address, shown=True))
        path = Path(address["GUILDWATCH_DATA_DIR"]) / "guildwatch.db"
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            town.world.say(town.ada, town.general, "this cannot be written now")
            process.send_signal(signal.SIGTERM)
            # Two at once would be one for the system.
            await until(shows_status(address, shown=False))
            assert process.returncode is None
            process.send_signal(signal.SIGTERM)
            await process.communicate()
    assert process.returncode == 1  # rather than 0 in half a minute


async def test_attempts_to_connect_that_hang_do_not_keep_it(
    town: Town, address: dict[str, str]
) -> None:
    town.server.faults.strike(Trouble.SLOW, times=None, seconds=600)
    async with started("run", **address) as process:
        await until(shows_status(address, shown=True))
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(2 * PATIENCE):  # they hang for ten minutes
            await process.communicate()
    assert process.returncode == 0


@pytest.mark.long
async def test_after_a_kill_it_starts_at_once_and_an_import_may_not_come_between(
    town: Town, address: dict[str, str], tmp_path: Path
) -> None:
    async with started("run", **address) as process:
        await until(connected(town))
        process.kill()
        await process.wait()
        assert not is_held(lock_of(address))
    async with started("run", **address) as process:
        await until(connected(town))
        (tmp_path / "chat.json").write_text("{}")
        ended = await guildwatch("import", str(tmp_path / "chat.json"), **address)
        assert ended.code == 1
        assert "Another guildwatch" in ended.err
        assert process.returncode is None


async def test_a_terminal_that_is_closed_ends_the_console_and_frees_the_lock(
    town: Town, address: dict[str, str]
) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored
        os.execve(
            sys.executable,
            [sys.executable, "-m", "guildwatch", "run"],
            environment(TERM="xterm-256color", **address),
        )
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    try:
        shown = b""
        async with asyncio.timeout(PATIENCE):
            while b"connected" not in shown:
                shown += await asyncio.to_thread(os.read, terminal, 65536)
        os.close(terminal)

        async def has_ended() -> bool:
            return os.waitpid(pid, os.WNOHANG) != (0, 0)

        await until(has_ended)
        pid = 0
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    assert not is_held(lock_of(address))
