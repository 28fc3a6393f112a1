"""The grammar of a chat script: plain text, a line a message, read into events.

    # a comment
    == -2                           what follows happens two days before the day itself
    09:14 #general Priya: morning   said at 09:14; several in a minute are spread over it
    09:14:30 #general Ola: a text of many lines goes on
        in lines that are indented by four spaces (empty lines between them count)
    09:15 #dev jonas [crash]: so that others can name it
    09:16 #dev Mara ^crash: a reply; 09:16 #dev Mara [fix] ^crash {sticker ship-it}: all at once
    09:17 #dev Mara opens [hunt] ^crash: The thread's name          without ^: a free thread
    09:18 >hunt Ola: said in that thread
    09:19 #help-desk Ola posts [umlaut] {bug, windows}: The post's title
        and its first message
    09:20 #general Dicey answers Tiff /roll 2d6: what a bot says to a member's slash command
    09:21 Mara edits fix: the whole new text
    09:22 Tiff deletes spam1 spam2  several at once are a bulk delete
    09:23 Ola, Tiff reacts fix 🎉    also custom ones, as :forge:
    09:24 Ola unreacts fix 🎉
    09:25 Mara pins fix
    09:26 Kit joins                 the newcomer appears; `Kit leaves`

Extras in braces, separated by semicolons: `file NAME`, `voice SECONDS`, `sticker NAME`,
`forward LABEL`, `embed TITLE | TEXT`, `poll QUESTION | ANSWER | ANSWER`.
In a text `@Mara`, `#dev`, `>hunt` and `:forge:` become mentions and emoji when it is played.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from guildwatch.model import GuildwatchError
from guildwatch.sandbox.community.cast import Cast
from guildwatch.sandbox.community.events import (
    AnswerCommand,
    Delete,
    Edit,
    Event,
    Extras,
    Join,
    Leave,
    OpenThread,
    Pin,
    React,
    Say,
)

_DAY = re.compile(r"== (?P<day>-?\d+)")
_HEAD = re.compile(
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))? +(?P<rest>\S.*)"
)
_SPEECH = re.compile(
    r"(?P<place>[#>][\w-]+) (?P<speaker>\w+)"
    r"(?: (?P<verb>opens|posts)| answers (?P<asker>\w+) (?P<command>/[\w ]+?))?"
    r"(?: \[(?P<label>[\w-]+)\])?(?: \^(?P<reply>[\w-]+))?(?: \{(?P<extras>[^}]*)\})?"
    r":(?: (?P<text>.*))?"
)
_DEED = re.compile(r"(?P<people>\w+(?:, \w+)*) (?P<verb>[a-z]+)(?: (?P<rest>.*))?")
_INDENT = "    "


class ScriptError(GuildwatchError):
    """A line that the grammar or the cast does not allow; the text names file and line."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One head line with its continuation, not yet understood."""

    line: int
    day: int
    minute: int
    second: int | None
    rest: str
    more: tuple[str, ...] = ()


def parse(text: str, cast: Cast, *, name: str) -> tuple[Event, ...]:
    """The events of a script in order; `name` is the file's, for errors.

    Raises ScriptError for the first line that is no script, names somebody or something that
    does not exist (yet), or goes back in time.
    """
    entries = _entries(text, name)
    reader = _Reader(cast, name)
    return tuple(
        reader.read(entry, at) for entry, at in zip(entries, _moments(entries), strict=True)
    )


def _entries(text: str, name: str) -> list[_Entry]:
    entries: list[_Entry] = []
    day = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(_INDENT) or not line.strip():
            if entries:
                entries[-1] = _continued(entries[-1], line)
        elif match := _DAY.fullmatch(line):
            day = int(match["day"])
        elif match := _HEAD.fullmatch(line):
            minute = int(match["hour"]) * 60 + int(match["minute"])
            second = int(match["second"]) if match["second"] else None
            entries.append(_Entry(number, day, minute, second, match["rest"]))
        elif not line.startswith("#"):
            raise ScriptError(
                f"{name}, line {number}: a line begins with a time like 09:15, four spaces, "
                f"== or #, but this one with {line[:20]!r}."
            )
    return entries


def _continued(entry: _Entry, line: str) -> _Entry:
    return replace(entry, more=(*entry.more, line.removeprefix(_INDENT).rstrip()))


def _moments(entries: list[_Entry]) -> Iterator[timedelta]:
    """Each entry's time since the day's midnight; those of one minute are spread over it."""
    minutes = [(entry.day, entry.minute) for entry in entries]
    shares = {minute: minutes.count(minute) for minute in set(minutes)}
    seen = dict.fromkeys(shares, 0)
    for entry, minute in zip(entries, minutes, strict=True):
        seen[minute] += 1
        second = entry.second
        if second is None:
            second = 60 * seen[minute] // (shares[minute] + 1)
        yield timedelta(days=entry.day, minutes=entry.minute, seconds=second)


@dataclass
class _Reader:
    """Understands entries one by one, remembering what has been said and opened so far."""

    cast: Cast
    name: str
    _messages: dict[str, str] = field(default_factory=dict)  # label → place
    _threads: dict[str, str] = field(default_factory=dict)  # label → parent's place
    _last: timedelta | None = None
    _here: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._here = set(self.cast.handles - self.cast.newcomers)

    def read(self, entry: _Entry, at: timedelta) -> Event:
        if self._last is not None and at < self._last:
            raise self._error(entry, "this happens before the line above it")
        self._last = at
        if entry.rest[0] in "#>":
            return self._speech(entry, at)
        return self._deed(entry, at)

    def _error(self, entry: _Entry, what: str) -> ScriptError:
        return ScriptError(f"{self.name}, line {entry.line}: {what}.")

    def _speech(self, entry: _Entry, at: timedelta) -> Event:
        match = _SPEECH.fullmatch(entry.rest)
        if match is None:
            raise self._error(entry, "expected `#channel Speaker: text`")
        self._check_place(entry, match["place"])
        self._check_people(entry, (match["speaker"],))
        if match["verb"]:
            return self._opening(entry, at, match)
        text = _joined(match["text"], entry.more)
        self._remember(entry, match["label"], match["place"])
        if match["asker"]:
            self._check_people(entry, (match["asker"],))
            return AnswerCommand(
                at, entry.line, match["place"], match["speaker"], match["asker"],
                match["command"], text, match["label"],
            )  # fmt: skip
        reply = self._reply(entry, match)
        extras = self._extras(entry, match["extras"] or "")
        if not text and extras == Extras():
            raise self._error(entry, "nothing is said here")
        return Say(
            at, entry.line, match["place"], match["speaker"], text, match["label"], reply, extras
        )

    def _opening(self, entry: _Entry, at: timedelta, match: re.Match[str]) -> OpenThread:
        label, title = match["label"], match["text"]
        if not label or not title:
            raise self._error(entry, "a thread needs a [label] and a name")
        if label in self._threads:
            raise self._error(entry, f"there is a thread [{label}] already")
        self._threads[label] = match["place"]
        tags = tuple(tag.strip() for tag in (match["extras"] or "").split(",") if tag.strip())
        first = _joined("", entry.more) or None
        if first is not None:
            self._remember(entry, label, f">{label}")
        return OpenThread(
            at, entry.line, match["place"], match["speaker"], label, title,
            self._reply(entry, match), first, tags,
        )  # fmt: skip

    def _reply(self, entry: _Entry, match: re.Match[str]) -> str | None:
        label = match["reply"]
        if label and self._messages.get(label) != match["place"]:
            raise self._error(entry, f"nothing is called [{label}] in {match['place']} so far")
        return str(label) if label else None

    def _extras(self, entry: _Entry, text: str) -> Extras:
        extras = Extras()
        for part in filter(None, (part.strip() for part in text.split(";"))):
            word, _, rest = part.partition(" ")
            add = _EXTRAS.get(word)
            if add is None or not rest:
                raise self._error(entry, f"no such extra: {part}")
            extras = add(extras, rest.strip())
        if extras.forward is not None:
            self._check_message(entry, extras.forward)
        return extras

    def _deed(self, entry: _Entry, at: timedelta) -> Event:
        match = _DEED.fullmatch(entry.rest)
        if match is None:
            raise self._error(entry, "expected `Name verb …` or `#channel Name: text`")
        people = tuple(match["people"].split(", "))
        if match["verb"] == "joins":
            return self._arrival(entry, at, people[0])
        self._check_people(entry, people)
        rest = match["rest"] or ""
        match match["verb"]:
            case "leaves":
                self._here.remove(people[0])
                return Leave(at, entry.line, people[0])
            case "pins":
                return Pin(at, entry.line, people[0], self._check_message(entry, rest))
            case "deletes":
                labels = tuple(self._check_message(entry, label) for label in rest.split())
                return Delete(at, entry.line, people[0], labels)
            case "edits":
                label, _, text = rest.partition(":")
                text = _joined(text.strip(), entry.more)
                return Edit(at, entry.line, people[0], self._check_message(entry, label), text)
            case "reacts" | "unreacts":
                label, _, emoji = rest.partition(" ")
                self._check_message(entry, label)
                removed = match["verb"] == "unreacts"
                return React(at, entry.line, people, label, emoji.strip(), removed=removed)
        raise self._error(entry, f"nobody can {match['verb']!r} here")

    def _arrival(self, entry: _Entry, at: timedelta, handle: str) -> Join:
        if handle not in self.cast.newcomers or handle in self._here:
            raise self._error(entry, f"{handle} is no newcomer who could join")
        self._here.add(handle)
        return Join(at, entry.line, handle)

    def _check_place(self, entry: _Entry, place: str) -> None:
        known = self._threads if place[0] == ">" else self.cast.channel_names
        if place[1:] not in known:
            raise self._error(entry, f"there is no {place} (yet)")

    def _check_people(self, entry: _Entry, handles: tuple[str, ...]) -> None:
        for handle in handles:
            if handle not in self.cast.handles:
                raise self._error(entry, f"nobody in the cast is called {handle}")
            if handle not in self._here:
                raise self._error(entry, f"{handle} is not in the guild at this time")

    def _check_message(self, entry: _Entry, label: str) -> str:
        if label not in self._messages:
            raise self._error(entry, f"no message is called [{label}] so far")
        return label

    def _remember(self, entry: _Entry, label: str | None, place: str) -> None:
        if label is None:
            return
        if label in self._messages:
            raise self._error(entry, f"there is a message [{label}] already")
        self._messages[label] = place


def _joined(first: str | None, more: tuple[str, ...]) -> str:
    return "\n".join([first or "", *more]).strip("\n").rstrip()


def _titled(text: str) -> tuple[str, str]:
    title, _, rest = text.partition("|")
    return title.strip(), rest.strip()


def _poll(text: str) -> tuple[str, tuple[str, ...]]:
    question, *answers = (part.strip() for part in text.split("|"))
    return question, tuple(answers)


_EXTRAS: Mapping[str, Callable[[Extras, str], Extras]] = {
    "file": lambda extras, rest: replace(extras, files=(*extras.files, rest)),
    "voice": lambda extras, rest: replace(extras, voice_seconds=float(rest)),
    "sticker": lambda extras, rest: replace(extras, stickers=(*extras.stickers, rest)),
    "forward": lambda extras, rest: replace(extras, forward=rest),
    "embed": lambda extras, rest: replace(extras, embed=_titled(rest)),
    "poll": lambda extras, rest: replace(extras, poll=_poll(rest)),
}
