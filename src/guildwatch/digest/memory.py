"""What is remembered of a channel: its last lines with their homes, and who spoke to whom in them.

Everything here is a function of the lines in the window, and of who spoke in the window before
each of them. So recalling the last `RECALLED_LINES` of the last `RECALLED_SECONDS`, in their
order, restores it exactly.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass
from typing import TypeVar

from guildwatch.digest.cues import asks
from guildwatch.digest.lines import Line
from guildwatch.digest.manner import OPENING, TURN
from guildwatch.digest.words import STOP

REMEMBERED_SECONDS = 12 * 3600.0
REMEMBERED_LINES = 600
# Whom a line names depends on who spoke in the window before it: twice the window tells all.
RECALLED_SECONDS = 2 * REMEMBERED_SECONDS
RECALLED_LINES = 2 * REMEMBERED_LINES
_NAME = re.compile(r"[\w|\[\]`^{}\\-]{2,32}")
_CALL = re.compile(r"^@?([\w|\[\]`^{}\\-]{3,32})[:,]\s")
_TELLING_START = 3  # signs
_MACHINE = re.compile(r"(?:[^\W\d_]+ ){1,2}[^\W\d_]+:|\S*[^\w\s'’,.:;!?@-]\S*(?=\s)")
_K = TypeVar("_K")


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A remembered line: who spoke to whom, with which telling words, in which conversation.

    `number` counts what was heard: only differences of it mean anything. `lately` are the telling
    words of the line and of its author's line before. `is_first` tells whether its author was not
    remembered, `is_reply` whether the message that it answers was. `begins_with` is how it
    begins if a machine may speak, `is_feed` tells whether its author's line before began so too.
    """

    id: int
    number: int
    author_id: int
    name: str
    at: float
    spoken_to: frozenset[int]
    said: frozenset[str]
    lately: frozenset[str]
    asks: bool
    turns: bool
    is_first: bool
    is_reply: bool
    begins_with: str
    is_feed: bool
    home_id: int


class Memory:
    """The last lines of one channel: at most `REMEMBERED_LINES` of `REMEMBERED_SECONDS`.

    `last_of` has each speaker's last line, `last_to` the last line that spoke to somebody,
    `last_address` each speaker's last line that spoke to anybody, `seen` how many lines said a
    word.
    """

    def __init__(self) -> None:
        self.lines: deque[Heard] = deque()
        self.last_of: dict[int, Heard] = {}
        self.last_to: dict[int, Heard] = {}
        self.last_address: dict[int, Heard] = {}
        self.seen: Counter[str] = Counter()
        self.addressing = 0
        self.replies = 0
        self._count = 0
        self._between: dict[tuple[int, int], Heard] = {}
        self._by_id: dict[int, Heard] = {}
        self._called: dict[str, Heard] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def of(self, message_id: int) -> Heard | None:
        """The remembered line of this id."""
        return self._by_id.get(message_id)

    def between(self, one: int, other: int) -> Heard | None:
        """The last line with which one of two people spoke to the other."""
        return self._between.get(_pair(one, other))

    def forget(self, now: float) -> None:
        """Drop what is too old, or too much to take another line."""
        lines = self.lines
        while lines and (now - lines[0].at > REMEMBERED_SECONDS or len(lines) >= REMEMBERED_LINES):
            self._drop(lines.popleft())

    def keep(self, line: Line, home_id: int, spoken_to: frozenset[int]) -> None:
        """Remember the line as the last one, said in this conversation."""
        self.forget(line.at)
        said, start = frozenset(line.said), beginning_of(line)
        is_feed = self.goes_on_as_feed(line)
        before = self.last_of.pop(line.author_id, None)
        heard = Heard(
            line.id,
            self._count,
            line.author_id,
            line.name.lower(),
            line.at,
            spoken_to,
            said,
            said | before.said if before else said,
            asks(line.text) or bool(OPENING.search(line.text)),
            bool(TURN.search(line.text)),
            before is None,
            bool(line.reply_to and line.reply_to in self._by_id),
            start,
            is_feed,
            home_id,
        )
        self._count += 1
        self._note(heard)

    def goes_on_as_feed(self, line: Line) -> bool:
        """Whether the line begins as its author's last one did, as machines do."""
        before, start = self.last_of.get(line.author_id), beginning_of(line)
        return before is not None and before.begins_with == start and len(start) >= _TELLING_START

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

    def _note(self, heard: Heard) -> None:
        self.lines.append(heard)
        self.last_of[heard.author_id] = heard
        if heard.spoken_to:
            self.last_address[heard.author_id] = heard
        for id_ in heard.spoken_to:
            self.last_to[id_] = self._between[_pair(id_, heard.author_id)] = heard
        self.seen.update(heard.said)
        self.addressing += bool(heard.spoken_to)
        self.replies += heard.is_reply
        self._by_id[heard.id] = self._called[heard.name] = heard

    def _drop(self, heard: Heard) -> None:
        _forget_value(self.last_of, heard.author_id, heard)
        _forget_value(self.last_address, heard.author_id, heard)
        _forget_value(self._called, heard.name, heard)
        _forget_value(self._by_id, heard.id, heard)
        for id_ in heard.spoken_to:
            _forget_value(self.last_to, id_, heard)
            _forget_value(self._between, _pair(id_, heard.author_id), heard)
        self.seen.subtract(heard.said)
        for word in heard.said:
            if not self.seen[word]:
                del self.seen[word]
        self.addressing -= bool(heard.spoken_to)
        self.replies -= heard.is_reply


def beginning_of(line: Line) -> str:
    """How a line begins if a machine may have written it: `New patchset:`, `03(mod)`, `[docs]`."""
    found = _MACHINE.match(line.text)
    return found[0].lower() if found else ""


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _forget_value(values: dict[_K, Heard], key: _K, heard: Heard) -> None:
    if values.get(key) is heard:
        del values[key]
