"""Messages in, digest out: the pipeline from cleaning to the headline."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from guildwatch.digest.clean import clean
from guildwatch.digest.compose import chosen_topics, headline
from guildwatch.digest.drafts import Account
from guildwatch.digest.extractive import Extractor
from guildwatch.digest.lines import Context, Conversation, Line
from guildwatch.digest.links import shared_links
from guildwatch.digest.mapping import Cache, Mapper
from guildwatch.digest.merge import MOST_POINTS, Told, fuse_points
from guildwatch.digest.pack import Unit, budget, pack, split
from guildwatch.digest.prompts import instructions
from guildwatch.digest.quotes import with_key_message
from guildwatch.digest.rank import Rarity, considered_for, importance, is_small_talk, topics_for
from guildwatch.digest.separate import join_announcements, separate
from guildwatch.digest.subjects import parted
from guildwatch.digest.titles import shortened
from guildwatch.language import LanguageModel, Priority
from guildwatch.model import (
    ChannelKind,
    Clock,
    Digest,
    EngineUse,
    Message,
    Progress,
    Topic,
    utc_now,
)

OnProgress = Callable[[Progress], None]
_FALLBACK = {
    "unreachable": "The language model did not answer",
    "missing": "The language model is not installed",
    "timeout": "The language model took too long",
    "cut": "The language model broke off",
    "truncated": "The language model's context was too short",
    "garbled": "The language model's answers could not be read",
    "refused": "The language model refused to work",
}
_UNTRUE = "Some of what the language model wrote was not borne out by the messages"
_BARREN = (
    "Nothing that the language model wrote about several conversations in a row was borne out by "
    "the messages and it was not asked about the rest"
)


class Digester:
    """Tells what happened in some messages, with receipts, by a model or without one.

    Each conversation that the model cannot tell truly, for whatever reason, is told in its own
    words; `Digest.engine` says so. `cache` keeps what the model said of conversations.
    """

    def __init__(
        self, model: LanguageModel | None, *, cache: Cache | None, clock: Clock = utc_now
    ) -> None:
        self._model = model
        self._cache = cache
        self._clock = clock

    async def digest(
        self,
        messages: Sequence[Message],
        context: Context,
        *,
        priority: Priority,
        on_progress: OnProgress | None = None,
    ) -> Digest:
        """Digest these messages; every one of them is read or counted as left out."""
        started = time.perf_counter()
        tell = on_progress or _nobody
        tell(Progress(f"Reading {len(messages):,} messages"))
        read = await asyncio.to_thread(_read, messages, context)
        accounts: dict[int, Account] = {}
        mapper: Mapper | None = None
        if self._model is not None and read.worth_telling:
            mapper = Mapper(self._model, self._cache, priority)
            accounts = await _Mapping(mapper, read, context, self._clock, tell).run()
        tell(Progress("Putting the report together"))
        topics, by_model = await asyncio.to_thread(_told, read, accounts)
        line, ids = headline(topics, len(read.lines), context.period.kind)
        return Digest(
            headline=line,
            headline_message_ids=ids,
            topics=topics,
            links=shared_links(read.lines),
            read=len(read.lines),
            left_out=read.left_out,
            engine=_engine(self._model, mapper, by_model, time.perf_counter() - started),
            conversations=read.conversations,
        )


def _nobody(_: Progress) -> None:
    """Nobody waits."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The messages, cleaned, separated and ranked: `worth_telling` has the weightiest first."""

    lines: list[Line]
    left_out: dict[str, int]
    conversations: int
    worth_telling: list[Conversation]
    announcing: frozenset[int]


def _read(messages: Sequence[Message], context: Context) -> _Reading:
    cleaned = clean(messages, context)
    announcing = frozenset(
        id_ for id_, each in context.channels.items() if each.kind is ChannelKind.ANNOUNCEMENT
    )
    threads = {id_ for id_, each in context.channels.items() if each.kind.is_thread}
    rarity = Rarity(cleaned.lines)
    going = separate(cleaned.lines, threads=threads)
    parts = [part for conversation in going for part in parted(conversation, rarity)]
    found = join_announcements(parts, announcing)
    worth = [conversation for conversation in found if not is_small_talk(conversation, announcing)]
    worth.sort(key=lambda conversation: importance(conversation, announcing), reverse=True)
    return _Reading(cleaned.lines, cleaned.left_out, len(found), worth, announcing)


class _Mapping:
    """One digest's calls to the model, with the time that is left."""

    def __init__(
        self, mapper: Mapper, read: _Reading, context: Context, clock: Clock, tell: OnProgress
    ) -> None:
        self._mapper = mapper
        self._read = read
        self._context = context
        self._clock = clock
        self._tell = tell
        self._asked = read.worth_telling[: considered_for(len(read.lines))]
        self._total = len(self._asked)
        self._done = 0
        self._lines_done = 0
        self._lines_asked = 0

    async def run(self) -> dict[int, Account]:
        """What the model made of each conversation, by its place; failed ones are missing."""
        measure = self._mapper.model.fits
        limit = budget(self._mapper.model.context, measure(instructions("digest")))
        units = [
            unit
            for place, conversation in enumerate(self._asked)
            for unit in split(place, conversation.lines, limit.shown, measure)
        ]
        found = {unit: account for unit in units if (account := await self._mapper.recall(unit))}
        open_ = [unit for unit in units if unit not in found]
        self._lines_asked = sum(len(unit.lines) for unit in open_)
        self._done = len({unit.of for unit in found} - {unit.of for unit in open_})
        began = self._clock()
        for call in pack(open_, limit, measure):
            if self._mapper.has_given_up:
                break
            say = partial(self._say, call, began.timestamp())
            say("")
            found |= await self._mapper.tell(call, say)
            self._lines_done += sum(len(unit.lines) for unit in call)
            self._done = min(self._total, self._done + len({unit.of for unit in call}))
        return _whole(units, found)

    def _say(self, call: Sequence[Unit], began: float, preview: str) -> None:
        channel = self._context.channels.get(call[0].lines[0].channel_id)
        left = None
        if self._lines_done:
            pace = (self._clock().timestamp() - began) / self._lines_done
            left = max(0.0, pace * (self._lines_asked - self._lines_done))
        doing = f"Digesting #{channel.name}" if channel else "Digesting"
        self._tell(Progress(doing, self._done, self._total, left, preview))


def _whole(units: Sequence[Unit], found: dict[Unit, Account]) -> dict[int, Account]:
    """The parts of each conversation put together; one with a part missing is left out whole."""
    parts: dict[int, list[Account | None]] = {}
    for unit in units:
        parts.setdefault(unit.of, []).append(found.get(unit))
    whole: dict[int, Account] = {}
    for place, accounts in parts.items():
        there = [account for account in accounts if account is not None]
        if len(there) < len(accounts):
            continue
        title = next((account.title for account in there if account.title), "")
        points = fuse_points(point for account in there for point in account.points)
        whole[place] = Account(title, points[:MOST_POINTS])
    return whole


def _told(read: _Reading, accounts: dict[int, Account]) -> tuple[tuple[Topic, ...], bool | None]:
    """The topics, and whether all of them are the model's (None: some are)."""
    extractor = Extractor(read.lines)
    how_many = topics_for(len(read.lines))
    told = [
        one
        for place, conversation in enumerate(read.worth_telling[: considered_for(len(read.lines))])
        if (one := _one(extractor, conversation, read.announcing, accounts.get(place)))
    ]
    topics = chosen_topics(told, how_many)
    unanswered = None
    if topics:
        shown = {id_ for topic in topics for point in topic.points for id_ in point.message_ids}
        rest = [each for each in read.worth_telling if shown.isdisjoint(_ids(each))]
        unanswered = extractor.open_questions(rest)
    quoted = [all(point.quoted for point in topic.points) for topic in topics]
    if unanswered is not None:
        topics += (unanswered,)
    return topics, None if any(quoted) and not all(quoted) else not any(quoted)


def _ids(conversation: Conversation) -> set[int]:
    return {line.id for line in conversation.lines}


def _one(
    extractor: Extractor,
    conversation: Conversation,
    announcing: frozenset[int],
    account: Account | None,
) -> Told | None:
    topic = extractor.topic(conversation)
    if topic is None:
        return None
    if account is not None:
        title = account.title or shortened(account.points[0].text)
        lines = {line.id: line for line in conversation.lines}
        points = tuple(with_key_message(point, lines) for point in account.points)
        topic = replace(topic, title=title, points=points)
    people = frozenset(line.author_id for line in conversation.lines)
    return Told(topic, people, importance(conversation, announcing))


def _engine(
    model: LanguageModel | None, mapper: Mapper | None, by_model: bool | None, seconds: float
) -> EngineUse:
    if model is None or mapper is None:
        return EngineUse("extractive", seconds=seconds)
    tally = mapper.tally
    name = "mixed" if by_model is None else "ollama" if by_model else "extractive"
    return EngineUse(
        name=name,
        model=None if name == "extractive" else model.name,
        calls=tally.calls,
        prompt_tokens=tally.prompt_tokens,
        completion_tokens=tally.completion_tokens,
        seconds=seconds,
        dropped_points=tally.dropped_points,
        fallback=_fallback(mapper, name),
    )


def _fallback(mapper: Mapper, name: str) -> str:
    if name == "ollama":
        return ""
    trouble = mapper.tally.trouble
    if mapper.is_barren:
        reason = _BARREN
    else:
        reason = _FALLBACK[trouble.kind] if trouble is not None else _UNTRUE
    what = "some topics are" if name == "mixed" else "these are"
    return f"{reason}, so {what} told in the messages' own words."
