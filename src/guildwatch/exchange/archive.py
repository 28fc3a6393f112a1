"""The archive: what retention removes from the store, as a compressed export a month and channel.

    archive/<guild id> <name>/<channel id> <name>/2026-11.json.gz

What is deleted or purged leaves it too. How far the file of tombstones was heeded is noted when all
files are written, so that a kill at any moment only has some of it done again.
"""

import asyncio
import json
import logging
import shutil
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guildwatch.exchange.files import PART, prepare_folder, unwritable, whole_file
from guildwatch.exchange.naming import channel_of, safe_name
from guildwatch.exchange.removals import Position, Removals, removals_since
from guildwatch.exchange.volume import (
    DamagedVolumeError,
    Line,
    Volume,
    add,
    change,
    lines_of,
    look_at,
)
from guildwatch.exchange.written import exported_of, head_of
from guildwatch.model import (
    Channel,
    Clock,
    Guild,
    GuildwatchError,
    Message,
    created_at,
    first_id_at,
)
from guildwatch.store import Extent, Store

_log = logging.getLogger(__name__)
_POSITION = "heeded.txt"
_ENDING = ".json.gz"
_DAMAGED = ".damaged"
_GATHERING = 5.0  # seconds, in which more deletions come that one reading of the files does for
_AT_LEAST_EVERY = 3600.0
_VOLUMES_KNOWN = 10_000
_EVER = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The messages of one batch that go into one file, and what the file is of."""

    guild: Guild
    channel: Channel
    month: str
    messages: Sequence[Message]


class Archive:
    """The folder of compressed exports; one file is written at a time, in a thread."""

    def __init__(self, folder: Path, store: Store, *, tombstones: Path, clock: Clock) -> None:
        self._folder = folder
        self._store = store
        self._tombstones = tombstones
        self._clock = clock
        self._writing = asyncio.Lock()
        self._work = asyncio.Event()
        self._known: OrderedDict[Path, Volume] = OrderedDict()

    async def keep(self, messages: Sequence[Message]) -> None:
        """Writes messages into the archive; they are on the disk when this returns.

        One that is there already is replaced, a deleted one left out. Raises ExchangeError when
        they cannot be written.
        """
        async with self._writing:
            for shelf in await self._shelves([one for one in messages if not one.is_deleted]):
                await asyncio.to_thread(self._put, shelf)
        now = await self._store.messages.by_ids([one.id for one in messages])
        if gone := [one.id for one in now.values() if one.is_deleted]:
            await self.remove(gone)  # it was deleted while it was written

    async def remove(self, ids: Collection[int]) -> None:
        """Removes messages, wherever they are. Raises ExchangeError when that cannot be done."""
        async with self._writing:
            await asyncio.to_thread(self._take_out, Removals(set(ids)))

    async def extents(
        self,
        guild_id: int,
        *,
        channel_ids: Collection[int] | None = None,
        end: datetime | None = None,
    ) -> dict[Path, Extent]:
        """The files with messages of a guild, of these channels, sent before a moment (UTC)."""
        until = first_id_at(end) if end else _EVER
        return await asyncio.to_thread(self._extents, guild_id, channel_ids, until)

    def wake(self, _: Sequence[int] = ()) -> None:
        """Says that messages were deleted."""
        self._work.set()

    async def run(self) -> None:
        """Takes out what was deleted, soon after, until it is cancelled."""
        await asyncio.to_thread(self._clear_parts)
        while True:
            try:
                await self.catch_up()
            except GuildwatchError as error:
                _log.warning("The archive still has deleted messages for now: %s", error)
            try:
                async with asyncio.timeout(_AT_LEAST_EVERY):
                    await self._work.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(_GATHERING)

    async def catch_up(self) -> int:
        """Takes out what was deleted since the last time, and what is of channels that are gone.

        Gives how many files that has changed or removed.
        """
        self._work.clear()
        if not await asyncio.to_thread(self._folder.is_dir):
            return 0
        closed = await self._store.contents.closed_channels()
        async with self._writing:
            return await asyncio.to_thread(self._heed, closed)

    async def _shelves(self, messages: Sequence[Message]) -> list[_Shelf]:
        together: dict[tuple[int, int, str], list[Message]] = defaultdict(list)
        for message in messages:
            place = (message.guild_id, message.channel_id, _month(message.id))
            together[place].append(message)
        guilds = {one: await self._guild(one) for one in {place[0] for place in together}}
        return [
            _Shelf(guilds[guild_id], channel_of(guilds[guild_id], channel_id), month, some)
            for (guild_id, channel_id, month), some in together.items()
        ]

    async def _guild(self, guild_id: int) -> Guild:
        return await self._store.guilds.one(guild_id) or Guild(guild_id, f"Server {guild_id}")

    def _put(self, shelf: _Shelf) -> None:
        folder = _named(_named(self._folder, shelf.guild), shelf.channel)
        prepare_folder(folder)
        path = folder / f"{shelf.month}{_ENDING}"
        parent = shelf.guild.channel(shelf.channel.parent_id or 0)
        head = head_of(
            shelf.guild, shelf.channel, parent, after=None, before=None, now=self._clock()
        )
        lines = {
            one.id: json.dumps(exported_of(one), ensure_ascii=False).encode("utf-8", "replace")
            for one in shelf.messages
        }
        self._known[path] = add(path, head, lines, self._volume(path))
        self._known.move_to_end(path)
        if len(self._known) > _VOLUMES_KNOWN:
            self._known.popitem(last=False)

    def _volume(self, path: Path) -> Volume:
        """What a file holds; one that is damaged is set aside, so that a fresh one can begin."""
        try:
            return self._known.get(path) or look_at(path)
        except DamagedVolumeError as error:
            aside = path.with_name(f"{path.name}{_DAMAGED}")
            try:
                path.replace(aside)
            except OSError as failure:
                raise unwritable(aside, failure) from failure
            _log.error("%s It is set aside as %s", error, aside)
            return Volume(0, 0)

    def _heed(self, closed: Collection[int]) -> int:
        changed = 0
        for folder in self._folder.glob("* */* *"):
            if _id_of(folder) in closed:
                changed += len(list(folder.glob(f"*{_ENDING}")))
                shutil.rmtree(folder)
                _remove_empty(folder)
                self._known.clear()
        before = self._position()
        removals, position = removals_since(self._tombstones, before)
        changed += self._take_out(removals)
        if position != before:
            with whole_file(self._folder / _POSITION) as file:
                file.write(f"{position.identity} {position.end}\n".encode())
        return changed

    def _extents(
        self, guild_id: int, channel_ids: Collection[int] | None, until_id: int
    ) -> dict[Path, Extent]:
        found = {}
        for path in sorted(self._folder.glob(f"{guild_id} */* */*{_ENDING}")):
            channel_id = _id_of(path.parent)
            if channel_ids is not None and channel_id not in channel_ids:
                continue
            ids = [one for one, _ in lines_of(path) if one < until_id]
            if ids:
                first, last = created_at(ids[0]), created_at(ids[-1])
                found[path] = Extent(channel_id, len(ids), first, last)
        return found

    def _position(self) -> Position:
        try:
            words = (self._folder / _POSITION).read_text("ascii").split()
            return Position(*map(int, words))
        except (OSError, ValueError, TypeError):
            return Position()

    def _take_out(self, removals: Removals) -> int:
        changed = 0
        months = defaultdict(set)
        for one in removals.message_ids:
            months[_month(one)].add(one)
        for path in sorted(self._folder.glob(f"* */* */*{_ENDING}*")):
            month, guild_id = path.name.partition(".")[0], _id_of(path.parent.parent)
            floor = removals.floor(guild_id, _id_of(path.parent))
            doomed = _Doomed(months.get(month, set()), removals.of_guild(guild_id), floor)
            if month < _month(floor) or (month == _month(floor) and path.suffix == _DAMAGED):
                self._remove(path)
                changed += 1
            elif doomed and path.suffix != _DAMAGED:
                changed += self._change(path, doomed)
        return changed

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._known.pop(path, None)
        _remove_empty(path.parent)

    def _change(self, path: Path, doomed: "_Doomed") -> bool:
        try:
            volume = change(path, doomed.fate)
        except DamagedVolumeError as error:
            _log.error("%s Deleted messages may be in it: remove the file", error)
            return False
        if volume is None:
            return False
        self._known[path] = volume
        _remove_empty(path.parent)
        return True

    def _clear_parts(self) -> None:
        """Removes what a kill has left of files that were being written."""
        for part in [*self._folder.glob(f".*{PART}"), *self._folder.glob(f"* */* */.*{PART}")]:
            part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Doomed:
    """What has to leave a file: single messages, those of authors up to an id, all up to one."""

    ids: Collection[int]
    authors: Mapping[int, int]
    floor: int

    def __bool__(self) -> bool:
        return bool(self.ids or self.authors or self.floor)

    def fate(self, line: Line) -> bytes | None:
        """What is to be kept of a message: nothing, all, or all but whom it mentions."""
        message_id, text = line
        if message_id in self.ids or message_id <= self.floor:
            return None
        if not any(b'"%d"' % author in text for author in self.authors):
            return text
        exported = json.loads(text)
        if message_id <= self.authors.get(int(exported["author"]["id"]), 0):
            return None
        mentions = [one for one in exported["mentions"] if int(one["id"]) not in self.authors]
        if mentions == exported["mentions"]:
            return text
        exported["mentions"] = mentions
        return json.dumps(exported, ensure_ascii=False).encode()


def _remove_empty(folder: Path) -> None:
    """Removes a channel's folder with nothing in it, and then its guild's: they have names."""
    with suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()


def _named(folder: Path, place: Guild | Channel) -> Path:
    """The folder of a guild or channel, whatever it was called when that was made."""
    return next(folder.glob(f"{place.id} *"), folder / f"{place.id} {safe_name(place.name)}")


def _id_of(folder: Path) -> int:
    first = folder.name.partition(" ")[0]
    return int(first) if first.isascii() and first.isdigit() else 0


def _month(message_id: int) -> str:
    return f"{created_at(message_id):%Y-%m}"
