"""What a report tells by edited messages stays only as far as they still say it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guildwatch.model import (
    Author,
    Digest,
    EngineUse,
    KeyPhrase,
    Link,
    Message,
    Period,
    PeriodKind,
    Point,
    PointKind,
    Topic,
    first_id_at,
)
from guildwatch.report.recheck import still_standing
from support.reports import empty_report

DAY = Period(
    PeriodKind.DAY, datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC), "UTC"
)
FIRST = first_id_at(DAY.start + timedelta(hours=9))
RELEASE, EDITOR, LINK = FIRST + 1, FIRST + 2, FIRST + 3
SAID = {
    RELEASE: ("Mara", "The release of version 2.4 moves to Tuesday, the installer crashes."),
    EDITOR: ("Jonas", "My map editor loses every save since the last update."),
    LINK: ("Tiff", "The notes are at https://example.org/notes for everybody."),
}


def report():
    points = (
        Point("The release of version 2.4 moves to Tuesday.", PointKind.DECISION, (RELEASE,)),
        Point("Jonas: “My map editor loses every save”", PointKind.FACT, (EDITOR,), quoted=True),
    )
    topics = (Topic("Release of version 2.4", points, (10,), 12, 3),)
    links = (Link("https://example.org/notes", (LINK,)),)
    headline = "The release of version 2.4 moves to Tuesday."
    digest = Digest(headline, (RELEASE,), topics, links, 12, {}, EngineUse("ollama", "m"))
    return replace(
        empty_report(1, DAY),
        digest=digest,
        source_ids=(10,),
        message_channels=dict.fromkeys(SAID, 10),
    )


def rechecked(edits):
    said = SAID | {id_: (SAID[id_][0], text) for id_, text in edits.items()}
    messages = [
        Message(id_, 1, 10, Author(id_ % 100, name), text) for id_, (name, text) in said.items()
    ]
    return still_standing(report(), edits.keys(), messages, {})


def texts(report):
    return [point.text for topic in report.digest.topics for point in topic.points]


@pytest.mark.parametrize(
    "text",
    [
        "The release of version 2.4 moves to Tuesday, as the installer crashes!",
        "(edited) The release of version 2.4 moves to Tuesday, sorry.",
    ],
)
def test_an_edit_that_still_says_it_changes_nothing(text):
    assert rechecked({RELEASE: text}) == report()


@pytest.mark.parametrize(
    "text",
    [
        "The release of version 2.5 moves to Tuesday, the installer crashes.",
        "The release of version 2.4 moves to Friday, the installer crashes.",
        "never mind",
        "",
    ],
)
def test_a_point_goes_with_the_number_day_or_words_it_rested_on(text):
    found = rechecked({RELEASE: text})
    assert texts(found) == ["Jonas: “My map editor loses every save”"]
    assert found.digest.headline == "Jonas: “My map editor loses every save”"
    assert found.digest.headline_message_ids == (EDITOR,)
    assert "2.4" not in found.digest.topics[0].title
    assert found.withdrawn == 1
    assert RELEASE not in found.message_channels


def test_a_quotation_goes_when_it_is_not_there_word_for_word():
    found = rechecked({EDITOR: "My map editor lost every save, it is fixed."})
    assert texts(found) == ["The release of version 2.4 moves to Tuesday."]
    assert rechecked({EDITOR: "Solved: my map editor loses every save, no more"}) == report()


def test_a_link_goes_when_its_message_does_not_hold_it_any_more():
    assert rechecked({LINK: "The notes are somewhere else."}).digest.links == ()
    kept = rechecked({LINK: "Notes for all: https://example.org/notes"})
    assert kept.digest.links == report().digest.links


def test_what_a_translation_was_made_from_is_what_counts():
    told = report()
    (topic,) = told.digest.topics
    german = replace(
        topic.points[0], text="Version 2.4 kommt am Dienstag.", original=topic.points[0].text
    )
    digest = replace(
        told.digest,
        topics=(replace(topic, points=(german, topic.points[1])),),
        headline="",
        headline_message_ids=(),
    )
    told = replace(told, digest=digest)
    messages = [
        Message(id_, 1, 10, Author(id_ % 100, name), text) for id_, (name, text) in SAID.items()
    ]
    assert texts(still_standing(told, {RELEASE}, messages, {})) == texts(told)


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("The Version 2.4, at last: on Friday.", True),
        ("Another version is not there.", False),
        ("", False),
    ],
)
def test_a_key_phrase_goes_when_an_edited_message_does_not_hold_it_any_more(text, stays):
    phrase = KeyPhrase("version 2.4", (RELEASE, LINK))
    told = report()
    told = replace(told, digest=replace(told.digest, also=(phrase,)))
    said = SAID | {RELEASE: ("Mara", text)}
    messages = [
        Message(id_, 1, 10, Author(id_ % 100, name), words) for id_, (name, words) in said.items()
    ]
    found = still_standing(told, {RELEASE}, messages, {})
    assert found.digest.also == ((phrase,) if stays else ())
    assert still_standing(told, {EDITOR}, messages, {}).digest.also == (phrase,)


def test_without_anything_left_the_headline_is_empty():
    found = rechecked({RELEASE: "no", EDITOR: "no"})
    assert (found.digest.headline, found.digest.topics) == ("", ())
    assert found.withdrawn == 2
