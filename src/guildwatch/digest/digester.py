"""Messages in, digest out: the pipeline from cleaning to the headline."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from guildwatch.digest.engines import engine_use, with_ahead, with_summaries
from guildwatch.digest.merging.compose import headline
from guildwatch.digest.reading import Reading, read
from guildwatch.digest.telling import also_about, told_topics
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.digest.transcript.links import shared_links
from guildwatch.digest.writing.asking import Asking
from guildwatch.digest.writing.cache import Cache
from guildwatch.digest.writing.costs import Costs
from guildwatch.digest.writing.drafts import Account
from guildwatch.digest.writing.mapping import Mapper
from guildwatch.digest.writing.portions import NOTHING_TOLD, Tellings
from guildwatch.digest.writing.prompts import Prompts
from guildwatch.digest.writing.summariser import Summaries, Summariser, SummariserError
from guildwatch.digest.writing.translation import Translated, Translator
from guildwatch.language import LanguageModel, Priority
from guildwatch.model import Clock, Digest, Home, Message, Progress, Spent, Topic, utc_now

_log = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]


class Homes(Protocol):
    """Where it is kept which conversation each message belongs to."""

    async def of(
        self, channel_ids: Collection[int], from_id: int, to_id: int
    ) -> Mapping[int, Home]:
        """The homes of these channels' messages with ids of [from_id, to_id), as far as known."""


class Digester:
    """Tells what happened in some messages, with receipts, by a model or without one.

    Each conversation that the model cannot tell truly, for whatever reason, is told in its own
    words; `Digest.engine` says so. `cache` keeps what the model said of conversations, `homes`
    which message belongs to which, `costs` what each call took. `prompts` are others than ours.
    What the model did not tell, or all without one, the `summariser` tells, and what neither tells
    is quoted.
    """

    def __init__(
        self,
        model: LanguageModel | None,
        *,
        cache: Cache | None,
        clock: Clock = utc_now,
        prompts: Prompts | None = None,
        homes: Homes | None = None,
        summariser: Summariser | None = None,
        costs: Costs | None = None,
    ) -> None:
        self._costs = costs
        self._summariser = summariser
        self._model = model
        self._homes = homes
        self._prompts = prompts
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
        readable = {*context.channels, *(message.channel_id for message in messages)}
        mapper = self.mapper(priority, readable)
        homes, told = await self._known(messages, mapper)
        reading = await asyncio.to_thread(
            read, messages, context, homes, told, _read_so_far(tell, len(messages))
        )
        accounts: dict[int, Account] = {}
        if not reading.worth_telling:
            mapper = None
        if mapper is not None:
            accounts = await Asking(mapper, reading, context, self._clock, tell).run()
        summaries = await self._summarised(reading, accounts, tell)
        accounts |= summaries.accounts
        tell(Progress("Putting the report together"))
        topics, by_model = await asyncio.to_thread(told_topics, reading, accounts)
        also = await asyncio.to_thread(also_about, reading, topics)
        translated = await self._translated(
            topics, reading.lines, context, mapper, tell, priority=priority
        )
        topics = translated.topics
        line, ids = headline(topics, len(reading.lines), context.period.kind)
        return Digest(
            headline=line,
            headline_message_ids=ids,
            topics=topics,
            links=shared_links(reading.lines),
            read=len(reading.lines),
            left_out=reading.left_out,
            engine=replace(
                with_summaries(
                    with_ahead(
                        engine_use(self._model, mapper, by_model, time.perf_counter() - started),
                        await self._ahead(messages),
                    ),
                    summaries,
                    None if self._summariser is None else self._summariser.name,
                    by_model,
                    told=len(accounts),
                ),
                translated=translated.points,
                untranslated=translated.failed,
            ),
            conversations=reading.conversations,
            also=also,
        )

    async def _summarised(
        self, reading: Reading, accounts: Mapping[int, Account], tell: OnProgress
    ) -> Summaries:
        """What the summariser makes of the conversations that the model told nothing of."""
        found = Summaries()
        if self._summariser is None:
            return found
        considered = reading.considered
        open_ = [place for place in range(len(considered)) if place not in accounts]
        for done, place in enumerate(open_):
            tell(Progress("Summing up", done, len(open_)))
            try:
                await self._summariser.tell(place, considered[place], found)
            except SummariserError as error:
                _log.warning("%s", error)
                found.trouble = str(error)
                break
        return found

    async def _translated(
        self,
        topics: Sequence[Topic],
        lines: Sequence[Line],
        context: Context,
        mapper: Mapper | None,
        tell: OnProgress,
        *,
        priority: Priority,
    ) -> Translated:
        """The topics in the language that the digest is told in, as far as the model can."""
        if mapper is None or mapper.has_given_up or context.language is None:
            return Translated(tuple(topics))
        tell(Progress("Translating"))
        translator = Translator(
            mapper.model, self._cache, priority, mapper.tally, readable=mapper.memory.readable
        )
        return await translator.tell_in(context.language, topics, lines)

    def mapper(self, priority: Priority, readable: Collection[int] | None = None) -> Mapper | None:
        """What asks the model about conversations of the `readable` channels; None without one."""
        if self._model is None:
            return None
        return Mapper(
            self._model,
            self._cache,
            priority,
            self._prompts,
            self._costs,
            readable=readable,
        )

    async def _ahead(self, messages: Sequence[Message]) -> Spent:
        """What was spent on these messages while their period was going on."""
        if self._model is None or self._costs is None or not messages:
            return Spent()
        ids = [message.id for message in messages]
        channels = {message.channel_id for message in messages}
        return await self._costs.ahead(channels, min(ids), max(ids) + 1)

    async def _known(
        self, messages: Sequence[Message], mapper: Mapper | None
    ) -> tuple[Mapping[int, Home], Tellings]:
        """Where these messages are known to belong, and what was told of them before."""
        homes: Mapping[int, Home] = {}
        told = NOTHING_TOLD
        if not messages:
            return homes, told
        ids = [message.id for message in messages]
        first, last = min(ids), max(ids)
        if self._homes is not None:
            channels = {message.channel_id for message in messages}
            homes = await self._homes.of(channels, first, last + 1)
        if mapper is not None:
            told = await mapper.memory.tellings(ids)
        return homes, told


def _read_so_far(tell: OnProgress, messages: int) -> Callable[[int, int], None]:
    """Tells from another thread how far the reading is, and what time it still takes."""
    loop, began = asyncio.get_running_loop(), time.perf_counter()

    def say(done: int, total: int) -> None:
        left = (time.perf_counter() - began) / done * (total - done)
        progress = Progress(f"Reading {messages:,} messages", done, total, left)
        loop.call_soon_threadsafe(tell, progress)

    return say


def _nobody(_: Progress) -> None:
    """Nobody waits."""
