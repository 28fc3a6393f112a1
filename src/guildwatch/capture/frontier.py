"""The frontier: for which channels everything up to now is kept, and for which there is a gap.

A channel without a gap advances its watermark with each live message. One with a gap does not,
until history has been read up to the live stream: so a crash in between costs a second reading and
never a message. Every channel begins with a gap.
"""


class Frontier:
    """The open gaps of all channels and threads.

    A token names the latest opening of a channel's gap. Who reads history takes it first and
    closes the gap with it: when the gap was opened again meanwhile, it stays open.
    """

    def __init__(self) -> None:
        self._serial = 0
        self._everything = 0
        self._opened: dict[int, int] = {}
        self._closed: set[int] = set()
        self._shed: set[int] = set()

    def is_open(self, channel_id: int) -> bool:
        """Whether something of the channel may be missing."""
        return channel_id not in self._closed

    def was_reopened(self, channel_id: int) -> bool:
        """Whether it was opened for itself since all were: Discord's picture may be older."""
        return channel_id in self._opened

    def was_shed(self, channel_id: int) -> bool:
        """Whether the gap is nothing but live events that could not be taken."""
        return channel_id in self._shed

    @property
    def shed_channels(self) -> int:
        """In how many channels live events could not be taken and are not read again yet."""
        return len(self._shed)

    def open_all(self) -> None:
        """The stream was interrupted: anything may be missing anywhere."""
        self._serial += 1
        self._everything = self._serial
        self._opened.clear()
        self._closed.clear()
        self._shed.clear()

    def open(self, channel_id: int) -> None:
        """What happens in this channel is not kept at this moment."""
        self._reopen(channel_id)
        self._shed.discard(channel_id)

    def shed(self, channel_id: int) -> None:
        """A live event of this channel could not be taken."""
        if channel_id in self._closed:
            self._shed.add(channel_id)
        self._reopen(channel_id)

    def token(self, channel_id: int) -> int:
        """Which opening of the channel's gap is the latest."""
        return self._opened.get(channel_id, self._everything)

    def close(self, channel_id: int, token: int) -> bool:
        """Closes the gap unless it was opened again since the token was taken."""
        if self.token(channel_id) != token:
            return False
        self._opened.pop(channel_id, None)
        self._shed.discard(channel_id)
        self._closed.add(channel_id)
        return True

    def _reopen(self, channel_id: int) -> None:
        self._serial += 1
        self._opened[channel_id] = self._serial
        self._closed.discard(channel_id)
