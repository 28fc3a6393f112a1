"""Scores are vaderSentiment's own, to the last digit, for any text."""

import csv
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SENTIMENT_LADEN_IDIOMS,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from guildwatch.mood import Vader
from guildwatch.mood.lexicon import read_lexicon

DATA = Path(__file__).parents[2].parent / "shared" / "data"

THEIRS = SentimentIntensityAnalyzer()
OURS = Vader()


def theirs(text: str) -> float:
    return THEIRS.polarity_scores(text)["compound"]


def open_texts() -> Iterator[str]:
    with (DATA / "sentiment" / "sentiment_open.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["text"] for row in csv.DictReader(file))
    for export in sorted((DATA / "chat").glob("*/*.json")):
        messages = json.loads(export.read_text(encoding="utf-8"))["messages"]
        yield from (message["content"] for message in messages)


def differing(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if OURS.compound(text) != theirs(text)]


@pytest.mark.skipif(not DATA.exists(), reason="the open texts are not beside this checkout")
def test_every_open_text_scores_as_vader_scores_it():
    assert differing(open_texts()) == []


def test_every_word_and_emoji_of_the_lexicons_scores_as_vader_scores_it():
    texts = [*THEIRS.lexicon, *THEIRS.emojis, *map(str.upper, THEIRS.lexicon)]
    assert differing(iter(texts)) == []


def test_the_lexicons_are_vader_s_own():
    ours = read_lexicon()
    assert ours.words == THEIRS.lexicon
    assert ours.emoji == {sign: name for sign, name in THEIRS.emojis.items() if len(sign) == 1}


PHRASES = [*SPECIAL_CASES, *SENTIMENT_LADEN_IDIOMS, *BOOSTER_DICT, *NEGATE]
TURNS = (
    "but no nor or least at very least never so never this without doubt kind of sort of just "
    "enough cannot don't DON'T shan't NO BUT ain't not the"
)


def test_any_three_turning_words_turn_a_word_as_vader_says():
    turning = sorted({*TURNS.split(), "VERY", "BUT", "barely", "good", "table", "shit", "bomb"})
    texts = (" ".join((*words, "bad", "ok")) for words in product(turning, repeat=3))
    assert differing(texts) == []


moods = st.sampled_from(sorted(THEIRS.lexicon))
tokens = st.one_of(
    moods,
    st.sampled_from(PHRASES),
    st.sampled_from(TURNS.split()),
    st.sampled_from(sorted(THEIRS.emojis)),
    st.sampled_from(["table", "x", "", "(", ":", "İ", "ß", "ﬁne", "K", "Σ", "\u200d", "\ufe0f"]),
    st.text(max_size=6),
)
cased = st.one_of(tokens, tokens.map(str.upper), tokens.map(str.title), tokens.map(str.lower))
gaps = st.sampled_from(
    [" "] * 8 + ["", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\x1c", "\x85", "! ", "?? "]
    + [", ", "... ", "!!!! ", "?", "-", "'", "**", "||", "❤", "😂"]
)  # fmt: skip
texts = st.lists(st.tuples(cased, gaps), max_size=16).map(
    lambda pairs: "".join(token + gap for token, gap in pairs)
)


@settings(max_examples=1000, deadline=None)
@given(texts)
@example("The plot was good, but the characters are uncompelling and the dialog is not great.")
@example("At least it isn't a horrible book. No one was ever the least good")
@example("no good no or great bad nor no fine, no")
@example("good good BUT good good bad but bad 0.0")
@example("so xx yy good this the bomb yeah right kind of kiss of death")
@example("\u2003 😂😂😂 \ud800 but🔛 GREAT!!!!! ????")
def test_any_text_scores_as_vader_scores_it(text: str):
    assert OURS.compound(text) == theirs(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(moods, min_size=2, max_size=30), st.integers(0, 30))
def test_a_but_among_equal_words_weighs_them_as_vader_does(words: list[str], at: int):
    text = " ".join([*words[:at], "but", *words[at:], *words])
    assert OURS.compound(text) == theirs(text)


class Counted(dict[str, float]):
    """The word list, which counts how often it is asked."""

    asked = 0

    def __contains__(self, word: object) -> bool:
        self.asked += 1
        return super().__contains__(word)

    def __getitem__(self, word: str) -> float:
        self.asked += 1
        return super().__getitem__(word)


@pytest.mark.parametrize("text", ["😂", "not very GOOD, ", "😥😹", "no ", "n't kind of bad "])
def test_twice_the_text_takes_at_most_twice_the_work(text: str):
    def work(times: int) -> int:
        vader = Vader()
        vader._worth = counted = Counted(vader._worth)
        vader.compound(text * times)
        return counted.asked

    assert work(4000) <= 2 * work(2000) + 10
