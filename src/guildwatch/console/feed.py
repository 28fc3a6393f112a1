"""The feed: the most recent messages, of which only the rows on the screen are ever drawn.

A `ScrollView` that is looked at costs the same at one message a second and at five thousand; a
log widget that is pushed to falls a second behind at five thousand.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from guildwatch.console.view import View
from guildwatch.console.wording import fitted, sign
from guildwatch.model import Message, MessageKind
from guildwatch.report.inert import plain

_TIME, _CHANNEL, _AUTHOR, _SIGN = 5, 12, 11, 1
_NARROW = 56  # below this many cells the channel's column is left out

Row = Message | date
"""A line of the feed: a message, or the day that begins with the next one."""


class Feed(ScrollView, can_focus=True):
    """Messages as lines, newest last; stays at the end unless the reader scrolls up or pauses."""

    DEFAULT_CSS = "Feed { height: 1fr; scrollbar-size-vertical: 1; }"

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._view = view
        self._rows: list[Row] = []
        self._revision = -1
        self._wanted: Callable[[Message], bool] = lambda _message: True
        self._held_at: int | None = None

    @property
    def messages(self) -> list[Message]:
        """The messages shown, oldest first."""
        return [row for row in self._rows if isinstance(row, Message)]

    @property
    def is_paused(self) -> bool:
        """Whether it is held still."""
        return self._held_at is not None

    def show_only(self, wanted: Callable[[Message], bool]) -> None:
        """Shows the messages for which this holds, from the newest back."""
        self._wanted = wanted
        self._revision = -1
        self.look()
        self._to_end()

    def look(self) -> None:
        """Takes over what is new; a paused feed takes over only what has vanished."""
        revision = self._view.pulse.revision
        if revision == self._revision:
            return
        was_at_end = self.scroll_offset.y >= len(self._rows) - self.size.height
        self._rows, self._revision = list(self._with_days()), revision
        self.virtual_size = Size(self.size.width, len(self._rows))
        if was_at_end and not self.is_paused:
            self._to_end()
        self.refresh()

    def _to_end(self) -> None:
        # Only after the next layout is it known how far down the end is.
        self.call_after_refresh(self.scroll_end, animate=False)

    def _with_days(self) -> Iterator[Row]:
        day = None
        for message in self._view.pulse.recent:
            if self._held_at is not None and message.id > self._held_at:
                return
            if self._wanted(message):
                if (begun := self._local(message).date()) != day:
                    day = begun
                    yield day
                yield message

    def _local(self, message: Message) -> datetime:
        return message.created_at.astimezone(self._view.zone(message.guild_id))

    def toggle_pause(self) -> None:
        """Holds the feed still, or lets it run on."""
        newest = max((message.id for message in self.messages), default=0)
        self._held_at = None if self.is_paused else newest
        self._revision = -1
        self.look()

    def render_line(self, y: int) -> Strip:
        """Draws one row of the screen."""
        row = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if not 0 <= row < len(self._rows):
            return Strip.blank(width, self.rich_style)
        content = self._rows[row]
        line = self._line(content, width) if isinstance(content, Message) else self._day(content)
        return Strip(line).adjust_cell_length(width).apply_style(self.rich_style)

    def _day(self, day: date) -> list[Segment]:
        return [Segment(f"── {day:%A, %d %B} ──", self._style("text-muted"))]

    def _line(self, message: Message, width: int) -> list[Segment]:
        quiet = self._style("text-muted")
        channel = self._view.roster.channel(message.channel_id)
        place = f"#{plain(channel.name)}" if channel else ""
        columns = [(f"{self._local(message):%H:%M}", _TIME, quiet)]
        if width >= _NARROW:
            columns.append((place, _CHANNEL, self._style("primary")))
        columns.append((plain(message.author.name), _AUTHOR, Style(bold=not message.author.is_bot)))
        text_width = width - sum(cells + 1 for _, cells, _ in columns) - _SIGN - 1
        style = quiet if message.author.is_bot or not message.kind.is_talk else Style()
        columns.append((_said(message), max(1, text_width), style))
        segments = [Segment(fitted(text, cells) + " ", style) for text, cells, style in columns]
        return [*segments, Segment(sign(message.score), self._mood_style(message.score))]

    def _mood_style(self, score: float | None) -> Style:
        return self._style("success" if (score or 0) > 0 else "error")

    def _style(self, variable: str) -> Style:
        colour = self.app.theme_variables.get(variable, "")
        return Style(color=colour) if colour.startswith("#") else Style(dim=True)


def _said(message: Message) -> str:
    words = plain(message.text or "")
    if message.attachments:
        words += f" 📎{message.attachments}"
    if message.stickers:
        words += " ▣"
    if message.edited_at:
        words += " (edited)"
    return ("↳ " if message.kind is MessageKind.REPLY else "") + words.strip()
