"""Messages in, digest out: the pipeline from cleaning to the headline."""

import asyncio
import time
from collections.abc import Callable, Sequence

from guildwatch.digest.asking import Asking
from guildwatch.digest.compose import headline
from guildwatch.digest.drafts import Account
from guildwatch.digest.engines import engine_use
from guildwatch.digest.lines import Context
from guildwatch.digest.links import shared_links
from guildwatch.digest.mapping import Cache, Mapper
from guildwatch.digest.prompts import Prompts
from guildwatch.digest.reading import read
from guildwatch.digest.telling import told_topics
from guildwatch.language import LanguageModel, Priority
from guildwatch.model import Clock, Digest, Message, Progress, utc_now

OnProgress = Callable[[Progress], None]


class Digester:
    """Tells what happened in some messages, with receipts, by a model or without one.

    Each conversation that the model cannot tell truly, for whatever reason, is told in its own
    words; `Digest.engine` says so. `cache` keeps what the model said of conversations.
    `prompts` are others than ours.
    """

    def __init__(
        self,
        model: LanguageModel | None,
        *,
        cache: Cache | None,
        clock: Clock = utc_now,
        prompts: Prompts | None = None,
    ) -> None:
        self._model = model
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
        reading = await asyncio.to_thread(read, messages, context)
        accounts: dict[int, Account] = {}
        mapper: Mapper | None = None
        if self._model is not None and reading.worth_telling:
            mapper = Mapper(self._model, self._cache, priority, self._prompts)
            accounts = await Asking(mapper, reading, context, self._clock, tell).run()
        tell(Progress("Putting the report together"))
        topics, by_model = await asyncio.to_thread(told_topics, reading, accounts)
        line, ids = headline(topics, len(reading.lines), context.period.kind)
        return Digest(
            headline=line,
            headline_message_ids=ids,
            topics=topics,
            links=shared_links(reading.lines),
            read=len(reading.lines),
            left_out=reading.left_out,
            engine=engine_use(self._model, mapper, by_model, time.perf_counter() - started),
            conversations=reading.conversations,
        )


def _nobody(_: Progress) -> None:
    """Nobody waits."""
