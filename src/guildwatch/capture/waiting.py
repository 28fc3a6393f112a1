"""What waits to be written, and what is to be read again: bounded, whatever comes."""

from collections import defaultdict, deque
from collections.abc import Iterable
from itertools import islice

from guildwatch.model import Captured, Deletion, Message, MessageEdit

_MOST_LETTERS = 8_000_000  # at most 32 MB: 20,000 texts of Discord's full length would be ten times
_MOST_DELETED = 200_000  # about 20 MB of ids
_MOST_DOUBTS = 50_000


class Waiting:
    """The events that are not written yet, in their order.

    It is full from `bound` events or 8 million letters on; whoever adds looks first. Deletions are
    taken even then: as bare ids by channel, up to `deleted` of them.
    """

    def __init__(self, bound: int, *, deleted: int = _MOST_DELETED) -> None:
        self._bound = bound
        self._room_for_deleted = deleted
        self._events: deque[Captured] = deque()
        self._letters = 0
        self._taken = 0
        self._deleted: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._due: dict[tuple[int, int], int] = {}  # how many events go before a channel's ids

    def __len__(self) -> int:
        return len(self._events) + len(self._deleted)

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be added."""
        return len(self._events) >= self._bound or self._letters >= _MOST_LETTERS

    def add(self, event: Captured) -> None:
        """Takes an event as the last one."""
        self._events.append(event)
        self._letters += _letters(event)

    def squeeze(self, deletion: Deletion) -> bool:
        """Takes a deletion where it is full; it comes after the events that wait now.

        False when there is no room for even the ids.
        """
        if len(deletion.ids) > self._room_for_deleted:
            return False
        place = deletion.guild_id, deletion.channel_id
        self._due[place] = self._taken + len(self._events)
        ids = self._deleted[place]
        before = len(ids)
        ids.update(deletion.ids)
        self._room_for_deleted -= len(ids) - before
        return True

    def take(self, most: int) -> list[Captured]:
        """The first events, and one channel's deletions where it is their turn."""
        batch = [self._events.popleft() for _ in range(min(most, len(self._events)))]
        self._letters -= sum(map(_letters, batch))
        self._taken += len(batch)
        return batch + self._squeezed(most)

    def put_back(self, batch: Iterable[Captured]) -> None:
        """Takes a batch back that could not be written, as the first ones."""
        events = list(batch)
        self._events.extendleft(reversed(events))
        self._letters += sum(map(_letters, events))
        self._taken -= len(events)

    def _squeezed(self, most: int) -> list[Captured]:
        ripe = (place for place, due in self._due.items() if due <= self._taken)
        place = next(ripe, None)
        if place is None:
            return []
        ids = self._deleted[place]
        some = tuple(islice(ids, most))
        ids.difference_update(some)
        self._room_for_deleted += len(some)
        if not ids:
            del self._deleted[place], self._due[place]
        return [Deletion(*place, some)]


class Doubts:
    """The ids of messages that have changed in a way that was not told, by channel."""

    def __init__(self, bound: int = _MOST_DOUBTS) -> None:
        self._room = bound
        self._ids: dict[int, set[int]] = {}

    def note(self, channel_id: int, ids: Iterable[int]) -> bool:
        """Keeps ids of a channel; False when there is no room for all of them."""
        new = set(ids) - self._ids.get(channel_id, set())
        if len(new) > self._room:
            return False
        self._room -= len(new)
        if new:
            self._ids.setdefault(channel_id, set()).update(new)
        return True

    def take(self, channel_id: int) -> set[int]:
        """Hands over all ids of a channel."""
        ids = self._ids.pop(channel_id, set())
        self._room += len(ids)
        return ids


def _letters(event: Captured) -> int:
    return len(event.text or "") if isinstance(event, Message | MessageEdit) else 0
