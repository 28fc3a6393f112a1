"""The Live screen: who is there, what is being said, and how it feels."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Tree

from guildwatch.console.feed import Feed
from guildwatch.console.keys import Keys
from guildwatch.console.mood import MoodPanel
from guildwatch.console.places import Place, Places
from guildwatch.console.rows import Wanted
from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.console.wording import called, steady
from guildwatch.model import Message
from guildwatch.store import StoreError

_LOOKS_A_SECOND = 15
_COUNTS_A_SECOND = 4
_MOOD_SECONDS = 2
_NO_GUILD = """No guild yet.
Invite the bot to one: Developer Portal, OAuth2, with the scopes bot and applications.commands.
It appears here within a second, reads the last days by itself, and listens."""
_NOT_CONNECTED = """No guild yet.
They appear here as soon as Discord is connected."""


class Live(Screen[None]):
    """Tree and feed side by side over the mood; narrower, the mood is a line, the tree a drawer."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]  # noqa: RUF012 - textual's way
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", tooltip="Show only messages with these words"),
        Binding(
            "p,space",
            "pause",
            "Pause",
            key_display="p",
            tooltip="Hold the feed still, or let it run on",
        ),
        Binding("t", "track", "Track", tooltip="Track or ignore the channel at the cursor"),
        Binding("g", "guilds", "Guilds", tooltip="Go to the tree of guilds; open or close it"),
        Binding("escape", "back", "All", tooltip="Leave the filter, show everything again"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._place: Place | None = None
        self._words = ""
        self._title = ""
        self._has_way_back = False
        self._places = Places(view, id="places")
        self._feed = Feed(view, id="feed")
        # What is typed before the cursor has quite arrived must not be selected and overwritten.
        self._filter = Input(placeholder="words to look for", select_on_focus=False, id="filter")
        self._mood = MoodPanel(view, id="mood")

    def compose(self) -> ComposeResult:
        """Lays out the panels."""
        yield StatusLine(self._view)
        with Horizontal(id="panels"):
            yield self._places
            with Vertical(id="middle"):
                yield self._feed
                yield self._filter
        yield self._mood
        yield Keys()

    def on_mount(self) -> None:
        """Begins to look."""
        self._places.border_title = "Guilds"
        self._filter.display = False
        self.set_interval(1 / _LOOKS_A_SECOND, self._look)
        self.set_interval(1 / _COUNTS_A_SECOND, self._look_at_places)
        self.set_interval(_MOOD_SECONDS, self._look_at_mood)
        self._look_at_places()
        self._look()

    def on_screen_resume(self) -> None:
        """Looks at once when it comes to the front."""
        if self.focused is None:
            self._home().focus()
        self._look_at_mood()

    def _home(self) -> Feed | Places:
        """Where the keys go when nothing else was chosen."""
        return self._places if self._places.display else self._feed

    def _look(self) -> None:
        if self in self.app.screen_stack:  # another screen may be in front of it
            self._feed.look()

    def _look_at_places(self) -> None:
        if self._places.look():
            self._feed.want(self._wanted())  # a thread may have come to the channel
            self._look_at_mood()
        self._retitle()

    @work(exclusive=True)
    async def _look_at_mood(self) -> None:
        try:
            await self._mood.show(self._guild_id())
        except StoreError as error:
            self.notify(str(error), severity="error", markup=False)

    def _guild_id(self) -> int | None:
        """The guild whose mood is told: the chosen one, else that of the cursor, else the first."""
        place = self._place or self._places.place
        guilds = self._view.roster.guilds()
        return place.guild_id if place else guilds[0].id if guilds else None

    @on(Tree.NodeHighlighted)
    def _walk(self) -> None:
        self._look_at_mood()

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
        self._filter.display = bool(self._words)
        self.set_focus(self._feed)

    def action_filter(self) -> None:
        """Opens the line for words."""
        self._filter.display = True
        self.set_focus(self._filter)  # at once: the next key is its own

    def action_pause(self) -> None:
        """Holds the feed, or lets it run."""
        self._feed.toggle_pause()
        self._retitle()

    def action_guilds(self) -> None:
        """Goes to the tree; where it is a drawer it opens, or closes again."""
        if self.has_class("-narrow"):
            self._places.toggle_class("drawn")
        self._home().focus()

    def action_back(self) -> None:
        """Takes back one thing: the filter, else the place, else the open drawer."""
        if self._filter.display:
            self._filter.value = ""
            self._filter.display = False
            self.set_focus(self._home())
        elif self._place is not None:
            self._place = None
            self._show()
        elif self.has_class("-narrow"):
            self._places.remove_class("drawn")
            self._feed.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key means something now: Esc only while there is something to take back."""
        if action == "back":
            drawn = self.has_class("-narrow") and self._places.has_class("drawn")
            return drawn or self._place is not None or self._filter.display
        return super().check_action(action, parameters)

    @work
    async def action_track(self) -> None:
        """Tracks an ignored channel, or ignores a tracked one; a category's choice is inherited."""
        roster, place = self._view.roster, self._places.place
        channel = roster.channel(place.channel_id) if place and place.channel_id else None
        if channel is None:
            self.notify("Choose a channel or a category in the tree first.")
            return
        below = self._channels(place) or ()
        tracked = not any(map(roster.is_tracked, below))
        try:
            await roster.choose_tracking(channel.id, tracked)
        except StoreError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        name = called(channel.name)
        if tracked and not any(map(roster.is_tracked, below)):
            told = f"The bot cannot read {name}. Grant it Read Message History there."
        else:
            told = f"{name} is {'tracked' if tracked else 'ignored from now on'}."
        self.notify(told, markup=False)

    def _show(self) -> None:
        self._feed.show_only(self._wanted())
        self._retitle()
        self._look_at_mood()
        if self._has_way_back != self.check_action("back", ()):
            self._has_way_back = not self._has_way_back
            self.refresh_bindings()  # the footer is built anew: not at every letter

    def _wanted(self) -> Wanted | None:
        place, words = self._place, self._words
        if place is None and not words:
            return None
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
        feed = self._feed
        unread = f", {feed.unread:,} newer" if feed.unread else ""
        held = f" · paused{unread}" if feed.is_paused else ""
        words = f" · “{steady(self._words)}”" if self._words else ""
        title = f"Live · {self._place_name()}{words}{held}"
        if title != self._title:  # setting it draws the whole feed
            self._title = title
            feed.border_title = Content(title)
        feed.tell(self._why_empty())

    def _why_empty(self) -> str:
        if self._words or self._place:
            return "Nothing here yet.\nEsc shows everything again."
        if self._view.roster.guilds():
            return "Quiet so far.\nWhat people write appears here."
        connected = self._view.connection.connected_since is not None
        return _NO_GUILD if connected else _NOT_CONNECTED

    def _place_name(self) -> str:
        if self._place is None:
            return "all guilds"
        channel = self._view.roster.channel(self._place.channel_id or 0)
        guild = self._view.roster.guild(self._place.guild_id)
        return called(channel.name if channel else guild.name if guild else "gone")
