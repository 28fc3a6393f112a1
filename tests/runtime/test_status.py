"""`guildwatch status` beside the real program, without one, and when one hangs."""

import asyncio
import json
import os
import signal
import stat
import sys
import time
from pathlib import Path

import pytest

from guildwatch.config import Config, Paths
from guildwatch.runtime.asking import ask
from guildwatch.runtime.heartbeat import Heartbeat, write
from guildwatch.runtime.lock import sole_writer
from guildwatch.runtime.status import document
from guildwatch.store import Store
from support.program import guildwatch, started, until
from support.town import Town

KEYS = [
    *("running", "version", "pid", "since", "connected", "connected_since", "trouble"),
    *("last_message", "backlog", "backfill", "sweep", "gaps", "next_report", "last_report"),
    *("posts_to_edit", "guilds", "incidents", "model", "sizes"),
]


def where(address: dict[str, str]) -> Paths:
    return Paths.choose(config_file=Path(address["GUILDWATCH_CONFIG"]), environ=address)


async def test_beside_the_running_program_and_after_it(town: Town, address: dict[str, str]) -> None:
    data = Path(address["GUILDWATCH_DATA_DIR"])
    guild = town.world.channel(town.general).guild_id
    assert guild is not None
    town.world.rename_guild(guild, "Lighthouse lena@harbourmail.org")
    async with started("run", **address) as process:
        town.world.say(town.ada, town.general, "hello")

        async def has_told() -> bool:
            try:
                told = json.loads((data / "status.json").read_text())
            except (OSError, ValueError):
                return False
            return bool(told["last_message"] and told["next_report"])

        await until(has_told)
        answer = await ask(where(address), Config())
        told = answer.document
        assert answer.is_well
        assert list(told) == KEYS
        assert told["running"] is True
        assert told["connected"] is True
        assert told["connected_since"].endswith("Z")
        assert told["pid"] == process.pid
        assert told["backlog"] == 0
        assert [one["name"] for one in told["guilds"]] == ["Lighthouse [email-removed]"]
        assert stat.S_IMODE((data / "status.json").stat().st_mode) == 0o600
        assert town.server.token not in (data / "status.json").read_text()
        ended = await guildwatch("status", **address)
        assert ended.code == 0
        assert "connected since" in ended.out
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert not (data / "status.json").exists()
    ended = await guildwatch("status", "--json", "--check", **address)
    told = json.loads(ended.out)
    assert ended.code == 0
    assert list(told) == [*KEYS, "damages"]
    assert (told["running"], told["pid"], told["damages"]) == (False, None, [])
    assert told["last_message"]
    assert told["next_report"]
    assert "harbourmail" not in ended.out


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.choose(data_dir=tmp_path, config_file=tmp_path / "config.toml", environ={})


async def test_where_nothing_was_ever_kept_it_is_a_sentence(paths: Paths) -> None:
    answer = await ask(paths, Config())
    assert answer.document["running"] is False
    assert "There is no database" in answer.document["trouble"]
    assert not answer.is_well


async def test_a_program_that_hangs_does_not_answer(paths: Paths) -> None:
    write(paths.status, json.dumps(document(running=True, pid=os.getpid(), since="2026-11-20")))
    hour_ago = time.time() - 3600
    os.utime(paths.status, (hour_ago, hour_ago))
    with sole_writer(paths.lock):
        answer = await ask(paths, Config())
    assert answer.document["running"] is True
    assert "does not answer since" in answer.document["trouble"]
    assert not answer.is_well


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be asked for there")
async def test_what_a_killed_program_left_is_not_told_of_another_one(paths: Paths) -> None:
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    write(paths.status, json.dumps(document(running=True, pid=process.pid, connected=True)))
    with sole_writer(paths.lock):
        held = await ask(paths, Config())
    assert held.document["connected"] is False
    assert "import" in held.document["trouble"]
    async with Store.open(paths.database):
        pass
    free = await ask(paths, Config())
    assert free.document["running"] is False


def test_looking_whether_the_lock_is_held_takes_it_from_nobody(paths: Paths) -> None:
    with sole_writer(paths.lock):
        pass
    for _ in range(3):
        with sole_writer(paths.lock):
            pass
    assert paths.lock.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is POSIX's")
async def test_on_a_full_disk_it_still_gives_a_sign_of_life(paths: Paths) -> None:
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from guildwatch.runtime.heartbeat import write\n"
        "path = Path(sys.argv[1]); write(path, 'first')\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "path.with_suffix('.new').mkdir()\n"  # nothing new can be made
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "write(path, 'second')\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, paths.status)
    assert await process.wait() == 0
    assert paths.status.read_text().strip() == "second"


async def test_a_look_that_fails_ends_nothing_and_the_file_goes_in_the_end(paths: Paths) -> None:
    looks = []

    async def look() -> dict:
        looks.append(1)
        if len(looks) == 1:
            raise OSError("no space")
        return {"fine": True}

    heart = Heartbeat(paths.status, look, time.monotonic)
    task = asyncio.create_task(heart.run())

    async def is_written() -> bool:
        return paths.status.exists()

    await until(is_written)
    assert json.loads(paths.status.read_text()) == {"fine": True}
    task.cancel()
    await asyncio.wait([task])
    assert not paths.status.exists()
