"""A gap of 20,000 messages in 30 channels, closed while people go on talking.

    python benchmarks/backfill.py [MESSAGES] [CHANNELS] [--json FILE]

`guildwatch run --headless` as it is, at the pace that it has with Discord, comes back to a sandbox
that counts requests as Discord does. While it reads what it missed, people talk: what they say must
be stored as it comes, and in its order. It ends with 1 after a single violation of a limit, a
single 429, a message that is missing, or a live one that was stored after a later one.
"""

import argparse
import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from guildwatch.sandbox import SandboxClock, Server, World

LIVE_PAUSE = 0.2
"""Seconds between two live messages."""


@dataclass
class Town:
    """One guild with channels, and what is said in it."""

    world: World
    ada: int
    channels: list[int]
    live: list[int] = field(default_factory=list)

    def say(self, number: int) -> int:
        """One message in one of the channels."""
        channel = self.channels[number % len(self.channels)]
        return self.world.say(self.ada, channel, f"message {number}: is the save bug fixed?")


@dataclass
class Figures:
    """What came of it; `disorder` counts live messages stored later than a younger one."""

    seconds: float
    messages: int
    missing: int
    requests: dict[str, int]
    refused: int
    violations: list[str]
    live: int
    disorder: int
    slowest: float


def found(channels: int) -> Town:
    """A guild that the bot is in."""
    world = World(SandboxClock())
    ada = world.add_user("ada")
    guild = world.add_guild("Metropolis", owner=ada)
    places = [world.add_channel(guild, f"channel-{number}") for number in range(channels)]
    world.invite_bot(guild)
    return Town(world, ada, places)


@asynccontextmanager
async def program(server: Server, folder: str) -> AsyncIterator[None]:
    """The program runs as long as this lasts."""
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
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


def stored(folder: str) -> set[int]:
    """The ids that are stored."""
    path = Path(folder) / "guildwatch.db"
    if not path.exists():
        return set()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            return {id_ for (id_,) in database.execute("SELECT id FROM messages")}
        except sqlite3.OperationalError:  # it is just being made
            return set()


async def until_stored(folder: str, ids: set[int], seconds: float) -> None:
    """Waits until all of these are stored, so long at most."""
    end = time.monotonic() + seconds
    while ids - stored(folder) and time.monotonic() < end:  # noqa: ASYNC110 - a file gives no sign
        await asyncio.sleep(0.2)


async def talk(town: Town, first: int) -> None:
    """People talk until they are stopped."""
    while True:
        town.live.append(town.say(first + len(town.live)))
        await asyncio.sleep(LIVE_PAUSE)


async def watch(town: Town, folder: str, seen: list[tuple[int, float]]) -> None:
    """Notes the live messages in the order in which they come into the store, and how late."""
    known: set[int] = set()
    while True:
        there = await asyncio.to_thread(stored, folder)
        now = time.time()
        for id_ in [one for one in town.live if one in there and one not in known]:
            known.add(id_)
            seen.append((id_, now - ((id_ >> 22) / 1000 + 1_420_070_400)))
        await asyncio.sleep(0.1)


async def run(messages: int, channels: int) -> Figures:
    """A first short life, the gap, and the return."""
    town = found(channels)
    with tempfile.TemporaryDirectory(prefix="guildwatch-backfill-") as folder:
        async with Server(town.world) as server:
            async with program(server, folder):
                await until_stored(folder, {town.say(number) for number in range(channels)}, 120)
            missed = {town.say(number) for number in range(messages)}
            town.world.log.clear()
            began = time.monotonic()
            seen: list[tuple[int, float]] = []
            async with program(server, folder):
                while not server.gateway.connected:  # noqa: ASYNC110 - a socket gives no sign
                    await asyncio.sleep(0.05)
                await asyncio.sleep(2)
                tasks = [
                    asyncio.create_task(talk(town, messages)),
                    asyncio.create_task(watch(town, folder, seen)),
                ]
                await until_stored(folder, missed, 600)
                seconds = time.monotonic() - began
                tasks[0].cancel()
                await until_stored(folder, set(town.live), 10)
                await asyncio.sleep(0.5)
                tasks[1].cancel()
            return _figures(town, folder, missed, seen, seconds)


def _figures(
    town: Town, folder: str, missed: set[int], seen: list[tuple[int, float]], seconds: float
) -> Figures:
    log = list(town.world.log)
    order = [id_ for id_, _ in seen]
    late = sum(one < max(order[:place], default=0) for place, one in enumerate(order))
    return Figures(
        seconds=seconds,
        messages=len(missed),
        missing=len((missed | set(town.live)) - stored(folder)),
        requests=dict(Counter(f"{one.method} {one.route}" for one in log)),
        refused=sum(one.status == 429 for one in log),
        violations=list(town.world.log.violations),
        live=len(town.live),
        disorder=late,
        slowest=max((wait for _, wait in seen), default=0.0),
    )


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", type=int, nargs="?", default=20_000)
    parser.add_argument("channels", type=int, nargs="?", default=30)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    figures = asyncio.run(run(wanted.messages, wanted.channels))
    print(f"{figures.messages:,} messages in {wanted.channels} channels: {figures.seconds:.0f} s")
    for request, count in sorted(figures.requests.items()):
        print(f"{count:8} × {request}")
    print(f"{figures.refused} answered 429, {len(figures.violations)} violations of a limit")
    print(f"{figures.missing} missing")
    print(f"{figures.live} said meanwhile, {figures.disorder} of them stored out of order;")
    print(f"the slowest was in the store after {figures.slowest:.1f} s")
    if wanted.json:
        wanted.json.write_text(json.dumps(asdict(figures)))
    failed = figures.refused or figures.violations or figures.missing or figures.disorder
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
