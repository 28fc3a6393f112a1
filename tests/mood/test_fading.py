"""The mood of this moment: what was said long ago weighs less."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.mood import Fading

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_nothing_felt_is_no_mood():
    assert Fading(5 * MINUTE).mood(NOW) is None


def test_a_message_one_half_life_old_weighs_half():
    fading = Fading(5 * MINUTE)
    fading.feel(-0.8, NOW)
    fading.feel(0.4, NOW + 5 * MINUTE)
    assert fading.mood(NOW + 5 * MINUTE) == pytest.approx((-0.8 / 2 + 0.4) / 1.5)


def test_a_mood_fades_away_when_nobody_speaks():
    fading = Fading(5 * MINUTE)
    fading.feel(0.5, NOW)
    assert fading.mood(NOW + 15 * MINUTE) == pytest.approx(0.5)
    assert fading.mood(NOW + 30 * MINUTE) is None


def test_a_late_message_counts_as_old_as_it_is():
    in_order, late = Fading(5 * MINUTE), Fading(5 * MINUTE)
    in_order.feel(0.9, NOW)
    in_order.feel(-0.3, NOW + 8 * MINUTE)
    late.feel(-0.3, NOW + 8 * MINUTE)
    late.feel(0.9, NOW)
    assert late.mood(NOW + 9 * MINUTE) == pytest.approx(in_order.mood(NOW + 9 * MINUTE))


def test_a_clock_put_back_fades_nothing():
    fading = Fading(5 * MINUTE)
    fading.feel(0.5, NOW)
    assert fading.mood(NOW - timedelta(days=1)) == pytest.approx(0.5)


@given(st.lists(st.tuples(st.floats(-1, 1), st.integers(-(10**6), 10**6)), min_size=1))
def test_a_mood_stays_between_the_scores_that_made_it(felt: list[tuple[float, int]]):
    fading = Fading(5 * MINUTE)
    for score, second in felt:
        fading.feel(score, NOW + timedelta(seconds=second))
    mood = fading.mood(NOW + timedelta(seconds=max(second for _, second in felt)))
    scores = [score for score, _ in felt]
    assert mood is not None
    assert min(scores) - 1e-9 <= mood <= max(scores) + 1e-9
