"""Real time turned into the story's time."""

from datetime import datetime, timedelta

from guildwatch.sandbox.clock import Timer

_LONGEST = 0.2  # seconds


class Pace:
    """Which moment it should be by now, at `speed` simulated seconds per real one.

    What a late wake-up overshoots is carried on to the next look, so that a day takes as long as
    it should; a stall of more than a fifth of a second is skipped instead of made up for in a
    burst.
    """

    def __init__(self, start: datetime, speed: float, timer: Timer) -> None:
        self.speed = speed
        self._moment = start
        self._timer = timer
        self._looked = timer()

    def moment(self) -> datetime:
        """The moment that it should be now."""
        before, self._looked = self._looked, self._timer()
        step = min(self._looked - before, _LONGEST)
        self._moment += timedelta(seconds=step * self.speed)
        return self._moment

    def until(self, moment: datetime) -> float:
        """Real seconds until a moment, as of the last look; 0 when it is past."""
        return max(0.0, (moment - self._moment).total_seconds() / self.speed)
