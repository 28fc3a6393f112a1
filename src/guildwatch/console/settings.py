"""The Settings screen: every field of the configuration, checked and saved, comments kept."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Select, Static

from guildwatch.config import (
    Config,
    ConfigError,
    Field,
    as_text,
    as_values,
    fields,
    load,
    save,
)
from guildwatch.console.changes import Changes
from guildwatch.console.keys import Keys
from guildwatch.console.status import StatusLine
from guildwatch.console.view import View
from guildwatch.model import OPERATOR, GuildwatchError
from guildwatch.report.inert import plain

_KEPT = "one is set; type another to replace it"


class Settings(Screen[None]):
    """A form over the configuration file; what the environment sets is shown and left alone."""

    AUTO_FOCUS = "#form"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - textual's way
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", tooltip="Check every field and write the file"),
        Binding("c", "changes", "Changes", tooltip="Who changed what, here and in the guilds"),
        Binding("ctrl+z", "revert", "Revert", tooltip="Take back what was typed"),
        Binding("escape", "leave", "Leave field", tooltip="Give the keys back to the screens"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._sentence = Static(id="fault", markup=False)
        self._fields = {_id(field): field for field in fields()}
        self._form = VerticalScroll(id="form", can_focus=True)
        self._is_changed = False
        self._saved = {name: _value(view.config, field) for name, field in self._fields.items()}
        self._entries = {name: self._entry(name, field) for name, field in self._fields.items()}

    def compose(self) -> ComposeResult:
        """Lays out a row a field, by section."""
        yield StatusLine(self._view)
        with self._form:
            yield Static(f"Saved in {self._view.config_file}", classes="where", markup=False)
            section = ""
            for name, field in self._fields.items():
                if field.name.partition(".")[0] != section:
                    section = field.name.partition(".")[0]
                    yield Static(section, classes="section", markup=False)
                yield from self._row(name, field)
        yield self._sentence
        yield Keys()

    def _row(self, name: str, field: Field) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Static(field.name.partition(".")[2], classes="name", markup=False)
            yield self._entries[name]
        yield Static(field.description, classes="manual", markup=False)

    def _entry(self, name: str, field: Field) -> Static | Input | Select[str]:
        if self._view.environ.get(field.variable):
            known = f"{self._saved[name]}  " if not field.secret else ""
            told = f"{known}🔒 set by {field.variable}"
            return Static(told, classes="fixed", id=name, markup=False)
        if field.choices:
            options = [(choice, choice) for choice in field.choices]
            return Select(
                options, value=self._saved[name], allow_blank=False, compact=True, id=name
            )
        return Input(
            self._saved[name],
            placeholder=self._hint(field),
            password=field.secret,
            compact=True,
            id=name,
        )

    def _hint(self, field: Field) -> str:
        if field.secret and self._view.config.discord.token is not None:
            return _KEPT
        return field.default or "not set"

    @on(Input.Changed)
    @on(Select.Changed)
    def _look(self) -> None:
        if self._is_changed != bool(self._changes()):
            self._is_changed = not self._is_changed
            self.refresh_bindings()  # the footer is built anew: not at every letter

    @on(Input.Submitted)
    def _save_by_enter(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        """Writes what was changed, once all of it can be used; a fault changes nothing."""
        changes = self._changes()
        if not changes:
            self._tell("Nothing has changed.")
            return
        try:
            save(
                self._view.config_file, {self._fields[name].name: changes[name] for name in changes}
            )
        except ConfigError as error:
            self._tell(f"! Not saved. {plain(str(error))}", is_fault=True)
            self._go_to_fault(str(error))
            return
        for name, text in changes.items():
            self._keep(name, text)
        self._tell("Saved. It takes effect at the next start.")
        self._record([self._fields[name] for name in changes])

    @work
    async def _record(self, changed: list[Field]) -> None:
        """Has the record of changes tell that it was the operator, and not at the next start."""
        record = self._view.store.record
        secrets = [field.name for field in changed if field.secret]
        try:
            config = load(self._view.config_file, self._view.environ)
            noted = await record.see_configuration(as_values(config), OPERATOR)
            anew = dict.fromkeys(set(secrets).difference(noted), "set anew")
            await record.note(None, OPERATOR, dict.fromkeys(anew, "set"), anew)
        except GuildwatchError as error:
            self.notify(str(error), severity="error", markup=False)

    def _keep(self, name: str, text: str) -> None:
        """Takes over what was saved; a secret leaves the screen at once."""
        if not self._fields[name].secret:
            self._saved[name] = text
            return
        field = self._entries[name]
        if isinstance(field, Input):
            field.placeholder, field.value = _KEPT, ""

    def _go_to_fault(self, sentence: str) -> None:
        """Puts the cursor into the field that the sentence begins with."""
        for name, field in self._fields.items():
            if sentence.startswith(f"{field.name} "):
                self.set_focus(self._entries[name])

    def action_revert(self) -> None:
        """Puts back what is saved."""
        for name, entry in self._entries.items():
            if not isinstance(entry, Static):
                entry.value = self._saved[name]
        self._tell("")

    def action_changes(self) -> None:
        """Shows the record of changes."""
        self.app.push_screen(Changes(self._view))

    def action_leave(self) -> None:
        """Takes the cursor out of the field; what was typed stays."""
        self.set_focus(self._form)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key means something now."""
        if action == "leave":
            return isinstance(self.focused, Input | Select)
        if action == "revert":
            return self._is_changed
        return super().check_action(action, parameters)

    def _tell(self, sentence: str, *, is_fault: bool = False) -> None:
        self._sentence.set_class(is_fault, "fault")
        self._sentence.display = bool(sentence)
        self._sentence.update(sentence)
        self._look()

    def _changes(self) -> dict[str, str]:
        """What was typed and is not saved, by the names of the entries."""
        entries = self._entries.items()
        typed = {name: _typed(entry) for name, entry in entries if not isinstance(entry, Static)}
        return {name: text for name, text in typed.items() if text != self._saved[name]}


def _typed(entry: Input | Select[str]) -> str:
    return str(entry.value).strip()


def _id(field: Field) -> str:
    return field.name.replace(".", "--")


def _value(config: Config, field: Field) -> str:
    section, _, name = field.name.partition(".")
    return as_text(getattr(getattr(config, section), name))
