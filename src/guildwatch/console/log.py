"""The Log screen: what is kept and how much, what went wrong lately, and the log as it grows."""

import asyncio
from collections import deque
from pathlib import Path
from typing import NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Log, Static

from guildwatch.console.incidents import IncidentList
from guildwatch.console.keys import Keys
from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.console.wording import audited, called, opened, steady, volume
from guildwatch.report.wrapping import wrapped
from guildwatch.store import StoreError

_TAIL_BYTES = 200_000
_LINES = 2_000
_MOST_LINES = 5_000  # of the screen: a long line takes several
_INDENT = " " * 4
_SIZE_SECONDS = 10
_WIDENINGS = 5


class Place(NamedTuple):
    """How far the log has been read: which file, by its number on the disk, and its byte."""

    file: int = 0
    byte: int = 0


class LogScreen(Screen[None]):
    """Follows the file that the program writes; nothing in it can command the terminal."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._log = Log(max_lines=_MOST_LINES, id="lines", highlight=True)
        self._sizes = Static(classes="where", markup=False)
        self._readers = Static(classes="where", markup=False)
        self._readers.display = False
        self._place = Place()
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._width = 0

    def compose(self) -> ComposeResult:
        """Lays out the lines."""
        yield StatusLine(self._view)
        yield Static(str(self._view.log_file), classes="where", markup=False)
        yield self._sizes
        yield self._readers
        yield IncidentList(self._view)
        yield self._log
        yield Keys()

    def on_mount(self) -> None:
        """Begins to follow."""
        self.set_interval(1, self._follow)
        self.set_interval(_SIZE_SECONDS, self._measure)
        self._log.focus()

    def on_screen_resume(self) -> None:
        """Catches up when the screen comes to the front."""
        self._follow()
        self._measure()

    def on_resize(self) -> None:
        """Breaks the lines anew."""
        self.call_after_refresh(self._break_anew)

    @work(exclusive=True)
    async def _follow(self) -> None:
        lines, self._place = await asyncio.to_thread(read, self._view.log_file, self._place)
        self._lines.extend(lines)
        self._write(lines)

    @work(exclusive=True, group="sizes")
    async def _measure(self) -> None:
        try:
            sizes = await self._view.store.sizes()
            await self._look_at_readers()
        except StoreError as error:
            self._sizes.update(str(error))
            return
        kept, free = volume(sizes.database + sizes.log), volume(sizes.disk_free)
        backups = f", its backups {volume(sizes.backups)}" if sizes.backups else ""
        self._sizes.update(f"The database takes {kept}{backups}; {free} are free on its disk.")

    async def _look_at_readers(self) -> None:
        """What the last audit of the posts came to, and what the reports tell of on purpose."""
        audit = await self._view.store.shown.last_audit()
        told = [audited(audit, self._view.local_now())] if audit is not None else []
        for one in await self._view.store.widenings.recent(_WIDENINGS):
            guild = self._view.roster.guild(one.guild_id)
            channel = guild.channel(one.channel_id) if guild is not None else None
            place = f"#{called(channel.name)}" if channel else f"channel {one.channel_id}"
            where = f" in {called(guild.name)}" if guild else ""
            told.append(opened(one, f"{place}{where}", self._view.own_zone))
        self._readers.update("\n".join(map(steady, told)))
        self._readers.display = bool(told)

    def _break_anew(self) -> None:
        if self._room() != self._width:
            self._width = self._room()
            self._log.clear()
            self._write(list(self._lines))

    def _write(self, lines: list[str]) -> None:
        if lines and self._width:
            broken = [part for line in lines for part in _broken(line, self._width)]
            self._log.write_lines(broken)

    def _room(self) -> int:
        return max(20, self._log.scrollable_content_region.width - 1)


def read(path: Path, place: Place) -> tuple[list[str], Place]:
    """The whole lines after this place, and where they end.

    When a new day has begun a new file, the rest of the old one comes first.
    """
    lines: list[str] = []
    try:
        file = path.stat().st_ino
        if place.file and file != place.file:
            lines, place = _rest(path, place), Place()
        more, byte = _after(path, place.byte)
    except OSError:
        return lines, place
    return lines + more, Place(file, byte)


def _rest(path: Path, place: Place) -> list[str]:
    """What had not been read of the file that this one has followed."""
    for old in path.parent.glob(f"{path.name}.*"):
        if old.stat().st_ino == place.file:
            return _after(old, place.byte)[0]
    return []


def _after(path: Path, byte: int) -> tuple[list[str], int]:
    size = path.stat().st_size
    if size < byte:
        byte = 0  # it was emptied
    start = max(byte, size - _TAIL_BYTES)
    with path.open("rb") as file:
        file.seek(start)
        text = file.read()
    whole = text[: text.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").split("\n")[:-1]
    return lines[1:] if start > byte else lines, start + len(whole)  # the first one is cut


def _broken(line: str, width: int) -> list[str]:
    """A line in as many as the screen needs, all below their first indented."""
    bare = line.lstrip(" ")
    first = " " * min(len(line) - len(bare), width // 2)
    return list(wrapped(steady(bare), width, first=first, indent=first + _INDENT))
