"""New snowflakes: the moment of the sandbox's clock and a running number."""

from guildwatch.model import Clock, first_id_at

_NUMBERS = (1 << 22) - 1


class Ids:
    """Ids that no two things share, increasing as long as the clock does not go back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._number = 0

    def next(self) -> int:
        """A new id of this moment."""
        self._number = (self._number + 1) & _NUMBERS
        return first_id_at(self._clock()) | self._number
