"""The list of reports: what stands in it may change at any time, what was chosen stays chosen."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Row(NamedTuple):
    """An entry of the list; `id` stays the same while its text changes."""

    id: str
    text: str


class Days(OptionList):
    """Entries of two lines each, the newest first."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id, markup=False)
        self._rows: list[Row] = []

    @property
    def chosen(self) -> str | None:
        """The id of the entry at the cursor, None in an empty list."""
        at = self.highlighted
        return self._rows[at].id if at is not None and at < len(self._rows) else None

    @property
    def room(self) -> int:
        """How many cells an entry may take in a line."""
        return max(20, self.scrollable_content_region.width - 2)

    def show_rows(self, rows: Sequence[Row], choose: str | None = None) -> None:
        """Shows these entries, with the cursor on `choose`, else where it was."""
        wanted, at = choose or self.chosen, self.highlighted or 0
        if list(rows) != self._rows:
            offset = self.scroll_offset
            self._rows = list(rows)
            self.clear_options()
            self.add_options([Option(row.text, row.id) for row in rows])
            self.scroll_to(y=offset.y, animate=False)
        ids = [row.id for row in rows]
        if ids:
            self.highlighted = ids.index(wanted) if wanted in ids else min(at, len(ids) - 1)
