"""Imports DiscordChatExporter files into the store: whole files, any number of times."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.finding import exports_in
from guildwatch.exchange.reading import Batch, Header, probe, read_batches, read_header
from guildwatch.model import Guild, Message
from guildwatch.mood import Scorer
from guildwatch.sensitive import Cleared, cleared_guild, cleared_said
from guildwatch.store import Store

_PASSES = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: the file at work, bytes of all files, messages stored so far.

    Every file is read three times (as JSON, as messages, to be stored), and counts three times.
    """

    file: Path
    done_bytes: int
    total_bytes: int
    messages: int


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did; `known` messages were stored already and stay as they were.

    `skipped` has each file or folder that was left out as a whole, and the reason in a sentence.
    """

    files: int
    new: int
    known: int
    changed: int
    channels: int
    guilds: int
    skipped: tuple[tuple[Path, str], ...]
    seconds: float

    @property
    def messages(self) -> int:
        """How many messages the imported files held."""
        return self.new + self.known + self.changed


async def import_exports(
    paths: Sequence[Path],
    store: Store,
    scorer: Scorer,
    *,
    on_progress: Callable[[ImportProgress], None] | None = None,
    cleared: Cleared = str,
) -> ImportSummary:
    """Imports files, and folders of `.json` files with everything under them.

    Each file is stored whole or not at all, also where a kill ends it; one that is damaged, cut off
    or foreign is skipped, and the others go on. What is stored already is not stored again; what
    Discord told or deleted is not overruled.
    `cleared` takes out of texts and names what must never be kept.
    Raises StoreError when the store cannot be written.
    """
    run = _Import(store, scorer, on_progress or (lambda _: None), cleared)
    for file, size in await asyncio.to_thread(run.find, paths):
        await run.take(file, size)
    return run.summary()


@dataclass(slots=True)
class _Import:
    """One import at work."""

    store: Store
    scorer: Scorer
    on_progress: Callable[[ImportProgress], None]
    cleared: Cleared
    started: float = field(default_factory=time.monotonic)
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    channels: set[int] = field(default_factory=set)
    guilds: set[int] = field(default_factory=set)
    files: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    total_bytes: int = 0
    past_bytes: int = 0

    def find(self, paths: Iterable[Path]) -> list[tuple[Path, int]]:
        """The files to import and their sizes."""
        files = list(exports_in(paths, lambda path, reason: self.skipped.append((path, reason))))
        self.total_bytes = _PASSES * sum(size for _, size in files)
        return files

    async def take(self, file: Path, size: int) -> None:
        """Imports one file, or skips it."""
        try:
            await self._probe(file)
            header = await asyncio.to_thread(read_header, file)
            await self._check(file, header, before=size)
            await self._keep(file, header, before=2 * size)
        except ExchangeError as error:
            self.skipped.append((file, f"{file} was skipped: {error}."))
        self.past_bytes += _PASSES * size

    def summary(self) -> ImportSummary:
        """What was done so far."""
        return ImportSummary(
            files=self.files,
            new=self.new,
            known=self.read - self.new - self.changed,
            changed=self.changed,
            channels=len(self.channels),
            guilds=len(self.guilds),
            skipped=tuple(self.skipped),
            seconds=time.monotonic() - self.started,
        )

    async def _probe(self, file: Path) -> None:
        with closing(probe(file)) as positions:
            while (position := await _in_thread(partial(next, positions, None))) is not None:
                self._tell(file, position)

    async def _check(self, file: Path, header: Header, *, before: int) -> None:
        """Reads all messages of a file before any of them is kept."""
        with closing(read_batches(file, header.channel)) as batches:
            while batch := await _in_thread(partial(next, batches, None)):
                self._tell(file, before + batch.position)

    async def _keep(self, file: Path, header: Header, *, before: int) -> None:
        await self.store.guilds.save_imported(await self._guild(header))
        read = self.read
        try:
            async with aclosing(self._batches(file, header, before=before)) as batches:
                applied = await self.store.messages.apply_imported(batches)
        except BaseException:
            self.read = read  # nothing of it is stored
            raise
        self.files += 1
        self.guilds.add(header.guild.id)
        self.channels.add(header.channel.id)
        self.new += applied.new
        self.changed += applied.changed

    async def _batches(
        self, file: Path, header: Header, *, before: int
    ) -> AsyncGenerator[Sequence[Message], None]:
        """The file's messages some hundreds at a time, told of when they are taken."""
        with closing(read_batches(file, header.channel)) as batches:
            while batch := await _in_thread(partial(self._scored, batches)):
                yield batch.messages
                self.read += len(batch.messages)
                self._tell(file, before + batch.position)

    async def _guild(self, header: Header) -> Guild:
        """The guild with the channel, and with its parent if the store does not know that."""
        channels = [header.channel]
        known = await self.store.guilds.one(header.guild.id)
        if header.parent and not (known and known.channel(header.parent.id)):
            channels.append(header.parent)
        return cleared_guild(replace(header.guild, channels=tuple(channels)), self.cleared)

    def _scored(self, batches: Iterator[Batch]) -> Batch | None:
        """The next batch with the mood of what people said in it."""
        batch = next(batches, None)
        if batch is None:
            return None
        messages = (cleared_said(one, self.cleared) for one in batch.messages)
        batch = replace(batch, messages=tuple(messages))
        talk = [one for one in batch.messages if _is_talk(one)]
        scores = iter(self.scorer.scores([one.text or "" for one in talk]))
        return replace(
            batch,
            messages=tuple(
                replace(one, score=next(scores)) if _is_talk(one) else one for one in batch.messages
            ),
        )

    def _tell(self, file: Path, position: int) -> None:
        self.on_progress(
            ImportProgress(file, self.past_bytes + position, self.total_bytes, self.read)
        )


async def _in_thread(step: Callable[[], T]) -> T:
    """The step's result; who is cancelled waits for its end first, so that no file stays in use."""
    running = asyncio.ensure_future(asyncio.to_thread(step))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        running.exception()  # of no interest any more
        raise


def _is_talk(message: Message) -> bool:
    return message.kind.is_talk and not message.author.is_bot
