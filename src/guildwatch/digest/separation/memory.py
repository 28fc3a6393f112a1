"""What is remembered of a channel: its last lines with their homes, and who spoke to whom in them.

Everything here is a function of the lines in the window, and of who spoke in the window before
each of them. So recalling the last `RECALLED_LINES` of the last `RECALLED_SECONDS`, in their
order, restores it exactly.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from guildwatch.digest.extraction.cues import asks
from guildwatch.digest.separation.manner import (
    CLOSING,
    COMMAND,
    HEADING,
    NUMBER,
    OPENING,
    TURN,
)
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import STOP

REMEMBERED_SECONDS = 12 * 3600.0
REMEMBERED_LINES = 600
# Whom a line names depends on who spoke in the window before it: twice the window tells all.
RECALLED_SECONDS = 2 * REMEMBERED_SECONDS
RECALLED_LINES = 2 * REMEMBERED_LINES
_NAME = re.compile(r"[\w|\[\]`^{}\\-]{2,32}")
_CALL = re.compile(r"^@?([\w|\[\]`^{}\\-]{3,32})[:,]\s")
_TELLING_START = 3  # signs
_RARE, _MOST_NUMBERS = 2, 2  # lines that said a rare word; numbers of a line that are looked up
_MACHINE = re.compile(r"(?:[^\W\d_]+ ){1,2}[^\W\d_]+:|\S*[^\w\s'’,.:;!?@-]\S*(?=\s)")
_K = TypeVar("_K")


@dataclass(slots=True, eq=False)
class Heard:
    """A line as it was heard: who spoke to whom, with which telling words, in which manner.

    `number` counts what was heard: only differences of it mean anything. `lately` are the telling
    words of the line and of its author's line before. `is_first` tells whether its author was not
    remembered, `is_reply` whether the message that it answers was. `begins_with` is how it
    begins if a machine may speak, `is_feed` tells whether its author's line before began so too.
    `numbers` are those in it that may name something, `heads` tells whether it is a heading.
    `home_id` is its conversation, once it has one.
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
    opens: bool
    turns: bool
    is_first: bool
    is_reply: bool
    begins_with: str
    is_feed: bool
    closes: bool
    commands: bool
    heads: bool
    numbers: frozenset[str]
    home_id: int = 0


class Memory:
    """The last lines of one channel: at most `REMEMBERED_LINES` of `REMEMBERED_SECONDS`.

    `last_of` has each speaker's last line, `last_to` the last line that spoke to somebody,
    `last_address` each speaker's last line that spoke to anybody, `talked_with` the last line
    between two people, `last_heading` the last heading, `seen` how many lines said a word.
    """

    def __init__(self) -> None:
        self.lines: deque[Heard] = deque()
        self.last_of: dict[int, Heard] = {}
        self.last_to: dict[int, Heard] = {}
        self.last_address: dict[int, Heard] = {}
        self.seen: Counter[str] = Counter()
        self.addressing = 0
        self.replies = 0
        self.last_heading: Heard | None = None
        self._count = 0
        self.talked_with: dict[int, dict[int, Heard]] = {}
        self._by_id: dict[int, Heard] = {}
        self._called: dict[str, Heard] = {}
        self._last_said: dict[str, Heard] = {}
        self._people: dict[int, Counter[int]] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def of(self, message_id: int) -> Heard | None:
        """The remembered line of this id."""
        return self._by_id.get(message_id)

    def between(self, one: int, other: int) -> Heard | None:
        """The last line with which one of two people spoke to the other."""
        return self.talked_with.get(one, {}).get(other)

    def echoed(self, heard: Heard) -> list[Heard]:
        """The last lines that said its rarest word, if that is rare, and its numbers."""
        seen, last = self.seen, self._last_said
        rare = min(
            ((seen[word], word) for word in heard.said if 0 < seen[word] <= _RARE), default=None
        )
        numbers = [last[number] for number in sorted(heard.numbers) if number in last]
        return [*([last[rare[1]]] if rare else []), *numbers[:_MOST_NUMBERS]]

    def people_of(self, home_id: int) -> int:
        """How many people are remembered to have spoken in a conversation."""
        return len(self._people.get(home_id, ()))

    def forget(self, now: float) -> None:
        """Drop what is too old, or too much to take another line."""
        lines = self.lines
        while lines and (now - lines[0].at > REMEMBERED_SECONDS or len(lines) >= REMEMBERED_LINES):
            self._drop(lines.popleft())

    def hear(self, line: Line) -> Heard:
        """A line as the next one after those that are remembered; it is not kept yet."""
        self.forget(line.at)
        said, start = frozenset(line.said), beginning_of(line)
        before = self.last_of.get(line.author_id)
        goes_on = before is not None and before.begins_with == start
        opens = bool(OPENING.search(line.text))
        return Heard(
            line.id,
            self._count,
            line.author_id,
            line.name.lower(),
            line.at,
            self.spoken_to(line),
            said,
            said | before.said if before else said,
            opens or asks(line.text),
            opens,
            bool(TURN.search(line.text)),
            before is None,
            bool(line.reply_to and line.reply_to in self._by_id),
            start,
            goes_on and len(start) >= _TELLING_START,
            bool(CLOSING.search(line.text)),
            bool(COMMAND.match(line.text)),
            bool(HEADING.search(line.text)),
            frozenset(NUMBER.findall(line.text)),
        )

    def keep(self, heard: Heard, home_id: int) -> None:
        """Remember what was heard as the last line, said in this conversation."""
        heard.home_id = home_id
        self._count += 1
        self.last_of.pop(heard.author_id, None)
        self._note(heard)

    def spoken_to(self, line: Line) -> frozenset[int]:
        """Whom the line addresses: answered, mentioned by id, or called by a speaker's name."""
        called = self._called
        found = {
            called[word].author_id
            for word in _NAME.findall(line.text.lower())
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
        author = heard.author_id
        self.lines.append(heard)
        self.last_of[author] = heard
        if heard.spoken_to:
            self.last_address[author] = heard
        for id_ in heard.spoken_to:
            self.last_to[id_] = heard
            self.talked_with.setdefault(id_, {})[author] = heard
            self.talked_with.setdefault(author, {})[id_] = heard
        self.seen.update(heard.said)
        for word in heard.said | heard.numbers:
            self._last_said[word] = heard
        if heard.heads:
            self.last_heading = heard
        self.addressing += bool(heard.spoken_to)
        self.replies += heard.is_reply
        self._people.setdefault(heard.home_id, Counter())[author] += 1
        self._by_id[heard.id] = self._called[heard.name] = heard

    def _drop(self, heard: Heard) -> None:
        author = heard.author_id
        _forget_value(self.last_of, author, heard)
        _forget_value(self.last_address, author, heard)
        _forget_value(self._called, heard.name, heard)
        _forget_value(self._by_id, heard.id, heard)
        for id_ in heard.spoken_to:
            _forget_value(self.last_to, id_, heard)
            _forget_pair(self.talked_with, id_, author, heard)
            _forget_pair(self.talked_with, author, id_, heard)
        _take_away(self.seen, heard.said)
        for word in heard.said | heard.numbers:
            _forget_value(self._last_said, word, heard)
        if self.last_heading is heard:
            self.last_heading = None
        people = self._people[heard.home_id]
        _take_away(people, (author,))
        if not people:
            del self._people[heard.home_id]
        self.addressing -= bool(heard.spoken_to)
        self.replies -= heard.is_reply


def beginning_of(line: Line) -> str:
    """How a line begins if a machine may have written it: `New patchset:`, `03(mod)`, `[docs]`."""
    found = _MACHINE.match(line.text)
    return found[0].lower() if found else ""


def _forget_value(values: dict[_K, Heard], key: _K, heard: Heard) -> None:
    if values.get(key) is heard:
        del values[key]


def _forget_pair(values: dict[int, dict[int, Heard]], one: int, other: int, heard: Heard) -> None:
    if one in values:
        _forget_value(values[one], other, heard)
        if not values[one]:
            del values[one]


def _take_away(counts: Counter[_K], keys: Iterable[_K]) -> None:
    for key in keys:
        counts[key] -= 1
        if not counts[key]:
            del counts[key]
