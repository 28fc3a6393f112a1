"""What is remembered of a channel: its last lines with their homes, and what follows from them.

Everything here is a function of the lines in the window, and of who spoke in the window before
each of them. So recalling the last `RECALLED_LINES` of the last `RECALLED_SECONDS`, in their
order, restores it exactly.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from guildwatch.digest.cues import asks
from guildwatch.digest.lines import Line
from guildwatch.digest.words import STOP

REMEMBERED_SECONDS = 12 * 3600.0
REMEMBERED_LINES = 600
# Whom a line names depends on who spoke in the window before it: twice the window tells all.
RECALLED_SECONDS = 2 * REMEMBERED_SECONDS
RECALLED_LINES = 2 * REMEMBERED_LINES
_K = TypeVar("_K")
_NAME = re.compile(r"[\w|\[\]`^{}\\-]{2,32}")
_CALL = re.compile(r"^@?([\w|\[\]`^{}\\-]{3,32})[:,]\s")


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A remembered line: who spoke to whom, with which telling words, in which conversation.

    `number` counts what was heard: only differences of it mean anything.
    """

    id: int
    number: int
    author_id: int
    name: str
    at: float
    spoken_to: frozenset[int]
    said: frozenset[str]
    asks: bool
    home: "Going"


@dataclass(slots=True, eq=False)
class Going:
    """A conversation that may go on, as far as it is remembered.

    `spoke` has each speaker's last line in it, `addressed` the last line that spoke to somebody.
    """

    id: int
    lines: deque[Heard] = field(default_factory=deque)
    spoke: dict[int, Heard] = field(default_factory=dict)
    addressed: dict[int, Heard] = field(default_factory=dict)
    said: Counter[str] = field(default_factory=Counter)

    @property
    def last(self) -> Heard:
        """The line said last."""
        return self.lines[-1]


class Memory:
    """The last lines of one channel: at most `REMEMBERED_LINES` of `REMEMBERED_SECONDS`."""

    def __init__(self) -> None:
        self.lines: deque[Heard] = deque()
        self.last_of: dict[int, Heard] = {}
        self.seen: Counter[str] = Counter()
        self.naming = 0
        self._count = 0
        self._going: dict[int, Going] = {}
        self._by_id: dict[int, Heard] = {}
        self._called: dict[str, Heard] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def latest_first(self) -> Iterator[Going]:
        """The conversations, the one spoken in last first."""
        return reversed(self._going.values())

    def of(self, message_id: int) -> Heard | None:
        """The remembered line of this id."""
        return self._by_id.get(message_id)

    def forget(self, now: float) -> None:
        """Drop what is too old, or too much to take another line."""
        lines = self.lines
        while lines and (now - lines[0].at > REMEMBERED_SECONDS or len(lines) >= REMEMBERED_LINES):
            self._drop(lines.popleft())

    def keep(self, line: Line, conversation_id: int, spoken_to: frozenset[int]) -> None:
        """Remember the line as the last one of this conversation."""
        self.forget(line.at)
        going = self._going.pop(conversation_id, None) or Going(conversation_id)
        self._going[conversation_id] = going
        heard = Heard(
            line.id,
            self._count,
            line.author_id,
            line.name.lower(),
            line.at,
            spoken_to,
            frozenset(line.said),
            asks(line.text),
            going,
        )
        self._count += 1
        self.lines.append(heard)
        going.lines.append(heard)
        going.spoke[heard.author_id] = self.last_of[heard.author_id] = heard
        going.addressed.update(dict.fromkeys(spoken_to, heard))
        going.said.update(heard.said)
        self.seen.update(heard.said)
        self.naming += bool(spoken_to)
        self._by_id[heard.id] = self._called[heard.name] = heard

    def spoken_to(self, line: Line) -> frozenset[int]:
        """Whom the line addresses: answered, mentioned by id, or called by a speaker's name."""
        called = self._called
        found = {
            called[word].author_id
            for word in (each.lower() for each in _NAME.findall(line.text))
            if word in called and word not in STOP
        }
        found |= line.mentions
        if not found and (call := _CALL.match(line.text)):
            found = self._called_in_short(call[1].lower())
        answered = self.of(line.reply_to) if line.reply_to else None
        if answered is not None:
            found.add(answered.author_id)
        return frozenset(found - {line.author_id})

    def _called_in_short(self, call: str) -> set[int]:
        """Whom a name's beginning, set off by a colon or comma, can only mean."""
        if call in STOP:
            return set()
        found = {each.author_id for name, each in self._called.items() if name.startswith(call)}
        return found if len(found) == 1 else set()

    def _drop(self, heard: Heard) -> None:
        going = heard.home
        going.lines.popleft()
        if not going.lines:
            self._going.pop(going.id, None)
        _forget_value(going.spoke, heard.author_id, heard)
        _forget_value(self.last_of, heard.author_id, heard)
        _forget_value(self._called, heard.name, heard)
        _forget_value(self._by_id, heard.id, heard)
        for id_ in heard.spoken_to:
            _forget_value(going.addressed, id_, heard)
        for count in (going.said, self.seen):
            count.subtract(heard.said)
            for word in heard.said:
                if not count[word]:
                    del count[word]
        self.naming -= bool(heard.spoken_to)


def _forget_value(values: dict[_K, Heard], key: _K, heard: Heard) -> None:
    if values.get(key) is heard:
        del values[key]
