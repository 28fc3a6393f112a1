"""How much memory the program takes while a million messages arrive.

    python benchmarks/memory.py [MESSAGES] [--json FILE]

`guildwatch run --headless` as it is, a process of its own, hears them all over the gateway of a
sandbox on loopback: listeners, intake, store, the whole road. It ends with 1 when the process grew
by more than 64 MB beyond what it had after its first 20,000 messages.
"""

import argparse
import asyncio
import gc
import itertools
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guildwatch.sandbox import SandboxClock, Server, World

WARM_UP = 20_000
MOST_GROWTH = 64
ROOM = 8_000
"""So many messages may be on their way: less than the intake holds, so that none is shed."""
CHANNELS, PEOPLE = 40, 2_000
LINES = (
    "The save bug is back since the update; can anybody look at it? Thanks 😀",
    "Great match yesterday, that last round was amazing!",
    "I have fixed the crash in the loader, the build is number",
    "Who looks after the server? It was slow again last night.",
)


@dataclass(frozen=True)
class Sample:
    """How large the program was after so many messages; megabytes of resident memory."""

    messages: int
    megabytes: float
    seconds: float


@dataclass(frozen=True)
class Town:
    """One guild with many channels and many people."""

    world: World
    channels: list[int]
    people: list[int]


def found() -> Town:
    """A guild that a bot was invited to."""
    world = World(SandboxClock())
    people = [world.add_user(f"member{number}") for number in range(PEOPLE)]
    guild = world.add_guild("Metropolis", owner=people[0])
    for one in people[1:]:
        world.add_member(guild, one)
    channels = [world.add_channel(guild, f"channel-{number}") for number in range(CHANNELS)]
    world.invite_bot(guild)
    return Town(world, channels, people)


def sayings(town: Town) -> Iterator[int]:
    """Says something with each step; gives how much was said so far."""
    for number in itertools.count(1):
        author = town.people[number * 7919 % PEOPLE]
        text = f"{LINES[number % len(LINES)]} {number}"
        town.world.say(author, town.channels[number % CHANNELS], text)
        yield number


def stored(database: Path) -> int:
    """How many messages are counted; the sum of a small table, so it costs the program nothing."""
    try:
        opened = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return 0
    try:
        ((count,),) = opened.execute("SELECT coalesce(sum(messages), 0) FROM activity")
        return int(count)
    except sqlite3.OperationalError:  # it is just being made
        return 0
    finally:
        opened.close()


def resident(pid: int) -> float:
    """A process's resident memory in megabytes (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def until_stored(database: Path, count: int) -> None:
    """Waits until so many are stored."""
    async with asyncio.timeout(120):
        while stored(database) < count:  # noqa: ASYNC110 - another process gives no sign
            await asyncio.sleep(0.05)


async def measure(server: Server, town: Town, folder: Path, pid: int, total: int) -> list[Sample]:
    """Says everything, at the program's own pace, and looks at its size on the way."""
    database = folder / "guildwatch.db"
    async with asyncio.timeout(60):
        while not server.gateway.connected:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    await asyncio.sleep(3)  # until the guild's picture has come and its history was found empty
    said = sayings(town)
    samples: list[Sample] = []
    began = time.monotonic()
    step = max(total // 20, 1)
    for target in (WARM_UP, *range(WARM_UP + step, WARM_UP + total + 1, step)):
        for number in itertools.takewhile(lambda one, end=target: one < end, said):  # type: ignore[misc]
            if number % 250 == 0:
                await asyncio.sleep(0)
            if number % 2_000 == 0:
                await until_stored(database, number - ROOM)
        await until_stored(database, target)
        if target == WARM_UP:
            await asyncio.sleep(2)
            began = time.monotonic()
        samples.append(Sample(target - WARM_UP, resident(pid), time.monotonic() - began))
        first = samples[0].megabytes
        print(
            f"{samples[-1].messages:11,} {samples[-1].megabytes:9.1f} MB "
            f"{samples[-1].megabytes - first:+8.1f} MB {samples[-1].seconds:7.0f} s",
            flush=True,
        )
    return samples


async def run(total: int) -> list[Sample]:
    """Starts the program on a new sandbox, measures, and stops it."""
    town = found()
    gc.collect()
    gc.freeze()
    gc.disable()  # a million messages of our own are nobody's garbage
    with tempfile.TemporaryDirectory(prefix="guildwatch-memory-") as folder:
        async with Server(town.world) as server:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "guildwatch", "run", "--headless"),
                env=os.environ
                | {
                    "GUILDWATCH_DISCORD__TOKEN": server.token,
                    "GUILDWATCH_DISCORD__API_URL": server.url,
                    "GUILDWATCH_DATA_DIR": folder,
                    "GUILDWATCH_CONFIG": f"{folder}/config.toml",
                    "OLLAMA_HOST": "http://127.0.0.1:9",
                },
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                return await measure(server, town, Path(folder), process.pid, total)
            finally:
                process.send_signal(signal.SIGTERM)
                await process.wait()


def main() -> int:
    """Prints the table and what the process grew by."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    print("   messages       RSS       growth    time")
    samples = asyncio.run(run(wanted.messages))
    first, most = samples[0].megabytes, max(one.megabytes for one in samples)
    print(f"\n{samples[-1].messages / max(samples[-1].seconds, 0.1):,.0f} messages/s")
    print(f"grew by {most - first:.1f} MB at most, to {most / first:.2f} times its start")
    if wanted.json:
        figures = [[one.messages, one.megabytes, one.seconds] for one in samples]
        wanted.json.write_text(json.dumps({"samples": figures, "growth": most - first}))
    return int(most - first > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
