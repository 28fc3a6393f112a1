"""The Settings screen: every field of the configuration, checked and saved, comments kept."""

import os

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Input, Select, Static

from guildwatch.config import Config, ConfigError, Field, as_text, fields, save
from guildwatch.console.status import StatusLine
from guildwatch.console.view import View


class Settings(Screen[None]):
    """A form over the configuration file; what the environment sets is shown and left alone."""

    CSS_PATH = "settings.tcss"
    BINDINGS = [  # noqa: RUF012 - textual's way
        Binding("ctrl+s", "save", "Save", tooltip="Check every field and write the file"),
        Binding("ctrl+z", "revert", "Revert", tooltip="Take back what was typed"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._fields = {_id(field): field for field in fields()}
        self._saved = {name: _value(view.config, field) for name, field in self._fields.items()}

    def compose(self) -> ComposeResult:
        """Lays out a row a field, by section."""
        yield StatusLine(self._view)
        with VerticalScroll(id="form"):
            yield Static(f"Saved in {self._view.config_file}", classes="where", markup=False)
            section = ""
            for name, field in self._fields.items():
                if field.name.partition(".")[0] != section:
                    section = field.name.partition(".")[0]
                    yield Static(section, classes="section", markup=False)
                yield from self._row(name, field)
        yield Footer()

    def _row(self, name: str, field: Field) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Static(field.name.partition(".")[2], classes="name", markup=False)
            yield self._entry(name, field)
        yield Static(field.description, classes="manual", markup=False)

    def _entry(self, name: str, field: Field) -> Static | Input | Select[str]:
        if field.variable in os.environ:
            return Static(f"set by {field.variable}", classes="fixed", markup=False)
        if field.choices:
            options = [(choice, choice) for choice in field.choices]
            return Select(
                options, value=self._saved[name], allow_blank=False, compact=True, id=name
            )
        hint = "kept; type a new one to replace it" if field.secret else field.default
        return Input(
            self._saved[name], placeholder=hint, password=field.secret, compact=True, id=name
        )

    @on(Input.Submitted)
    def _save_by_enter(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        """Writes what was changed, once all of it can be used."""
        changes = self._changes()
        if not changes:
            self.notify("Nothing has changed.")
            return
        try:
            save(self._view.config_file, changes)
        except ConfigError as error:
            self.notify(str(error), severity="error", timeout=10, markup=False)
            return
        self._saved.update(
            {name: text for name, text in self._typed().items() if not self._fields[name].secret}
        )
        self.notify("Saved. It takes effect at the next start.")

    def action_revert(self) -> None:
        """Puts back what is saved."""
        for widget in self.query("#form Input, #form Select"):
            if isinstance(widget, Input | Select) and widget.id:
                widget.value = self._saved[widget.id]

    def _changes(self) -> dict[str, str]:
        return {
            self._fields[name].name: text
            for name, text in self._typed().items()
            if text != self._saved[name]
        }

    def _typed(self) -> dict[str, str]:
        return {
            widget.id: str(widget.value).strip()
            for widget in self.query("#form Input, #form Select")
            if isinstance(widget, Input | Select) and widget.id
        }


def _id(field: Field) -> str:
    return field.name.replace(".", "--")


def _value(config: Config, field: Field) -> str:
    section, _, name = field.name.partition(".")
    return as_text(getattr(getattr(config, section), name))
