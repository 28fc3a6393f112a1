"""The feed: the most recent messages, of which only the rows on the screen are ever drawn.

A `ScrollView` that is looked at costs the same at one message a second and at five thousand; a
log widget that is pushed to falls a second behind at five thousand (`benchmarks/feed.py`).
"""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from guildwatch.console.rows import Day, Row, Rows, Wanted
from guildwatch.console.view import View
from guildwatch.console.wording import called, fitted, sign, steady, wordless
from guildwatch.digest.transcript.clean import plain
from guildwatch.model import Message, MessageKind
from guildwatch.report.wrapping import wrapped

_TIME, _CHANNEL, _AUTHOR, _SIGN = 5, 14, 12, 1
_NARROW = 56  # below this many cells the channel's column is left out
_WIDE = 120  # from this many on names get half as much again
_STRIPS = 500  # rows that are kept as they were drawn: ten screens full
_MARKS = {MessageKind.REPLY: "↳", MessageKind.FORWARD: "↪"}
READ = 1_000
"""Characters of one message that are looked at: what follows could stand in no row."""


class Feed(ScrollView, can_focus=True):
    """Messages as lines, newest last; stays at the end unless the reader scrolls up or pauses."""

    DEFAULT_CSS = "Feed { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }"

    # Textual's own lays out the whole screen anew at every change: 10 ms, 15 times a second.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._view = view
        self._rows = Rows(view.own_zone)
        self._revision = -1
        self._held_at: int | None = None
        self._height = 0
        self._hint = ""
        self._looks: tuple[int, int] | None = None
        self._base = Style()
        self._strips: dict[Row, Strip] = {}
        self._styles: dict[str, Style] = {}

    @property
    def rows(self) -> Rows:
        """The lines as they stand."""
        return self._rows

    @property
    def is_paused(self) -> bool:
        """Whether it is held still."""
        return self._held_at is not None

    @property
    def unread(self) -> int:
        """How many messages have come since it was paused."""
        recent = self._view.pulse.recent
        return sum(one.id > self._held_at for one in recent) if self._held_at is not None else 0

    def show_only(self, wanted: Wanted | None) -> None:
        """Shows the messages for which this holds (None: all), from the newest back."""
        self.want(wanted)
        self._to_end()

    def want(self, wanted: Wanted | None) -> None:
        """Shows the messages for which this holds, and stays where the reader is."""
        self._rows.want(wanted)
        self._revision = -1
        self.look()

    def tell(self, hint: str) -> None:
        """Says this in the middle while there is nothing to show."""
        if hint != self._hint:
            self._hint = hint
            self.refresh()

    def look(self) -> None:
        """Takes over what is new; a paused feed takes over only what has vanished."""
        revision = self._view.pulse.revision
        if revision == self._revision:
            return
        self._revision = revision
        at = round(self.scroll_offset.y)
        was_at_end = at >= len(self._rows) - self._height
        self._height = self.size.height
        top = self._rows[at] if at < len(self._rows) else None
        before = self._on_screen()
        self._rows.follow(self._view.pulse.recent, until=self._held_at)
        self.virtual_size = Size(self.size.width, len(self._rows))
        if was_at_end and not self.is_paused:
            self._to_end()
        elif top is not None and (place := self._rows.place_of(top)) != at:
            self.scroll_to(y=place, animate=False, immediate=True)  # the reader's line stays put
        if self._on_screen() != before:
            self.refresh()

    def _on_screen(self) -> list[Row]:
        return self._rows.between(round(self.scroll_offset.y), self.size.height)

    def _to_end(self) -> None:
        # Only after the next layout is it known how far down the end is.
        self.call_after_refresh(self.scroll_end, animate=False)

    def on_resize(self) -> None:
        """Stays at the end when a line about something wrong takes room from it."""
        self._revision = -1
        self.look()

    def watch_virtual_size(self, old: Size, new: Size) -> None:
        """Tells the scrollbar; only where it comes or goes there is something to lay out."""
        room = self.scrollable_content_region.height
        if (old.height > room) != (new.height > room):
            self.refresh(layout=True)
        elif self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = new.height

    def toggle_pause(self) -> None:
        """Holds the feed still, or lets it run on from the newest."""
        if self.is_paused:
            self._held_at = None
            self._to_end()
        else:
            recent = self._view.pulse.recent
            self._held_at = recent[-1].id if recent else 0
        self._revision = -1
        self.look()

    def render_line(self, y: int) -> Strip:
        """Draws one row of the screen."""
        row, width = round(self.scroll_offset.y) + y, self.scrollable_content_region.width
        looks = (width, self._view.roster.revision)
        if looks != self._looks or len(self._strips) > _STRIPS:
            self._looks = looks
            self._base = self.rich_style
            self._strips.clear()
            self._styles.clear()
        if row < len(self._rows):
            return self._drawn(self._rows[row], width)
        return self._strip([] if len(self._rows) else self._hint_line(y, width), width)

    def notify_style_update(self) -> None:
        """Forgets what was drawn in other colours."""
        super().notify_style_update()
        self._looks = None

    def _drawn(self, row: Row, width: int) -> Strip:
        """A row as it was drawn before, unless something that it shows has changed since."""
        strip = self._strips.get(row)
        if strip is None:
            line = self._day(row) if isinstance(row, Day) else self._line(row, width)
            strip = self._strips[row] = self._strip(line, width)
        return strip

    def _strip(self, line: list[Segment], width: int) -> Strip:
        return Strip(line).adjust_cell_length(width).apply_style(self._base)

    def _hint_line(self, y: int, width: int) -> list[Segment]:
        lines = [line for part in self._hint.splitlines() for line in wrapped(part, width - 4)]
        at = y - max(0, (self.size.height - len(lines)) // 3)
        if not 0 <= at < len(lines):
            return []
        return [Segment("  " + lines[at], self._style("foreground") if at == 0 else self._quiet())]

    def _day(self, day: Day) -> list[Segment]:
        return [Segment(f"── {day.date:%A}, {day.date.day} {day.date:%B} ──", self._quiet())]

    def _line(self, message: Message, width: int) -> list[Segment]:
        quiet = self._quiet()
        sent = message.created_at.astimezone(self._view.own_zone)
        wider = 2 if width < _WIDE else 3
        columns = [(f"{sent:%H:%M}", _TIME, quiet)]
        if width >= _NARROW:
            place = self._place(message.channel_id)
            columns.append((place, _CHANNEL * wider // 2, self._style("primary")))
        author = called(message.author.name) or "someone"
        columns.append(
            (
                author,
                _AUTHOR * wider // 2,
                self._style("foreground") + Style(bold=not message.author.is_bot),
            )
        )
        text_width = width - sum(cells + 1 for _, cells, _ in columns) - _SIGN - 1
        style = (
            quiet
            if message.author.is_bot or not message.kind.is_talk
            else self._style("foreground")
        )
        columns.append((self._said(message), max(1, text_width), style))
        segments = [Segment(fitted(text, cells) + " ", style) for text, cells, style in columns]
        return [*segments, Segment(sign(message.score), self._mood_style(message.score))]

    def _place(self, channel_id: int) -> str:
        channel = self._view.roster.channel(channel_id)
        if channel is None:
            return ""
        return f"{'↳ ' if channel.kind.is_thread else '#'}{called(channel.name)}"

    def _said(self, message: Message) -> str:
        """The message as a person would read it aloud, with what it carries and what became of it.

        Mentions are told by name; what cannot be seen is not shown.
        """
        text = (message.text or "")[:READ]
        guild = self._view.roster.guild(message.guild_id) if "<#" in text else None
        channels = {one.id: one for one in guild.channels} if guild else {}
        names = {author.id: author.name for author in message.mentioned}
        parts = [
            _MARKS.get(message.kind, ""),
            steady(plain(text, names.get, channels)) or wordless(message),
            f"📎{message.attachments}" if text and message.attachments else "",
            "▣" if text and message.stickers else "",
            "(edited)" if message.edited_at else "",
        ]
        return " ".join(filter(None, parts))

    def _mood_style(self, score: float | None) -> Style:
        return self._style("success" if (score or 0) > 0 else "error")

    def _quiet(self) -> Style:
        return self._style("text-muted")

    def _style(self, variable: str) -> Style:
        style = self._styles.get(variable)
        if style is None:
            colour = self.app.theme_variables.get(variable, "")
            style = Style(color=colour) if colour.startswith("#") else Style(dim=True)
            self._styles[variable] = style
        return style
