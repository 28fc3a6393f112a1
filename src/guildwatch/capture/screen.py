"""What looks at everything that is said on its way into the store."""

from collections.abc import Sequence
from typing import Protocol

from guildwatch.model import Captured


class Screen(Protocol):
    """Takes out what must never be kept, and hears what was kept."""

    def cleared(self, event: Captured) -> Captured:
        """The event as it may be kept."""
        ...

    def heard(self, kept: Sequence[Captured]) -> None:
        """Takes note of what was kept, live or from history; never waits."""
        ...


class Open:
    """Lets everything through, and hears nothing."""

    def cleared(self, event: Captured) -> Captured:
        """The event as it is."""
        return event

    def heard(self, kept: Sequence[Captured]) -> None:
        """Nothing is to be done."""
