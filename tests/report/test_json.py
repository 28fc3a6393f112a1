"""The report as JSON, as other tools rely on it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from guildwatch.model import Gap, MoodSummary
from guildwatch.report import day_period, to_json

SCHEMA = json.loads(files("guildwatch.report").joinpath("schema.json").read_text("utf-8"))


@pytest.fixture
def conforms():
    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator(SCHEMA).validate


def test_a_report_conforms_to_its_schema(report, conforms):
    conforms(json.loads(to_json(report)))


def test_a_silent_report_conforms_too(report, conforms, with_digest):
    silent = with_digest(report, headline="", headline_message_ids=(), topics=(), links=())
    conforms(json.loads(to_json(replace(silent, mood=MoodSummary(None, "unknown", 0, 0, 0, 0)))))


def test_points_are_listed_by_their_kind_as_well(report):
    told = json.loads(to_json(report))
    assert [point["text"] for point in told["decisions"]] == ["It moves to Tuesday."]
    assert [point["text"] for point in told["questions"]] == ["Does it happen on Linux too?"]
    assert [point["text"] for point in told["actions"]] == ["jonas tests the fix tonight."]
    assert told["topics"][0]["continues"] == "Lost saves"
    assert told["topics"][1]["continues"] is None


def test_times_carry_the_zones_offset_across_a_change_of_clocks(report):
    changed = replace(report, period=day_period(date(2026, 10, 25), "Europe/Berlin"))
    period = json.loads(to_json(changed))["period"]
    assert period["start"] == "2026-10-25T00:00:00+02:00"
    assert period["end"] == "2026-10-26T00:00:00+01:00"


def test_ids_are_strings_and_words_are_as_they_were_written(report, with_digest):
    text = to_json(with_digest(report, headline='"\u202e\x1b[31m\ud800 😀'))
    assert text.isascii()
    told = json.loads(text)
    assert told["headline"] == '"\u202e\x1b[31m\ud800 😀'
    assert told["headline_message_ids"] == [str(id_) for id_ in report.digest.headline_message_ids]


def test_a_known_gap_is_told_with_its_channel_and_reason(report, conforms):
    start = report.period.start
    gap = Gap(2001, start, start + timedelta(hours=1), "no access")
    told = json.loads(to_json(replace(report, coverage=replace(report.coverage, gaps=(gap,)))))
    conforms(told)
    assert told["coverage"]["gaps"] == [
        {
            "channel_id": "2001",
            "start": "2026-11-21T00:00:00+01:00",
            "end": "2026-11-21T01:00:00+01:00",
            "reason": "no access",
        }
    ]
