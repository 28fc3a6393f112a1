"""The sandbox's own time, which can run faster than the machine's."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Timer = Callable[[], float]
"""A function that gives real seconds that only grow; Discord's own time limits run on it."""


class SandboxClock:
    """A clock that starts at a moment and runs at `rate` simulated seconds per real second."""

    def __init__(
        self, start: datetime | None = None, rate: float = 1.0, *, timer: Timer = time.monotonic
    ) -> None:
        self._timer = timer
        self._origin = (start or datetime.now(UTC)).astimezone(UTC)
        self._since = timer()
        self._rate = rate

    def __call__(self) -> datetime:
        """The simulated moment, aware, in UTC."""
        return self._origin + timedelta(seconds=(self._timer() - self._since) * self._rate)

    @property
    def rate(self) -> float:
        """Simulated seconds per real second; 0 stands still."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self.jump_to(self())
        self._rate = rate

    def jump_to(self, moment: datetime) -> None:
        """Go on from another moment (aware), at the same rate."""
        self._since = self._timer()
        self._origin = moment.astimezone(UTC)
