"""The Reports screen: every day that was told, and today so far when it is asked for."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList

from guildwatch.console.chosen import Chosen, receipts_pieces, report_pieces
from guildwatch.console.days import Days, Row
from guildwatch.console.drafts import Draft, Writing, begun, withdraw, write
from guildwatch.console.keys import Keys
from guildwatch.console.page import Page, Piece, Reading, as_said
from guildwatch.console.receipts import address, read
from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.console.wording import called, fitted, readers_said, steady, withdrawn
from guildwatch.model import Guild, GuildwatchError, PeriodKind, Report
from guildwatch.report.around import Around
from guildwatch.report.wrapping import wrapped
from guildwatch.sensitive import masked
from guildwatch.store import StoredReport

_SECONDS = 1
_LOOKS_A_SECOND = 10
_DRAFT = "draft"
_CHANGING = ("cancel", "next_guild", "open", "back")  # keys that mean something at times
_KINDS = {PeriodKind.DAY: "", PeriodKind.WEEK: " · week", PeriodKind.MONTH: " · month"}
_NO_REPORT = "No report yet.\n\nEvery day gets one when it is over. Press w to read today so far."
_NO_GUILD = "No guild yet.\n\nReports appear here once the bot is in a guild."

_Shown = tuple[str | None, Report | Writing | str, int, str, Around | None]


class Reports(Screen[None]):
    """A list of reports at the left; at the right the chosen one, or a point's receipts."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - textual's way
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Show the messages of a point", priority=True),
        Binding("c", "copy", "Copy link", tooltip="Copy where the message is in Discord"),
        Binding("escape", "back", "Back", tooltip="Go back to the report, or to the list"),
        Binding("w", "write", "Write today", tooltip="Written and shown, never posted"),
        Binding("x", "cancel", "Cancel writing", tooltip="Stop what is being written"),
        Binding("n", "next_guild", "Guild", tooltip="Show the next guild's reports"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._days = Days(id="days")
        self._page = Page(id="page")
        self._guild_id: int | None = None
        self._drafts: dict[int, Draft] = {}
        self._stored: list[StoredReport] = []
        self._report: tuple[str, Report] | None = None
        self._readers = ""
        self._trouble = ""
        self._keys: list[bool | None] = []
        self._opened: Chosen | None = None
        self._receipts: Around | None = None
        self._was_at = Reading(None, 0)
        self._shown: _Shown = (None, "", 0, "", None)

    def compose(self) -> ComposeResult:
        """Lays out list and page."""
        yield StatusLine(self._view)
        with Horizontal(id="panels"):
            yield self._days
            yield self._page
        yield Keys()

    def on_mount(self) -> None:
        """Begins to look."""
        self._entitle()
        self.set_interval(_SECONDS, self._read)
        self.set_interval(1 / _LOOKS_A_SECOND, self._look)

    def on_screen_resume(self) -> None:
        """Reads again when the screen comes to the front."""
        self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        """Takes over what is stored: the list, and the chosen report as it stands now."""
        if self not in self.app.screen_stack:
            return  # another screen is in front of it
        guild, draft = self._guild(), self._draft()
        try:
            stored = await self._view.store.reports.overview(guild.id) if guild else []
            if draft is not None:
                await withdraw(self._view, draft)
        except GuildwatchError as error:
            self._trouble = str(error)
            return
        self._trouble = ""
        self._stored = stored
        self._list()
        self._load()
        if self._opened is not None:
            self._fetch()

    def _list(self, choose: str | None = None) -> None:
        guild, draft, days = self._guild(), self._draft(), self._days
        days.border_title = Content(f"Reports · {called(guild.name)}" if guild else "Reports")
        days.border_subtitle = Content(self._longer_ones(guild) if guild else "")
        rows = [Row(_DRAFT, draft.title())] if draft else []
        rows += [Row(str(one.id), _entry(one, days.room)) for one in self._stored]
        days.show_rows(rows, choose)
        keys = [self.check_action(action, ()) for action in _CHANGING]
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()  # the footer is built anew: not at every look

    def _longer_ones(self, guild: Guild) -> str:
        """When the reports of a week and of a month come, where somebody asked for them."""
        zone, dues = self._view.zone(guild.id), self._view.runner.state(guild.id).dues
        return " · ".join(
            f"{kind} {dues[kind].astimezone(zone):%a %d %b}"
            for kind in (PeriodKind.WEEK, PeriodKind.MONTH)
            if kind in dues
        )

    @on(OptionList.OptionHighlighted, "#days")
    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        chosen = self._days.chosen
        if chosen != self._shown[0]:
            self._close()
        if chosen is None or chosen == _DRAFT:
            return
        try:
            report = await self._view.store.reports.load(int(chosen))
            feedback = await self._view.store.feedback.of_report(int(chosen))
        except GuildwatchError as error:
            self._trouble = str(error)
            return
        self._trouble = ""
        self._report = chosen, report
        self._readers = readers_said(feedback)
        self._look()

    def _look(self) -> None:
        """Shows what is chosen as it stands now."""
        page, chosen = self._page, self._days.chosen
        content = self._content(chosen)
        if not isinstance(content, Report):
            self._close()
        shown = chosen, content, page.room, self._readers, self._receipts
        if shown == self._shown:
            return
        was, self._shown = self._shown, shown
        is_at_end = page.is_at_end
        page.show(self._pieces(*shown))
        if isinstance(content, Writing) and is_at_end:
            page.scroll_end(animate=False)  # along with what is written
        elif was[0] != chosen or isinstance(was[1], Writing):
            page.from_top()
        elif (was[4] is None) != (self._receipts is None):
            self._turn()

    def _turn(self) -> None:
        """Begins to read receipts, or goes on in the report where it was left."""
        if self._receipts is None:
            self._page.read_on(self._was_at)
        else:
            self._page.from_top()

    def _pieces(
        self,
        chosen: str | None,
        content: Report | Writing | str,
        width: int,
        readers: str,
        receipts: Around | None,
    ) -> list[Piece]:
        if isinstance(content, Report) and receipts is not None and self._opened is not None:
            return receipts_pieces(self._guild(), content, self._opened, receipts, width)
        if isinstance(content, Report):
            head = "Today so far · not posted, not saved" if chosen == _DRAFT else readers
            head = " · ".join(filter(None, (withdrawn(content.withdrawn), head)))
            return report_pieces(content, width, head)
        if isinstance(content, Writing):
            return [as_said(content.text(width).split("\n"))]
        lines = (line for part in content.split("\n") for line in wrapped(part, width))
        return [as_said(lines)]

    def _content(self, chosen: str | None) -> Report | Writing | str:
        draft = self._draft()
        if chosen is None:
            return self._trouble or (_NO_REPORT if self._guild() else _NO_GUILD)
        if chosen == _DRAFT and draft is not None:
            return draft.content
        if self._trouble or self._report is None or self._report[0] != chosen:
            return self._trouble  # empty while it is being read
        return self._report[1]

    @on(Page.Clicked)
    def action_open(self) -> None:
        """Goes from the list into the report, and from a point of it to its messages."""
        if not self._page.has_focus:
            self._page.focus()
        elif self._opened is None and isinstance(self._page.chosen, Chosen):
            self._opened, self._was_at = self._page.chosen, self._page.reading
            self._fetch()

    @work(exclusive=True, group="receipts")
    async def _fetch(self) -> None:
        """Reads the opened point's messages as they stand now."""
        opened, guild = self._opened, self._guild()
        if opened is None or guild is None:
            return
        try:
            receipts = await read(self._view, guild, opened.message_ids, self._receipts)
        except GuildwatchError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if opened == self._opened:
            self._receipts = receipts
            self._entitle()
            self._look()

    def action_back(self) -> None:
        """Goes back from the messages to the report, and from the report to the list."""
        if self._opened is None:
            self._days.focus()
        self._close()
        self._look()

    def _close(self) -> None:
        self._opened = self._receipts = None
        self._entitle()

    def _entitle(self) -> None:
        is_open = self._receipts is not None
        title = "Receipts" if is_open else "Report"
        if self._page.border_title != title:
            self._page.border_title = title
            self.set_class(is_open, "-open")
            self.refresh_bindings()

    def action_copy(self) -> None:
        """Copies the address of the message at the cursor."""
        receipts, chosen = self._receipts, self._page.chosen
        if receipts is not None and isinstance(chosen, int) and receipts.is_there(chosen):
            self.app.copy_to_clipboard(address(receipts.messages[chosen]))
            self.notify("Copied the link to this message, if your terminal allows it.")

    def action_write(self) -> None:
        """Writes today so far, for the operator's eyes; nothing is posted or saved."""
        guild, draft = self._guild(), self._draft()
        if guild is None:
            self.notify("No guild yet. Invite the bot, and it appears here.")
            return
        if draft is None or not draft.is_being_written:
            draft = self._drafts[guild.id] = begun(self._view, guild)
            self.run_worker(self._write(draft), group=_group(guild.id), exclusive=True)
        self._list(choose=_DRAFT)

    async def _write(self, draft: Draft) -> None:
        await write(self._view, draft)
        self._list()

    def action_cancel(self) -> None:
        """Stops what is being written for this guild."""
        draft = self._draft()
        if draft is not None and draft.is_being_written:
            del self._drafts[draft.guild.id]
            self.workers.cancel_group(self, _group(draft.guild.id))
            self.notify("Cancelled. Nothing was posted or saved.")
            self._list()

    def action_next_guild(self) -> None:
        """Goes on to the next guild."""
        ids = [guild.id for guild in self._view.roster.guilds()]
        if ids:
            here = ids.index(self._guild_id) if self._guild_id in ids else -1
            self._guild_id = ids[(here + 1) % len(ids)]
            self._stored = []
            self._list()
            self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key means something now; the footer shows only those that do."""
        if action == "cancel":
            draft = self._draft()
            return draft is not None and draft.is_being_written
        if action == "next_guild":
            return len(self._view.roster.guilds()) > 1 and self._opened is None
        if action in ("open", "copy"):
            return (self._opened is None) == (action == "open")
        if action == "back":
            return self._opened is not None or self._page.has_focus
        if action == "write":
            return self._opened is None
        return super().check_action(action, parameters)

    def _guild(self) -> Guild | None:
        guilds = self._view.roster.guilds()
        if all(guild.id != self._guild_id for guild in guilds):
            self._guild_id = guilds[0].id if guilds else None
        return self._view.roster.guild(self._guild_id) if self._guild_id else None

    def _draft(self) -> Draft | None:
        guild = self._guild()
        return self._drafts.get(guild.id) if guild else None


def _entry(report: StoredReport, room: int) -> str:
    day = report.period.start.astimezone(ZoneInfo(report.period.zone))
    kind = _KINDS.get(report.period.kind, " · from then")
    headline = fitted(steady(masked(report.headline)), room - 2).rstrip()
    return f"{day:%a} {day.day} {day:%b %Y}{kind} · {report.messages:,}\n  {headline}"


def _group(guild_id: int) -> str:
    return f"write-{guild_id}"
