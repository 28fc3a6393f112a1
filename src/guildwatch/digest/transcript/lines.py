"""The digest's own nouns: a cleaned message, and a conversation of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guildwatch.digest.transcript.masks import Masks
from guildwatch.model import Channel, Home, MessageKind, Period


@dataclass(frozen=True, slots=True)
class Context:
    """What a digest needs to know around the messages.

    `channels` and `authors` are those that its readers may see: names are taken from nowhere else.
    `language` is the code of the language that the digest is told in; without one every point stays
    in that of its conversation. `masks` stand for the members where none may be named. Of what
    fewer than `min_people` spoke of nothing is told.
    """

    guild_name: str
    channels: Mapping[int, Channel]
    authors: Mapping[int, str]
    period: Period
    language: str | None = None
    masks: Masks | None = None
    min_people: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the digest reads it: one line of plain text, never empty.

    `at` is in seconds since the epoch, `day` its day in the zone that reports are told in. `said`
    are its telling words, stemmed. `urls` are the links as they were written. `wording` is the
    fingerprint of the whole text that it was made of.
    """

    id: int
    channel_id: int
    author_id: int
    name: str
    text: str
    at: float
    reply_to: int | None = None
    mentions: frozenset[int] = frozenset()
    reactions: int = 0
    said: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    guild_id: int = 0
    kind: MessageKind = MessageKind.DEFAULT
    wording: int = 0
    day: date | None = None


@dataclass(slots=True)
class Conversation:
    """Lines of one channel that belong together, oldest first.

    `id` is that of the message that began it, which need not be among the lines. `homes` say of
    each line why it was put here.
    """

    channel_id: int
    lines: list[Line] = field(default_factory=list)
    id: int = 0
    homes: dict[int, Home] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.id and self.lines:
            self.id = self.lines[0].id

    @property
    def people(self) -> int:
        """How many spoke in it."""
        return len({line.author_id for line in self.lines})
