"""The line at the bottom of every screen: the keys that mean something now."""

from textual.widgets import Footer

_NARROW = 100


class Keys(Footer):
    """All keys of the screen; narrower they stand closer, and leave out the palette's."""

    def on_resize(self) -> None:
        """Fits the keys into the new width."""
        narrow = self.size.width < _NARROW
        self.compact, self.show_command_palette = narrow, not narrow
