"""The Live screen: who is there, what is being said, and how it feels."""

from collections.abc import Callable

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Input, Static, Tree

from guildwatch.console.feed import Feed
from guildwatch.console.mood import MoodPanel
from guildwatch.console.places import Place, Places
from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.model import Message
from guildwatch.report.inert import plain
from guildwatch.store import StoreError

_LOOKS_A_SECOND = 15
_MOOD_SECONDS = 5


class Live(Screen[None]):
    """Tree, feed and mood side by side; narrower, the mood folds into a line and the tree goes."""

    CSS_PATH = "live.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - textual's way
    BINDINGS = [  # noqa: RUF012 - textual's way
        Binding("slash", "filter", "Filter", tooltip="Show only messages with these words"),
        Binding(
            "p,space",
            "pause",
            "Pause",
            key_display="p",
            tooltip="Hold the feed still, or let it run on",
        ),
        Binding("t", "track", "Track/ignore", tooltip="Track or ignore the channel at the cursor"),
        Binding("g", "guilds", "Guilds", tooltip="Show or hide the tree of guilds"),
        Binding("escape", "everything", "All", tooltip="Show everything again"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._place: Place | None = None
        self._words = ""

    def compose(self) -> ComposeResult:
        """Lays out the panels."""
        yield StatusLine(self._view)
        with Horizontal(id="panels"):
            yield Places(self._view, id="places")
            with Vertical(id="middle"):
                yield Feed(self._view, id="feed")
                yield Static(id="hint", markup=False)
                yield Input(placeholder="words to look for", id="filter")
            yield MoodPanel(self._view, id="mood")
        yield Footer()

    def on_mount(self) -> None:
        """Begins to look."""
        self.query_one("#places").border_title = "Guilds"
        self._retitle()
        self.query_one(Places).focus()
        self.set_interval(1 / _LOOKS_A_SECOND, self._look)
        self.set_interval(_MOOD_SECONDS, self._look_at_mood)
        self._look()
        self._look_at_mood()

    def _look(self) -> None:
        self.query_one(Feed).look()
        places = self.query_one(Places)
        places.look()
        hint = self.query_one("#hint", Static)
        empty = not self.query_one(Feed).messages
        hint.display = empty
        if empty:
            hint.update(self._why_empty())

    def _why_empty(self) -> str:
        if self._place or self._words:
            return "Nothing here yet. Esc shows everything."
        if not self._view.roster.guilds():
            return "No guild yet. Invite the bot, and it appears here."
        return "Quiet so far."

    @work(exclusive=True)
    async def _look_at_mood(self) -> None:
        try:
            await self.query_one(MoodPanel).show(self._guild_id())
        except StoreError as error:
            self.notify(str(error), severity="error")

    def _guild_id(self) -> int | None:
        place = self._place or self.query_one(Places).place
        guilds = self._view.roster.guilds()
        return place.guild_id if place else guilds[0].id if guilds else None

    @on(Tree.NodeSelected)
    def _choose(self, event: "Tree.NodeSelected[Place]") -> None:
        self._place = event.node.data
        self._show()

    @on(Input.Changed, "#filter")
    def _search(self, event: Input.Changed) -> None:
        self._words = event.value.casefold().strip()
        self._show()

    @on(Input.Submitted, "#filter")
    def _leave_filter(self) -> None:
        self.query_one("#filter").display = False
        self.query_one(Feed).focus()

    def action_filter(self) -> None:
        """Opens the line for words."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_pause(self) -> None:
        """Holds the feed, or lets it run."""
        self.query_one(Feed).toggle_pause()
        self._retitle()

    def action_guilds(self) -> None:
        """Shows or hides the tree."""
        self.query_one(Places).toggle_class("drawn")

    def action_everything(self) -> None:
        """Takes back every choice and filter."""
        self._place = None
        field = self.query_one("#filter", Input)
        field.value = ""
        field.display = False
        self._words = ""
        self._show()
        self.query_one(Places).focus()

    @work
    async def action_track(self) -> None:
        """Tracks an ignored channel, or ignores a tracked one; a category's choice is inherited."""
        place = self.query_one(Places).place
        channel = (
            self._view.roster.channel(place.channel_id) if place and place.channel_id else None
        )
        if channel is None:
            self.notify("Choose a channel or a category in the tree first.")
            return
        chosen = self._view.roster.choice(channel.id)
        tracked = not (self._view.roster.is_tracked(channel.id) if chosen is None else chosen)
        try:
            await self._view.roster.choose_tracking(channel.id, tracked)
        except StoreError as error:
            self.notify(str(error), severity="error")
            return
        doing = "tracked" if tracked else "ignored from now on"
        self.notify(f"#{plain(channel.name)} is {doing}.", markup=False)

    def _show(self) -> None:
        self.query_one(Feed).show_only(self._wanted())
        self._retitle()
        self._look_at_mood()

    def _wanted(self) -> Callable[[Message], bool]:
        place, words = self._place, self._words
        channels = self._channels(place)

        def wanted(message: Message) -> bool:
            here = place is None or message.guild_id == place.guild_id
            there = channels is None or message.channel_id in channels
            return here and there and words in (message.text or "").casefold()

        return wanted

    def _channels(self, place: Place | None) -> frozenset[int] | None:
        """The channel chosen and all below it; None for no choice of channel."""
        guild = self._view.roster.guild(place.guild_id) if place else None
        if place is None or place.channel_id is None or guild is None:
            return None
        found = {place.channel_id}
        for _ in range(2):  # category → channel → thread
            found |= {channel.id for channel in guild.channels if channel.parent_id in found}
        return frozenset(found)

    def _retitle(self) -> None:
        feed = self.query_one(Feed)
        held = " · paused" if feed.is_paused else ""
        words = f" · “{self._words}”" if self._words else ""
        feed.border_title = f"Live · {self._place_name()}{words}{held}"

    def _place_name(self) -> str:
        if self._place is None:
            return "all guilds"
        channel = self._view.roster.channel(self._place.channel_id or 0)
        guild = self._view.roster.guild(self._place.guild_id)
        return plain(channel.name if channel else guild.name if guild else "")
