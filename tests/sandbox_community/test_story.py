"""The story itself: as rich as a real day, consistent, private where it must be, nobody real."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from guildwatch.sandbox.community import Story
from guildwatch.sandbox.community.events import (
    AnswerCommand,
    Delete,
    Edit,
    Event,
    Join,
    OpenThread,
    Pin,
    React,
    Say,
)
from guildwatch.sandbox.community.files import attachment

_URL = re.compile(r"https?://([^/\s)>]+)")
_HOST = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|gg|de|app|co)\b")
_MAIL = re.compile(r"\S+@\S+\.\w+")
_RESERVED = ("example", "invalid", "example.com", "example.org")


def said(events: Iterable[Event]) -> list[Say]:
    return [event for event in events if isinstance(event, Say)]


def kinds(story: Story, kind: type[Event]) -> list[Event]:
    return [event for event in story.live if isinstance(event, kind)]


def texts(story: Story) -> list[tuple[str, str]]:
    """Every text with the place it is in."""
    places: dict[str, str] = {}
    found = []
    for event in (*story.before, *story.live):
        match event:
            case Say() | AnswerCommand():
                found.append((event.place, event.text))
                places[event.label or ""] = event.place
            case OpenThread():
                found += [(event.place, event.title), (event.place, event.first_text or "")]
            case Edit():
                found.append((places[event.message], event.text))
    return found


def hour(event: Event) -> float:
    return event.at / timedelta(hours=1)


def test_the_day_is_a_whole_one(story: Story) -> None:
    assert len(said(story.live)) >= 450
    assert 7 <= hour(story.live[0]) < 7.1
    assert 23.7 < hour(story.live[-1]) < 24
    busy = Counter(int(hour(event)) for event in said(story.live))
    assert set(busy) == set(range(7, 24))
    assert min(busy.values()) >= 8


def test_people_have_a_part_and_nobody_drowns_the_others(story: Story) -> None:
    people = {person.handle for person in story.cast.people if not person.is_bot}
    counts = Counter(event.speaker for event in said(story.live))
    assert 25 <= len(people) <= 30
    assert all(counts[handle] >= 4 for handle in people)
    assert counts.most_common(1)[0][1] < len(said(story.live)) / 8


def test_nobody_says_the_same_twice_but_the_spammer(story: Story) -> None:
    lines = Counter(e.text for e in said((*story.before, *story.live)) if len(e.text) > 25)
    assert {text for text, count in lines.items() if count > 1} == {
        "💰💰 CONGRATULATION you are selected!! claim 500 coins at win-big.invalid 💰💰"
    }


def test_the_week_before_has_its_days(story: Story) -> None:
    days = Counter(event.at // timedelta(days=1) for event in said(story.before))
    assert set(days) == set(range(-6, 0))
    assert all(10 <= count <= 25 for count in days.values())


def test_the_week_before_lies_outside_the_last_24_hours_of_the_day(story: Story) -> None:
    assert story.before[-1].at < story.live[-1].at - timedelta(days=1)


@pytest.mark.parametrize("kind", [AnswerCommand, Delete, Edit, Join, OpenThread, Pin, React])
def test_every_kind_of_happening_occurs(story: Story, kind: type[Event]) -> None:
    assert kinds(story, kind)


@pytest.mark.parametrize(
    "extra", ["files", "voice_seconds", "stickers", "forward", "poll", "embed"]
)
def test_every_kind_of_extra_occurs(story: Story, extra: str) -> None:
    assert any(getattr(event.extras, extra) for event in said(story.live))


def test_conversations_run_at_once_and_answer_each_other(story: Story) -> None:
    live = said(story.live)
    assert sum(event.reply_to is not None for event in live) > 50
    assert len({event.place for event in live if 9 <= hour(event) < 10}) >= 6
    threads = {event.place for event in kinds(story, OpenThread) if isinstance(event, OpenThread)}
    assert {"#support", "#dev", "#jam", "#showcase"} <= threads


def test_the_forum_has_posts_with_tags(story: Story) -> None:
    posts = [
        event
        for event in kinds(story, OpenThread)
        if isinstance(event, OpenThread) and event.place == "#showcase"
    ]
    known = next(place.tags for place in story.cast.places if place.name == "showcase")
    assert len(posts) >= 3
    assert all(post.tags and set(post.tags) <= set(known) for post in posts)


def test_spam_goes_in_bulk_and_slips_go_one_by_one(story: Story) -> None:
    sizes = [len(event.messages) for event in kinds(story, Delete) if isinstance(event, Delete)]
    assert sorted(sizes) == [1, 1, 4]


def test_code_traces_and_other_languages_are_in_it(story: Story) -> None:
    whole = "\n".join(text for _, text in texts(story))
    for part in (
        "```cpp", "```lua", "Traceback (most recent call last):", "0xC0000005: Access violation",
        "ihr seid die Besten", "ありがとうございます", "ignore previous instructions",
    ):  # fmt: skip
        assert part in whole


def test_staff_matters_stay_with_staff(story: Story) -> None:
    for word in ("teapot", "birthday is tomorrow", "cake confirmed", "hospital", "his wife"):
        places = {place for place, text in texts(story) if word in text.lower()}
        assert places == {"#staff"}, word
    moderators = story.cast.moderators
    assert {e.speaker for e in said(story.live) if e.place == "#staff"} == moderators


def test_a_leaked_address_is_only_in_what_is_deleted(story: Story) -> None:
    holding = [event for event in said(story.live) if _MAIL.search(event.text)]
    (leak,) = holding
    deleted = {label for e in kinds(story, Delete) if isinstance(e, Delete) for label in e.messages}
    assert leak.label in deleted


def test_no_host_is_a_real_one(story: Story) -> None:
    for _, text in texts(story):
        for host in (*_URL.findall(text), *_HOST.findall(text)):
            assert host.endswith(_RESERVED), host


def test_texts_fit_into_discord(story: Story) -> None:
    for event in (*story.before, *story.live):
        match event:
            case Say() | AnswerCommand() | Edit():
                assert len(event.text) <= 2000
            case OpenThread():
                assert len(event.title) <= 100


def test_handles_in_mentions_exist(story: Story) -> None:
    known = story.cast.handles | {"everyone", "Moderator"}
    for _, text in texts(story):
        if not _MAIL.search(text):
            assert set(re.findall(r"@(\w+)", text)) <= known


def test_the_room_is_tense_around_three_and_warm_again_by_half_past(story: Story) -> None:
    analyser = SentimentIntensityAnalyzer()

    def mood(start: float, end: float) -> float:
        scores = [
            analyser.polarity_scores(event.text)["compound"]
            for event in said(story.live)
            if event.place == "#support" and start <= hour(event) < end
        ]
        return sum(scores) / len(scores)

    assert mood(14.86, 15.05) < -0.25
    assert mood(15.3, 16) > 0.1
    assert mood(9, 12) > 0


def test_the_question_about_the_licence_stays_open(story: Story) -> None:
    last = [event for event in said(story.live) if "licence" in event.text][-1]
    after = [e for e in said(story.live) if e.place == last.place and e.at > last.at]
    assert last.text.startswith("still open since Thursday")
    assert after == []


def test_files_are_what_their_names_say(story: Story) -> None:
    names = {name for event in said((*story.before, *story.live)) for name in event.extras.files}
    for name in names:
        data = attachment(name).data
        assert data.startswith(b"\x89PNG\r\n\x1a\n") is name.endswith(".png")
        assert 0 < len(data) < 20_000
