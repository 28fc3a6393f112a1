"""The messages table's rows as values, and what each of them adds to the activity counts."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildwatch.model import AttachmentKind, Author, Message, MessageKind, created_at
from guildwatch.store.plain import integer_to_moment, moment_to_integer, storable

FORGOTTEN = 0
UNKNOWN_AUTHOR = Author(-1, "")
"""Stands in a tombstone whose message was deleted before we ever saw it."""

COLUMNS = (
    "id", "guild_id", "channel_id", "author_id", "text", "kind", "is_bot", "reply_to",
    "edited_at", "mentions", "attachments", "stickers", "reactions", "score", "imported",
    "attachment_kinds",
)  # fmt: skip
# Every channel that holds messages, as `places`. It jumps from channel to channel in the index,
# which costs nothing however much they hold: a DISTINCT would read all of it.
PLACES = (
    "WITH RECURSIVE places (id) AS (SELECT min(channel_id) FROM messages UNION ALL "
    "SELECT (SELECT min(channel_id) FROM messages WHERE channel_id > places.id) "
    "FROM places WHERE places.id IS NOT NULL) "
)
_UNIX_HOUR_OF_DISCORD_EPOCH = 394_464
_MILLISECONDS_AN_HOUR = 3_600_000
POSITIVE, NEGATIVE = 0.05, -0.05  # VADER's own thresholds
MILLION = 1_000_000


def hour_of(snowflake: int) -> int:
    """The UTC hour (hours since 1970) in which a snowflake was made."""
    return (snowflake >> 22) // _MILLISECONDS_AN_HOUR + _UNIX_HOUR_OF_DISCORD_EPOCH


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one message adds to its hour; `score_sum` in millionths."""

    guild_id: int
    hour: int
    channel_id: int
    author_id: int
    scored: int
    score_sum: int
    positive: int
    negative: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `messages`; `edited_at` in microseconds since 1970, `mentions` are author ids."""

    id: int
    guild_id: int
    channel_id: int
    author_id: int | None = None
    text: str | None = None
    kind: MessageKind | None = None
    is_bot: bool = False
    reply_to: int | None = None
    edited_at: int | None = None
    mentions: tuple[int, ...] = ()
    attachments: int = 0
    stickers: int = 0
    reactions: int = 0
    score: float | None = None
    imported: bool = False
    attachment_kinds: tuple[AttachmentKind, ...] = ()

    @property
    def is_alive(self) -> bool:
        """Whether it is more than a tombstone."""
        return self.text is not None

    @property
    def created_at(self) -> datetime:
        """When the message was sent (UTC)."""
        return created_at(self.id)

    def buried(self) -> "Row":
        """Its tombstone."""
        return Row(self.id, self.guild_id, self.channel_id, self.author_id)

    def contribution(self) -> Contribution | None:
        """What it adds to the activity counts: nothing unless a person said it."""
        talk = self.kind is not None and self.kind.is_talk
        if not self.is_alive or not talk or self.is_bot or not self.author_id:
            return None
        score = self.score
        return Contribution(
            self.guild_id,
            hour_of(self.id),
            self.channel_id,
            self.author_id,
            scored=int(score is not None),
            score_sum=round((score or 0.0) * MILLION),
            positive=int(score is not None and score >= POSITIVE),
            negative=int(score is not None and score <= NEGATIVE),
        )

    def values(self) -> tuple[Any, ...]:
        """What the table's columns hold, in the order of `COLUMNS`."""
        mentions = json.dumps(self.mentions) if self.mentions else None
        values = {
            "kind": self.kind and self.kind.value,
            "mentions": mentions,
            "attachment_kinds": " ".join(self.attachment_kinds),
        }
        return tuple(values[name] if name in values else getattr(self, name) for name in COLUMNS)


def row_of_message(message: Message, *, imported: bool) -> Row:
    """The row that a message would be."""
    if message.text is None:
        return Row(message.id, message.guild_id, message.channel_id, message.author.id)
    return Row(
        message.id,
        message.guild_id,
        message.channel_id,
        message.author.id,
        storable(message.text),
        message.kind,
        message.author.is_bot,
        message.reply_to,
        None if message.edited_at is None else moment_to_integer(message.edited_at),
        tuple(author.id for author in message.mentioned),
        message.attachments,
        message.stickers,
        message.reactions,
        message.score,
        imported,
        message.attachment_kinds,
    )


def row_of_record(record: sqlite3.Row) -> Row:
    """The row that a `SELECT *` gave."""
    return Row(
        record["id"],
        record["guild_id"],
        record["channel_id"],
        record["author_id"],
        record["text"],
        record["kind"] and MessageKind(record["kind"]),
        bool(record["is_bot"]),
        record["reply_to"],
        record["edited_at"],
        tuple(json.loads(record["mentions"])) if record["mentions"] else (),
        record["attachments"],
        record["stickers"],
        record["reactions"],
        record["score"],
        bool(record["imported"]),
        tuple(map(AttachmentKind, record["attachment_kinds"].split())),
    )


def message_of_row(row: Row, authors: Mapping[tuple[int, int], Author]) -> Message:
    """The message that a row stands for; `authors` are known by guild and id."""
    author = UNKNOWN_AUTHOR
    if row.author_id is not None:
        known = authors.get((row.guild_id, row.author_id))
        author = Author(row.author_id, known.name if known else "", row.is_bot)
    mentioned = (authors.get((row.guild_id, one)) for one in row.mentions)
    return Message(
        row.id,
        row.guild_id,
        row.channel_id,
        author,
        row.text,
        row.kind or MessageKind.DEFAULT,
        row.reply_to,
        None if row.edited_at is None else integer_to_moment(row.edited_at),
        tuple(one for one in mentioned if one is not None),
        row.attachments,
        row.stickers,
        row.reactions,
        row.score,
        row.attachment_kinds,
    )
