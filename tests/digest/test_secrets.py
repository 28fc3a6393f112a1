"""What was pasted by mistake reaches neither a model nor a report, whichever way it is told."""

import json
import random
from dataclasses import replace

import pytest

from guildwatch.digest import Digester
from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.transcript.clean import clean, named, plain
from guildwatch.language import Priority
from guildwatch.model import (
    LANGUAGES,
    Activity,
    Author,
    ChannelCount,
    Coverage,
    Digest,
    EngineUse,
    Followed,
    KeyPhrase,
    Link,
    MemberCount,
    MessageKind,
    MoodSummary,
    Point,
    PointKind,
    Report,
    Topic,
)
from guildwatch.report import to_json, to_markdown, to_post, to_text
from guildwatch.report.as_html import to_html
from guildwatch.sensitive import find
from support.pasted import positives

GITHUB = "ghp_" + "aB3x" * 9
EMAIL = "jane.doe@mail.example.org"
URL = "https://files.example.org/a?access_token=8fj38fj3jf83jf83abc"
SECRETS = (GITHUB, EMAIL, URL, "hunter2", "4111 1111 1111 1111", "+49 151 23456789")
TRACES = ("aB3x", "jane.doe", "8fj38fj3", "hunter2", "4111 1111", "4111\u200b", "23456789")


def leaks(text):
    return [trace for trace in TRACES if trace in text]


def pasted_day(day):
    """The small community's day, with everything in it that should not be."""
    for number, says in enumerate(
        (
            f"the map editor build needs the token {GITHUB} to upload a save file",
            f"mail the broken save file of the map editor to {EMAIL} please",
            f"the fixed editor build is [here]({URL}) and at {URL} too",
            "the save server of the map editor: my password is hunter2, do not tell",
            "I pay for the save server with card 4111 1111 1111 1111 until Tuesday",
            "when the editor save fails call me: +49 151 23456789, day and night",
            f"||the editor token is g\u200bhp_{GITHUB[4:]}|| and `password: hunter2` for saves",
        )
    ):
        day.say(11 + number % 3, says, wait=20, reactions=5)
        day.say(11 + (number + 1) % 3, f"who can check the save path of it? {number}", wait=20)
    day.say(13, f"vote?\n- {EMAIL}\n- Lighthouse", channel=23, kind=MessageKind.POLL)
    return day.messages


def disclosing(context):
    """Names of members and channels that are secrets themselves."""
    rooms = dict(context.channels)
    rooms[22] = replace(rooms[22], name=EMAIL)
    return replace(context, channels=rooms, authors={**context.authors, 12: EMAIL})


def everything(report):
    """A report in each of its renderings."""
    post = to_post(report, zone="Europe/Berlin")
    yield "\n".join((post.title, post.description, post.footer, post.thread_name, *post.thread))
    yield to_text(report, 2000)
    yield to_markdown(report)
    yield to_html(report)
    yield json.dumps(json.loads(to_json(report)), ensure_ascii=False)


def report_of(digest, context, language="en"):
    return Report(
        guild_id=1,
        guild_name=context.guild_name,
        period=context.period,
        coverage=Coverage(40, 40, 3, 3, {}),
        digest=digest,
        mood=MoodSummary(None, "unknown", 0, 0, 0, 0),
        activity=Activity(
            40,
            9,
            tuple(ChannelCount(one.id, one.name, 9) for one in context.channels.values()),
            tuple(MemberCount(id_, name, 9) for id_, name in context.authors.items()),
        ),
        source_ids=tuple(context.channels),
        message_channels={},
        written_at=context.period.end,
        language=language,
    )


def test_lines_names_and_links_hold_none_of_it(day, context):
    messages = pasted_day(day)
    for line in clean(messages, disclosing(context)).lines:
        told = " ".join((line.text, line.name, *line.urls, *line.said))
        assert leaks(told) == []
        assert not any("removed" in word for word in line.said)


async def test_a_model_is_shown_and_made_to_say_none_of_it(day, context, models):
    told = [*SECRETS, "Password: hunter2"]

    def answer(prompt):
        points = [{"text": f"the editor {one}", "kind": "fact", "refs": [1]} for one in told]
        return {"topics": [{"title": one[:60], "points": points} for one in told], "points": points}

    model_of, _, _ = models
    model = model_of(answer)
    context = disclosing(context)
    digest = await Digester(model, cache=None).digest(
        pasted_day(day), context, priority=Priority.COMMAND
    )
    for prompt in model.prompts:  # asked once more, it is shown its own sentences too
        assert leaks(prompt.content.partition("Sentences that failed")[0]) == []
    assert "[secret-removed]" in model.prompts[0].content
    assert leaks(repr(digest)) == []


@pytest.mark.parametrize("says", ["extractive", "honest"])
async def test_no_report_tells_any_of_it(day, context, models, says):
    model_of, honest, _ = models

    def answer(prompt):
        return {"points": []} if "Sentences that failed" in prompt.content else honest(prompt)

    model = model_of(answer) if says == "honest" else None
    context = disclosing(context)
    digest = await Digester(model, cache=None).digest(
        pasted_day(day), context, priority=Priority.COMMAND
    )
    assert leaks(repr(digest)) == []
    assert all(GITHUB not in link.url and URL not in link.url for link in digest.links)
    for text in everything(report_of(digest, context)):
        assert leaks(text) == []
        assert "removed" in text


def test_a_point_that_holds_a_secret_is_dropped_although_its_words_are_there(day, context):
    day.say(11, "the number of the shop is 0800 123 45 67 in the new list", wait=20)
    lines = dict(enumerate(clean(day.messages, context).lines, 1))
    raw = {
        "text": "The shop's number is in the new list: call me at 0800 123 45 67.",
        "kind": "fact",
        "refs": [len(lines)],
    }
    failed = check_point(raw, lines)
    assert isinstance(failed, Failure)
    assert "0800" not in failed.text or failed.check != "secret"


def stored_before(context):
    """A report as a version without the detector could have stored it."""
    points = tuple(Point(f"The password: {one}", PointKind.FACT, (7,)) for one in SECRETS)
    asked = Point(f"Whose is {EMAIL}?", PointKind.QUESTION, (8,))
    topic = Topic(f"Token {GITHUB}", points, (21,), 9, 3, f"About {EMAIL}", (6,))
    return Digest(
        headline=f"The password is hunter2; card {SECRETS[4]}.",
        headline_message_ids=(7,),
        topics=(topic,),
        links=(Link(URL, (7,)), Link("https://example.org/ok", (7,))),
        read=40,
        left_out={},
        engine=EngineUse("extractive"),
        followed=(Followed(asked, Point(f"Of {EMAIL}.", PointKind.FACT, (9,))),),
        also=(KeyPhrase(GITHUB, (7,)),),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_that_an_older_version_stored_tells_none_of_it_either(context, language):
    told = list(everything(report_of(stored_before(context), disclosing(context), language)))
    for text in told:
        assert leaks(text) == []
        assert "example.org/ok" in text or text is told[0]
    for text in told[:4]:
        assert ("secret removed" in text.replace("\\", "")) is (language == "en")
        assert "-removed]" not in text


def test_what_nobody_should_repeat_is_masked_for_the_operators_screens_too(context):
    text = f"take {GITHUB} <@5>"
    names = {5: EMAIL}.get
    for shown in (plain(text, names, {}), named(text, names, {})):
        assert shown == "take [secret-removed] @[email-removed]"


def test_most_of_what_people_paste_leaves_no_trace_in_a_line(talk, context):
    chance = random.Random(3)
    missed = []
    for _, message, secret in positives(chance):
        talk.messages.clear()
        talk.say(11, f"hello everybody, {message}", author=Author(11, "jonas"))
        (line,) = clean(talk.messages, context).lines
        if secret in f"{line.text} {line.urls}":
            missed.append(message)
        elif line.text != "hello everybody, [spoiler]":
            assert not find(line.text), line.text
    assert len(missed) <= 2, missed
