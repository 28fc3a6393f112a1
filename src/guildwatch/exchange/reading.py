"""Reads an export file as a stream, so that its size does not matter; blocking, for a thread."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import ijson  # type: ignore[import-untyped]  # ships no types

from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.exported import AGAIN, channels_of, guild_of, message_of
from guildwatch.exchange.source import Source, opened
from guildwatch.model import Channel, Guild, Message

BATCH = 500
_UNREADABLE = (ijson.JSONError, ValueError)  # which of them depends on ijson's backend
_BEGIN, _END = ("start_map", "start_array"), ("end_map", "end_array")
_DEPTH_OF_MESSAGES = 3  # the root, its list, a message
_DEEPEST = 100
_EVENTS_A_STEP = 100_000
_FOREIGN = (
    "it is not an export of DiscordChatExporter (no guild, channel and messages in it): "
    "leave it out, or export the channel again as JSON"
)


@dataclass(frozen=True, slots=True)
class Header:
    """What an export is of; `parent` is what its channel stands under, if anything."""

    guild: Guild
    channel: Channel
    parent: Channel | None


@dataclass(frozen=True, slots=True)
class Batch:
    """The next messages of an export, and how many bytes of the file are read by now."""

    messages: tuple[Message, ...]
    position: int


def probe(path: Path) -> Generator[int, None, None]:
    """Walks through a whole file, giving the position now and then (in bytes).

    Raises ExchangeError where it is damaged or cut off, saying after how many messages, or nested
    deeper than any export: ijson's paths would take memory by the square of the depth.
    """
    with opened(path, wary=True) as file:
        depth = messages = 0
        try:
            for number, (event, _) in enumerate(ijson.basic_parse(file)):
                file.mark()
                if event in _BEGIN:
                    depth += 1
                    if depth > _DEEPEST:
                        raise ExchangeError(_FOREIGN)
                elif event in _END:
                    messages += depth == _DEPTH_OF_MESSAGES and event == "end_map"
                    depth -= 1
                if number % _EVENTS_A_STEP == 0:
                    yield file.position()
        except _UNREADABLE as error:
            raise _damaged(error, messages) from error
        yield file.position()


def read_header(path: Path) -> Header:
    """What an export is of. Raises ExchangeError when it is none or cannot be read."""
    with opened(path) as file:
        try:
            guild = guild_of(_first(file, "guild"))
            channel, parent = channels_of(guild.id, _first(file, "channel"))
            _require_messages(file)
        except _UNREADABLE as error:
            raise _damaged(error, 0) from error
    return Header(guild, channel, parent)


def read_batches(path: Path, channel: Channel) -> Generator[Batch, None, None]:
    """The messages of an export, `BATCH` at a time, in the file's order.

    Raises ExchangeError at what is damaged or cut off, saying after how many messages.
    """
    with opened(path) as file:
        messages = _messages(file, channel)
        while batch := tuple(islice(messages, BATCH)):
            yield Batch(batch, file.position())


def _messages(file: Source, channel: Channel) -> Iterator[Message]:
    count = 0
    try:
        for exported in ijson.items(file, "messages.item"):
            yield message_of(channel, exported)
            count += 1
    except _UNREADABLE as error:
        raise _damaged(error, count) from error
    except ExchangeError as error:
        raise ExchangeError(f"after {count:,} messages {error}") from error


def _first(file: Source, prefix: str) -> object:
    file.rewind()
    for value in ijson.items(file, prefix):
        return value
    raise ExchangeError(_FOREIGN)


def _require_messages(file: Source) -> None:
    file.rewind()
    for prefix, event, _ in ijson.parse(file):
        if (prefix, event) == ("messages", "start_array"):
            return
    raise ExchangeError(_FOREIGN)


def _damaged(error: Exception, count: int) -> ExchangeError:
    """What the JSON reader says, without the piece of chat that it quotes."""
    cut_off = "premature EOF" in str(error) or "Incomplete" in str(error)
    if cut_off:
        what = "it ends in the middle, as an interrupted export does"
    elif count:
        what = "it is damaged"
    else:
        what = "it is damaged or not JSON"
    return ExchangeError(f"{what} (after {count:,} whole messages): {AGAIN}")
