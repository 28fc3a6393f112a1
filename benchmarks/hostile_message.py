"""What the worst single messages cost at each stage of their way, beside an ordinary one.

    PYTHONPATH=tests python benchmarks/hostile_message.py [--rounds N] [--budget MS] [NAME…]

Each of the walls in `tests/support/walls.py` goes the whole way of a message: mapped, scored,
looked through for traces, stored and indexed, shown in the console's feed, cleaned of secrets and
the rest, laid beside 400 other lines (half of them of its own kind), followed, checked as a point.
Printed are milliseconds of processor time (best of N rounds) and the ratio of the sum to that of an
ordinary message; what is over the budget is marked. What is not on every message's way is told
beside it: the log's line about it, and escaping it for a post.
"""

import argparse
import asyncio
import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from guildwatch.capture import Intake, Pulse
from guildwatch.config import Redactor
from guildwatch.console.feed import READ
from guildwatch.console.wording import fitted, steady
from guildwatch.digest.checking.check import check_point
from guildwatch.digest.separation.following import Following
from guildwatch.digest.separation.separate import ChannelSeparator
from guildwatch.digest.transcript.clean import clean, plain
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.discord import payloads
from guildwatch.model import Author, Message, Period, PeriodKind, first_id_at, utc_now
from guildwatch.mood import Vader
from guildwatch.report import inert
from guildwatch.runtime.log import harmless
from guildwatch.store import Store
from guildwatch.traces import detect
from support.walls import payloads as walls

ORDINARY = {
    "id": str(first_id_at(utc_now())),
    "guild_id": "1",
    "channel_id": "10",
    "author": {"id": "7", "username": "mara"},
    "content": "The save bug is back since the update; can anybody look at it? Thanks 😀",
}
_SCORER = Vader()
_NOW = utc_now()
_CONTEXT = Context(
    "Pixel Forge",
    {},
    {},
    Period(PeriodKind.DAY, _NOW - timedelta(days=1), _NOW + timedelta(days=1), "UTC"),
)


@dataclass(frozen=True)
class Way:
    """The stages of one message, each a call that can be repeated."""

    stages: dict[str, Callable[[], object]]


def way(raw: dict[str, object], talk: list[Line]) -> Way:
    """The stages that need no store."""
    message = payloads.message(raw)
    text = message.text or ""
    found = clean([replace(message, author=replace(message.author, is_bot=False))], _CONTEXT).lines
    line = found[0] if found else None
    stages: dict[str, Callable[[], object]] = {
        "map": lambda: payloads.message(raw),
        "score": lambda: _SCORER.score(text),
        "trace": lambda: detect(text),
        "row": lambda: _row(message),
        "clean": lambda: clean([message], _CONTEXT),
        "log": lambda: Redactor()(harmless(message.author.name + text)),
        "post": lambda: (inert.shortened(text, 400), inert.markup(message.author.name)),
    }
    if line is not None:
        shown = dict(enumerate([*talk[-60:], line], 1))
        point = {"text": line.text[:300], "kind": "decision", "refs": [len(shown)]}
        stages |= {
            "separate": _separating(line, talk),
            "follow": _following(line, talk),
            "check": lambda: check_point(point, shown),
        }
    return Way(stages)


def _row(message: Message) -> None:
    names = {author.id: author.name for author in message.mentioned}
    fitted(steady(message.author.name), 18)
    fitted(steady(plain((message.text or "")[:READ], names.get, {})), 80)


def _separating(line: Line, talk: list[Line]) -> Callable[[], object]:
    """A separator that knows the talk and as many lines like this one; adding is timed."""
    separator = ChannelSeparator(10)
    own = [replace(line, id=1000 + n, at=talk[n].at + 0.5) for n in range(len(talk))]
    for pair in zip(talk, own, strict=True):
        for one in pair:
            separator.add(one)
    at = own[-1].at
    number = iter(range(1, 1 << 40))

    def add() -> None:
        step = next(number)
        separator.add(replace(line, id=(1 << 50) + step, at=at + step))

    return add


def _following(line: Line, talk: list[Line]) -> Callable[[], object]:
    following = Following(len)
    following.take(talk, {})
    number = iter(range(1, 1 << 40))

    def take() -> None:
        step = next(number)
        following.take([replace(line, id=(1 << 50) + step, at=talk[-1].at + step)], {})

    return take


def ordinary_talk(count: int) -> list[Line]:
    """Lines of six people."""
    base = first_id_at(_NOW)
    messages = [
        Message(
            base + (n << 22), 1, 10, Author(100 + n % 6, f"member {n % 6}"),
            f"The save bug {n} is back since update {n % 9}; can anybody look at the editor?",
        )
        for n in range(count)
    ]  # fmt: skip
    return clean(messages, _CONTEXT).lines


def best(call: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the quickest of so many calls."""
    times = []
    for _ in range(rounds):
        began = time.thread_time()  # what others do on this machine meanwhile is not its cost
        call()
        times.append(time.thread_time() - began)
    return min(times) * 1000


async def stored(raw: dict[str, object], intake: Intake, rounds: int) -> float:
    """Milliseconds for scoring, one transaction with search index, and showing."""
    message = payloads.message(raw)
    times = []
    for number in range(rounds):
        fresh = replace(message, id=message.id + number + 1)
        began = time.process_time()  # of both threads; the disk is not the message's fault
        await intake.keep([fresh], {})
        times.append(time.process_time() - began)
    return min(times) * 1000


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=15.0, help="milliseconds a message")
    arguments = parser.parse_args()
    talk = ordinary_talk(200)
    corpus = {"an ordinary message": ORDINARY} | walls()
    if arguments.names:
        corpus = {name: raw for name, raw in corpus.items() if name in arguments.names}
    gc.disable()
    over, worst, usual = 0, ("", 0.0), 0.0
    with tempfile.TemporaryDirectory() as folder:
        async with Store.open(Path(folder) / "guildwatch.db") as store:
            intake = Intake(store, Vader(), Pulse(lambda _: "UTC"))
            for name, raw in corpus.items():
                stages = way(raw, talk).stages
                told = {stage: best(call, arguments.rounds) for stage, call in stages.items()}
                told["keep"] = await stored(raw, intake, arguments.rounds)
                aside = {stage: told.pop(stage) for stage in ("log", "post")}
                whole = sum(told.values()) - told["score"]  # keeping scores too
                usual = usual or whole
                over += whole > arguments.budget
                worst = max(worst, (name, whole), key=lambda one: one[1])
                top = sorted(told.items(), key=lambda one: -one[1])[:4]
                mark = "!" if whole > arguments.budget else " "
                stages_told = ", ".join(f"{stage} {cost:.2f}" for stage, cost in top)
                beside = ", ".join(f"{stage} {cost:.2f}" for stage, cost in aside.items())
                ratio = whole / usual
                print(f"{mark} {name:28}{whole:8.2f} ms {ratio:6.1f} ×  {stages_told}; {beside}")
    print(f"{over} of {len(corpus)} over {arguments.budget:g} ms; the worst: {worst}")


if __name__ == "__main__":
    asyncio.run(main())
