"""The record of changes over the Settings screen: who configured what, and when."""

import re
from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from guildwatch.console.keys import Keys
from guildwatch.console.view import View
from guildwatch.console.wording import called, steady
from guildwatch.model import Change, ChangeSource
from guildwatch.store import StoreError

_SHOWN = 200
_NONE = "Nothing has been changed yet."
_ABOUT = "Who changed what: by commands in Discord, here, or in the file and the environment."
_PLACE = re.compile(r"<(#|@&)(\d+)>")


class Changes(ModalScreen[None]):
    """The latest changes, the newest first; it closes with escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Back", tooltip="Close the record of changes"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._lines = Static(id="changes", markup=False)

    def compose(self) -> ComposeResult:
        """Lays out the lines in a frame."""
        with Vertical(id="record"):
            yield Static("Changes", classes="title", markup=False)
            yield Static(_ABOUT, classes="where", markup=False)
            yield VerticalScroll(self._lines, id="scroll")
            yield Keys()

    def on_mount(self) -> None:
        """Reads the record."""
        self.query_one("#scroll").focus()
        self._read()

    @work
    async def _read(self) -> None:
        try:
            changes = await self._view.store.record.latest(limit=_SHOWN)
            names = {one: await self._names(one, changes) for one in _guilds(changes)}
        except StoreError as error:
            self._lines.update(str(error))
            return
        told = [self._line(one, names.get(one.guild_id or 0, {})) for one in changes]
        self._lines.update(Text("\n").join(told) if told else _NONE)

    async def _names(self, guild_id: int, changes: list[Change]) -> Mapping[int, str]:
        ids = {one.by.member_id for one in changes if one.guild_id == guild_id}
        return await self._view.store.guilds.author_names(guild_id, ids)

    def _line(self, change: Change, names: Mapping[int, str]) -> Text:
        at = change.at.astimezone(self._view.own_zone)
        guild = self._view.roster.guild(change.guild_id or 0)
        where = f"{called(guild.name)}: " if guild is not None else ""
        line = Text(f"{at.day:>2} {at:%b %H:%M}  ", style="dim")
        line.append(f"{where}{self._placed(change, change.name)}", style="bold")
        before, after = (self._placed(change, one) or "not set" for one in _values(change))
        return line.append(f"  {before} → {after}  ").append(_who(change, names), style="dim")

    def _placed(self, change: Change, text: str) -> str:
        """The text with the names of channels and roles, as far as they are there."""
        guild = self._view.roster.guild(change.guild_id or 0)

        def named(found: re.Match[str]) -> str:
            sign, id_ = "#" if found[1] == "#" else "@", int(found[2])
            known = (guild.channels if sign == "#" else guild.roles) if guild is not None else ()
            name = next((called(one.name) for one in known if one.id == id_), str(id_))
            return f"{sign}{name}"

        return steady(_PLACE.sub(named, text))


def _guilds(changes: list[Change]) -> set[int]:
    return {one.guild_id for one in changes if one.guild_id is not None}


def _values(change: Change) -> tuple[str, str]:
    return change.before, change.after


def _who(change: Change, names: Mapping[int, str]) -> str:
    by = change.by
    if by.source is ChangeSource.FILE:
        return "file or environment"
    if by.source is ChangeSource.CONSOLE:
        return "operator"
    if not by.member_id:
        return "a former member"
    return called(names.get(by.member_id, "")) or f"member {by.member_id}"
