"""The periods that people ask for."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.model import PeriodKind
from guildwatch.report import ReportError, day_period, hours_period, week_period
from guildwatch.report.periods import days_of

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia"]


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 11, 21), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
    ids=str,
)
def test_a_day_lasts_from_midnight_to_midnight_even_when_the_clocks_change(day, hours):
    period = day_period(day, "Europe/Berlin")
    assert period.end - period.start == timedelta(hours=hours)


def test_a_day_whose_midnight_the_clocks_skip_begins_with_the_skip():
    # In Cairo 2026-04-24 begins at 01:00.
    assert day_period(date(2026, 4, 24), "Africa/Cairo").start == datetime(
        2026, 4, 23, 22, tzinfo=UTC
    )


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.sampled_from(ZONES))
def test_days_touch_without_gap_or_overlap(day, zone):
    period, after = day_period(day, zone), day_period(day + timedelta(days=1), zone)
    assert period.start < period.end == after.start


@given(
    st.datetimes(datetime(2016, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 24 * 40),
    st.sampled_from(ZONES),
)
def test_the_days_of_a_longer_period_cover_it_exactly(end, hours, zone):
    period = hours_period(end, hours, zone)
    days = days_of(period)
    assert days[0].start == period.start
    assert days[-1].end == period.end
    assert all(one.end == other.start for one, other in pairwise(days))
    assert all(timedelta() < one.end - one.start <= timedelta(hours=26) for one in days)


def test_a_week_is_the_seven_days_that_end_with_the_day_named():
    week = week_period(date(2026, 3, 29), "Europe/Berlin")
    assert week.kind is PeriodKind.WEEK
    assert list(days_of(week)) == [
        day_period(date(2026, 3, day), "Europe/Berlin") for day in range(23, 30)
    ]


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd", "Berlin\0"])
def test_a_zone_that_does_not_exist_is_named_with_the_remedy(zone):
    with pytest.raises(ReportError, match="IANA"):
        day_period(date(2026, 11, 21), zone)


@pytest.mark.parametrize("day", [date.min, date.max], ids=str)
def test_a_day_beyond_the_calendar_is_refused_in_a_sentence(day):
    with pytest.raises(ReportError, match="choose a day"):
        week_period(day, "Europe/Berlin")
