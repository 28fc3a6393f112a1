"""The Reports screen: every day that was told, and the one that is just being written."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.console.wording import fitted
from guildwatch.language import Priority
from guildwatch.model import Guild, GuildwatchError, Period, PeriodKind, Progress, Report
from guildwatch.report import to_text
from guildwatch.report.inert import plain
from guildwatch.store import StoredReport

_SECONDS = 5
_LIST_WIDTH = 34
_PREVIEWS_A_SECOND = 10
_KINDS = {PeriodKind.DAY: "", PeriodKind.WEEK: " week", PeriodKind.MONTH: " month"}


@dataclass(slots=True)
class _Draft:
    """Today so far, as it is being written; None once it is done is replaced by the report."""

    guild: Guild
    progress: Progress
    text: str = ""


class Reports(Screen[None]):
    """A list of reports at the left, the chosen one at the right."""

    CSS_PATH = "reports.tcss"
    BINDINGS = [  # noqa: RUF012 - textual's way
        Binding("w", "write", "Write today so far", tooltip="Written and shown, not posted"),
        Binding("x", "cancel", "Cancel writing", tooltip="Stop what is being written"),
        Binding("n", "next_guild", "Next guild", tooltip="Show the next guild's reports"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._guild_id: int | None = None
        self._listed: list[StoredReport] = []
        self._draft: _Draft | None = None
        self._shown = ""

    def compose(self) -> ComposeResult:
        """Lays out list and preview."""
        yield StatusLine(self._view)
        with Horizontal(id="panels"):
            yield OptionList(id="days", markup=False)
            with VerticalScroll(id="page"):
                yield Static(id="preview", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Begins to look."""
        self.set_interval(_SECONDS, self._list)
        self.set_interval(1 / _PREVIEWS_A_SECOND, self._draw_draft)
        self.query_one("#page").border_title = "Report"
        self._list()

    def on_screen_resume(self) -> None:
        """Looks again when the screen comes to the front."""
        self._list()
        self.query_one("#days").focus()

    @work(exclusive=True, group="list")
    async def _list(self) -> None:
        guild = self._guild()
        days = self.query_one("#days", OptionList)
        days.border_title = f"Reports · {plain(guild.name)}" if guild else "Reports"
        try:
            listed = await self._view.store.reports.overview(guild.id) if guild else []
        except GuildwatchError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if listed != self._listed or not days.option_count:
            self._listed = listed
            self._fill(days)

    def _fill(self, days: OptionList) -> None:
        at = days.highlighted
        days.clear_options()
        days.add_options([Option(self._row(report), str(report.id)) for report in self._listed])
        if self._listed:
            days.highlighted = min(at or 0, len(self._listed) - 1)
        elif self._draft is None:
            days.add_option(Option("No report yet.", disabled=True))
            self._show("No report yet.\n\nPress w to write today so far. It is not posted.")

    def _row(self, report: StoredReport) -> str:
        zone = ZoneInfo(report.period.zone)
        day = report.period.start.astimezone(zone)
        kind = _KINDS.get(report.period.kind, " span")
        headline = fitted(plain(report.headline), _LIST_WIDTH - 2).rstrip()
        return f"{day:%a %d %b %Y}{kind} · {report.messages:,}\n  {headline}"

    @on(OptionList.OptionHighlighted, "#days")
    def _choose(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None and not self._is_writing():
            self._load(int(event.option_id))

    @work(exclusive=True, group="load")
    async def _load(self, report_id: int) -> None:
        try:
            report = await self._view.store.reports.load(report_id)
        except GuildwatchError as error:
            self._show(str(error))
            return
        self._draft = None
        self._show_report(report)

    def action_write(self) -> None:
        """Writes today so far, for the operator's eyes; nothing is posted."""
        guild = self._guild()
        if guild is None:
            self.notify("No guild yet. Invite the bot, and it appears here.")
        elif not self._is_writing():
            self._draft = _Draft(guild, Progress("Waiting for its turn"))
            self._write(guild, self._draft)

    def action_cancel(self) -> None:
        """Stops what is being written."""
        if self._is_writing():
            self._draft = None
            self.workers.cancel_group(self, "write")
            self._show("Cancelled. Nothing was posted or changed.")

    def action_next_guild(self) -> None:
        """Goes on to the next guild."""
        guilds = self._view.roster.guilds()
        here = next((at for at, one in enumerate(guilds) if one.id == self._guild_id), 0)
        if guilds:
            self._guild_id = guilds[(here + 1) % len(guilds)].id
            self._list()

    @work(exclusive=True, group="write")
    async def _write(self, guild: Guild, draft: _Draft) -> None:
        def advance(progress: Progress) -> None:
            draft.progress = progress

        try:
            report = await self._view.writer.write(
                guild,
                self._today(guild.id),
                source_ids=None,
                priority=Priority.COMMAND,
                on_progress=advance,
            )
        except GuildwatchError as error:
            self._show(str(error))
        else:
            self._show_report(report, "Today so far · not posted\n\n")
        finally:
            self._draft = None

    def _today(self, guild_id: int) -> Period:
        zone = self._view.zone(guild_id)
        now = self._view.clock()
        midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
        return Period(PeriodKind.SPAN, midnight.astimezone(now.tzinfo), now, zone.key)

    def _draw_draft(self) -> None:
        draft = self._draft
        if draft is None:
            return
        progress = draft.progress
        steps = f"  {progress.done} of {progress.total}" if progress.total else ""
        left = f", about {progress.seconds_left:.0f} s" if progress.seconds_left else ""
        preview = "\n".join(plain(line) for line in progress.preview.splitlines())
        self._show(f"{progress.doing}…{steps}{left}\n\n{preview}")

    def _show_report(self, report: Report, head: str = "") -> None:
        width = max(40, self.query_one("#page").scrollable_content_region.width - 2)
        self._show(head + to_text(report, min(width, 110)))
        self.query_one("#page").scroll_home(animate=False)

    def _show(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            self.query_one("#preview", Static).update(text)

    def _is_writing(self) -> bool:
        return self._draft is not None

    def _guild(self) -> Guild | None:
        guilds = self._view.roster.guilds()
        if self._guild_id is None and guilds:
            self._guild_id = guilds[0].id
        return next((guild for guild in guilds if guild.id == self._guild_id), None)
