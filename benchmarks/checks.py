"""Measures the checks of a model's points: how many true ones pass, and how many lies.

Run: PYTHONPATH=tests python benchmarks/checks.py FOLDER… ; each folder holds DiscordChatExporter
JSON. For some messages of each channel true sentences are made by rules (`tests/support/lies.py`)
and as many lies as there are kinds. Printed are the shares that pass by kind, and both for other
thresholds of lexical support than the one in use. Sentences made by rules keep most words of their
messages: how many paraphrases a threshold costs, only sentences written by hand tell
(`tests/digest/told`, whose counts come first, and the manual's section on checks).
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from guildwatch.digest.checking import support
from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.checking.orders import gives_orders
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.model import Author, Channel, ChannelKind, Message, Period, PeriodKind
from support.lies import Scene, lies, scenes, true_points, unseen
from support.told_chats import told

THRESHOLDS = (0.0, 0.2, 0.25, 0.33, 0.4, 0.5, 0.6)


def channels(folders: Sequence[Path]) -> Iterator[list[Line]]:
    """The lines of each export."""
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    period = Period(PeriodKind.DAY, moment, moment, "UTC")
    for path in sorted(one for folder in folders for one in folder.glob("*.json")):
        document = json.loads(path.read_text("utf-8-sig"))
        channel = int(document["channel"]["id"])
        messages = [
            Message(
                int(raw["id"]),
                1,
                channel,
                Author(
                    int(raw["author"]["id"]), raw["author"].get("nickname") or raw["author"]["name"]
                ),
                raw["content"],
            )
            for raw in document["messages"]
        ]
        rooms = {channel: Channel(channel, 1, "x", ChannelKind.TEXT)}
        yield clean(messages, Context("x", rooms, {}, period)).lines


def passed(raw: object, scene: Scene) -> bool:
    """Whether the gate lets a point through."""
    return not isinstance(check_point(raw, scene.shown), Failure)


def measure(told: Sequence[Scene], make) -> dict[str, list[tuple[bool, str]]]:
    """Of each kind, which passed, and the texts."""
    found = defaultdict(list)
    for scene in told:
        for kind, raw in make(scene):
            found[kind].append((passed(raw, scene), str(raw.get("text"))))
    return found


def show(
    title: str, found: dict[str, list[tuple[bool, str]]], *, wanted: bool, examples: int
) -> None:
    """Print the share that passed, and examples of what should have gone the other way."""
    total = sum(map(len, found.values()))
    good = sum(ok for each in found.values() for ok, _ in each)
    share = f"{100 * good / total:.2f} %"
    print(f"\n{title}: {total} points of {len(found)} kinds, {good} pass ({share})")
    for kind, each in found.items():
        share = 100 * sum(ok for ok, _ in each) / len(each)
        if examples or not wanted or share < 100:
            print(f"  {kind:34}{len(each):6} {share:7.2f} %")
        for text in [text for ok, text in each if ok != wanted][:examples]:
            print(f"      {text[:150]}")


def show_told() -> None:
    """Print of the sentences written by hand how many pass, by wave."""
    counts: dict[tuple[bool, int], Counter[bool]] = defaultdict(Counter)
    for one in told():
        ok = not isinstance(check_point(one.raw, one.shown), Failure)
        counts[one.is_true, one.wave][ok] += 1
    for (is_true, wave), each in sorted(counts.items(), reverse=True):
        kind = "true" if is_true else "false"
        print(f"written by hand, wave {wave}: {each[True]} of {each.total()} {kind} ones pass")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--messages", type=int, default=60, help="of each channel")
    parser.add_argument("--examples", type=int, default=0, help="of what went wrong, by kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--thresholds", action="store_true")
    arguments = parser.parse_args()
    show_told()
    rng = random.Random(arguments.seed)
    found = [
        scene
        for lines in channels(arguments.folders)
        for scene in scenes(lines, rng, arguments.messages)
        if not gives_orders(scene.line.text)
    ]
    print(f"{len(found)} messages")
    show("True", measure(found, true_points), wanted=True, examples=arguments.examples)
    show("Lies", measure(found, lies), wanted=False, examples=arguments.examples)
    show("Not to be seen by code", measure(found, unseen), wanted=False, examples=0)
    why = Counter(
        found.check
        for scene in found
        for _, raw in lies(scene)
        if isinstance(found := check_point(raw, scene.shown), Failure)
    )
    print("\nLies by the check that found them:", dict(why.most_common()))
    if arguments.thresholds:
        print("\nsupport  true %  lies that only support can tell %")
        for threshold in THRESHOLDS:
            support.SUPPORT = threshold
            true = [ok for each in measure(found, true_points).values() for ok, _ in each]
            strange = [ok for ok, _ in measure(found, lies)["another message"]]
            shares = [100 * sum(each) / len(each) for each in (true, strange)]
            print(f"{threshold:7.1f} {shares[0]:7.2f} {shares[1]:9.2f}")


if __name__ == "__main__":
    main()
