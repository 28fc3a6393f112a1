"""A page to read: lines in passages, of which some can be chosen with the cursor or the mouse."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

_GUTTER = 2  # cells at the left, for the sign of the cursor
_NARROWEST, _WIDEST = 28, 110  # cells of a line that is easy to read
_QUIET = "text-muted"


class Line(NamedTuple):
    """A line of text, in a colour of the theme."""

    text: str
    look: str = "foreground"


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together; one with a `choice` can be chosen, and is known by it."""

    lines: tuple[Line, ...]
    choice: Hashable = None


class Reading(NamedTuple):
    """Where somebody is on a page."""

    chosen: Hashable
    top: int


def as_said(lines: Iterable[str]) -> Piece:
    """Lines to be read that cannot be chosen."""
    return Piece(tuple(Line(one) for one in lines))


def quiet(*lines: str) -> Piece:
    """Lines that stay in the background."""
    return Piece(tuple(Line(one, _QUIET) for one in lines))


class Page(ScrollView, can_focus=True):
    """Shows pieces below each other; up and down go from choice to choice, and through the rest.

    The cursor is a sign beside its piece, and only then a colour.
    """

    DEFAULT_CSS = (
        "Page { overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }"
    )

    class Clicked(Message):
        """Somebody clicked on a piece that can be chosen; it is chosen now."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._pieces: list[Piece] = []
        self._rows: list[tuple[Line, int]] = []
        self._starts: list[int] = []
        self._at: int | None = None

    @property
    def room(self) -> int:
        """How many cells a line may take."""
        width = self.scrollable_content_region.width - _GUTTER - 1
        return max(_NARROWEST, min(width, _WIDEST))

    @property
    def chosen(self) -> Hashable:
        """The choice at the cursor, None where there is none."""
        return None if self._at is None else self._pieces[self._at].choice

    @property
    def reading(self) -> Reading:
        """Where the reader is."""
        return Reading(self.chosen, round(self.scroll_offset.y))

    @property
    def is_at_end(self) -> bool:
        """Whether its last line is on the screen."""
        return self.scroll_offset.y >= self.max_scroll_y

    def show(self, pieces: Sequence[Piece]) -> None:
        """Shows these instead; what was chosen stays chosen if it is still among them."""
        chosen = self.chosen
        self._pieces = list(pieces)
        self._starts, self._rows = [], []
        for at, piece in enumerate(pieces):
            self._starts.append(len(self._rows))
            self._rows += [(line, at) for line in piece.lines]
        self._at = self._place_of(chosen)
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()

    def read_on(self, reading: Reading) -> None:
        """Goes where the reader was before."""
        self._at = self._place_of(reading.chosen)
        self.scroll_to(y=reading.top, animate=False)
        self.refresh()

    def from_top(self) -> None:
        """Goes to the first line and the first choice."""
        self._at = self._place_of(None)
        self.scroll_home(animate=False)
        self.refresh()

    def action_scroll_down(self) -> None:
        """Goes to the next choice, or a line down where that is further away."""
        if not self._go(1):
            super().action_scroll_down()

    def action_scroll_up(self) -> None:
        """Goes to the choice before, or a line up where that is further away."""
        if not self._go(-1):
            super().action_scroll_up()

    def on_click(self, event: Click) -> None:
        """Chooses what was clicked on."""
        offset = event.get_content_offset(self)
        row = round(self.scroll_offset.y) + offset.y if offset else len(self._rows)
        if row < len(self._rows) and self._pieces[self._rows[row][1]].choice is not None:
            self._at = self._rows[row][1]
            self.refresh()
            self.post_message(self.Clicked())

    def render_line(self, y: int) -> Strip:
        """Draws one row of the screen."""
        row, width = round(self.scroll_offset.y) + y, self.scrollable_content_region.width
        base = self.rich_style
        if row >= len(self._rows):
            return Strip.blank(width, base)
        line, piece = self._rows[row]
        style = self._style(line.look)
        at_cursor = piece == self._at and self._pieces[piece].choice is not None
        sign = "▸ " if at_cursor and row == self._starts[piece] else "  "
        if at_cursor and self.has_focus:
            base += Style(bgcolor=self.app.theme_variables["panel"])
        marked = Segment(sign, self._style("accent" if self.has_focus else _QUIET))
        strip = Strip([marked, Segment(line.text, style)]).adjust_cell_length(width)
        return strip.apply_style(base)

    def _go(self, step: int) -> bool:
        """Moves the cursor to the next choice on that side, if it is no more than a screen away."""
        top, height = round(self.scroll_offset.y), self.size.height
        wanted = self._next(step, top, height)
        if wanted is None:
            return False
        start = self._starts[wanted]
        if not top - height < start < top + 2 * height - 1:
            return False
        self._at = wanted
        self._reveal(start, start + len(self._pieces[wanted].lines), top, height)
        self.refresh()
        return True

    def _next(self, step: int, top: int, height: int) -> int | None:
        """The choice after the cursor; after a look at another part of the page, one of those."""
        here = self._at
        if here is None or not top <= self._starts[here] < top + height:
            on_screen = [one for one in self._choices() if top <= self._starts[one] < top + height]
            if on_screen:
                return on_screen[0 if step > 0 else -1]
        beyond = [one for one in self._choices() if here is not None and (one - here) * step > 0]
        return min(beyond, key=lambda one: abs(one - (here or 0)), default=None)

    def _reveal(self, start: int, end: int, top: int, height: int) -> None:
        if self._at == self._place_of(None) and end <= height:
            self.scroll_home(animate=False)  # with what stands above the first one
        elif start < top or end - start >= height:
            self.scroll_to(y=start, animate=False)
        elif end > top + height:
            self.scroll_to(y=end - height, animate=False)

    def _choices(self) -> list[int]:
        return [at for at, piece in enumerate(self._pieces) if piece.choice is not None]

    def _place_of(self, choice: Hashable) -> int | None:
        """The piece with this choice, else the first one that has any."""
        same = (at for at in self._choices() if self._pieces[at].choice == choice)
        return next(same, next(iter(self._choices()), None))

    def _style(self, variable: str) -> Style:
        colour = self.app.theme_variables.get(variable, "")
        return Style(color=colour) if colour.startswith("#") else Style(dim=True)
