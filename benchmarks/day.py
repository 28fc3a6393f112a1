"""What a day of very many messages costs in time and memory, without a model and with a fast one.

    python benchmarks/day.py [MESSAGES] [--model]

The made-up messages are stored, then the day's report is written; with --model they are also
followed and digested ahead, in ten-minute steps.
"""

import asyncio
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from guildwatch.model import Progress
from support.days import course, made_up
from support.scripted_ollama import scripted_ollama


def memory() -> str:
    """The most that was held so far, in MB."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most"


async def main(count: int, *, with_model: bool) -> None:
    """Store the day, write its report, and say what that took."""
    talk = made_up(count, channels=30, people=500)
    print(f"{count:,} messages made up: {memory()}")
    seen: list[Progress] = []
    with tempfile.TemporaryDirectory() as folder:
        async with scripted_ollama() as server:
            url = server.url if with_model else None
            async with course(talk, Path(folder), url) as going:
                began = time.perf_counter()
                await going.until(None, step=timedelta(minutes=10))
                calls = len(server.calls)
                print(f"the day: {time.perf_counter() - began:.1f} s, {calls} calls, {memory()}")
                began = time.perf_counter()
                report = await going.report(on_progress=seen.append)
                took = time.perf_counter() - began
                print(f"the report: {took:.1f} s, {len(server.calls) - calls} calls, {memory()}")
    engine = report.digest.engine
    left = [one.seconds_left for one in seen if one.seconds_left is not None]
    print(
        f"{report.coverage.read:,} read, {report.digest.conversations:,} conversations, "
        f"{len(report.digest.topics)} topics by {engine.name}; {len(seen)} signs of progress, "
        f"{len(left)} with the time left"
    )


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    asyncio.run(main((numbers or [100_000])[0], with_model="--model" in sys.argv))
