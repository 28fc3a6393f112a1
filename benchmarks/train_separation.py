"""Learns what the evidence of the separation weighs, from human reply links.

Run: python benchmarks/train_separation.py FOLDER… > weights.py ; the folders are those of
`separation.py`. A message goes on from one of the candidates of
`guildwatch.digest.separation.evidence` or begins something new; the likelihood of its being one
of the right conversation (softmax) is made as great as it gets, less a penalty for great weights.
Each channel is learned from with none, some and all of its replies known, and with its names taken
out, so that one set of weights serves all. Each channel counts by the root of its messages. The
likelihood is climbed by Newton's steps, so the result is the same at every run.

A weight that other threads would have taught otherwise is drawn to its prior the more, and one that
they agree on is let go: the penalty of each follows from its own deviation, as these channels tell
it. The prior is 0 but for what hardly any channel here shows though it is known to be so.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from annotated import Annotated, annotated

from guildwatch.digest.separation.beginning import BEGINNING, beginning
from guildwatch.digest.separation.evidence import Evidence, candidates
from guildwatch.digest.separation.linking import LINKING, Linking
from guildwatch.digest.separation.memory import Memory
from guildwatch.digest.separation.weighing import Weights
from guildwatch.digest.transcript.lines import Line

_CONTEXT = 250  # lines before the first annotated one
_PENALTY = 0.003
_FIRMEST, _LOOSEST, _AGREED, _FIRMED = 30.0, 0.3, 1e-3, 2  # times that penalty; how often anew
_STEPS, _SETTLED = 12, 0.02  # Newton's steps at most, and the change of a weight that ends them
# What these channels show too seldom to teach it, but what such lines are for: a meeting's heading
# begins a subject and ends the one before, a feed's lines that share no word tell different things,
# bots answer commands, and a long number names something. Set by hand, in round numbers.
_PRIOR = {
    "heading": 3.0,
    "before_heading": -1.0,
    "feed_unshared": -2.0,
    "answering_command": 1.5,
    "same_number": 1.0,
}
_EXPECTED = np.array([_PRIOR.get(name, 0.0) for name in (*LINKING, *BEGINNING)])
# With the axes of a space for weights, what the evidence weighs is the evidence itself.
_AXES = Linking(**dict(zip(LINKING, np.eye(len(LINKING), dtype=np.float32), strict=True)))


@dataclass(frozen=True)
class Example:
    """A message's candidates, a row each and the beginning last, and which of them are right.

    `thread` names the conversation that it is of: those of one are drawn together.
    """

    rows: np.ndarray
    right: np.ndarray
    weight: float
    thread: tuple[str, int]


def trained(channels: Sequence[Annotated]) -> Weights:
    """The weights learned from these channels."""
    return perturbed([example for channel in channels for example in learning(channel)], 0)[0]


def perturbed(examples: Sequence[Example], times: int) -> list[Weights]:
    """The weights learned from these examples, and as other threads would have taught them.

    Each thread is counted by an exponential chance, as in the Bayesian bootstrap (Rubin 1981), and
    one step of Newton from what was learned tells where that would have led.
    """
    batch = Batch(examples)
    weights, penalty = fit(batch)
    slopes, curve = batch.slopes(weights), np.linalg.inv(batch.curve(weights, penalty))
    found = [weights]
    for seed in range(times):
        chance = np.random.default_rng(100 + seed).exponential(1.0, batch.threads)
        count = chance[batch.thread] * batch.weight
        slope = (count / count.mean()) @ slopes / len(count) + penalty * (weights - _EXPECTED)
        found.append(weights - curve @ slope)
    return list(map(_named, found))


def _named(weights: np.ndarray) -> Weights:
    linking, beginning = np.split(weights, [len(LINKING)])
    return Weights(
        dict(zip(LINKING, map(float, linking), strict=True)),
        dict(zip(BEGINNING, map(float, beginning), strict=True)),
    )


def learning(channel: Annotated) -> Iterator[Example]:
    """The examples of a channel in all its variants."""
    for lines, weight in (
        (channel.with_replies(0.0), 1.0),
        (channel.with_replies(0.3, seed=12), 1.0),
        (channel.with_replies(1.0), 0.5),
        (channel.without_names(), 1.6),
    ):
        found = list(examples(channel, lines))
        for rows, right, own in found:
            yield Example(rows, right, weight / len(found) ** 0.5, (channel.name, own))


def examples(
    channel: Annotated, lines: Sequence[Line]
) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Each annotated message whose reply is not known, what is right for it, its conversation."""
    conversation_of, memory = channel.conversations, Memory()
    first = next(place for place, line in enumerate(lines) if line.id in channel.links)
    for line in lines[max(0, first - _CONTEXT) :]:
        heard = memory.hear(line)
        if line.id in channel.links and not heard.is_reply:
            found, own = candidates(memory, heard), conversation_of[line.id]
            right = [conversation_of.get(each.id) == own for each in found]
            begins = not any(right) and channel.links[line.id] == {line.id}
            if any(right) or begins:
                evidence = Evidence(memory, line, heard, _AXES)
                rows = np.zeros((len(found) + 1, len(LINKING) + len(BEGINNING)), np.float32)
                for row, each in zip(rows, found, strict=False):
                    row[: len(LINKING)] = evidence.linking(each)
                rows[-1, len(LINKING) :] = beginning(memory, line, heard)
                yield rows, np.array([*right, begins], np.float32), own
        memory.keep(heard, 0)


class Batch:
    """All examples as one table, and the loss of weights on it."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.rows = np.concatenate([each.rows for each in examples])
        self.right = np.concatenate([each.right for each in examples])
        sizes = [len(each.rows) for each in examples]
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.of = np.repeat(np.arange(len(sizes)), sizes)
        weight = np.array([each.weight for each in examples])
        self.weight = weight / weight.mean()
        threads = {each: place for place, each in enumerate(sorted({e.thread for e in examples}))}
        self.thread = np.array([threads[each.thread] for each in examples])
        self.threads = len(threads)

    def loss(self, weights: np.ndarray, penalty: np.ndarray) -> float:
        """How unlikely what is right is, with the penalty."""
        likely, rightly = self._likelihoods(weights)
        told = np.log(rightly / np.add.reduceat(likely, self.starts) + 1e-12)
        return -(told * self.weight).mean() + (penalty * (weights - _EXPECTED) ** 2).sum() / 2

    def slopes(self, weights: np.ndarray) -> np.ndarray:
        """Where the loss of each example rises, without the penalty."""
        likely, rightly = self._likelihoods(weights)
        expected = likely / np.add.reduceat(likely, self.starts)[self.of]
        found = likely * self.right / (rightly + 1e-12)[self.of]
        pull = (expected - found).astype(np.float32)
        return np.add.reduceat(self.rows * pull[:, None], self.starts)

    def deviation(self, weights: np.ndarray, penalty: np.ndarray) -> np.ndarray:
        """The variance of each weight between draws of the threads (Huber's sandwich)."""
        pull = np.zeros((self.threads, len(weights)))
        np.add.at(pull, self.thread, self.slopes(weights) * self.weight[:, None])
        moved = np.linalg.solve(self.curve(weights, penalty), pull.T / len(self.weight))
        return (moved**2).sum(axis=1)

    def curve(self, weights: np.ndarray, penalty: np.ndarray) -> np.ndarray:
        """How the slope of the loss changes, at most: as if it were known which line is right."""
        likely, _ = self._likelihoods(weights)
        expected = (likely / np.add.reduceat(likely, self.starts)[self.of]).astype(np.float32)
        means = np.add.reduceat(self.rows * expected[:, None], self.starts)
        means *= np.sqrt(self.weight).astype(np.float32)[:, None]
        spread = self.rows * np.sqrt(expected * self.weight[self.of]).astype(np.float32)[:, None]
        curve = (spread.T @ spread - means.T @ means) / len(self.weight)
        return curve + np.diag(penalty + 1e-6)

    def _likelihoods(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits = self.rows @ weights.astype(np.float32)
        likely = np.exp(logits - np.maximum.reduceat(logits, self.starts)[self.of])
        return likely, np.add.reduceat(likely * self.right, self.starts)


def fit(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """The weights that make what is right likeliest, and the penalty of each."""
    penalty = np.full(len(_EXPECTED), _PENALTY)
    weights = _climbed(batch, _EXPECTED, penalty)
    for _ in range(_FIRMED):
        told = (weights - _EXPECTED) ** 2 + _AGREED
        doubt = batch.deviation(weights, penalty) / told
        penalty = _PENALTY * np.clip(doubt, _LOOSEST, _FIRMEST)
        weights = _climbed(batch, weights, penalty)
    return weights, penalty


def _climbed(batch: Batch, weights: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Newton's steps from these weights, halved until they help."""
    for _ in range(_STEPS):
        slope = batch.weight @ batch.slopes(weights) / len(batch.weight)
        slope += penalty * (weights - _EXPECTED)
        step = np.linalg.solve(batch.curve(weights, penalty), slope)
        before = batch.loss(weights, penalty)
        while batch.loss(weights - step, penalty) > before and np.abs(step).max() > _SETTLED / 10:
            step /= 2
        weights = weights - step
        if np.abs(step).max() < _SETTLED:
            break
    return weights


def source(weights: Weights) -> str:
    """The weights as the module that the product ships."""
    told = [
        '"""What each piece of evidence weighs: written by benchmarks/train_separation.py."""\n'
    ]
    for title, names, values in (
        ("LINKING", LINKING, [getattr(weights.linking, name) for name in LINKING]),
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
