"""Faults of the machine, on real files: capture pauses, keeps all, and goes on by itself."""

import asyncio
import sqlite3
import sys
from contextlib import asynccontextmanager, suppress

import pytest

from guildwatch.capture import Intake, Pulse
from guildwatch.mood import Vader
from guildwatch.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the faults are POSIX's")


async def short(_seconds):
    await asyncio.sleep(0.01)


@asynccontextmanager
async def capturing(folder):
    """An intake on a database of its own, which tries again at once."""
    async with Store.open(folder / "data" / "guildwatch.db") as store:
        intake = Intake(store, Vader(), Pulse(lambda _guild: "UTC"), pause=short)
        task = asyncio.create_task(intake.run())
        try:
            yield store, intake
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def until(holds):
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


async def texts(store):
    return [one.text for one in await store.messages.latest(limit=100)]


async def test_a_database_that_is_moved_away_gets_nothing_until_it_is_back(tmp_path, make):
    async with capturing(tmp_path) as (store, intake):
        intake.offer(make.message(1, "before"))
        await until(lambda: intake.backlog == 0 and not intake._writing.locked())
        away = store.path.with_name("away.db")
        store.path.rename(away)
        intake.offer(make.message(2, "meanwhile"))
        await until(lambda: "removed or replaced" in intake.trouble)
        store.path.write_bytes(b"another one")
        await until(lambda: intake.trouble)
        away.replace(store.path)
        await until(lambda: not intake.trouble)
        assert await texts(store) == ["before", "meanwhile"]


async def test_another_program_that_locks_the_database_only_makes_it_wait(tmp_path, make):
    async with capturing(tmp_path) as (store, intake):
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for number in range(3):
            intake.offer(make.message(number, f"number {number}"))
        await until(lambda: "in use by another program" in intake.trouble)
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: not intake.trouble)
        assert await texts(store) == ["number 0", "number 1", "number 2"]


FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from guildwatch.capture import Intake, Pulse
from guildwatch.model import Author, Message, first_id_at, utc_now
from guildwatch.mood import Vader
from guildwatch.store import Store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])

async def main():
    async with Store.open(path) as store:
        told = []
        async def pause(seconds):
            told.append(intake.trouble)
            if len(told) == 3:
                resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
            await asyncio.sleep(0)
        intake = Intake(store, Vader(), Pulse(lambda _guild: "UTC"), pause=pause)
        first = first_id_at(utc_now())
        for number in range(2_000):
            intake.offer(Message(first + number, 1, 10, Author(5, "Ada"), f"{number} " + "x" * 500))
        size = path.with_name("guildwatch.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, -1))
        run = asyncio.create_task(intake.run())
        while intake.backlog or intake._writing.locked() or intake.trouble:
            await asyncio.sleep(0.01)
        run.cancel()
        kept = await store.messages.latest(limit=10_000)
        assert [one.id for one in kept] == [first + number for number in range(2_000)]
        print(told[0])

asyncio.run(main())
"""


async def test_a_full_disk_makes_it_wait_and_nothing_is_lost_or_twice(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", FULL, str(tmp_path / "guildwatch.db")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert "guildwatch.db" in out.decode() or "disk" in out.decode()
