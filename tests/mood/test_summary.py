"""The mood of a period: shares, hours of short and long days, highlights, and whom it counts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.model import Author, Message, MessageKind, Period, PeriodKind, first_id_at
from guildwatch.mood import label_of, summarise

ANN = Author(1, "Ann")
HOUR = timedelta(hours=1)


def day(date: str, zone: str = "UTC") -> Period:
    start = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone))
    return Period(
        PeriodKind.DAY, start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC), zone
    )


def said(score: float | None, at: datetime, number: int = 0, **more: object) -> Message:
    fields = {"author": ANN, "text": "x", "score": score, **more}
    return Message(id=first_id_at(at) + number, guild_id=1, channel_id=2, **fields)


NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (0.05, "positive"),
        (0.0499, "neutral"),
        (-0.0499, "neutral"),
        (-0.05, "negative"),
        (None, "unknown"),
    ],
)
def test_labels_change_at_vader_s_own_thresholds(score: float | None, label: str):
    assert label_of(score) == label


def test_shares_are_of_scored_messages_and_the_rest_is_counted():
    scores = [0.5, 0.3, 0.0, -0.4, None, None]
    mood = summarise([said(score, NOON, i) for i, score in enumerate(scores)], day("2026-05-04"))
    assert (mood.positive, mood.neutral, mood.negative) == (0.5, 0.25, 0.25)
    assert mood.unscored == 2
    assert mood.score == pytest.approx(0.1)
    assert mood.label == "positive"


def test_a_day_on_which_nothing_was_said_is_unknown_with_all_its_hours():
    mood = summarise([], day("2026-05-04"))
    assert (mood.score, mood.label, mood.unscored) == (None, "unknown", 0)
    assert mood.positive == mood.neutral == mood.negative == 0
    assert [hour.messages for hour in mood.hours] == [0] * 24


def test_bots_commands_system_and_deleted_messages_do_not_count():
    others = [
        said(0.9, NOON, 1, author=Author(2, "Bot", is_bot=True)),
        said(0.9, NOON, 2, kind=MessageKind.COMMAND),
        said(0.9, NOON, 3, kind=MessageKind.SYSTEM),
        said(0.9, NOON, 4, text=None),
        said(0.9, NOON + timedelta(days=1)),
        said(0.9, NOON - timedelta(days=1)),
    ]
    mood = summarise([said(-0.2, NOON), *others], day("2026-05-04"))
    assert mood.score == -0.2
    assert sum(hour.messages for hour in mood.hours) == 1
    assert len(mood.highlights) == 1


@pytest.mark.parametrize(
    ("date", "zone", "hours"),
    [
        ("2026-05-04", "Europe/Berlin", 24),
        ("2025-03-30", "Europe/Berlin", 23),
        ("2025-10-26", "Europe/Berlin", 25),
        ("2026-05-04", "Asia/Kolkata", 24),
        ("2018-11-04", "America/Sao_Paulo", 23),
    ],
)
def test_every_hour_of_the_day_is_there_once(date: str, zone: str, hours: int):
    period = day(date, zone)
    if zone == "America/Sao_Paulo":  # its midnight does not exist: the day begins at one
        period = Period(PeriodKind.DAY, period.start, period.start + 23 * HOUR, zone)
    starts = [hour.start for hour in summarise([], period).hours]
    assert starts == [period.start + n * HOUR for n in range(hours)]
    assert all(start.tzinfo is UTC for start in starts)
    assert starts[-1] + HOUR == period.end


def test_hours_are_the_zone_s_even_if_the_period_begins_between_two():
    start = datetime(2026, 5, 4, 5, 45, tzinfo=UTC)
    mood = summarise([], Period(PeriodKind.SPAN, start, start + 3 * HOUR, "Asia/Kolkata"))
    local = [hour.start.astimezone(ZoneInfo("Asia/Kolkata")) for hour in mood.hours]
    assert [f"{moment:%H:%M}" for moment in local] == ["11:15", "12:00", "13:00", "14:00"]


def test_each_hour_has_its_own_messages():
    mood = summarise(
        [said(0.4, NOON), said(0.2, NOON, 1), said(None, NOON, 2), said(-0.5, NOON + HOUR)],
        day("2026-05-04"),
    )
    noon, after = mood.hours[12], mood.hours[13]
    assert (noon.messages, noon.scored, noon.score) == (3, 2, pytest.approx(0.3))
    assert (after.messages, after.score) == (1, -0.5)
    assert mood.hours[11].score is None


def test_highlights_are_the_most_marked_both_ways_and_of_equals_the_earliest():
    scores = [0.1, 0.9, -0.8, 0.0, 0.9, -0.1, None, 0.9]
    messages = [said(score, NOON, i) for i, score in enumerate(scores)]
    mood = summarise(list(reversed(messages)), day("2026-05-04"), highlights=2)
    assert [(highlight.message_id - messages[0].id) for highlight in mood.highlights] == [
        1,
        4,
        2,
        5,
    ]


@given(st.lists(st.none() | st.floats(-1, 1), max_size=40))
def test_shares_add_up_to_one_or_are_all_nothing(scores: list[float | None]):
    mood = summarise([said(score, NOON, i) for i, score in enumerate(scores)], day("2026-05-04"))
    known = [score for score in scores if score is not None]
    assert mood.positive + mood.neutral + mood.negative == pytest.approx(1 if known else 0)
    assert mood.unscored == len(scores) - len(known)
    assert sum(hour.scored for hour in mood.hours) == len(known)
