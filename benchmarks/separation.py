"""Measures how well conversations are separated, against human reply links.

Run: python benchmarks/separation.py FOLDER… ; each folder holds DiscordChatExporter JSON and,
beside it, `<channel>.links.tsv` with the message id and the id that it responds to (itself: it
starts a conversation). Measured are the annotated messages; the definitions are those of Kummerfeld
et al. 2019, section 4.3, times 100: variation of information as 1 - VI / log2 n, one-to-one
overlap, F1 of exactly matching conversations of more than one message; and the adjusted Rand index.
"""

import argparse
import json
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from guildwatch.digest.clean import plain
from guildwatch.digest.lines import Line
from guildwatch.digest.rank import Rarity
from guildwatch.digest.separate import separate
from guildwatch.digest.subjects import parted
from guildwatch.digest.words import telling_stems

Labels = Sequence[Hashable]


def gold(path: Path) -> dict[int, int]:
    """The annotated messages' conversations: linked messages share a number."""
    parent: dict[int, int] = {}

    def root(id_: int) -> int:
        parent.setdefault(id_, id_)
        while parent[id_] != id_:
            parent[id_] = id_ = parent[parent[id_]]
        return id_

    annotated = set()
    for row in path.read_text().splitlines():
        if row and not row.startswith("#"):
            child, target = map(int, row.split("\t")[:2])
            annotated.add(child)
            parent[root(child)] = root(target)
    return {id_: root(id_) for id_ in annotated}


def lines(path: Path, keep: float, seed: int = 1) -> list[Line]:
    """An export's messages as lines, with only this share of the replies known."""
    chance = random.Random(seed)
    document = json.loads(path.read_text("utf-8-sig"))
    found = []
    for message in document["messages"]:
        text = plain(message["content"], lambda _: None, {})
        target = message.get("reference", {}).get("messageId")
        known = target is not None and chance.random() < keep
        found.append(
            Line(
                id=int(message["id"]),
                channel_id=int(document["channel"]["id"]),
                author_id=int(message["author"]["id"]),
                name=message["author"].get("nickname") or message["author"]["name"],
                text=text,
                at=datetime.fromisoformat(message["timestamp"]).timestamp(),
                reply_to=int(target) if known else None,
                mentions=frozenset(int(each["id"]) for each in message["mentions"]),
                said=telling_stems(text),
            )
        )
    return found


def variation_of_information(one: Labels, other: Labels) -> float:
    """1 - VI / log2 n."""
    n = len(one)
    a, b, both = Counter(one), Counter(other), Counter(zip(one, other, strict=True))
    vi = -sum(
        count / n * (math.log2(count / a[x]) + math.log2(count / b[y]))
        for (x, y), count in both.items()
    )
    return 1 - vi / math.log2(n)


def one_to_one(one: Labels, other: Labels) -> float:
    """The share of messages in the best pairing of conversations, each used once."""
    a, b = list(set(one)), list(set(other))
    both = Counter(zip(one, other, strict=True))
    size = max(len(a), len(b))
    gain = [[0] * size for _ in range(size)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            gain[i][j] = both[x, y]
    return best_pairing(gain) / len(one)


def best_pairing(gain: Sequence[Sequence[int]]) -> int:
    """The most that one can gain by pairing rows with columns (Hungarian method, O(n^3))."""
    n = len(gain)
    u, v, row_of, way = [0] * (n + 1), [0] * (n + 1), [0] * (n + 1), [0] * (n + 1)
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        slack, used = [math.inf] * (n + 1), [False] * (n + 1)
        while row_of[column]:
            used[column] = True
            here, delta, nearest = row_of[column], math.inf, 0
            for j in range(1, n + 1):
                if not used[j]:
                    reduced = -gain[here - 1][j - 1] - u[here] - v[j]
                    if reduced < slack[j]:
                        slack[j], way[j] = reduced, column
                    if slack[j] < delta:
                        delta, nearest = slack[j], j
            for j in range(n + 1):
                if used[j]:
                    u[row_of[j]] += delta
                    v[j] -= delta
                else:
                    slack[j] -= delta
            column = nearest
        while column:
            row_of[column], column = row_of[way[column]], way[column]
    return sum(gain[row_of[j] - 1][j - 1] for j in range(1, n + 1))


def exact_f1(true: Labels, found: Labels) -> float:
    """F1 of conversations of more than one message that match exactly."""

    def groups(labels: Labels) -> set[frozenset[int]]:
        members = defaultdict(set)
        for i, label in enumerate(labels):
            members[label].add(i)
        return {frozenset(each) for each in members.values() if len(each) > 1}

    one, other = groups(true), groups(found)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def adjusted_rand(one: Labels, other: Labels) -> float:
    """Agreement of pairs beyond chance (Hubert and Arabie 1985)."""

    def pairs(counts: Mapping[Hashable, int]) -> float:
        return sum(n * (n - 1) / 2 for n in counts.values())

    both, a, b = (
        pairs(Counter(zip(one, other, strict=True))),
        pairs(Counter(one)),
        pairs(Counter(other)),
    )
    chance = a * b / (len(one) * (len(one) - 1) / 2)
    most = (a + b) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0


MEASURES = (variation_of_information, one_to_one, exact_f1, adjusted_rand)


def measure(export: Path, links: Path, keep: float) -> list[float]:
    """The four measures, times 100, of one channel."""
    true = gold(links)
    said = lines(export, keep)
    rarity = Rarity(said)
    found = [part for whole in separate(said) for part in parted(whole, rarity)]
    home = {line.id: number for number, part in enumerate(found) for line in part.lines}
    ids = [id_ for id_ in true if id_ in home]
    one, other = [true[id_] for id_ in ids], [home[id_] for id_ in ids]
    return [100 * each(one, other) for each in MEASURES]


def channels(folders: Sequence[Path]) -> list[tuple[Path, Path]]:
    """The exports that have annotated links beside them, each with its links."""
    found = []
    for export in (path for folder in folders for path in sorted(folder.glob("*.json"))):
        name = json.loads(export.read_text("utf-8-sig"))["channel"]["name"]
        links = export.with_name(f"{name}.links.tsv")
        if links.exists():
            found.append((export, links))
    return found


def main() -> None:
    """Print a row a channel and the mean, by share of replies known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    exports = channels(parser.parse_args().folders)
    for keep in (0.0, 0.3, 1.0):
        started = time.perf_counter()
        rows = [measure(export, links, keep) for export, links in exports]
        print(f"\n{keep:.0%} of replies known ({time.perf_counter() - started:.1f} s)")
        for (export, _), row in zip(exports, rows, strict=True):
            print(f"  {export.name[:50]:50} " + "  ".join(f"{value:5.1f}" for value in row))
        means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        print(f"  {'mean: VI, 1-1, F1, Rand':50} " + "  ".join(f"{value:5.1f}" for value in means))


if __name__ == "__main__":
    main()
