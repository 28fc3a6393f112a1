"""Digests of a chat, engines side by side: what they told, what was dropped and why, the cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from guildwatch.digest import Context
from guildwatch.eval.engines import cost_of
from guildwatch.eval.summaries import CostFigures, OnItem, cost_figures
from guildwatch.language import Priority
from guildwatch.model import Digest, Message


class Digesting(Protocol):
    """What makes a digest."""

    async def digest(
        self, messages: Sequence[Message], context: Context, *, priority: Priority
    ) -> Digest:
        """Digest these messages."""
        ...


@dataclass(frozen=True, slots=True)
class DigestFigures:
    """One engine's digest: how many messages it read, and what it made of them.

    `words` counts those of its topics' titles and points.
    """

    engine: str
    written_by: str
    messages: int
    read: int
    left_out: Mapping[str, int]
    conversations: int
    topics: int
    points: int
    words: int
    cost: CostFigures


@dataclass(frozen=True, slots=True)
class TopicPoint:
    """A point of a topic and the ids of the messages that it rests on."""

    text: str
    kind: str
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicPrediction:
    """One topic of a digest."""

    engine: str
    title: str
    points: tuple[TopicPoint, ...]


async def measure_digests(
    messages: Sequence[Message],
    context: Context,
    engines: Mapping[str, Digesting],
    on_item: OnItem,
) -> tuple[list[DigestFigures], list[TopicPrediction]]:
    """Have every engine digest these messages."""
    figures, predictions = [], []
    for done, (name, engine) in enumerate(engines.items()):
        on_item(name, done, len(engines))
        digest = await engine.digest(messages, context, priority=Priority.BACKGROUND)
        figures.append(_figures(name, len(messages), digest))
        predictions += [
            TopicPrediction(
                name,
                topic.title,
                tuple(
                    TopicPoint(point.text, point.kind, tuple(map(str, point.message_ids)))
                    for point in topic.points
                ),
            )
            for topic in digest.topics
        ]
    return figures, predictions


def _figures(name: str, messages: int, digest: Digest) -> DigestFigures:
    points = [point for topic in digest.topics for point in topic.points]
    texts = [topic.title for topic in digest.topics] + [point.text for point in points]
    return DigestFigures(
        engine=name,
        written_by=digest.engine.name,
        messages=messages,
        read=digest.read,
        left_out=digest.left_out,
        conversations=digest.conversations,
        topics=len(digest.topics),
        points=len(points),
        words=sum(len(text.split()) for text in texts),
        cost=cost_figures([cost_of(digest)]),
    )
