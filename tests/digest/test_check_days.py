"""A day that messages mean by another word may be told by its date, and no other day may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.transcript.clean import clean


@pytest.fixture
def days_told(talk, context):
    """By how many days from its own a message's game may be told by a date."""

    def days_told(said):
        talk.say(11, said)
        *_, line = clean(talk.messages, context).lines
        return [number for number in range(-10, 15) if passes(line, number)]

    return days_told


def passes(line, number):
    date = line.day + timedelta(number)
    text = f"The new map is played on {date.day} {date:%B}."
    return not isinstance(
        check_point({"text": text, "kind": "fact", "refs": [1]}, {1: line}), Failure
    )


@pytest.mark.parametrize(
    ("said", "ahead"),
    [
        ("tomorrow", 1),
        ("tonight", 0),
        ("today", 0),
        ("in 3 days", 3),
        ("the day after tomorrow", 2),
    ],
)
def test_a_day_near_the_message_is_told_by_its_date_alone(days_told, said, ahead):
    assert days_told(f"let's play the new map {said}") == [ahead]


def test_a_coming_weekday_is_told_by_its_date_alone(days_told, talk, context):
    talk.say(11, "hello there, new map")
    today = clean(talk.messages, context).lines[0].day
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for ahead in range(1, 7):
        name = names[(today.weekday() + ahead) % 7]
        assert days_told(f"let's play the new map on {name}") == [ahead]


@pytest.mark.parametrize(
    "said",
    [
        "we played the new map last monday",
        "the new map is up every monday",
        "the new map is up on mondays",
        "maybe the new map next monday",
        "was the new map there on monday",
    ],
)
def test_a_weekday_that_may_be_over_or_come_again_has_no_date(days_told, said):
    assert days_told(said) == []


def test_the_day_is_that_of_the_zone_of_the_report(talk, context):
    talk.say(11, "let's play the new map tomorrow")
    far = replace(context, period=replace(context.period, zone="Pacific/Kiritimati"))
    near = replace(context, period=replace(context.period, zone="Pacific/Niue"))
    (east,), (west,) = (clean(talk.messages, each).lines for each in (far, near))
    assert east.day > west.day
