"""How many tokens a day costs when conversations are digested as they go quiet.

    python benchmarks/ahead.py [FOLDER OF EXPORTS]...

Each day goes by minute by minute on a real store; the model is a scripted one behind a real HTTP
door. Without folders some made-up days. Each goes by as it was, with thirty edits of what was told
already (over the day, and all at eleven at night), and with nothing heard from 9:00 to 19:00, which
comes afterwards.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Context
from guildwatch.digest.writing.pack import show
from support.days import DAY, START, Gap, Talk, course, exported, made_up
from support.scripted_ollama import scripted_ollama


def transcript(talk: Talk, characters: float) -> int:
    """The tokens of everything that a digest reads."""
    names = {one.author.id: one.author.name for one in talk.messages}
    channels = {one.id: one for one in talk.guild.channels}
    context = Context("", channels, names, DAY)
    lines = clean(talk.messages, context).lines
    return int(sum(len(show(1, line)) for line in lines) / characters)


async def day(
    name: str, talk: Talk, *, gap: Gap | None = None, edits: Sequence[datetime] = ()
) -> None:
    """Print what one day costs."""
    with tempfile.TemporaryDirectory() as folder:
        async with scripted_ollama() as server, course(talk, Path(folder), server.url) as going:
            began = time.process_time()
            going.gap, going.edits = gap, list(edits)
            await going.until(None)
            ahead, calls = server.prompt_tokens, len(server.calls)
            took = time.process_time() - began
            report = await going.report()
            spent, chat = server.prompt_tokens, transcript(talk, server.characters)
    print(
        f"{name:27} {len(talk.messages):6,} messages {chat:8,} tokens of chat; "
        f"ahead {calls:4} calls {ahead:8,}; at the report {len(server.calls) - calls:3} calls "
        f"{spent - ahead:6,} ({(spent - ahead) / max(1, spent):5.1%} of the day's); "
        f"spent {spent / chat:.2f} of the chat; {len(report.digest.topics)} topics by "
        f"{report.digest.engine.name}; {took:.1f} s of CPU"
    )


def at(hour: float) -> datetime:
    """An hour of the day."""
    return START + timedelta(hours=hour)


def edits(first: float, last: float) -> list[datetime]:
    """The moments of thirty edits between two hours."""
    dice = random.Random(5)
    return sorted(at(dice.uniform(first, last)) for _ in range(30))


async def main() -> None:
    """The days named, or some made up."""
    days = [(Path(one).name, exported(Path(one))) for one in sys.argv[1:]]
    sizes = (300, 800, 3000)
    for name, talk in days or [(f"made up {size}", made_up(size)) for size in sizes]:
        await day(name, talk)
        await day(f"{name}, edits", talk, edits=edits(8, 23.5))
        await day(f"{name}, edits at 23", talk, edits=edits(23, 23.01))
        await day(f"{name}, gap", talk, gap=Gap(at(9), at(19)))


if __name__ == "__main__":
    asyncio.run(main())
