"""Exports a guild as DiscordChatExporter does: a file a channel, into a folder or an archive."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from gzip import GzipFile
from pathlib import Path
from typing import Protocol

from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.files import prepare_folder, whole_file
from guildwatch.exchange.naming import channel_of, export_name
from guildwatch.exchange.volume import copy
from guildwatch.exchange.written import body_of, head_of, tail_of
from guildwatch.model import Channel, Clock, Guild, Message, first_id_at
from guildwatch.store import Store


class Sink(Protocol):
    """Where an export is written to."""

    def write(self, content: bytes, /) -> int:
        """Takes the next bytes."""
        ...


Entry = Callable[[str], AbstractContextManager[Sink]]
"""Opens the place for an export of this name."""


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch [start, end) to export, and the days that it is called by; None is open."""

    start: datetime | None = None
    end: datetime | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is: the channel at work, messages written so far, messages in all."""

    channel: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was exported."""

    messages: int
    files: int


EVERYTHING = Span()
_EVER = (1 << 63) - 1


class Exporter:
    """Writes what is stored of a guild; deleted messages are left out.

    Messages are read page by page, so that their number does not matter, and beside a running
    program, whose changes meanwhile show or do not.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        on_progress: Callable[[ExportProgress], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._tell = on_progress

    async def into_folder(
        self,
        guild: Guild,
        folder: Path,
        span: Span = EVERYTHING,
        *,
        channel_ids: Collection[int] | None = None,
    ) -> ExportSummary:
        """Writes a `.json` file a channel into a folder, in place of older ones of that name.

        Each file is there whole or not at all. Raises ExchangeError when it cannot be written.
        """
        await asyncio.to_thread(prepare_folder, folder)

        def entry(name: str) -> AbstractContextManager[Sink]:
            return whole_file(folder / f"{name}.json")

        plan = await self._plan(guild, span, channel_ids)
        return await self._write(plan.with_parents(), entry)

    async def into_archive(
        self,
        guild: Guild,
        path: Path,
        span: Span = EVERYTHING,
        *,
        channel_ids: Collection[int] | None = None,
        archived: Collection[Path] = (),
    ) -> ExportSummary:
        """Writes all into one compressed file: a zip of such files, or of one channel a `.gz`.

        `archived` are files of the archive, of which what lies before the span's end goes into the
        zip too. Raises ExchangeError when it cannot be written, or a `.gz` would hold more than one
        file.
        """
        plan = await self._plan(guild, span, channel_ids)
        if path.name.lower().endswith(".gz"):
            if (files := len(plan.channels) + len(archived)) > 1:
                raise ExchangeError(
                    f"{path} can hold one file, and there are {files}: name a .zip file."
                )
            return await self._write(plan, lambda _: _gzipped(path))
        with whole_file(path) as file, zipfile.ZipFile(file, "w") as zipped:

            def entry(name: str) -> AbstractContextManager[Sink]:
                return _zipped(zipped, name, self._clock())

            stored = await self._write(plan.with_parents(), entry)
            copied = await asyncio.to_thread(_copy, archived, span.end, entry)
        return ExportSummary(stored.messages + copied, stored.files + len(archived))

    async def _plan(self, guild: Guild, span: Span, channel_ids: Collection[int] | None) -> "_Plan":
        extents = await self._store.contents.extents(
            guild.id, channel_ids=channel_ids, start=span.start, end=span.end
        )
        channels = [channel_of(guild, one.channel_id) for one in extents]
        return _Plan(guild, span, channels, sum(one.messages for one in extents))

    async def _write(self, plan: "_Plan", entry: Entry) -> ExportSummary:
        done = 0
        for channel in plan.channels:
            with entry(plan.name(channel)) as file:
                async for count in self._document(plan, channel, file):
                    done += count
                    self._tell(ExportProgress(channel.name, done, plan.messages))
        return ExportSummary(done, len(plan.channels))

    async def _document(self, plan: "_Plan", channel: Channel, file: Sink) -> AsyncIterator[int]:
        """Writes one channel's export; gives after each page how many messages it had."""
        await asyncio.to_thread(file.write, plan.head(channel, self._clock()))
        count, last = 0, first_id_at(plan.span.start) - 1 if plan.span.start else 0
        while page := await self._store.contents.page(
            plan.guild.id, channel.id, after=last, end=plan.span.end
        ):
            await asyncio.to_thread(_write_page, file, page, first=count == 0)
            count, last = count + len(page), page[-1].id
            yield len(page)
        await asyncio.to_thread(file.write, tail_of(count))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an export will hold."""

    guild: Guild
    span: Span
    channels: Sequence[Channel]
    messages: int

    def with_parents(self) -> "_Plan":
        """The same with the channels that threads stand under: theirs tell what these are."""
        ids = {channel.id for channel in self.channels}
        upper = {channel.parent_id for channel in self.channels if channel.kind.is_thread}
        parents = [channel for channel in self.guild.channels if channel.id in upper - ids]
        return replace(self, channels=[*self.channels, *parents])

    def name(self, channel: Channel) -> str:
        """What the channel's file is called."""
        span = self.span
        return export_name(self.guild, self._parent(channel), channel, span.first, span.last)

    def head(self, channel: Channel, now: datetime) -> bytes:
        """How the channel's file begins."""
        return head_of(
            self.guild,
            channel,
            self._parent(channel),
            after=self.span.start,
            before=self.span.end,
            now=now,
        )

    def _parent(self, channel: Channel) -> Channel | None:
        return self.guild.channel(channel.parent_id) if channel.parent_id else None


def _write_page(file: Sink, page: Sequence[Message], *, first: bool) -> None:
    file.write(body_of(page, first=first))


def _copy(archived: Collection[Path], end: datetime | None, entry: Entry) -> int:
    until = first_id_at(end) if end else _EVER
    messages = 0
    for path in archived:
        with entry(f"archive/{path.parent.name}/{path.name.partition('.')[0]}") as file:
            messages += copy(path, until, file.write)
    return messages


@contextmanager
def _gzipped(path: Path) -> Iterator[Sink]:
    with whole_file(path) as file, GzipFile("", "wb", fileobj=file) as member:
        yield member


@contextmanager
def _zipped(archive: zipfile.ZipFile, name: str, now: datetime) -> Iterator[Sink]:
    about = zipfile.ZipInfo(f"{name}.json", now.timetuple()[:6])
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = 0o600 << 16
    with archive.open(about, "w", force_zip64=True) as member:
        yield member
