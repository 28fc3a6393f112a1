"""What every scorer of mood offers."""

from collections.abc import Sequence
from typing import Protocol


class Scorer(Protocol):
    """Gives texts a mood."""

    @property
    def name(self) -> str:
        """How configuration calls it."""
        ...

    def score(self, text: str) -> float | None:
        """The mood in -1..1, or None where there is nothing to score."""
        ...

    def scores(self, texts: Sequence[str]) -> list[float | None]:
        """Each text's score, in the same order."""
        ...
