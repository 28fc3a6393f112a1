"""The engines to measure side by side, each making a summary of so many words."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from guildwatch.digest import Digester
from guildwatch.digest.extraction.summary import key_phrases, summary
from guildwatch.digest.transcript.clean import clean
from guildwatch.eval.overlap import first_words
from guildwatch.eval.talk import Talk
from guildwatch.language import Priority
from guildwatch.model import Digest


@dataclass(frozen=True, slots=True)
class Cost:
    """What a text took: `told` points stand in it, others were dropped, by the check they failed.

    `chat_tokens` are those of the prompt that people wrote, the rest are instructions.
    `fallback` says why a weaker engine wrote some of it or all.
    """

    seconds: float
    prompt_tokens: int = 0
    chat_tokens: int = 0
    completion_tokens: int = 0
    told: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A summary, with the key phrases of the extractive engine."""

    text: str
    cost: Cost
    key_phrases: tuple[str, ...] = ()


class Summariser(Protocol):
    """Whatever can make a summary; `name` heads its column."""

    @property
    def name(self) -> str:
        """How it is called in tables."""
        ...

    async def write(self, talk: Talk, words: int) -> Written:
        """A readable summary of at most so many words."""
        ...


@dataclass(frozen=True, slots=True)
class ExtractiveSummariser:
    """The engine without a model: what people said in their own words, and key phrases."""

    name: str = "extractive"

    async def write(self, talk: Talk, words: int) -> Written:
        """What matters most, in the order in which it was said."""
        started = time.perf_counter()
        lines = clean(talk.messages, talk.context).lines
        text = summary(lines, words)
        phrases = tuple(phrase.text for phrase in key_phrases(lines, words))
        return Written(text, Cost(time.perf_counter() - started), phrases)


@dataclass(frozen=True, slots=True)
class DigestSummariser:
    """A digest's headline and points, the first of each topic first, as many as there is room."""

    name: str
    digester: Digester

    async def write(self, talk: Talk, words: int) -> Written:
        """Whole points only, but for a first one that is too long by itself."""
        digest = await self.digester.digest(
            talk.messages, talk.context, priority=Priority.BACKGROUND
        )
        return Written(told_in(digest, words), cost_of(digest))


def told_in(digest: Digest, words: int) -> str:
    """A digest as running text of at most so many words."""
    depth = max((len(topic.points) for topic in digest.topics), default=0)
    points = [
        topic.points[place].text
        for place in range(depth)
        for topic in digest.topics
        if place < len(topic.points)
    ]
    kept: list[str] = []
    left = words
    for text in dict.fromkeys((digest.headline, *points)):
        length = len(text.split())
        if 0 < length <= left:
            kept.append(text)
            left -= length
    return " ".join(kept) or first_words(digest.headline, words)


def cost_of(digest: Digest) -> Cost:
    """What a digest took."""
    engine = digest.engine
    told = sum(not point.quoted for topic in digest.topics for point in topic.points)
    return Cost(
        seconds=engine.seconds,
        prompt_tokens=engine.prompt_tokens,
        chat_tokens=engine.chat_tokens,
        completion_tokens=engine.completion_tokens,
        told=told,
        dropped=engine.dropped,
        fallback=engine.fallback,
    )
