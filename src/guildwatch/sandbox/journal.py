"""What was asked of the sandbox, so that tests can count it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from guildwatch.sandbox.errors import Json

_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request; `route` is the template (`/channels/{channel_id}/messages`).

    `path` is the real one. `status` is 0 where the connection was dropped instead of an answer.
    """

    method: str
    route: str
    path: str
    status: int
    body: Json | list[Json] | None = None
    files: tuple[str, ...] = ()


class Journal:
    """The latest requests, oldest first, and what a strict Discord would punish."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self.violations: list[str] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Note a request."""
        self._entries.append(entry)

    def clear(self) -> None:
        """Forget all of it, to count from here."""
        self._entries.clear()
        self.violations.clear()

    def of(self, method: str, route: str) -> list[Entry]:
        """The requests of one kind."""
        return [one for one in self._entries if (one.method, one.route) == (method, route)]
