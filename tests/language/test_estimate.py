"""Estimates of tokens stay on the safe side and follow real counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.language.estimate import Calibration


@given(st.text(min_size=200, max_size=2000), st.integers(50, 4000))
def test_a_guess_that_was_too_low_is_corrected_at_once(text, counted):
    calibration = Calibration()
    first = calibration.tokens(text)
    calibration.learn(text, counted)
    if first < counted < 3 * first:
        assert calibration.tokens(text) >= counted


@given(st.text(max_size=500), st.text(max_size=500))
def test_more_text_never_takes_fewer_tokens(one, other):
    calibration = Calibration()
    assert calibration.tokens(one + other) >= max(
        calibration.tokens(one), calibration.tokens(other)
    )


def test_other_scripts_are_not_taken_for_english():
    calibration = Calibration()
    assert calibration.tokens("日本語のテキスト" * 10) >= 80
    assert calibration.tokens("three letters " * 10) <= 60


@given(st.text(min_size=200, max_size=2000), st.integers(50, 4000))
def test_what_was_measured_is_the_same_after_it_was_kept(text, counted):
    calibration, later = Calibration(), Calibration()
    calibration.learn(text, counted)
    later.recall(calibration.characters_per_token)
    assert later.factor == pytest.approx(calibration.factor)


@pytest.mark.parametrize("spoilt", [0.0, -3.0, float("nan"), float("inf"), 1e300, 1e-300])
def test_a_spoilt_measure_never_makes_estimates_absurd(spoilt):
    calibration = Calibration()
    calibration.recall(spoilt)
    assert 10 <= calibration.tokens("three letters " * 10) <= 500
