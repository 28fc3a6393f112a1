"""What is scored: talk in English; None only where there is nothing for VADER to judge."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.mood import Vader

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "sentiment" / "sentiment_open.csv"
FOREIGN = [
    line.split("\t")
    for line in (Path(__file__).parent / "foreign.txt").read_text(encoding="utf-8").splitlines()
]
VADER = Vader()


@pytest.mark.parametrize(
    "text",
    ["The build runs on port 8080.", "table", "Does anyone know the address?", "🍕", "v2.1"],
)
def test_talk_without_a_mood_word_is_neutral(text: str):
    assert VADER.score(text) == 0.0


@pytest.mark.parametrize("text", ["", " ", "?", "...", "42", "+1", "- - -", "\u200b", "1/2 = 50%"])
def test_a_wordless_text_has_no_score(text: str):
    assert VADER.score(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/awesome?great=1",
        "<https://example.org/bad>!",
        "<@123456789012345678> <@!1> <@&2> <#3>",
        "@everyone",
        "<:happy:123456789012345678><a:sad:1>",
        "<t:1700000000:R>",
        "</summary now:123>",
        "`kill -9 bad`",
        "``a great ` tick``",
        "```py\nraise HorribleError('bad')\n```",
        "```\nunfinished and terrible",
        "<@1> https://example.org `x` <:ok:1> 12",
    ],
)
def test_a_text_of_markup_alone_has_no_score(text: str):
    assert VADER.score(text) is None


@pytest.mark.parametrize(
    ("with_markup", "without"),
    [
        ("I love `rm -rf hate` <3", "I love x <3"),
        ("<@1> that is great https://example.org/bad!", "x that is great x!"),
        ("This is <:sad:1> wonderful", "This is x wonderful"),
        ("nice:\n```\nfatal error, horrible\n```", "nice: x"),
    ],
)
def test_markup_does_not_colour_what_is_said_around_it(with_markup: str, without: str):
    assert VADER.score(with_markup) == VADER.compound(without) != 0


@pytest.mark.parametrize("text", ["😂", ":)", "<3", "😂" * 2000, "lol 😭", ":'(", "❤"])
def test_emoji_and_emoticons_count(text: str):
    assert VADER.score(text) == VADER.compound(text) != 0


@pytest.mark.parametrize(
    "text", ["!rank", "/stats now", "?help me", ".play despacito", "  !ban bad-guy", "!p x"]
)
def test_a_command_has_no_score(text: str):
    assert VADER.score(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "!!! great",
        "...what a bad idea",
        ".NET is great",
        ".gitignore is terrible",
        "/etc/passwd looks bad",
        "/home is full, sad",
        "/me is happy",
        "?? bad",
        "! good",
        "Wow! great",
        ".env is awful",
    ],
)
def test_what_only_looks_like_a_command_is_scored(text: str):
    assert VADER.score(text) == VADER.compound(text) != 0


def test_bare_code_and_traces_have_no_score():
    trace = (
        "Traceback (most recent call last):\n"
        '  File "bad.py", line 3, in <module>\n'
        "    kill(process)\n"
        "FatalError: horrible failure"
    )
    code = "int main() {\n  destroy(evil);\n  return 0;\n}"
    assert VADER.score(trace) is None
    assert VADER.score(code) is None


def test_talk_in_several_lines_is_no_code():
    text = "This is great.\nI love it (really)!\nfrom tomorrow on it is even better;\nthanks"
    assert VADER.score(text) == VADER.compound(text)


@pytest.mark.parametrize(
    "text",
    ["привет как дела", "日本語が好きです", "مرحبا بالجميع", "안녕하세요", "Καλημέρα", "хорошо 😂"],
)
def test_another_script_has_no_score(text: str):
    assert VADER.score(text) is None


def test_an_english_text_with_a_foreign_word_is_scored():
    text = "I love 日本語 and naïve café talk, señor, it is über great"
    assert VADER.score(text) == VADER.compound(text) > 0


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "nl", "pt", "pl"])
def test_other_languages_in_latin_letters_have_no_score(language: str):
    sentences = [sentence for code, sentence in FOREIGN if code == language]
    caught = [sentence for sentence in sentences if VADER.score(sentence) is None]
    assert len(sentences) >= 12
    assert len(caught) >= 0.95 * len(sentences)


@pytest.mark.parametrize(
    "text", ["guten Morgen zusammen", "ich auch nicht", "no se que hacer", "obrigado pessoal"]
)
def test_a_short_text_in_another_language_has_no_score(text: str):
    assert VADER.score(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "lmao bruh moment fr fr no cap ong",
        "got it, Maria",
        "no errors whatsoever",
        "hahaha amazing stream",
        "ggwp ez clap noobs rekt pog",
        "systemctl restart nginx postgresql redis",
        "Maria Gonzalez, Fernando Lopez, Giuseppe Rossi",
        "merge conflict resolved, pipeline green",
        "hahahahaha hahahaha omggggg nooooo",
        "La Liga, Serie A, Bundesliga, Ligue 1 highlights",
    ],
)
def test_slang_names_and_jargon_are_not_foreign(text: str):
    assert VADER.score(text) == VADER.compound(text)


@pytest.mark.skipif(not DATA.exists(), reason="the open texts are not beside this checkout")
def test_hardly_any_open_text_goes_without_a_score():
    with DATA.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    unscored = [text for text in texts if VADER.score(text) is None]
    # Links, numbers and inline code by themselves, and four in Turkish, Dutch, Danish.
    assert len(unscored) <= 20


@given(st.text(alphabet="abcgdo !?.,:;()'😂ü\n", max_size=60))
def test_a_text_without_markup_scores_as_vader_does_or_not_at_all(text: str):
    assert VADER.score(text) in (None, VADER.compound(text))


@given(st.lists(st.text(max_size=30), max_size=5))
def test_a_batch_scores_like_its_texts(texts: list[str]):
    assert VADER.scores(texts) == [VADER.score(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    return 1",
        "for kind in love:\n    print(kind)",
        "SELECT * FROM users WHERE hope = 1;",
        "$ pip install happy",
        ">>> great.fun(3)",
        "best.friend(3);",
    ],
)
def test_code_pasted_without_a_fence_has_no_mood(text):
    assert Vader().score(text) is None


@pytest.mark.parametrize(
    "text", ["I paid $ 5 for this", "great; thanks", "for me: great!", "love (really) this"]
)
def test_talk_with_signs_of_code_in_it_is_scored(text):
    assert Vader().score(text) is not None
