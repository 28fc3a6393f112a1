"""A gateway session: what one client has been told, so that it can resume."""

import secrets
from collections import deque

from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.events import Event, Intent
from guildwatch.sandbox.gateway.wire import Wire, encoded

BACKLOG = 10_000
"""How many dispatches are kept for a replay."""
LIFETIME = 90.0
"""How many real seconds a session without a connection can be resumed."""
DISPATCH = 0
_WITH_CONTENT = ("MESSAGE_CREATE", "MESSAGE_UPDATE")


class CloseError(Exception):
    """The connection must be closed with one of Discord's gateway close codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Session:
    """One identified client; it outlives its connections."""

    def __init__(self, intents: int, reader_id: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.seq = 0
        self.wire: Wire | None = None
        self.left_at: float | None = None
        self._reader_id = reader_id
        self._backlog: deque[tuple[int, str]] = deque(maxlen=BACKLOG)

    def hear(self, event: Event) -> None:
        """Take an event that its intents ask for."""
        if event.intents and not self.intents & event.intents:
            return
        payload = event.payload
        if event.name in _WITH_CONTENT and not self.intents & Intent.MESSAGE_CONTENT:
            payload = render.without_content(payload, self._reader_id)
        self.tell(event.name, payload)

    def tell(self, name: str, payload: Json) -> None:
        """Dispatch to this client, now or when it resumes."""
        self.seq += 1
        text = encoded(DISPATCH, payload, name=name, seq=self.seq)
        self._backlog.append((self.seq, text))
        if self.wire is not None:
            self.wire.send(text)

    def can_replay(self, seq: int) -> bool:
        """Whether everything after `seq` is still there."""
        oldest = self._backlog[0][0] if self._backlog else self.seq + 1
        return oldest - 1 <= seq

    def resume(self, wire: Wire, seq: int, *, repeats: int = 0) -> None:
        """Go on over another connection: all that was missed, then RESUMED.

        `repeats` is how many events before these are told a second time.
        """
        for number, text in self._backlog:
            if number > seq - repeats:
                wire.send(text)
        self.wire, self.left_at = wire, None
        self.tell("RESUMED", {"_trace": ["sandbox"]})
