"""How many messages are still to come, by how many there were in the stretches already read."""

from collections.abc import Mapping


class Estimate:
    """Compares the stretches of time (in seconds) that are read with those that are not."""

    def __init__(self) -> None:
        self._left: Mapping[int, float] = {}
        self._seconds_left = 0.0
        self._seconds_read = 0.0
        self._found = 0

    @property
    def messages_left(self) -> int | None:
        """About how many messages are still to come; None while nothing has been read."""
        if not self._left:
            return 0
        if not self._seconds_read:
            return None
        return round(self._found * self._seconds_left / self._seconds_read)

    def plan(self, left: Mapping[int, float]) -> None:
        """These channels have gaps of so many seconds; with none left all begins anew."""
        self._left = dict(left)
        self._seconds_left = sum(left.values())
        if not left:
            self._seconds_read, self._found = 0.0, 0

    def read(self, channel_id: int, messages: int) -> None:
        """The gap of a channel was read, and so many messages were in it."""
        self._seconds_read += self._left.get(channel_id, 0.0)
        self._found += messages
        self.plan({one: span for one, span in self._left.items() if one != channel_id})
