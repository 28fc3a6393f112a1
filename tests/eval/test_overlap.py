"""ROUGE and the coverage of items, by what must hold of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.eval.classes import accuracy, class_figures, macro_f1
from guildwatch.eval.mood import label_at
from guildwatch.eval.overlap import coverage, rouge

WORDS = ["lamp", "street", "dusk", "vote", "the", "a", "ferry"]
TEXTS = st.lists(st.sampled_from(WORDS)).map(" ".join)
LABELS = st.lists(st.sampled_from("abc"), min_size=1)


@given(TEXTS)
def test_a_text_is_its_own_best_summary(text):
    found = rouge(text, [text])
    words = len(text.split())
    assert found.one == found.longest == (1 if words else 0)
    assert found.two == (1 if words > 1 else 0)


@given(TEXTS, TEXTS)
def test_f1_is_the_same_from_both_sides_and_a_share(one, other):
    there, back = rouge(one, [other]), rouge(other, [one])
    assert there == back
    assert 0 <= there.two <= 1
    assert 0 <= there.longest <= there.one <= 1


@given(TEXTS, TEXTS, TEXTS)
def test_another_reference_never_makes_it_worse(text, one, other):
    first, both = rouge(text, [one]), rouge(text, [one, other])
    assert both.one >= first.one
    assert both.two >= first.two
    assert both.longest >= first.longest


def test_rouge_counts_as_its_paper_does():
    found = rouge("police kill the gunman", ["police killed the gunman"])
    assert found.one == pytest.approx(0.75)
    assert found.two == pytest.approx(1 / 3)
    assert found.longest == pytest.approx(0.75)
    assert rouge("the gunman kill police", ["police killed the gunman"]).longest == 0.5


def test_an_item_is_covered_where_half_of_its_stems_are_said():
    reference = ["Release of the map editor, vote on the theme, wages"]
    assert coverage("They voted for a theme.", reference, 50) == pytest.approx(1 / 3)
    assert coverage("The editor releases; a theme vote", reference, 50) == pytest.approx(2 / 3)
    assert coverage("filler words first and then wages", reference, 3) == 0
    assert coverage("anything", [], 50) is None
    assert coverage("", reference, 50) == 0


def test_of_several_agendas_the_mean_counts_and_prose_has_no_items():
    agendas = ["map editor, wages", "map editor"]
    prose = "# Map editor\n\nThey talked, at length, of wages, harbours and maps."
    assert coverage("the map editor", agendas, 50) == pytest.approx(0.75)
    assert coverage("the map editor", [*agendas, prose], 50) == pytest.approx(0.75)
    assert coverage("harbours", [prose], 50) == pytest.approx(1 / 4)


@given(TEXTS, TEXTS, st.integers(0, 20))
def test_more_words_never_cover_less(text, reference, words):
    less, more = (coverage(text, [reference], most) for most in (words, words + 5))
    assert (less is None) == (more is None)
    assert less is None or 0 <= less <= more <= 1


@given(LABELS, st.randoms())
def test_labels_found_as_they_are_are_perfect_and_others_are_not(labels, random):
    assert accuracy(labels, labels) == macro_f1(labels, labels) == 1
    other = [random.choice("abc") for _ in labels]
    for label in "abc":
        there, back = class_figures(labels, other, label), class_figures(other, labels, label)
        assert (there.precision, there.f1) == (back.recall, back.f1)


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (0.05, "positive"),
        (-0.05, "negative"),
        (0.049, "neutral"),
        (0, "neutral"),
        (None, "neutral"),
    ],
)
def test_a_score_counts_from_the_threshold_on(score, label):
    assert label_at(score, 0.05) == label
