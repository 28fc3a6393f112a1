"""What the model told of a public conversation beside a private one serves no public report."""

import re

import pytest

from guildwatch.digest import Digester
from guildwatch.language import Completion, Priority
from guildwatch.report import ReportWriter
from support.talk import TALK

SUPPORT, STAFF = 2001, 2003
SHOWN = re.compile(r"^\[(\d+)\] (.*?): (.*)$", re.MULTILINE)


class Model:
    """Tells the first two lines of each conversation, and remembers what it was shown."""

    name, context = "gemma3:27b", 8192

    def __init__(self):
        self.prompts = []

    def fits(self, text):
        return len(text) // 4 + 1

    async def complete(self, prompt, *, priority, on_text=None):
        self.prompts.append(prompt.content)
        topics = []
        for part in re.split(r"^-+\n", prompt.content, flags=re.MULTILINE)[1:]:
            lines = SHOWN.findall(part)[:2]
            points = [
                {"text": f"{name} said: {text}"[:270], "kind": "fact", "refs": [int(number)]}
                for number, name, text in lines
            ]
            topics.append({"title": lines[0][2][:30], "points": points})
        return Completion("", {"topics": topics, "points": []}, 100, 10, 0.5)


@pytest.fixture
async def asked(store, guild, day, talk):
    """Writes a report of the day from some channels; gives what the model was shown for it."""
    staff = TALK["staff"]
    await store.messages.apply([*talk(SUPPORT, 12), *talk(STAFF, 12, texts=staff, hours=0.01)])

    async def ask(*sources):
        model = Model()
        digester = Digester(model, cache=store.conversations)
        writer = ReportWriter(store, digester, clock=lambda: day.end)
        await writer.write(guild, day, source_ids=sources, priority=Priority.COMMAND)
        return model.prompts

    return ask


async def test_what_was_told_among_private_messages_is_asked_anew_for_the_public(asked):
    (both,) = await asked(SUPPORT, STAFF)
    assert "promotion" in both
    assert "umlaut" in both
    public = await asked(SUPPORT)
    assert public
    assert not any("promotion" in one for one in public)


async def test_what_was_told_among_public_messages_alone_serves_everybody(asked):
    assert await asked(SUPPORT)
    assert not await asked(SUPPORT)
    for prompt in await asked(SUPPORT, STAFF):
        assert "umlaut" not in prompt


async def test_the_staff_is_not_asked_about_again_either(asked):
    assert await asked(SUPPORT, STAFF)
    assert not await asked(SUPPORT, STAFF)


async def test_readers_of_channels_get_only_what_was_read_among_them(store, talk):
    (message,) = talk(SUPPORT, 1)
    await store.messages.apply([message])
    ids = {message.id: message.wording}
    await store.conversations.keep("k", 1000, SUPPORT, ids, "{}", among={SUPPORT, STAFF})
    for readable, found in (({SUPPORT}, False), ({SUPPORT, STAFF, 5}, True), (None, True)):
        assert bool(await store.conversations.cached("k", readable)) is found
        resting = await store.conversations.resting_on(0, 2**62, readable)
        assert bool(resting) is found
