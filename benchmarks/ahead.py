"""How many tokens a day costs when conversations are digested as they go quiet.

    python benchmarks/ahead.py [FOLDER OF EXPORTS]...

Each day goes by minute by minute on a real store; the model is a scripted one behind a real HTTP
door. Without folders some made-up days.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Context
from guildwatch.digest.writing.pack import show
from support.days import Talk, course, exported, made_up
from support.scripted_ollama import scripted_ollama


def transcript(talk: Talk, characters: float) -> int:
    """The tokens of everything that a digest reads."""
    names = {one.author.id: one.author.name for one in talk.messages}
    channels = {one.id: one for one in talk.guild.channels}
    context = Context("", channels, names, None)  # type: ignore[arg-type]  # cleaning asks for none
    lines = clean(talk.messages, context).lines
    return int(sum(len(show(1, line)) for line in lines) / characters)


async def day(name: str, talk: Talk) -> None:
    """Print what one day costs."""
    with tempfile.TemporaryDirectory() as folder:
        async with scripted_ollama() as server, course(talk, Path(folder), server.url) as going:
            began = time.process_time()
            await going.until(None)
            ahead, calls = server.prompt_tokens, len(server.calls)
            took = time.process_time() - began
            report = await going.report()
            spent, chat = server.prompt_tokens, transcript(talk, server.characters)
    print(
        f"{name:22} {len(talk.messages):6,} messages {chat:8,} tokens of chat; "
        f"ahead {calls:4} calls {ahead:8,}; at the report {len(server.calls) - calls:3} calls "
        f"{spent - ahead:6,} ({(spent - ahead) / max(1, spent):5.1%} of the day's); "
        f"spent {spent / chat:.2f} of the chat; {len(report.digest.topics)} topics by "
        f"{report.digest.engine.name}; {took:.1f} s of CPU"
    )


async def main() -> None:
    """The days named, or some made up."""
    days = [(Path(one).name, exported(Path(one))) for one in sys.argv[1:]]
    sizes = (300, 800, 3000)
    for name, talk in days or [(f"made up {size}", made_up(size)) for size in sizes]:
        await day(name, talk)


if __name__ == "__main__":
    asyncio.run(main())
