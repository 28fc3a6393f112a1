"""The four measures of two clusterings give what one finds by hand."""

import math
from dataclasses import astuple
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.eval.clusterings import (
    Agreement,
    adjusted_rand,
    agreement,
    best_pairing,
    exact_f1,
    mean,
    one_to_one,
    variation_of_information,
)

LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=20)
TABLES = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
)


def test_halves_that_know_nothing_of_each_other_are_two_bits_apart():
    # H(X|Y) = H(Y|X) = 1 bit, log2 4 = 2
    assert variation_of_information("aabb", "xyxy") == pytest.approx(0.0)


def test_one_conversation_cut_in_halves_is_one_bit_apart():
    assert variation_of_information("aaaa", "xxyy") == pytest.approx(1 - 1 / 2)


def test_one_of_four_in_the_wrong_conversation():
    # ax 2, ay 1, by 1: H(found|true) = 3/4 H(2/3), H(true|found) = 1/2 H(1/2)
    two_thirds = 2 / 3 * math.log2(3 / 2) + 1 / 3 * math.log2(3)
    by_hand = 3 / 4 * two_thirds + 1 / 2
    assert variation_of_information("aaab", "xxyy") == pytest.approx(1 - by_hand / 2)


def test_each_conversation_is_paired_once():
    # a with x (2), b with y (1): the second a and the x of b are lost
    assert one_to_one("aaab", "xxyy") == pytest.approx(3 / 4)
    assert one_to_one("aaaa", "wxyz") == pytest.approx(1 / 4)


def test_the_best_pairing_is_not_the_greedy_one():
    assert best_pairing([[5, 4], [4, 0]]) == 8


def test_exact_matches_count_no_lone_messages():
    # true {0,1} {2,3,4} {5}; found {0,1} {2,3} {4} {5}: one of two and one of two match
    assert exact_f1("aabbbc", "xxyyzw") == pytest.approx(0.5)
    assert exact_f1("abc", "xyz") == 1.0


def test_pairs_beyond_chance():
    # pairs both 1, one 3, other 2, of 6: chance 1, most 2.5
    assert adjusted_rand("aaab", "xxyy") == pytest.approx((1 - 1) / (2.5 - 1))
    # true 2 + 0 of 6, found the same but two apart: both 1, one 2, other 1, chance 1/3
    assert adjusted_rand("aabb", "xxyz") == pytest.approx((1 - 1 / 3) / (1.5 - 1 / 3))


def test_the_mean_is_of_each_measure():
    assert mean([Agreement(1, 0, 1, 0), Agreement(0, 0, 1, 1)]) == Agreement(0.5, 0, 1, 0.5)
    with pytest.raises(ValueError, match="no agreement"):
        mean([])


def test_labels_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        agreement("ab", "a")


@given(LABELS)
def test_the_same_groups_by_other_names_agree_fully(labels):
    renamed = [f"group {label}" for label in labels]
    assert astuple(agreement(labels, renamed)) == pytest.approx((1.0, 1.0, 1.0, 1.0))


@given(LABELS, st.randoms(use_true_random=False))
def test_no_measure_minds_which_clustering_comes_first(labels, chance):
    other = [chance.randrange(4) for _ in labels]
    for each in (variation_of_information, one_to_one, exact_f1, adjusted_rand):
        assert each(labels, other) == pytest.approx(each(other, labels))


@given(TABLES)
def test_the_best_pairing_is_the_best_of_all(table):
    n = len(table)
    every = (sum(table[i][j] for i, j in enumerate(order)) for order in permutations(range(n)))
    assert best_pairing(table) == max(every)
