"""Due moments: through gaps, overlaps, days of 23 and 25 hours, and zones that do not exist."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.schedule import Calendar, ScheduleError

INSTANT = timedelta(microseconds=1)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})

zones = st.sampled_from(ZONES)
times = st.times().map(lambda moment: moment.replace(microsecond=0))
moments = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def dues_of(calendar: Calendar, after: datetime, until: datetime) -> list[datetime]:
    """Every due moment after the one and not after the other."""
    dues = []
    while (after := calendar.next_due(after)) <= until:
        dues.append(after)
    return dues


def test_a_report_is_due_once_a_day_at_its_local_time():
    calendar = Calendar(time(7, 30), "Asia/Kolkata")
    dues = dues_of(calendar, utc(2026, 5, 1), utc(2026, 5, 4))
    assert dues == [utc(2026, 5, 1, 2), utc(2026, 5, 2, 2), utc(2026, 5, 3, 2)]


def test_the_moment_itself_is_the_previous_due_one_and_not_the_next():
    calendar = Calendar(time(0), "UTC")
    assert calendar.previous_due(utc(2026, 5, 2)) == utc(2026, 5, 2)
    assert calendar.next_due(utc(2026, 5, 2)) == utc(2026, 5, 3)
    assert calendar.previous_due(utc(2026, 5, 2) - INSTANT) == utc(2026, 5, 1)


def test_a_time_that_clocks_skip_is_due_at_the_first_moment_after_the_skip():
    berlin = Calendar(time(2, 30), "Europe/Berlin")
    assert berlin.next_due(utc(2025, 3, 29, 12)) == utc(2025, 3, 30, 1)
    assert berlin.next_due(utc(2025, 3, 30, 1)) == utc(2025, 3, 31, 0, 30)


def test_a_midnight_that_clocks_skip_is_due_when_the_day_begins():
    sao_paulo = Calendar(time(0), "America/Sao_Paulo")
    due = sao_paulo.next_due(utc(2018, 11, 3, 12))
    assert due.astimezone(ZoneInfo("America/Sao_Paulo")).isoformat() == "2018-11-04T01:00:00-02:00"


def test_a_time_that_clocks_show_twice_is_due_at_the_first_of_the_two_only():
    berlin = Calendar(time(2, 30), "Europe/Berlin")
    assert dues_of(berlin, utc(2025, 10, 25, 12), utc(2025, 10, 27)) == [utc(2025, 10, 26, 0, 30)]


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25)])
def test_days_are_as_long_as_clocks_make_them(day: str, hours: int):
    berlin = Calendar(time(0), "Europe/Berlin")
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert berlin.next_due(start) - berlin.previous_due(start) == timedelta(hours=hours)


def test_a_day_that_a_zone_left_out_is_due_once_with_the_day_after_it():
    apia = Calendar(time(0), "Pacific/Apia")
    dues = dues_of(apia, utc(2011, 12, 28, 12), utc(2012, 1, 1))
    assert dues == [utc(2011, 12, 29, 10), utc(2011, 12, 30, 10), utc(2011, 12, 31, 10)]


@pytest.mark.parametrize(
    "zone", ["Europe/Nowhere", "", "../etc/passwd", "/etc/localtime", "Europe", "\0", "Berlin\n"]
)
def test_a_zone_that_does_not_exist_is_told_in_one_sentence(zone: str):
    with pytest.raises(ScheduleError, match="There is no time zone"):
        Calendar(time(0), zone)


def test_a_zone_that_is_nearly_right_brings_the_right_one():
    with pytest.raises(ScheduleError, match=r"did you mean America/New_York\?"):
        Calendar(time(0), "america/new york")


@given(zones, times, moments)
def test_every_due_moment_shows_the_time_or_is_where_the_clocks_skipped_it(
    zone: str, at: time, moment: datetime
):
    due = Calendar(at, zone).next_due(moment)
    after = due.astimezone(ZoneInfo(zone))
    before = (due - INSTANT).astimezone(ZoneInfo(zone))
    if after.time() == at:
        assert after.fold == 0
    else:
        missing = [datetime.combine(day, at) for day in {before.date(), after.date()}]
        assert any(
            before.replace(tzinfo=None) < skipped <= after.replace(tzinfo=None)
            for skipped in missing
        )


@given(zones, times, moments)
def test_previous_and_next_due_moments_are_neighbours(zone: str, at: time, moment: datetime):
    calendar = Calendar(at, zone)
    previous, following = calendar.previous_due(moment), calendar.next_due(moment)
    assert previous <= moment < following
    assert calendar.next_due(previous) == following
    assert calendar.previous_due(following - INSTANT) == previous
    assert following - previous <= timedelta(hours=50)
