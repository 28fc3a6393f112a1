"""An item of a data set of summaries as the messages that a digest reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guildwatch.digest import Context
from guildwatch.eval.files import Record, ids, json_records
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Message,
    Period,
    PeriodKind,
    first_id_at,
)

_BEGIN = datetime(2024, 3, 5, tzinfo=UTC)
_PAUSE_MS = 20_000  # between two turns whose time is not told
_CHANNEL = 1


@dataclass(frozen=True, slots=True)
class Talk:
    """One item: its turns as messages, and what people wrote of it."""

    id: str
    messages: Sequence[Message]
    context: Context
    references: tuple[str, ...]


def talks(path: Path) -> list[Talk]:
    """The items of a JSON lines file: turns [{speaker, text}] and references [text].

    A turn may have `id` and `channel_id` as Discord's. Raises EvalError.
    """
    records = json_records(path)
    return [_talk(id_, record) for id_, record in zip(ids(records), records, strict=True)]


def _talk(id_: str, record: Record) -> Talk:
    turns = record.objects("turns")
    own = [_snowflake(turn.get("id")) for turn in turns]
    is_dated = len({one for one in own if one is not None}) == len(turns)
    people: dict[str, Author] = {}
    messages = []
    for number, turn in enumerate(turns):
        speaker, text = turn.get("speaker"), turn.get("text")
        if not isinstance(speaker, str) or not isinstance(text, str):
            raise record.error(f"has turn {number + 1} without speaker and text: give it both")
        author = people.setdefault(speaker, Author(len(people) + 1, speaker))
        made_up = first_id_at(_BEGIN) + (number * _PAUSE_MS << 22)
        channel = _snowflake(turn.get("channel_id")) or _CHANNEL
        messages.append(
            Message(own[number] or made_up if is_dated else made_up, 1, channel, author, text)
        )
    messages.sort(key=lambda message: message.id)
    references = tuple(record.texts("references"))
    return Talk(id_, messages, _context(messages), references)


def _context(messages: Sequence[Message]) -> Context:
    first = messages[0].created_at if messages else _BEGIN
    last = messages[-1].created_at if messages else _BEGIN
    places = {message.channel_id for message in messages} or {_CHANNEL}
    channels = {id_: Channel(id_, 1, "talk", ChannelKind.TEXT) for id_ in places}
    authors = {message.author.id: message.author.name for message in messages}
    return Context("data set", channels, authors, Period(PeriodKind.SPAN, first, last, "UTC"))


def _snowflake(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value) or None
    return None
