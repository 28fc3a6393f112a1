"""The line at the bottom of every screen: the keys that mean something now."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widgets import Static

_PALETTE = "command_palette"


class _Key(NamedTuple):
    """A key as it is shown, and the action that a click on it runs."""

    shown: str
    does: str
    action: str


class Keys(Static):
    """All keys of the screen, closer together where it is narrow.

    Textual's own Footer is a widget a key and builds them all anew at every change of focus, which
    costs 40 ms, and it cuts off what it has no room for.
    """

    DEFAULT_CSS = """
    Keys {
        dock: bottom; height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: clip;
        background: $footer-background; color: $footer-foreground;
    }
    """

    auto_links = False  # they are keys that can be clicked, and underlined they would be links

    def on_mount(self) -> None:
        """Follows what the screen can do, and the colours."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.draw())
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.draw())
        self.draw()

    def on_resize(self) -> None:
        """Fits the keys into the new width."""
        self.draw()

    def draw(self) -> None:
        """Shows the keys; the palette's only where there is room for it."""
        room = self.size.width - 2
        all_keys = list(self._keys())
        own = [key for key in all_keys if not key.action.endswith(_PALETTE)]
        for keys, gap in ((all_keys, 2), (own, 2), (own, 1)):
            if _width(keys, gap) <= room:
                break
        self.update(self._line(keys, gap))

    def _keys(self) -> Iterator[_Key]:
        told = set()
        for node, binding, enabled, _ in self.screen.active_bindings.values():
            is_meant = binding.show or binding.action == _PALETTE
            if enabled and is_meant and binding.action not in told:  # one of several keys for it
                told.add(binding.action)
                owner = "app" if node is self.app else "screen"
                shown = self.app.get_key_display(binding)
                yield _Key(shown, binding.description, f"{owner}.{binding.action}")

    def _line(self, keys: list[_Key], gap: int) -> Text:
        line = Text()
        colour = self.app.theme_variables["footer-key-foreground"]
        for key in keys:
            click = Style(meta={"@click": key.action})
            line.append(key.shown, Style(color=colour, bold=True) + click)
            line.append(f" {key.does}", click)
            line.append(" " * gap)
        return line


def _width(keys: list[_Key], gap: int) -> int:
    return sum(cell_len(f"{key.shown} {key.does}") + gap for key in keys) - gap
