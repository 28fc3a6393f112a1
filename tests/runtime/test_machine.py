"""What the program leaves on its machine, and where it goes: looked at from outside."""

import asyncio
import json
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from guildwatch.config import Redactor
from guildwatch.sandbox.events import Intent
from support.program import PATIENCE, Ended, environment, guildwatch, until
from support.scripted_ollama import NAME, ScriptedOllama, scripted_ollama
from support.town import Town
from support.watched import (
    Watch,
    holding,
    open_to_others,
    pieces,
    sockets_of,
    under_open_umask,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="umask and modes are POSIX's")
WORDS = "kept-from-the-log"


@dataclass(frozen=True)
class Running:
    process: asyncio.subprocess.Process
    watch: Watch
    model: ScriptedOllama
    address: dict[str, str]


@asynccontextmanager
async def at_work(town: Town, tmp_path: Path) -> AsyncIterator[Running]:
    """`run` with a model, at DEBUG, with files open to all by default and proxies to nowhere."""
    watch = Watch.over(tmp_path)
    async with scripted_ollama() as model:
        address = {
            "GUILDWATCH_DISCORD__API_URL": town.server.url,
            "GUILDWATCH_DISCORD__TOKEN": town.server.token,
            "GUILDWATCH_OLLAMA__HOST": model.url,
            "GUILDWATCH_OLLAMA__MODEL": NAME,
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"),
            **watch.variables,
        }
        process = await asyncio.create_subprocess_exec(
            *under_open_umask("run", "--headless"),
            env=environment(**address),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield Running(process, watch, model, address)
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def lived(town: Town, running: Running) -> dict[str, bytes]:
    """Some talk, a report asked for, an interaction that nobody can read; what was seen of it."""
    world = town.world
    await until(lambda: _is_connected(town))
    for number in range(20):
        world.say(
            town.ada, town.general, f"the harbour lamp number {number} is broken, who mends it?"
        )
    world.say(town.ada, town.general, f"the lamp bot runs with {town.server.token} by the way")
    world.publish(
        "INTERACTION_CREATE",
        {"id": "1234", "type": 2, "token": "unreadable-token-of-one", "data": {"name": WORDS}},
        Intent.ALWAYS,
    )
    world.publish(
        "MESSAGE_CREATE", {"id": {}, "content": WORDS, "channel_id": []}, Intent.GUILD_MESSAGES
    )
    await until(lambda: _is_stored(running.watch))
    answer = await world.command(
        town.ada, town.general, "summary now", {"public": True}, timeout=60
    )
    await answer.wait_for(lambda told: "lamp" in told.text, timeout=60)
    await until(lambda: _has_status(running.watch))
    pid = running.process.pid
    return {
        "status.json": (running.watch.data / "status.json").read_bytes(),
        "cmdline": Path(f"/proc/{pid}/cmdline").read_bytes(),
        "limits": Path(f"/proc/{pid}/limits").read_bytes(),
        "sockets": "\n".join(sorted(sockets_of(pid))).encode(),
        "interaction": answer.token.encode(),
    }


async def _is_connected(town: Town) -> bool:
    """Whether it is there and has registered its commands."""
    return town.server.gateway.connected > 0 and any(town.world.application.commands.values())


async def _is_stored(watch: Watch) -> bool:
    with closing(sqlite3.connect(f"file:{watch.data}/guildwatch.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM messages").fetchone() > (20,)


async def _has_status(watch: Watch) -> bool:
    return (watch.data / "status.json").exists()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks into /proc")
async def test_a_day_at_debug_leaves_no_token_anywhere_and_goes_nowhere_else(
    town: Town, tmp_path: Path
) -> None:
    async with at_work(town, tmp_path) as running:
        seen = await lived(town, running)
        open_while_running = open_to_others(running.watch.data)
        running.process.terminate()
        async with asyncio.timeout(PATIENCE):
            out, err = await running.process.communicate()
        assert running.process.returncode == 0, err.decode()
        backup = running.watch.home / "copy.db"
        made = await guildwatch("backup", str(backup), **running.address)
        exported = await guildwatch(
            "export",
            "--guild",
            "Lighthouse",
            "--out",
            str(running.watch.home / "out"),
            **running.address,
        )
        assert (made.code, exported.code) == (0, 0), made.err + exported.err
        watch, needles = running.watch, pieces(town.server.token)
        needles += [seen["interaction"], b"unreadable-token-of-one"]

        # No token, whole or in part, in any file, stream, argument or the status.
        assert running.model.calls
        assert holding(watch.files(), needles) == []
        told = b"".join([out, err, seen["status.json"], seen["cmdline"]])
        assert [one for one in needles if one in told] == []
        children = [words for event, words, _ in watch.seen() if event == "child"]
        assert children  # the chart's
        assert town.server.token not in json.dumps(children)
        log = (watch.data / "logs" / "guildwatch.log").read_text()
        assert re.search(rb"Max core file size +0 ", seen["limits"])  # a core would hold it
        assert "hikari could not read an event" in log
        assert WORDS not in log

        # Nobody else may read any of it, though the umask allowed it.
        assert open_while_running == []
        assert open_to_others(watch.data) == []
        assert open_to_others(watch.home / "cache") == []
        assert [
            path
            for path in (backup, *watch.home.joinpath("out").rglob("*"))
            if path.stat().st_mode & 0o077
        ] == []
        elsewhere = [
            path
            for path in watch.written()
            if watch.home not in path.parents
            and not str(path).startswith("/dev/")
            and not path.name.startswith(".coverage")
        ]
        assert elsewhere == []

        # Discord's stand-in and the model, and nothing else.
        ports = {
            int(url.rpartition(":")[2].partition("/")[0])
            for url in (town.server.url, running.model.url)
        }
        assert {(host, port) for _, host, port in watch.addresses()} == {
            ("127.0.0.1", port) for port in ports
        }
        remote = {line.partition(":")[0] for line in seen["sockets"].decode().splitlines()}
        assert remote <= {"0100007F"}


@pytest.mark.long
async def test_what_was_open_before_is_mended_and_what_is_not_ours_left_alone(
    town: Town, address: dict[str, str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for folder in (data, data / "backups", data / "logs"):
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
    for name in ("backups/old.db", "logs/guildwatch.log", "tombstones.txt.new", "notes.txt"):
        (data / name).write_text("")
        (data / name).chmod(0o666)
    elsewhere = tmp_path / "archive-disk"
    elsewhere.mkdir(mode=0o755)
    (data / "archive").symlink_to(elsewhere)
    process = await asyncio.create_subprocess_exec(
        *under_open_umask("run", "--headless"),
        env=environment(**address),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await until(lambda: _is_connected(town))
    process.terminate()
    await process.communicate()
    assert process.returncode == 0
    notes = data / "notes.txt"
    assert open_to_others(data) == [f"{notes}: 0666"]
    assert open_to_others(elsewhere) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs another user")
@pytest.mark.parametrize("strange", ["data", "data/guildwatch.db", "data/logs"])
async def test_what_belongs_to_somebody_else_is_refused(strange: str) -> None:
    """Root itself may work anywhere; whoever is not root is told to choose another folder."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from guildwatch.config import Paths, make_private; os.setgid(65534); os.setuid(65534)\n"
        "print(make_private(Paths.choose(data_dir=Path(sys.argv[1]))))"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        (data / "logs").mkdir(parents=True)
        (data / "guildwatch.db").write_bytes(b"")
        for place in (data, *data.iterdir()):
            os.chown(place, 65534, 65534)
            place.chmod(0o777)
        assert (await _ended(script, str(data))).code == 0
        assert open_to_others(data) == []
        os.chown(Path(folder) / strange, 4242, 4242)
        (Path(folder) / strange).chmod(0o777)
        refused = await _ended(script, str(data))
    assert refused.code == 1
    assert "belongs to another user" in refused.err


async def _ended(script: str, *words: str) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, *words),
        env=environment(HOME="/nonexistent"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


@pytest.mark.long
async def test_a_folder_that_all_share_is_refused(address: dict[str, str], tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    ended = await guildwatch("run", **{**address, "GUILDWATCH_DATA_DIR": str(shared)})
    assert ended.code == 1
    assert "share" in ended.err


@pytest.mark.parametrize("words", [["run", "{}"], ["run", "--token={}"], ["--token", "{}", "run"]])
async def test_a_token_on_the_command_line_is_refused_and_not_said_again(words: list[str]) -> None:
    token = "MTA1Mjk0NTU2ODcyNTIwNTA3.GxKx4t.mXgkP0y_Zb1Uo3Jc-w2VtF5sHqLd8RnAeE7IiY"
    ended = await guildwatch(*(word.format(token) for word in words))
    assert ended.code == 2
    assert "reset this one" in ended.err
    assert Redactor(token)(ended.err + ended.out) == ended.err + ended.out


@pytest.mark.long
async def test_a_token_in_the_place_of_its_file_is_told_without_it(address: dict[str, str]) -> None:
    token = address.pop("GUILDWATCH_DISCORD__TOKEN")
    ended = await guildwatch("run", **{**address, "GUILDWATCH_DISCORD__TOKEN_FILE": token})
    assert ended.code == 1
    assert "discord.token" in ended.err
    assert token.rpartition(".")[2] not in ended.err


@pytest.mark.long
async def test_that_others_can_read_the_tokens_file_is_told(
    town: Town, address: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(address.pop("GUILDWATCH_DISCORD__TOKEN") + "\n")
    file.chmod(0o644)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "guildwatch",
        "run",
        "--headless",
        env=environment(**address, GUILDWATCH_DISCORD__TOKEN_FILE=str(file)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await until(lambda: _is_connected(town))
    process.terminate()
    _, err = await process.communicate()
    assert b"others can read it" in err
    assert "others can read it" in (tmp_path / "data" / "logs" / "guildwatch.log").read_text()
