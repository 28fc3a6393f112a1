"""The console: four screens over one view of the running parts."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from guildwatch.console.live import Live
from guildwatch.console.log import LogScreen
from guildwatch.console.reports import Reports
from guildwatch.console.settings import Settings
from guildwatch.console.themes import DARK, LIGHT
from guildwatch.console.view import View


class Console(App[int]):
    """Shows what the parts hold and passes on what the operator decides; it owns none of them.

    It returns when the operator quits. An exception in it ends it with `return_code` 1.
    """

    TITLE = "guildwatch"
    # All here and none at the screens: each of those would read all styles again when it opens.
    CSS_PATH: ClassVar = ["live.tcss", "reports.tcss", "settings.tcss", "changes.tcss", "log.tcss"]
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "switch_mode('live')", "Live", tooltip="What is being said"),
        Binding("2", "switch_mode('reports')", "Reports", tooltip="What was told"),
        Binding("3", "switch_mode('settings')", "Settings", tooltip="The configuration"),
        Binding("4", "switch_mode('log')", "Log", tooltip="What the program did"),
        Binding("q", "quit", "Quit", tooltip="Stop guildwatch"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name  # here: every change while it runs reads all styles again

    def on_mount(self) -> None:
        """Adds the screens and opens the first."""
        self.add_mode("live", lambda: Live(self._view))
        self.add_mode("reports", lambda: Reports(self._view))
        self.add_mode("settings", lambda: Settings(self._view))
        self.add_mode("log", lambda: LogScreen(self._view))
        self.switch_mode("live")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key is in the palette too, the screen's own ones first."""
        for binding in self._own_bindings(screen):
            yield SystemCommand(
                binding.description,
                binding.tooltip or binding.description,
                lambda action=binding.action: self._act(screen, action),
            )
        yield from super().get_system_commands(screen)

    def _own_bindings(self, screen: Screen[object]) -> Iterable[Binding]:
        for holder in (type(screen), type(self)):
            for binding in vars(holder).get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.description != "Quit":
                    yield binding

    def _act(self, screen: Screen[object], action: str) -> None:
        holder = self if action.startswith("switch_mode") else screen
        self.run_worker(holder.run_action(action))
