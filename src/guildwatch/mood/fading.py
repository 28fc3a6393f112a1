"""The mood of this moment: each message counts less and less as time goes by."""

from datetime import datetime, timedelta

_FAINT = 0.05


class Fading:
    """A mean of scores in which a message's weight halves with every half-life.

    Moments are passed in; where they run backwards, nothing fades until the clock has caught up.
    """

    def __init__(self, half_life: timedelta) -> None:
        self._half_life = half_life
        self._weight = 0.0
        self._sum = 0.0
        self._as_of: datetime | None = None

    def feel(self, score: float, at: datetime) -> None:
        """Take in one message's score; one that comes late counts as the old one that it is."""
        late = self._left(at, self._as_of) if self._as_of else 1.0
        if self._as_of is None or at > self._as_of:
            self._fade(at)
        self._weight += late
        self._sum += late * score

    def mood(self, now: datetime) -> float | None:
        """The mood in -1..1, or None when nothing was felt lately (for some four half-lives)."""
        weight = self._weight * (self._left(self._as_of, now) if self._as_of else 1.0)
        return self._sum / self._weight if weight >= _FAINT else None

    def _fade(self, at: datetime) -> None:
        left = self._left(self._as_of, at) if self._as_of else 1.0
        self._weight *= left
        self._sum *= left
        self._as_of = at

    def _left(self, since: datetime, until: datetime) -> float:
        """What is left of a weight of 1 after that time."""
        return float(0.5 ** max(0.0, (until - since) / self._half_life))
