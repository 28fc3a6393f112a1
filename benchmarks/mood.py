"""Times scoring against vaderSentiment in the same run: `python benchmarks/mood.py [TEXTS.csv]`.

Ratios are what to trust; milliseconds depend on the machine. The file needs a column `text`.
"""

import csv
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from guildwatch.mood import Vader

LONGEST = 4_000  # characters: what Discord lets a member with Nitro post
SENTENCES = (
    "The plot was good, but the characters are uncompelling and the dialog is not great.",
    "Does anyone know which port the server listens on?",
    "VERY happy that it works now, thank you so much!!! 😂",
    "I kind of hate this new layout :( never liked it",
    "lgtm, merging",
)


def milliseconds(run: Callable[[], object], rounds: int = 5) -> float:
    """The best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - begin)
    return best * 1_000


def walls(vader: Vader) -> dict[str, str]:
    """Texts of the greatest length, made to take long."""
    choose = random.Random(1)  # the same texts in every run
    moody = [sign for sign in "🥰😹😸😱😥😙😊😄" if vader.compound(sign)]
    return {
        "one emoji": "😂" * LONGEST,
        "eight emoji": "".join(choose.choice(moody) for _ in range(LONGEST)),
        "emoji after a but": "but " + "😹" * (LONGEST - 4),
        "words": (" ".join(SENTENCES) * 20)[:LONGEST],
        "backticks": "`a``b" * (LONGEST // 5),
        "one long word": "a" * LONGEST,
    }


def main() -> None:
    """Prints both tables."""
    vader, analyzer = Vader(), SentimentIntensityAnalyzer()
    begin = time.perf_counter()
    vader.score("guten morgen zusammen, wie geht es euch denn heute")
    print(
        f"language model loaded in {time.perf_counter() - begin:.2f} s, by the first need of it\n"
    )

    print(
        f"{'4,000 characters':<20}{'compound ms':>12}{'score ms':>10}{'library ms':>12}{'times':>7}"
    )
    for name, wall in walls(vader).items():
        ours = milliseconds(lambda text=wall: vader.compound(text))
        whole = milliseconds(lambda text=wall: vader.score(text))
        # The library is given an eighth: all of it takes a quarter of a minute.
        eighth = milliseconds(lambda text=wall: analyzer.polarity_scores(text[:500]), rounds=1)
        fair = milliseconds(lambda text=wall: vader.compound(text[:500]))
        print(f"{name:<20}{ours:>12.1f}{whole:>10.1f}{eighth:>9.1f}/8{eighth / fair:>7.1f}")

    texts = list(SENTENCES) * 400
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file)]
    ours = milliseconds(lambda: [vader.compound(text) for text in texts])
    whole = milliseconds(lambda: vader.scores(texts))
    theirs = milliseconds(lambda: [analyzer.polarity_scores(text) for text in texts], rounds=2)
    print(f"\n{len(texts):,} texts: compound {len(texts) / ours:,.0f} k/s, score ", end="")
    print(f"{len(texts) / whole:,.0f} k/s; compound is {theirs / ours:.1f} times the library")


if __name__ == "__main__":
    main()
