"""Models that lie, babble, refuse, loop, stall or vanish: the report comes, and only with truth."""

import json
import random
import re

import pytest

from guildwatch.digest import Digester
from guildwatch.digest.transcript.clean import clean
from guildwatch.language import Priority
from support.bad_ollama import Reply, answer, bad_ollama
from support.lies import LIES, Scene, true_points

SHOWN = re.compile(r"^\[(\d+)\] (.*?): (.*)$", re.MULTILINE)


def texts_of(digest):
    texts = [digest.headline, *(topic.title for topic in digest.topics)]
    return [*texts, *(point.text for topic in digest.topics for point in topic.points)]


def assert_sound(digest, messages):
    ids = {message.id for message in messages}
    assert digest.read + sum(digest.left_out.values()) == len(messages)
    assert set(digest.headline_message_ids) <= ids
    assert digest.headline
    for topic in digest.topics:
        assert topic.title
        assert topic.points
        assert all(point.message_ids and set(point.message_ids) <= ids for point in topic.points)
    assert sum(digest.engine.dropped.values()) == digest.engine.dropped_points


async def told(messages, context, reply):
    async with bad_ollama(reply) as (_, model):
        digester = Digester(model, cache=None)
        return await digester.digest(messages, context, priority=Priority.COMMAND)


def told_with(lie_of, content, lines):
    """The prompt's lines as the model sees them, with one that says enough, and a lie of it."""
    by_text = {line.text: line for line in lines}
    numbered = {
        int(number): by_text[text] for number, _, text in SHOWN.findall(content) if text in by_text
    }
    for number, line in numbered.items():
        scene = Scene(numbered, number, random.Random(3))
        if len(line.said) >= 4 and (found := lie_of(scene)) is not None:
            return scene, found
    return None, None


@pytest.mark.parametrize("kind", LIES)
async def test_no_lie_is_posted_and_the_truth_beside_it_is(day, context, kind):
    day.say(
        15,
        "The jam needs 12 kg of cable (https://cables.example/long), € 40, and Hall B until summer",
        channel=23,
    )
    lines = clean(day.messages, context).lines
    true, false = [], []

    def reply(content):
        scene, found = told_with(LIES[kind], content, lines)
        if found is None:
            return answer({"topics": [], "points": []})
        lie = scene.point(found) if isinstance(found, str) else found
        honest = dict(true_points(scene))["said"]
        false.append(lie["text"])
        true.append(honest["text"])
        titles = (str(lie["text"])[:70], "x")
        topics = [{"title": title, "points": [lie, honest]} for title in titles]
        return answer({"topics": topics, "points": [lie]})

    digest = await told(day.messages, context, reply)
    assert_sound(digest, day.messages)
    texts = " ".join(texts_of(digest))
    verifiable = {message.text for message in day.messages}
    assert not [text for text in false if len(text) > 3 and _told(text, texts, verifiable)]
    assert all(text.removesuffix(".") in texts for text in true)
    assert true
    assert digest.engine.dropped_points > 0


def _told(lie, texts, verifiable):
    """Whether a lie's text is told; of lies about references only, the text itself is true."""
    return lie in texts and not any(lie in (text or "") for text in verifiable)


POINT = {"text": "Saves vanish when the map's name has an umlaut.", "kind": "fact", "refs": [1]}
DEEP = "[" * 90_000
BROKEN = {
    "empty": Reply([""]),
    "nothing at all": Reply([], done=False),
    "not JSON": Reply(["I am sorry, but I cannot help with that."]),
    "half of it": Reply(['{"topics": [{"title": "Sav']),
    "an array": answer([POINT]),
    "a string": answer("topics"),
    "a number": Reply(["NaN"]),
    "null": Reply(["null"]),
    "no topics": answer({"topics": None}),
    "topics as an object": answer({"topics": {"0": {"points": [POINT]}}}),
    "points as a string": answer({"topics": [{"title": "x", "points": "all"}], "points": "all"}),
    "numbers as points": answer({"topics": [{"title": 5, "points": [1, None, [POINT]]}]}),
    "text as a list": answer({"topics": [{"title": "x", "points": [POINT | {"text": ["a"]}]}]}),
    "NaN as a reference": Reply(
        ['{"topics": [{"title": NaN, "points": [{"text": "x", "kind": 1, "refs": [NaN, 1e999]}]}]}']
    ),
    "an endless number": Reply(['{"topics": [{"title": "x", "points": [' + "9" * 5000 + "]}]}"]),
    "double keys": Reply(['{"topics": [], "topics": [{"title": "a", "title": [], "points": []}]}']),
    "deep nesting": Reply([DEEP]),
    "deep nesting inside": Reply(['{"topics": ' + DEEP]),
    "a huge array": answer(
        {"topics": [{"title": "x", "points": [POINT | {"refs": [9999]}] * 900}]}
    ),
    "a flood": Reply(["spam " * 2_000] * 60),
    "a loop": Reply(["the saves and the saves and "] * 3_000, done_reason="length"),
    "broken off": Reply(['{"topics": ['], done=False),
    "dropped": Reply(['{"topics": ['], drops=True),
    "stalling at once": Reply(stalls=True),
    "stalling midway": Reply(['{"topics": ['], stalls=True),
    "no line of JSON": Reply(raw=b"<html>502 Bad Gateway</html>", done=False),
    "an error midway": Reply(['{"top'], raw=b'{"error": "out of memory"}', done=False),
    "refusing": Reply(status=500),
    "forbidding": Reply(status=403),
    "not found": Reply(status=404),
    "too long it says": Reply(['{"topics": []}'], done_reason="length"),
    "a wrong count": Reply(['{"topics": []}'], prompt_tokens=8191),
    "a negative count": Reply(['{"topics": []}'], prompt_tokens=-5),
    "no count": Reply(['{"topics": []}'], prompt_tokens=0),
    "another reason": Reply(['{"topics": []}'], done_reason="load"),
    "control signs": Reply(['{"topics": [{"title": "\\u0000\\u202e\\ud800", "points": []}]}']),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
async def test_whatever_a_model_answers_the_report_comes_and_says_how(day, context, reply):
    digest = await told(day.messages, context, lambda _: reply)
    assert_sound(digest, day.messages)
    assert len(digest.topics) >= 2
    assert "jonas: “" in " ".join(texts_of(digest))
    assert digest.engine.name == "extractive"
    json.dumps(digest.engine.dropped)


async def test_the_checks_that_found_the_lies_are_counted(day, context):
    lies = [
        POINT | {"refs": [999]},
        POINT | {"text": "Saves vanish for 77 people."},
        POINT | {"text": "Saves vanish, says Zorblax."},
        POINT | {"text": "Saves vanish on Friday with an umlaut."},
    ]
    topics = {"topics": [{"title": "Saves", "points": [*lies, POINT]}]}

    def reply(content):
        return answer({"points": []} if "Sentences that failed" in content else topics)

    digest = await told(day.messages, context, reply)
    assert digest.engine.dropped_points >= 4
    assert {"refs", "number", "name", "date"} <= digest.engine.dropped.keys()


async def test_a_mended_point_may_not_mix_conversations(day, context):
    wrong = POINT | {"text": "Saves vanish for 77 people."}
    mixed = POINT | {"text": "Saves vanish and the theme is Lighthouse.", "refs": [1, 10]}

    def reply(content):
        if "Sentences that failed" in content:
            return answer({"points": [mixed]})
        return answer({"topics": [{"title": "Saves", "points": [wrong]}]})

    digest = await told(day.messages, context, reply)
    assert mixed["text"] not in " ".join(texts_of(digest))
