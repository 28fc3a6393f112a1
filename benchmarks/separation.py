"""Measures how well conversations are separated, against human reply links.

Run: python benchmarks/separation.py FOLDER… ; each folder holds DiscordChatExporter JSON and,
beside it, `<channel>.links.tsv` with the message id and the id that it responds to (itself: it
starts a conversation). Measured are the annotated messages, after everything that the digest does
to conversations, with the measures of `guildwatch.eval.clusterings` times 100. Beside ours stands
the rule that every message joins the conversation of the same speaker or of whom it names, if
either spoke within 30 minutes. What weighs in a channel is learned without it, unless --shipped,
and one link can move a whole channel: the figures are the mean over weights that other draws of
the same threads would have taught, with the deviation of VI between them.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from statistics import fmean, pstdev

from annotated import Annotated, annotated
from train_separation import learning, perturbed

from guildwatch.digest.separation.memory import Memory
from guildwatch.digest.separation.separate import separate
from guildwatch.digest.separation.subjects import parted
from guildwatch.digest.separation.weighing import Weights
from guildwatch.digest.transcript.lines import Line
from guildwatch.eval.clusterings import Agreement, agreement, mean

_HALF_AN_HOUR = 1800.0
_SEEDS = (1, 2, 3)
_PERTURBED = 8
Homes = dict[int, int]


def ours(lines: Sequence[Line], weights: Weights | None = None) -> Homes:
    """The conversation of every line, as the digest separates."""
    parts = [part for each in separate(lines, weights=weights) for part in parted(each)]
    return {line.id: part.id for part in parts for line in part.lines}


def rule(lines: Sequence[Line]) -> Homes:
    """The same speaker's or the named one's last conversation of the last 30 minutes."""
    memory, homes = Memory(), {}
    for line in lines:
        new = memory.hear(line)
        people = [*new.spoken_to, line.author_id]
        known = homes.get(line.reply_to) if line.reply_to else None
        recent = [
            heard
            for id_ in people
            if (heard := memory.last_of.get(id_)) and line.at - heard.at <= _HALF_AN_HOUR
        ]
        addressed = [heard for heard in recent if heard.author_id in new.spoken_to]
        best = max(addressed or recent, key=lambda heard: heard.at, default=None)
        homes[line.id] = known or (best.home_id if best else line.id)
        memory.keep(new, homes[line.id])
    return homes


def measured(channel: Annotated, lines: Sequence[Line], homes: Homes) -> Agreement:
    """How the homes of the annotated messages agree with what people linked."""
    gold = channel.gold
    ids = [line.id for line in lines if line.id in gold]
    return agreement([gold[id_] for id_ in ids], [homes[id_] for id_ in ids])


def conditions() -> dict[str, list[Callable[[Annotated], list[Line]]]]:
    """What is known: the variants of a channel's lines whose measures are averaged."""

    def share(of: float, seeds: Sequence[int]) -> list[Callable[[Annotated], list[Line]]]:
        return [lambda channel, seed=seed: channel.with_replies(of, seed) for seed in seeds]

    return {
        "0 % of replies known": share(0.0, [1]),
        "30 % of replies known": share(0.3, _SEEDS),
        "100 % of replies known": share(1.0, [1]),
        "no reply known, names taken out": [Annotated.without_names],
    }


def speed(channels: Sequence[Annotated]) -> float:
    """Messages a second on one core, all channels one after another."""
    said = [channel.with_replies(0.0) for channel in channels]
    started = time.process_time()
    for lines in said:
        ours(lines)
    return sum(map(len, said)) / (time.process_time() - started)


def main() -> None:
    """Print a row a channel and the mean, for each share of replies known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--shipped", action="store_true", help="the weights in the product")
    given = parser.parse_args()
    channels = annotated(given.folders)
    weights = _shipped(channels) if given.shipped else _learned_elsewhere(channels)
    for title, variants in conditions().items():
        print(f"\n{title:34} {'VI':>6} {'±':>4} {'1-1':>6} {'F1':>6} {'ARI':>6}   rule")
        rows = []
        for channel in channels:
            said = [variant(channel) for variant in variants]
            found = [
                mean(measured(channel, each, ours(each, one)) for each in said)
                for one in weights[channel.name]
            ]
            ruled = mean(measured(channel, each, rule(each)) for each in said)
            spread = pstdev(each.variation_of_information for each in found)
            rows.append((mean(found), ruled, spread))
            print(_row(channel.name, *rows[-1]), flush=True)
        ours_, ruled_, spreads = zip(*rows, strict=True)
        print(_row("mean", mean(ours_), mean(ruled_), fmean(spreads)))
    print(f"\n{speed(channels):.0f} messages a second")


def _shipped(channels: Sequence[Annotated]) -> dict[str, list[Weights]]:
    return {each.name: [Weights()] for each in channels}


def _learned_elsewhere(channels: Sequence[Annotated]) -> dict[str, list[Weights]]:
    """For each channel what the others teach, as drawn again and again."""
    taught = {each.name: list(learning(each)) for each in channels}
    return {
        name: perturbed(
            [example for other in taught if other != name for example in taught[other]], _PERTURBED
        )[1:]
        for name in taught
    }


def _row(name: str, found: Agreement, ruled: Agreement, spread: float) -> str:
    first, *rest = (f" {100 * value:6.1f}" for value in astuple(found))
    columns = [first, f" {100 * spread:4.1f}", *rest]
    return f"{name:34}{''.join(columns)}  " + "".join(f" {100 * v:6.1f}" for v in astuple(ruled))


if __name__ == "__main__":
    main()
