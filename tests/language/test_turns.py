"""One turn at a time, on one machine."""

import asyncio
import subprocess
import sys

import pytest

from guildwatch.language import ModelError, Priority
from guildwatch.language.turns import Turns

HOLDER = """
import asyncio, sys
from pathlib import Path
from guildwatch.language import Priority
from guildwatch.language.turns import Turns

async def main():
    async with Turns(Path(sys.argv[1])).turn(Priority.SCHEDULED):
        print("holding", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


async def test_a_turn_is_shared_with_other_processes_and_freed_when_they_die(tmp_path):
    path = tmp_path / "locks" / "model.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "holding\n"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.25), Turns(path).turn(Priority.COMMAND):
                pass
        other.kill()
        other.wait()
        async with asyncio.timeout(2), Turns(path).turn(Priority.COMMAND):
            pass


async def test_between_two_users_of_one_lock_the_more_urgent_goes_first(tmp_path):
    path = tmp_path / "model.lock"
    order = []

    async def take(priority):
        async with Turns(path).turn(priority):
            order.append(priority)

    async with asyncio.timeout(5):
        async with Turns(path).turn(Priority.SCHEDULED):
            waiting = [asyncio.create_task(take(Priority.BACKGROUND))]
            await asyncio.sleep(0)
            waiting.append(asyncio.create_task(take(Priority.COMMAND)))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
    assert order == [Priority.COMMAND, Priority.BACKGROUND]


async def test_a_waiter_who_gives_up_does_not_keep_the_turn():
    turns = Turns()
    async with turns.turn(Priority.COMMAND):
        waiter = asyncio.create_task(turns.turn(Priority.COMMAND).__aenter__())
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
    async with asyncio.timeout(1), turns.turn(Priority.BACKGROUND):
        pass


async def test_a_lock_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="cannot be written"):
        async with Turns(tmp_path / "file" / "model.lock").turn(Priority.COMMAND):
            pass
