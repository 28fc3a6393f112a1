"""Learns what the evidence of the separation weighs, from human reply links.

Run: python benchmarks/train_separation.py FOLDER… > weights.py ; the folders are those of
`separation.py`. A message goes on from one of the candidates of `guildwatch.digest.evidence` or
begins something new; the likelihood of its being one of the right conversation (softmax) is made
as great as it gets, less a penalty for great weights. Each channel is learned from with no, some
and all of its replies known, and with its names taken out, so that one set of weights serves all.
Each channel counts by the root of its messages. The result is the mean of several runs and is the
same at every run.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from annotated import Annotated, annotated

from guildwatch.digest.evidence import BEGINNING, LINKING, UNNAMING, Evidence, evidence
from guildwatch.digest.lines import Line
from guildwatch.digest.memory import Memory
from guildwatch.digest.weighing import Weights

_CONTEXT = 250  # lines before the first annotated one
_RUNS = ((0.001, 0), (0.003, 1), (0.001, 2), (0.003, 3))  # penalty, seed
_EPOCHS, _BATCH, _STEP = 10, 80, 0.06
_SETTLED = 2 / 3  # of the way, after which the weights are averaged


@dataclass(frozen=True)
class Example:
    """A message's candidates, a row each and the beginning last, and which of them are right."""

    rows: np.ndarray
    right: np.ndarray
    weight: float


def trained(channels: Sequence[Annotated]) -> Weights:
    """The weights learned from these channels."""
    examples = [example for channel in channels for example in learning(channel)]
    weights = np.mean([fit(examples, penalty, seed) for penalty, seed in _RUNS], axis=0)
    linking, beginning = np.split(weights, [len(LINKING)])
    return Weights(
        dict(zip(LINKING, map(float, linking), strict=True)),
        dict(zip(BEGINNING, map(float, beginning), strict=True)),
    )


def learning(channel: Annotated) -> Iterator[Example]:
    """The examples of a channel in all its variants."""
    for lines, weight in (
        (channel.with_replies(0.0), 1.0),
        (channel.with_replies(0.3, seed=2), 0.6),
        (channel.with_replies(0.3, seed=12), 0.6),
        (channel.with_replies(1.0), 1.0),
        (channel.without_names(), 0.8),
    ):
        found = list(examples(channel, lines))
        for rows, right in found:
            yield Example(rows, right, weight / len(found) ** 0.5)


def examples(channel: Annotated, lines: Sequence[Line]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each annotated message whose reply is not known, with what is right for it."""
    conversation_of, memory = channel.conversations, Memory()
    first = next(place for place, line in enumerate(lines) if line.id in channel.links)
    for line in lines[max(0, first - _CONTEXT) :]:
        memory.forget(line.at)
        spoken_to = memory.spoken_to(line)
        is_known = line.reply_to is not None and memory.of(line.reply_to) is not None
        if line.id in channel.links and not is_known:
            found = evidence(memory, line, spoken_to)
            own = conversation_of[line.id]
            right = [conversation_of.get(each.id) == own for each in found.candidates]
            begins = not any(right) and channel.links[line.id] == {line.id}
            if any(right) or begins:
                yield _rows(found), np.array([*right, begins], np.float32)
        memory.keep(line, 0, spoken_to)


def _rows(found: Evidence) -> np.ndarray:
    rows = np.zeros((len(found.linking) + 1, len(LINKING) + len(BEGINNING)), np.float32)
    plain = len(LINKING) - len(UNNAMING)
    if found.linking:
        rows[:-1, :plain] = found.linking
    places = [LINKING.index(name) for name in UNNAMING]
    rows[:, plain : len(LINKING)] = found.unnaming * rows[:, places]
    rows[-1, len(LINKING) :] = found.beginning
    return rows


def fit(examples: Sequence[Example], penalty: float, seed: int) -> np.ndarray:
    """The weights that make what is right likeliest (Adam; Kingma and Ba 2015)."""
    chance = np.random.default_rng(seed)
    weights = np.zeros(len(LINKING) + len(BEGINNING))
    mean, square, settled = np.zeros_like(weights), np.zeros_like(weights), []
    usual = np.mean([each.weight for each in examples])
    steps, step = _EPOCHS * -(-len(examples) // _BATCH), 0
    for _ in range(_EPOCHS):
        order = chance.permutation(len(examples))
        for start in range(0, len(order), _BATCH):
            step += 1
            batch = [examples[place] for place in order[start : start + _BATCH]]
            slope = _slope(batch, weights) / usual + penalty * weights
            mean = 0.9 * mean + 0.1 * slope
            square = 0.99 * square + 0.01 * slope**2
            pace = _STEP * (1 - step / (steps + 1)) / (1 - 0.9**step)
            weights = weights - pace * mean / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
            if step > _SETTLED * steps:
                settled.append(weights)
    return np.mean(settled, axis=0)


def _slope(batch: Sequence[Example], weights: np.ndarray) -> np.ndarray:
    """Where the mean loss of a batch rises."""
    rows = np.concatenate([each.rows for each in batch])
    right = np.concatenate([each.right for each in batch])
    sizes = [len(each.rows) for each in batch]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of = np.repeat(np.arange(len(batch)), sizes)
    logits = rows @ weights
    likely = np.exp(logits - np.maximum.reduceat(logits, starts)[of])
    rightly = likely * right
    likely /= np.add.reduceat(likely, starts)[of]
    rightly /= (np.add.reduceat(rightly, starts) + 1e-12)[of]
    weight = np.array([each.weight for each in batch])[of]
    return rows.T @ ((likely - rightly) * weight) / len(batch)


def source(weights: Weights) -> str:
    """The weights as the module that the product ships."""
    told = [
        '"""What each piece of evidence weighs: written by benchmarks/train_separation.py."""\n'
    ]
    for title, names, values in (
        ("LINKING", LINKING, weights.linking),
        ("BEGINNING", BEGINNING, weights.beginning),
    ):
        rows = (f'    "{name}": {value:.3f},' for name, value in zip(names, values, strict=True))
        told.append("\n".join([f"{title} = {{", *rows, "}"]))
    return "\n".join(told)


def main() -> None:
    """Print the module of weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    print(source(trained(annotated(parser.parse_args().folders))))


if __name__ == "__main__":
    main()
