"""How much batches save: one transaction for hundreds of messages against one for each.

    python benchmarks/capture.py [MESSAGES]

Both ways take the whole road (scored, written with authors, counts and search index, shown).
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from guildwatch.capture import Intake, Pulse
from guildwatch.model import Author, Message, first_id_at, utc_now
from guildwatch.mood import Scorer, Vader
from guildwatch.store import Store

TEXT = "The save bug is back since the update; can anybody look at it? Thanks 😀"


def messages(count: int) -> list[Message]:
    """Chat of 40 people in 5 channels."""
    first = first_id_at(utc_now())
    return [
        Message(
            id=first + (number << 22),
            guild_id=1,
            channel_id=10 + number % 5,
            author=Author(100 + number % 40, f"member {number % 40}"),
            text=f"{TEXT[number % 50 :]} {number}",
        )
        for number in range(count)
    ]


async def seconds_for(chat: list[Message], scorer: Scorer, *, at_once: bool) -> float:
    """How long the intake takes for all of it, offered at once or one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        async with Store.open(Path(folder) / "guildwatch.db") as store:
            intake = Intake(store, scorer, Pulse(lambda _guild: "UTC"), bound=len(chat) + 1)
            start = time.perf_counter()
            for message in chat:
                intake.offer(message)
                if not at_once:
                    await intake.drain()
            await intake.drain()
            return time.perf_counter() - start


async def main() -> None:
    """Prints messages a second for both, and their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    single = count // 5
    scorer = Vader()
    scorer.scores([one.text or "" for one in messages(100)])  # what it loads late is not measured
    in_batches = count / await seconds_for(messages(count), scorer, at_once=True)
    row_by_row = single / await seconds_for(messages(single), scorer, at_once=False)
    print(f"in batches   {in_batches:9,.0f} messages/s")
    print(f"row by row   {row_by_row:9,.0f} messages/s")
    print(f"ratio        {in_batches / row_by_row:9.1f}")


if __name__ == "__main__":
    asyncio.run(main())
