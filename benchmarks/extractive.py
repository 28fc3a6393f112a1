"""How many of a human's agenda items extractive summaries say, ours beside simple ones.

    python benchmarks/extractive.py FILE.jsonl [--fit]

FILE has turns and references as `guildwatch eval summaries` reads them; of the references the first
counts. `--fit` fits the weights of key words to each half of the items and measures the other half.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from guildwatch.digest.extraction import keywords
from guildwatch.digest.extraction.summary import key_phrases, summary, telling
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, stem, words
from guildwatch.eval.overlap import coverage
from guildwatch.eval.talk import Talk, talks

BUDGETS = (120, 60)
_RIDGE, _ROUNDS, _LONGEST_STEP = 30.0, 40, 0.5
Write = Callable[[Sequence[Line], int], str]


def lead(lines: Sequence[Line], _: int) -> str:
    """The turns as they came."""
    return " ".join(line.text for line in lines)


def longest(lines: Sequence[Line], _: int) -> str:
    """The turns with most words first."""
    return " ".join(line.text for line in sorted(lines, key=lambda line: -len(line.text.split())))


def shuffled(seed: int) -> Write:
    """Turns in an order that only the seed knows."""

    def write(lines: Sequence[Line], _: int) -> str:
        order = list(lines)
        random.Random(seed).shuffle(order)
        return " ".join(line.text for line in order)

    return write


def lexrank(lines: Sequence[Line], _: int) -> str:
    """Continuous LexRank (Erkan and Radev 2004): turns by their centrality among all turns."""
    counts = [Counter(line.said) for line in lines]
    df = Counter(key for count in counts for key in count)
    vectors = [
        {key: many * math.log(len(lines) / df[key]) for key, many in count.items()}
        for count in counts
    ]
    norms = [math.sqrt(sum(x * x for x in one.values())) or 1.0 for one in vectors]
    near: list[dict[int, float]] = [{} for _ in lines]
    for i, one in enumerate(vectors):
        for j, other in enumerate(vectors):
            same = sum(x * other.get(key, 0.0) for key, x in one.items()) / norms[i] / norms[j]
            if same > 0:
                near[i][j] = same
    rank = [1 / len(lines)] * len(lines)
    for _round in range(30):
        now = [0.15 / len(lines)] * len(lines)
        for i, row in enumerate(near):
            total = sum(row.values()) or 1.0
            for j, same in row.items():
                now[j] += 0.85 * rank[i] * same / total
        rank = now
    order = sorted(range(len(lines)), key=lambda i: -rank[i])
    return " ".join(lines[i].text for i in order)


def phrases(lines: Sequence[Line], most: int) -> str:
    """Our line of key phrases."""
    return ", ".join(one.text for one in key_phrases(lines, most))


def measured(write: Write, items: Sequence[tuple[Talk, Sequence[Line]]], most: int) -> float:
    """The share of items that are said in so many words, mean of the talks, x 100."""
    found = [coverage(write(lines, most), talk.references[:1], most) for talk, lines in items]
    return 100 * sum(one or 0.0 for one in found) / len(found)


def fitted(items: Sequence[tuple[Talk, Sequence[Line]]]) -> tuple[float, ...]:
    """Ridge logistic regression by Newton's method: which stems stand in the references."""
    rows: list[tuple[float, ...]] = []
    named: list[bool] = []
    for talk, lines in items:
        gold = {stem(word) for word in words(talk.references[0]) if is_telling(word)}
        found = keywords.keywords(telling(lines), keywords.names_in(lines))
        rows += [one.features() for one in found.values()]
        named += [key in gold for key in found]
    features, is_named = np.array(rows), np.array(named, dtype=float)
    spread = features.std(axis=0)
    scaled = np.c_[np.ones(len(rows)), (features - features.mean(axis=0)) / spread]
    ridge = np.r_[0.0, np.full(len(spread), _RIDGE)]
    weights = np.zeros(len(ridge))
    for _round in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (is_named - chance) - ridge * weights
        curve = (scaled.T * (chance * (1 - chance))) @ scaled + np.diag(ridge)
        weights += np.clip(np.linalg.solve(curve, slope), -_LONGEST_STEP, _LONGEST_STEP)
    return tuple(float(one) for one in weights[1:] / spread)


def main() -> None:
    """Measures all of them and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    items = [(talk, clean(talk.messages, talk.context).lines) for talk in talks(asked.file)]
    rows: dict[str, list[float]] = {
        "random turns (mean of 5)": [
            sum(measured(shuffled(seed), items, most) for seed in range(5)) / 5 for most in BUDGETS
        ]
    }
    for name, write in (
        ("longest turns", longest),
        ("first turns", lead),
        ("LexRank", lexrank),
        ("ours, readable text", summary),
        ("ours, key phrases", phrases),
    ):
        rows[name] = [measured(write, items, most) for most in BUDGETS]
    if asked.fit:
        halves = items[::2], items[1::2]
        factors = keywords.FACTORS
        sums = {"text": [0.0, 0.0], "phrases": [0.0, 0.0]}
        for known, unknown in (halves, halves[::-1]):
            keywords.weights.__defaults__ = (fitted(known),)
            print("fitted to a half:", [round(one, 2) for one in fitted(known)])
            for place, most in enumerate(BUDGETS):
                share = len(unknown) / len(items)
                sums["text"][place] += share * measured(summary, unknown, most)
                sums["phrases"][place] += share * measured(phrases, unknown, most)
        keywords.weights.__defaults__ = (factors,)
        rows["ours, readable text, fitted to the other half"] = sums["text"]
        rows["ours, key phrases, fitted to the other half"] = sums["phrases"]
    print(f"{'share of items (%) in':<48}" + "".join(f"{most:>6} words" for most in BUDGETS))
    for name, figures in rows.items():
        print(f"{name:<48}" + "".join(f"{one:>12.1f}" for one in figures))


if __name__ == "__main__":
    main()
