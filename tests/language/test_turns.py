"""One turn at a time, on one machine."""

import asyncio
import subprocess
import sys

import pytest

from guildwatch.language import ModelError, Priority
from guildwatch.language.turns import GaveWayError, Turns, _FileLock

HOLDER = """
import asyncio, sys
from pathlib import Path
from guildwatch.language import Priority
from guildwatch.language.turns import GaveWayError, Turns

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
        async with asyncio.timeout(60), Turns(path).turn(Priority.COMMAND):
            pass


async def test_between_two_users_of_one_lock_the_more_urgent_goes_first(tmp_path):
    path = tmp_path / "model.lock"
    order = []

    async def take(priority):
        async with Turns(path).turn(priority):
            order.append(priority)

    async with asyncio.timeout(60):
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
    async with asyncio.timeout(60), turns.turn(Priority.BACKGROUND):
        pass


async def test_a_lock_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="cannot be written"):
        async with Turns(tmp_path / "file" / "model.lock").turn(Priority.COMMAND):
            pass


@pytest.mark.parametrize("urgent", [Priority.COMMAND, Priority.SCHEDULED])
@pytest.mark.parametrize("is_shared", [True, False])
async def test_work_in_the_background_gives_way(tmp_path, urgent, is_shared):
    turns = Turns(tmp_path / "model.lock" if is_shared else None)
    began = asyncio.Event()

    async def work():
        async with turns.turn(Priority.BACKGROUND):
            began.set()
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    await began.wait()
    async with asyncio.timeout(60), turns.turn(urgent):
        with pytest.raises(GaveWayError):
            await working


async def test_it_gives_way_to_another_process_too_and_to_none_that_only_looks(tmp_path):
    path = tmp_path / "model.lock"
    began = asyncio.Event()

    async def work():
        async with Turns(path).turn(Priority.BACKGROUND):
            began.set()
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    await began.wait()
    equal = asyncio.create_task(work())  # waits, and looks for marks as the other does
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await asyncio.shield(working)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        with pytest.raises(GaveWayError):
            async with asyncio.timeout(60):
                await working
        assert await asyncio.to_thread(other.stdout.readline) == "holding\n"
        other.kill()
    equal.cancel()
    await asyncio.wait([equal])


async def test_a_scheduled_call_is_not_broken_off(tmp_path):
    path = tmp_path / "model.lock"
    async with Turns(path).turn(Priority.SCHEDULED):
        waiting = asyncio.create_task(_take(path))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.shield(waiting)
    await waiting


async def _take(path):
    async with Turns(path).turn(Priority.COMMAND):
        pass


async def test_commands_never_starve_what_is_due():
    turns, order = Turns(), []

    async def want(priority, name):
        async with turns.turn(priority):
            order.append(name)

    async with asyncio.TaskGroup() as group, turns.turn(Priority.COMMAND):
        for name in ("report 1", "report 2"):
            group.create_task(want(Priority.SCHEDULED, name))
        for number in range(12):
            group.create_task(want(Priority.COMMAND, f"command {number}"))
        group.create_task(want(Priority.BACKGROUND, "ahead"))
        await asyncio.sleep(0)

    assert order.index("report 1") == 3
    assert order.index("report 2") == 7
    assert order[-1] == "ahead"
    assert [one for one in order if one.startswith("command")] == [
        f"command {number}" for number in range(12)
    ]


async def test_commands_let_what_is_due_in_another_process_go_after_three(tmp_path):
    path, done = tmp_path / "model.lock", list[int]()
    turns, waiting = Turns(path), _FileLock(path.with_suffix(".1"))
    assert waiting.take()  # as a report does that waits in another process

    async def commands():
        for number in range(6):
            async with turns.turn(Priority.COMMAND):
                done.append(number)

    asked = asyncio.create_task(commands())
    async with asyncio.timeout(60):
        while len(done) < 3:
            await asyncio.sleep(0.01)
    await asyncio.wait([asked], timeout=0.5)  # nobody tells that it will not go on
    assert done == [0, 1, 2]
    waiting.close()  # it had its turn
    await asked
    assert len(done) == 6
