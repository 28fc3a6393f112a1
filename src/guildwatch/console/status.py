"""The line on top of every screen: connection, volume, mood, what is being written, what is due."""

from textual.reactive import reactive
from textual.widgets import Static

from guildwatch.console.view import View
from guildwatch.console.wording import lamp, lasting, signed
from guildwatch.report.inert import plain

_LOOKS_A_SECOND = 2


class StatusLine(Static):
    """One line of figures; the most important ones stay when it is narrow."""

    DEFAULT_CSS = "StatusLine { dock: top; height: 1; padding: 0 1; background: $panel; }"

    line: reactive[str] = reactive("")

    def __init__(self, view: View) -> None:
        super().__init__(markup=False)
        self._view = view

    def on_mount(self) -> None:
        """Looks at once and from then on."""
        self.set_interval(1 / _LOOKS_A_SECOND, self.look)
        self.look()

    def look(self) -> None:
        """Takes over the present figures."""
        clock = f"{self._view.local_now():%H:%M}"
        room = max(10, (self.size.width or 80) - 2 - len(clock) - 1)
        shown = ""
        for part in self._parts():
            longer = f"{shown} · {part}" if shown else part
            if len(longer) <= room:
                shown = longer
        self.line = f"{shown:<{room}} {clock}"

    def watch_line(self, line: str) -> None:
        """Shows the line, when it has changed."""
        self.update(line)

    def _parts(self) -> list[str]:
        pulse, mood = self._view.pulse, self._view.pulse.mood()
        guilds = len(self._view.roster.guilds())
        parts = [
            "guildwatch",
            self._connection(),
            self._trouble(),
            self._writing(),
            f"{pulse.today():,} today",
            self._due(),
            f"mood {lamp(mood)} {signed(mood)}",
            f"{pulse.rate()}/min",
            f"{guilds} guild{'s' if guilds != 1 else ''}",
        ]
        return [part for part in parts if part]

    def _connection(self) -> str:
        since = self._view.connection.connected_since
        if since is None:
            return "○ not connected"
        return f"● connected {lasting(self._view.clock() - since)}"

    def _trouble(self) -> str:
        model = self._view.model
        trouble = (
            self._view.connection.trouble
            or self._view.intake.trouble
            or (model.trouble if model else "")
        )
        return f"! {plain(trouble)}" if trouble else ""

    def _writing(self) -> str:
        for guild_id, progress in self._view.writer.under_way.items():
            guild = self._view.roster.guild(guild_id)
            steps = f" {progress.done}/{progress.total}" if progress.total else ""
            return f"writing {plain(guild.name) if guild else guild_id}{steps}"
        return ""

    def _due(self) -> str:
        left = self._view.until_next_report()
        return f"report in {lasting(left)}" if left is not None else ""
