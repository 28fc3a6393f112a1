"""The Log screen: the end of today's log file, as it grows."""

import asyncio
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer, Log, Static

from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.report.inert import plain

_TAIL_BYTES = 200_000
_LINES = 5_000


class LogScreen(Screen[None]):
    """Follows the file that the program writes; nothing in it can command the terminal."""

    CSS_PATH = "log.tcss"

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._at = 0

    def compose(self) -> ComposeResult:
        """Lays out the lines."""
        yield StatusLine(self._view)
        yield Static(str(self._view.log_file), classes="where", markup=False)
        yield Log(max_lines=_LINES, id="lines")
        yield Footer()

    def on_mount(self) -> None:
        """Begins to follow."""
        self.set_interval(1, self._follow)
        self._follow()
        self.query_one(Log).focus()

    @work(exclusive=True)
    async def _follow(self) -> None:
        lines, self._at = await asyncio.to_thread(_read, self._view.log_file, self._at)
        if lines:
            self.query_one(Log).write_lines(lines)


def _read(path: Path, at: int) -> tuple[list[str], int]:
    """The whole lines after this byte, and where they end; a new day's file begins anew."""
    try:
        size = path.stat().st_size
        if size < at:
            at = 0
        start = max(at, size - _TAIL_BYTES)
        with path.open("rb") as file:
            file.seek(start)
            text = file.read()
    except OSError:
        return [], at
    whole = text[: text.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").splitlines()
    if start > at:
        lines = lines[1:]  # the first one is cut
    return [_indented(line) for line in lines], start + len(whole)


def _indented(line: str) -> str:
    stripped = line.lstrip(" ")
    return " " * (len(line) - len(stripped)) + plain(stripped)
