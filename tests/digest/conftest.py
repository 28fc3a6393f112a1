"""A small community's talk, and models that behave well or badly."""

import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guildwatch.digest import Context
from guildwatch.language import Completion, Prompt
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Message,
    Period,
    PeriodKind,
    first_id_at,
)

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GUILD = 1
NAMES = {11: "jonas", 12: "Mara", 13: "Tiff", 14: "Ole", 15: "Kim", 16: "Bo"}
CHANNELS = {
    id_: Channel(id_, GUILD, name, ChannelKind.TEXT)
    for id_, name in ((21, "support"), (22, "general"), (23, "jam"))
}


class Talk:
    """Builds messages, a minute apart unless told otherwise."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.now = START
        self._serial = itertools.count()

    def say(self, who: int, text: str | None, *, channel=21, wait=60, **fields: Any) -> int:
        self.now += timedelta(seconds=wait)
        id_ = first_id_at(self.now) + next(self._serial)
        name = NAMES.get(who, "")
        author = fields.pop("author", Author(who, name))
        self.messages.append(Message(id_, GUILD, channel, author, text, **fields))
        return id_


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def context() -> Context:
    period = Period(PeriodKind.DAY, START, START + timedelta(days=1), "Europe/Berlin")
    return Context("Pixel Forge", CHANNELS, NAMES, period)


@pytest.fixture
def day(talk: Talk) -> Talk:
    """A save bug in #support, a licence question nobody takes up, a jam vote, and chatter."""
    bug = talk.say(11, "Hi all, my saves vanish when the map's name has an umlaut, any idea?")
    talk.say(12, "jonas: which version of the map editor is that? 2.3 or 2.4?", reply_to=bug)
    talk.say(11, "Mara: version 2.4 on Windows, the editor writes an empty save file")
    talk.say(13, "good morning everybody", channel=22)
    cause = talk.say(12, "jonas: found it, the editor encodes the save path as latin-1")
    talk.say(14, "morning!", channel=22)
    talk.say(12, "I'll release a fixed editor tonight, the save path becomes utf-8", reply_to=cause)
    talk.say(11, "great, saves with an umlaut work now in your build, thank you!", reactions=3)
    talk.say(
        15, "Which licence does the sound pack have? I want to use the lighthouse horn", wait=7200
    )
    talk.say(
        13, "Theme vote for the game jam: Lighthouse or Deep Sea, vote until Sunday", channel=23
    )
    talk.say(14, "Tiff: I vote for Lighthouse, the sound team already has foghorns", channel=23)
    talk.say(16, "Deep Sea was the theme of the last game jam, so Lighthouse for me", channel=23)
    talk.say(13, "we decided: the game jam theme is Lighthouse, 14 votes to 5", channel=23)
    talk.say(16, "lol", channel=22)
    return talk


class Model:
    """A language model whose answer a function of the prompt gives; a token is four letters."""

    name = "gemma3:27b"

    def __init__(self, answer: Callable[[Prompt], Any], context: int = 8192) -> None:
        self._answer = answer
        self.context = context
        self.prompts: list[Prompt] = []

    def fits(self, text: str) -> int:
        return len(text) // 4 + 1

    async def complete(self, prompt: Prompt, *, priority, on_text=None) -> Completion:
        self.prompts.append(prompt)
        data = self._answer(prompt)
        if isinstance(data, Exception):
            raise data
        if on_text is not None:
            on_text("{")
        return Completion("", data, self.fits(prompt.instructions + prompt.content), 10, 0.5)


SHOWN = re.compile(r"^\[(\d+)\] (.*?): (.*)$", re.MULTILINE)


def shown(prompt: Prompt) -> list[tuple[int, str, str]]:
    """The numbered messages of a prompt."""
    return [(int(number), name, text) for number, name, text in SHOWN.findall(prompt.content)]


def honest(prompt: Prompt) -> dict[str, Any]:
    """Repeats each conversation's first two lines, as points that say who said what."""
    topics = []
    for part in re.split(r"^-+\n", prompt.content, flags=re.MULTILINE)[1:]:
        lines = SHOWN.findall(part)[:2]
        points = [
            {"text": f"{name} said: {text}"[:270], "kind": "fact", "refs": [int(number)]}
            for number, name, text in lines
        ]
        topics.append({"title": lines[0][2][:30].rsplit(" ", 1)[0], "points": points})
    return {"topics": topics, "points": []}


@pytest.fixture
def models():
    """The builder of models and what they may answer."""
    return Model, honest, shown


class Shelf:
    """A cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.ids: dict[str, tuple[int, ...]] = {}

    async def resting_on(
        self, first_id: int, last_id: int, _readable: object = None
    ) -> dict[str, tuple[int, ...]]:
        return {
            key: tuple(sorted(set(ids)))
            for key, ids in self.ids.items()
            if any(first_id <= id_ <= last_id for id_ in ids)
        }

    async def cached(self, key: str, _readable: object = None) -> str | None:
        return self.kept.get(key)

    async def keep(self, key, guild_id, channel_id, message_ids, result, *, among) -> None:
        assert channel_id in among
        assert guild_id == GUILD
        assert channel_id in CHANNELS
        self.kept[key] = result
        self.ids[key] = tuple(message_ids)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()
