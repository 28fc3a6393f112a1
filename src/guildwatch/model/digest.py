"""What a digest says: topics of points, each with the messages it rests on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guildwatch.model.snowflake import created_at


class PointKind(StrEnum):
    """What sort of thing a point tells."""

    FACT = "fact"
    DECISION = "decision"
    QUESTION = "question"
    ACTION = "action"
    JOKE = "joke"


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence and its receipts: the ids of the messages that it rests on, at least one.

    `quoted` says that `text` is a message's own words and not a statement about them. Where `text`
    is a translation, `original` is the sentence that was checked against the messages.
    """

    text: str
    kind: PointKind
    message_ids: tuple[int, ...]
    quoted: bool = False
    original: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A conversation, or several about one thing, told in points (at least one).

    `messages` and `people` say how big it was; topics come biggest matter first.
    `continues` is the title of the earlier topic that this one carries on, if any, and
    `continues_ids` are the messages that the earlier one rests on: without one of them nothing is
    left of the title.
    """

    title: str
    points: tuple[Point, ...]
    channel_ids: tuple[int, ...]
    messages: int
    people: int
    continues: str | None = None
    continues_ids: tuple[int, ...] = ()

    @property
    def continues_since(self) -> datetime | None:
        """When the earlier topic was last spoken of (UTC)."""
        return created_at(max(self.continues_ids)) if self.continues_ids else None


@dataclass(frozen=True, slots=True)
class Followed:
    """A question that was told as open, and what ended it once something did.

    It was asked before the report's period, or on an earlier day of one of several days; the
    answer is of the period. `taken_back` says that its asker gave it up.
    """

    question: Point
    answer: Point | None = None
    taken_back: bool = False

    @property
    def asked_id(self) -> int:
        """The message that asked."""
        return self.question.message_ids[0]

    @property
    def asked_at(self) -> datetime:
        """When it was asked (UTC)."""
        return created_at(self.asked_id)

    @property
    def message_ids(self) -> tuple[int, ...]:
        """The receipts of both."""
        return self.question.message_ids + (self.answer.message_ids if self.answer else ())


@dataclass(frozen=True, slots=True)
class Link:
    """A link that people shared, literally as they wrote it, and the messages that hold it."""

    url: str
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """Words that several messages hold literally but for their case, and those messages."""

    text: str
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EngineUse:
    """Who wrote the digest and what it took; `name` is `ollama`, `transformers`,
    `extractive` or `mixed`.

    `fallback` says in a sentence why a weaker engine stood in, empty when none did.
    `chat_tokens` are those of the prompt tokens that people wrote, the rest are instructions.
    `dropped` counts the points that failed by the check that found them, `dropped_points` in all.
    So many points are `translated` into the report's language, and so many `untranslated`.
    `calls` and tokens are all that the digest cost; the `ahead_` ones of them were spent while the
    period was still going on, the others when it was written. `seconds` are those of the writing.
    """

    name: str
    model: str | None = None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    dropped_points: int = 0
    fallback: str = ""
    chat_tokens: int = 0
    translated: int = 0
    untranslated: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    ahead_calls: int = 0
    ahead_prompt_tokens: int = 0
    ahead_completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls to a language model took; `chat_tokens` of the prompt's are what people wrote."""

    calls: int = 0
    prompt_tokens: int = 0
    chat_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent on some of a channel's messages, the last of which is `message_id`.

    `is_ahead`: while their period was still going on, not when somebody waited for a report.
    """

    guild_id: int
    channel_id: int
    message_id: int
    is_ahead: bool
    spent: Spent


@dataclass(frozen=True, slots=True)
class Digest:
    """All that was worth telling of some messages, with the count of what was not read.

    `left_out` has each message that was not read under exactly one reason, so that
    `read + sum(left_out.values())` is the number of messages given. `followed` are the questions
    of earlier reports that are still open or were answered now. `also` names what else was spoken
    about, in no topic, weightiest first.
    """

    headline: str
    headline_message_ids: tuple[int, ...]
    topics: tuple[Topic, ...]
    links: tuple[Link, ...]
    read: int
    left_out: dict[str, int]
    engine: EngineUse
    conversations: int = 0
    followed: tuple[Followed, ...] = ()
    also: tuple[KeyPhrase, ...] = ()

    def points(self, kind: PointKind) -> tuple[Point, ...]:
        """Its points of one kind, in the order of the topics."""
        return tuple(point for topic in self.topics for point in topic.points if point.kind == kind)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a digest is, for whoever waits: `done` of `total` steps (0 when not yet known).

    `doing` is a short phrase (`Reading 1,204 messages`); `preview` is text as it is being
    written, for the operator's eyes only: nothing in it has been checked yet.
    """

    doing: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    preview: str = field(default="", repr=False)
