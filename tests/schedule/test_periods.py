"""Periods tile: whatever changes, each begins where the one before it ended."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from guildwatch.model import Period
from guildwatch.schedule import Calendar
from guildwatch.schedule.periods import LONGEST, due_periods, next_end, period_before_first

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


times = st.times().map(lambda moment: moment.replace(microsecond=0))
calendars = st.builds(
    Calendar, times, st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
)
jumps = st.timedeltas(timedelta(days=-3), timedelta(days=5))
acts = st.lists(st.one_of(jumps, calendars), max_size=40)


@given(calendars, acts)
def test_changed_times_and_jumping_clocks_leave_neither_hole_nor_overlap(
    calendar: Calendar, acts: list[timedelta | Calendar]
):
    now, changed_at = BEGIN, None
    told: list[Period] = [period_before_first(calendar, now)]
    for act in acts:
        if isinstance(act, Calendar):
            calendar, changed_at = act, now
        else:
            now += act
        told += due_periods(calendar, told[-1].end, changed_at, now)
        assert next_end(calendar, told[-1].end, changed_at) > now
    for earlier, later in pairwise(told):
        assert later.start == earlier.end
    for period in told[1:]:
        assert timedelta(0) < period.end - period.start <= LONGEST


def test_a_changed_time_makes_one_longer_period_up_to_the_new_one():
    told_until, changed_at = utc(2026, 5, 4), utc(2026, 5, 4, 8)
    seven = Calendar(time(7), "UTC")
    assert next_end(seven, told_until, changed_at) == utc(2026, 5, 5, 7)


def test_a_time_chosen_for_in_five_minutes_is_kept():
    told_until, changed_at = utc(2026, 5, 4), utc(2026, 5, 4, 3)
    soon = Calendar(time(3, 5), "UTC")
    assert next_end(soon, told_until, changed_at) == utc(2026, 5, 4, 3, 5)


def test_a_default_that_moved_while_it_was_stopped_makes_no_report_of_minutes():
    assert next_end(Calendar(time(0, 5), "UTC"), utc(2026, 5, 4), None) == utc(2026, 5, 5, 0, 5)


def test_an_old_change_does_not_matter_any_more():
    seven = Calendar(time(7), "UTC")
    assert next_end(seven, utc(2026, 5, 4, 7), utc(2026, 1, 1)) == utc(2026, 5, 5, 7)


def test_days_missed_before_a_change_do_not_become_one_long_period():
    periods = due_periods(
        Calendar(time(7), "UTC"), utc(2026, 5, 1), utc(2026, 5, 10), utc(2026, 5, 12)
    )
    assert max(period.end - period.start for period in periods) <= LONGEST
    assert periods[-1].end == utc(2026, 5, 11, 7)


def test_the_night_of_the_clock_change_is_told_like_any_other():
    periods = due_periods(
        Calendar(time(0), "Europe/Berlin"), utc(2025, 3, 28, 23), None, utc(2025, 4, 1)
    )
    assert [(period.end - period.start) / HOUR for period in periods] == [24, 23, 24]
