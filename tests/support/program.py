"""The real program as a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

PATIENCE = 300.0  # a program that starts beside ten others takes a minute


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def environment(**variables: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GUILDWATCH_")}
    # Nothing listens there: reports are extractive whatever runs on this machine.
    return kept | {"OLLAMA_HOST": "http://127.0.0.1:9"} | variables


@asynccontextmanager
async def started(*words: str, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`guildwatch WORDS…`, killed in the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "guildwatch", *words),
        env=environment(**variables),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def guildwatch(*words: str, **variables: str) -> Ended:
    """What `guildwatch WORDS…` said, and its exit code."""
    async with started(*words, **variables) as process, asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # another process gives no sign
            await asyncio.sleep(0.05)
