"""Conversations against human reply links: what the product separates, and a plain rule beside it.

`*.links.tsv` has a message's id and the id that it responds to on each line; a message that
responds to itself begins a conversation. Linked messages are one conversation; measured are the
messages that are named first on a line. The exports' own replies are the people's links again, so
they are taken out, or a share of them is kept by chance.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from guildwatch.digest import Context
from guildwatch.digest.separation.separate import separate
from guildwatch.digest.separation.subjects import parted
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Line
from guildwatch.eval.clusterings import Agreement, agreement, mean
from guildwatch.eval.errors import EvalError
from guildwatch.eval.exports import Exported, exported
from guildwatch.model import Message

ALL_SHARES = (0, 30, 100)
_WITHIN = 30 * 60.0
_NAME = re.compile(r"[\w|\[\]`^{}\\-]{2,32}")


@dataclass(frozen=True, slots=True)
class ConversationPrediction:
    """Where a message was put; `conversation` is the id of the message that begins it."""

    id: str
    channel_id: str
    conversation: str


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """One channel's agreement with its links, of as many messages as are annotated."""

    channel: str
    annotated: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class SeparationFigures:
    """What one way to separate made of the channels with `known` % of the replies known."""

    way: str
    known: int
    channels: tuple[ChannelFigures, ...]
    mean: Agreement


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """How much there is of one channel; `longest` is the biggest conversation's messages."""

    channel: str
    messages: int
    read: int
    conversations: int
    longest: int


@dataclass(frozen=True, slots=True)
class ConversationFigures:
    """The counts of every channel, and the measures where links are known."""

    counts: tuple[ChannelCounts, ...]
    separations: tuple[SeparationFigures, ...]


def measure_conversations(
    folder: Path, *, known: int | None = None, seed: int = 1
) -> tuple[ConversationFigures, list[ConversationPrediction]]:
    """Separate the exports of a folder and measure it where links lie beside them.

    `known` is the share of replies to keep in percent, for the measures and the predictions; None
    measures 0, 30 and 100 and predicts with the replies as they are. Bots' messages and mere signs,
    which reports leave out, are separated too, since people linked them; a system message is
    predicted as a conversation of its own. Raises EvalError.
    """
    chat = exported(folder)
    gold = _gold(folder, {message.id: message.channel_id for message in chat.messages})
    lines = _lines(chat)
    kept = lines if known is None else with_replies(lines, known, seed)
    homes = _product(kept, chat.context)
    measured = [
        _measured(way, each, with_replies(lines, each, seed), chat, gold)
        for each in (ALL_SHARES if known is None else (known,))
        for way in ("guildwatch", "speaker or mention")
        if gold
    ]
    return (
        ConversationFigures(_counts(chat, homes), tuple(measured)),
        [
            ConversationPrediction(str(one.id), str(one.channel_id), str(homes.get(one.id, one.id)))
            for one in chat.in_order
        ],
    )


def _lines(chat: Exported) -> list[Line]:
    """Everything that was said, bots' messages and mere signs too."""
    talk = [
        replace(one, author=replace(one.author, is_bot=False))
        for one in chat.messages
        if one.kind.is_talk
    ]
    lines = {line.id: line for line in clean(talk, chat.context).lines}
    return [lines.get(one.id) or _wordless(one) for one in talk]


def _wordless(message: Message) -> Line:
    return Line(
        id=message.id,
        channel_id=message.channel_id,
        author_id=message.author.id,
        name=message.author.name,
        text=" ".join((message.text or "").split()),
        at=message.created_at.timestamp(),
        reply_to=message.reply_to,
        mentions=frozenset(author.id for author in message.mentioned),
    )


def with_replies(lines: Sequence[Line], percent: int, seed: int) -> list[Line]:
    """The lines with this share of the replies known, chosen by chance from a seed."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    return [
        line
        if line.reply_to is not None and chance.random() * 100 < percent
        else replace(line, reply_to=None)
        for line in lines
    ]


def by_speaker_or_mention(lines: Sequence[Line]) -> dict[int, int]:
    """The rule that other ways are compared with: the home of each message.

    A known reply decides; else the last half hour's last message of whoever is mentioned, else of
    the speaker; else a conversation begins.
    """
    homes: dict[int, int] = {}
    last: dict[tuple[int, int], Line] = {}
    people: dict[tuple[int, str], int] = {}
    for line in lines:
        where = line.channel_id
        named = {people.get((where, word.lower())) for word in _NAME.findall(line.text)}
        spoken_to = (named | line.mentions) - {line.author_id, None}
        fresh = [
            one
            for id_ in (*spoken_to, line.author_id)
            if (one := last.get((where, id_ or 0))) and line.at - one.at <= _WITHIN
        ]
        theirs = [one for one in fresh if one.author_id != line.author_id]
        target = max(theirs or fresh, key=lambda one: one.at, default=None)
        known = homes.get(line.reply_to or 0)
        homes[line.id] = known or (homes[target.id] if target else line.id)
        last[where, line.author_id] = line
        people[where, line.name.lower()] = line.author_id
    return homes


def _product(lines: Sequence[Line], context: Context) -> dict[int, int]:
    """The conversation of each message as reports tell them."""
    threads = {id_ for id_, each in context.channels.items() if each.kind.is_thread}
    parts = [part for one in separate(lines, threads=threads) for part in parted(one)]
    return {line.id: part.lines[0].id for part in parts for line in part.lines}


def _measured(
    way: str, known: int, lines: Sequence[Line], chat: Exported, gold: Mapping[int, dict[int, int]]
) -> SeparationFigures:
    homes = _product(lines, chat.context) if way == "guildwatch" else by_speaker_or_mention(lines)
    channels = tuple(
        ChannelFigures(
            chat.context.channels[channel_id].name,
            len(true),
            agreement(list(true.values()), [homes.get(id_, id_) for id_ in true]),
        )
        for channel_id, true in sorted(gold.items())
    )
    return SeparationFigures(way, known, channels, mean(one.agreement for one in channels))


def _gold(folder: Path, places: Mapping[int, int]) -> dict[int, dict[int, int]]:
    """The true conversation of each annotated message, by channel."""
    links = [link for path in sorted(folder.rglob("*.links.tsv")) for link in _links(path, places)]
    parent: dict[int, int] = {}

    def root(id_: int) -> int:
        parent.setdefault(id_, id_)
        while parent[id_] != id_:
            parent[id_] = id_ = parent[parent[id_]]
        return id_

    for child, target in links:
        parent[root(child)] = root(target)
    gold: dict[int, dict[int, int]] = {}
    for child, _ in links:
        gold.setdefault(places[child], {})[child] = root(child)
    return gold


def _links(path: Path, places: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    try:
        rows = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"{path} cannot be read ({error}): mend it, or take it away.") from error
    for number, row in enumerate(rows, 1):
        if not row.strip() or row.startswith("#"):
            continue
        fields = row.split("\t")
        if len(fields) < 2 or not all(one.strip().isdecimal() for one in fields[:2]):
            if number == 1:
                continue  # a heading
            raise EvalError(
                f"{path}, line {number} is no link: write two message ids with a tab between them."
            )
        child, target = int(fields[0]), int(fields[1])
        if child not in places:
            raise EvalError(
                f"{path}, line {number} names the message {child}, which no export in the folder "
                "has: put its channel's export beside it, or take the line out."
            )
        yield child, target


def _counts(chat: Exported, homes: Mapping[int, int]) -> tuple[ChannelCounts, ...]:
    found = []
    for channel_id, channel in sorted(chat.context.channels.items()):
        here = [message.id for message in chat.messages if message.channel_id == channel_id]
        sizes: dict[int, int] = {}
        for id_ in here:
            if id_ in homes:
                sizes[homes[id_]] = sizes.get(homes[id_], 0) + 1
        if here:
            read, longest = sum(sizes.values()), max(sizes.values(), default=0)
            found.append(ChannelCounts(channel.name, len(here), read, len(sizes), longest))
    return tuple(found)
