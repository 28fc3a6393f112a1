"""The lines on top of every screen: connection, volume, mood, what is written, due, and wrong."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from guildwatch.console.view import View
from guildwatch.console.wording import called, fitted, lamp, lasting, signed, steady
from guildwatch.report.inert import plain

_LOOKS_A_SECOND = 2


class StatusLine(Vertical):
    """One line of figures, the most important ones when it is narrow; under it what is wrong.

    A trouble is a whole sentence, over as many lines as it takes, and stays while it lasts.
    """

    DEFAULT_CSS = """
    StatusLine { dock: top; height: auto; }
    StatusLine .figures { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    StatusLine .troubles {
        height: auto; max-height: 6; padding: 0 1; color: $error; display: none;
    }
    """

    line: reactive[str] = reactive("")
    troubles: reactive[tuple[str, ...]] = reactive(())

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._figures = Static(classes="figures", markup=False)
        self._troubles = Static(classes="troubles", markup=False)

    def compose(self) -> ComposeResult:
        """Lays out the figures over the troubles."""
        yield self._figures
        yield self._troubles

    def on_mount(self) -> None:
        """Looks at once and from then on."""
        self.set_interval(1 / _LOOKS_A_SECOND, self.look)
        self.look()

    def on_resize(self) -> None:
        """Fits the figures into the new width."""
        self.look()

    def look(self) -> None:
        """Takes over the present figures and troubles."""
        clock = f"{self._view.local_now():%H:%M}"
        room = max(10, (self.size.width or 80) - 2 - len(clock) - 1)
        shown = ""
        for part in self._parts():
            longer = f"{shown} · {part}" if shown else part
            if cell_len(longer) <= room:
                shown = longer
        self.line = f"{fitted(shown, room)} {clock}"
        self.troubles = tuple(f"! {plain(one)}" for one in self._view.troubles())

    def watch_line(self, line: str) -> None:
        """Shows the figures, when they have changed."""
        self._figures.update(line)

    def watch_troubles(self, troubles: tuple[str, ...]) -> None:
        """Shows what is wrong, or takes the room back."""
        self._troubles.display = bool(troubles)
        self._troubles.update("\n".join(troubles))

    def _parts(self) -> list[str]:
        """What there is to tell, the most important first."""
        pulse, mood = self._view.pulse, self._view.pulse.mood()
        guilds = len(self._view.roster.guilds())
        parts = [
            "guildwatch",
            self._connection(),
            self._writing(),
            self._behind(),
            self._to_come(),
            f"{pulse.today():,} today",
            self._due(),
            f"mood {lamp(mood)} {signed(mood)}",
            f"{pulse.rate():,}/min",
            f"{guilds} guild{'s' if guilds != 1 else ''}",
            self._second_look(),
        ]
        return [part for part in parts if part]

    def _connection(self) -> str:
        since = self._view.connection.connected_since
        if since is None:
            return "○ not connected"
        return f"● connected {lasting(self._view.clock() - since)}"

    def _writing(self) -> str:
        for guild_id, progress in self._view.writer.under_way.items():
            guild = self._view.roster.guild(guild_id)
            steps = f" {progress.done}/{progress.total}" if progress.total else ""
            return f"writing {called(guild.name) if guild else guild_id}{steps}"
        return self._digesting()

    def _digesting(self) -> str:
        """What the model is told about before a report is due."""
        doing, model = self._view.ahead.doing, self._view.model
        if doing is None or model is None:
            return ""
        return f"{steady(model.name)} {steady(doing.doing)} {doing.done}/{doing.total}"

    def _behind(self) -> str:
        """What is not stored yet: history that is being read, and what the intake still holds."""
        progress, backlog = self._view.backfill.progress, self._view.intake.backlog
        if progress.channels_left:
            several = "s" if progress.channels_left != 1 else ""
            return f"reading history, {progress.channels_left} channel{several} left"
        return f"{backlog:,} to store" if backlog > 500 else ""

    def _to_come(self) -> str:
        """About how much history is still to come, where that can be told."""
        progress = self._view.backfill.progress
        if not (progress.channels_left and progress.estimated):
            return ""
        return f"~{progress.estimated:,} to come"

    def _second_look(self) -> str:
        """What the sweep, which takes its time, has still to compare."""
        left = self._view.backfill.progress.sweep.channels_left
        return f"comparing {left} channel{'s' if left != 1 else ''}" if left else ""

    def _due(self) -> str:
        left = self._view.until_next_report()
        return f"report in {lasting(left)}" if left is not None else ""
