"""The panel that tells how one guild is today, against the last weeks."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.content import Content
from textual.widgets import Static

from guildwatch.console.figures import MONTH, WEEK, Figures, month_until
from guildwatch.console.view import View
from guildwatch.console.wording import bars, called, drops, fitted, gauge, signed, sparks

_LINES = 5
_GAP = 3
_ROOMY = 180  # cells from which on every bar is twice as wide
_DRAWN, _EMPTY = "[▀-▔]+", "·+"
_FULL_MOOD = 0.3  # a day's mean that fills a bar, unless one is better still


class MoodPanel(Static):
    """Mood and activity of one guild: now, today, by hour, over 7 and over 30 days.

    Where it is only a line high it tells the most important of these in one line.
    """

    DEFAULT_CSS = "MoodPanel { text-wrap: nowrap; }"

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id, markup=False)
        self._view = view
        self._guild_id: int | None = None
        self.figures: Figures | None = None

    async def show(self, guild_id: int | None) -> None:
        """Reads and shows this guild's figures. Raises StoreError when they cannot be read."""
        self._guild_id = guild_id
        guild = self._view.roster.guild(guild_id) if guild_id else None
        self.border_title = Content(f"Mood · {called(guild.name)}" if guild else "Mood")
        if guild is None:
            self.figures = None
        else:
            zone = self._view.zone(guild.id)
            now = self._view.clock().astimezone(zone)
            hours = await self._view.store.activity.hours(guild.id, *month_until(now, zone))
            self.figures = Figures.of(hours, now)
        self.draw()

    def draw(self) -> None:
        """Shows the figures in the room there is."""
        figures, width = self.figures, self.content_size.width
        if figures is None:
            self.update("The mood shows here as soon as a guild does.")
        elif self.size.height < _LINES:
            self.update(self._coloured(self._line(figures, width)))
        else:
            self.update(self._coloured("\n".join(self._lines(figures, width))))

    def on_mount(self) -> None:
        """Follows the colours."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.draw())

    def on_resize(self) -> None:
        """Fits the figures into the new size."""
        self.draw()

    def _coloured(self, lines: str) -> Text:
        text = Text(lines)
        text.highlight_regex(_DRAWN, self.app.theme_variables["primary"])
        text.highlight_regex(_EMPTY, "dim")
        return text

    def _present(self) -> float | None:
        return self._view.pulse.mood(self._guild_id) if self._guild_id else None

    def _line(self, figures: Figures, width: int) -> str:
        low = min(0.0, *(mood for mood in figures.moods if mood is not None), 0.0)
        month = sparks(figures.moods, low, _full(figures))
        week = month[-WEEK:]
        told = f"mood {signed(self._present())}  today {signed(figures.today)}"
        for more in (f"  7 d {week}", f"  30 d {month}", f"  usual {signed(figures.usual)}"):
            if cell_len(told + more) <= width:
                told += more
        return told

    def _lines(self, figures: Figures, width: int) -> Iterator[str]:
        """As many of the blocks as there is room for, side by side; wider where there is more."""
        wide = 2 if width >= _ROOMY else 1
        blocks = [
            list(self._gauges(figures)),
            _block("mood, last 7 days", list(_week(figures, wide))),
            _block(f"mood, 30 days, to {signed(_full(figures))}", list(_month(figures, wide))),
            _block(f"by hour, to {max(figures.by_hour):,} messages", list(_hours(figures, wide))),
        ]
        shown: list[list[str]] = []
        for block in blocks:
            if sum(_width(one) + _GAP for one in (*shown, block)) - _GAP <= width:
                shown.append(block)
        for line in range(_LINES):
            parts = (fitted(block[line], _width(block)) for block in shown)
            yield (" " * _GAP).join(parts)

    def _gauges(self, figures: Figures) -> Iterator[str]:
        moods = {"mood now": self._present(), "today": figures.today, "usual": figures.usual}
        for name, score in moods.items():
            yield f"{name:<9}{gauge(score)} {signed(score)}"
        yield f"positive today  {100 * figures.positive:>4.0f} %"
        yield f"negative today  {100 * figures.negative:>4.0f} %"


def _block(title: str, lines: list[str]) -> list[str]:
    """A title over a picture, at least as wide as its picture."""
    return [fitted(title, cell_len(lines[0])), *lines]


def _width(block: list[str]) -> int:
    return max(map(cell_len, block))


def _full(figures: Figures) -> float:
    return max(_FULL_MOOD, *(abs(mood) for mood in figures.moods if mood is not None), 0.0)


def _pictured(moods: Sequence[float | None], full: float, width: int) -> list[str]:
    """Bars that stand on a line for good days, and hang from it for bad ones, if there are any."""
    if all(mood is None or mood >= 0 for mood in moods):
        return bars(moods, full, _LINES - 2, width)
    return [*bars(moods, full, _LINES - 3, width), drops(moods, full, width)]


def _week(figures: Figures, wide: int) -> Iterator[str]:
    cells = 3 * wide - 1
    for line in _pictured(figures.moods[-WEEK:], _full(figures), cells):
        yield " ".join(line[at : at + cells] for at in range(0, WEEK * cells, cells))
    yield " ".join(f"{day:%a}"[:cells].ljust(cells) for day in figures.days[-WEEK:])


def _month(figures: Figures, wide: int) -> Iterator[str]:
    yield from _pictured(figures.moods, _full(figures), wide)
    first = figures.days[0]
    yield f"{first.day} {first:%b}" + "today".rjust(MONTH * wide - len(f"{first.day} {first:%b}"))


def _hours(figures: Figures, wide: int) -> Iterator[str]:
    counts = [count or None for count in figures.by_hour]
    yield from bars(counts, max(figures.by_hour), _LINES - 2, wide)
    yield "".join(f"{hour:<{6 * wide}}" for hour in (0, 6, 12, 18))
