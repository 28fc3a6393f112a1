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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

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
from guildwatch.sandbox.community.lines import Entry, ScriptError, entries_of, moments_of

_SPEECH = re.compile(
    r"(?P<place>[#>][\w-]+) (?P<speaker>\w+)"
    r"(?: (?P<verb>opens|posts)| answers (?P<asker>\w+) (?P<command>/[\w ]+?))?"
    r"(?: \[(?P<label>[\w-]+)\])?(?: \^(?P<reply>[\w-]+))?(?: \{(?P<extras>[^}]*)\})?"
    r":(?: (?P<text>.*))?"
)
_DEED = re.compile(r"(?P<people>\w+(?:, \w+)*) (?P<verb>[a-z]+)(?: (?P<rest>.*))?")


def parse(text: str, cast: Cast, *, name: str) -> tuple[Event, ...]:
    """The events of a script in order; `name` is the file's, for errors.

    Raises ScriptError for the first line that is no script, names somebody or something that
    does not exist (yet), or goes back in time.
    """
    entries = entries_of(text, name)
    reader = _Reader(cast, name)
    return tuple(
        reader.read(entry, at) for entry, at in zip(entries, moments_of(entries), strict=True)
    )


@dataclass
class _Reader:
    """Understands entries one by one, remembering what has been said and opened so far."""

    cast: Cast
    name: str
    _messages: dict[str, tuple[str, str]] = field(default_factory=dict)  # label → place, author
    _threads: dict[str, str] = field(default_factory=dict)  # label → parent's place
    _last: timedelta | None = None
    _here: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._here = set(self.cast.handles - self.cast.newcomers)

    def read(self, entry: Entry, at: timedelta) -> Event:
        if self._last is not None and at < self._last:
            raise self._error(entry, "this happens before the line above it")
        self._last = at
        if entry.rest[0] in "#>":
            return self._speech(entry, at)
        return self._deed(entry, at)

    def _error(self, entry: Entry, what: str) -> ScriptError:
        return ScriptError(f"{self.name}, line {entry.line}: {what}.")

    def _speech(self, entry: Entry, at: timedelta) -> Event:
        match = _SPEECH.fullmatch(entry.rest)
        if match is None:
            raise self._error(entry, "expected `#channel Speaker: text`")
        self._check_place(entry, match["place"])
        self._check_people(entry, (match["speaker"],))
        if match["verb"]:
            return self._opening(entry, at, match)
        text = _joined(match["text"], entry.more)
        reply = self._reply(entry, match)
        extras = self._extras(entry, match["extras"] or "")
        if not text and extras == Extras():
            raise self._error(entry, "nothing is said here")
        self._remember(entry, match["label"], match["place"], match["speaker"])
        if match["asker"]:
            self._check_people(entry, (match["asker"],))
            return AnswerCommand(
                at, entry.line, match["place"], match["speaker"], match["asker"],
                match["command"], text, match["label"],
            )  # fmt: skip
        return Say(
            at, entry.line, match["place"], match["speaker"], text, match["label"], reply, extras
        )

    def _opening(self, entry: Entry, at: timedelta, match: re.Match[str]) -> OpenThread:
        label, title = match["label"], match["text"]
        first = _joined("", entry.more) or None
        if not label or not title or (match["verb"] == "posts" and first is None):
            raise self._error(
                entry, "a thread needs a [label] and a name, a post also a first text"
            )
        if label in self._threads:
            raise self._error(entry, f"there is a thread [{label}] already")
        self._threads[label] = match["place"]
        tags = tuple(tag.strip() for tag in (match["extras"] or "").split(",") if tag.strip())
        if first is not None:
            self._remember(entry, label, f">{label}", match["speaker"])
        return OpenThread(
            at, entry.line, match["place"], match["speaker"], label, title,
            self._reply(entry, match), first, tags,
        )  # fmt: skip

    def _reply(self, entry: Entry, match: re.Match[str]) -> str | None:
        label = match["reply"]
        if label and self._messages.get(label, ("", ""))[0] != match["place"]:
            raise self._error(entry, f"nothing is called [{label}] in {match['place']} so far")
        return str(label) if label else None

    def _extras(self, entry: Entry, text: str) -> Extras:
        extras = Extras()
        for part in filter(None, (part.strip() for part in text.split(";"))):
            word, _, rest = part.partition(" ")
            try:
                extras = _EXTRAS[word](extras, rest.strip())
            except (KeyError, ValueError) as error:
                raise self._error(entry, f"there is no such extra as {{{part}}}") from error
        if extras.forward is not None:
            self._check_message(entry, extras.forward)
        return extras

    def _deed(self, entry: Entry, at: timedelta) -> Event:
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
                labels = tuple(rest.split())
                for label in labels:
                    self._check_own(entry, label, people[0], or_moderator=True)
                return Delete(at, entry.line, people[0], labels)
            case "edits":
                label, _, text = rest.partition(":")
                self._check_own(entry, label, people[0])
                return Edit(at, entry.line, people[0], label, _joined(text.strip(), entry.more))
            case "reacts" | "unreacts":
                label, _, emoji = rest.partition(" ")
                self._check_message(entry, label)
                removed = match["verb"] == "unreacts"
                return React(at, entry.line, people, label, emoji.strip(), removed=removed)
        raise self._error(entry, f"nobody can {match['verb']!r} here")

    def _arrival(self, entry: Entry, at: timedelta, handle: str) -> Join:
        if handle not in self.cast.newcomers or handle in self._here:
            raise self._error(entry, f"{handle} is no newcomer who could join")
        self._here.add(handle)
        return Join(at, entry.line, handle)

    def _check_place(self, entry: Entry, place: str) -> None:
        known = self._threads if place[0] == ">" else self.cast.channel_names
        if place[1:] not in known:
            raise self._error(entry, f"there is no {place} (yet)")

    def _check_people(self, entry: Entry, handles: tuple[str, ...]) -> None:
        for handle in handles:
            if handle not in self.cast.handles:
                raise self._error(entry, f"nobody in the cast is called {handle}")
            if handle not in self._here:
                raise self._error(entry, f"{handle} is not in the guild at this time")

    def _check_message(self, entry: Entry, label: str) -> str:
        if label not in self._messages:
            raise self._error(entry, f"no message is called [{label}] so far")
        return label

    def _check_own(
        self, entry: Entry, label: str, speaker: str, *, or_moderator: bool = False
    ) -> None:
        self._check_message(entry, label)
        allowed = or_moderator and speaker in self.cast.moderators
        if self._messages[label][1] != speaker and not allowed:
            raise self._error(entry, f"[{label}] is not {speaker}'s to change")

    def _remember(self, entry: Entry, label: str | None, place: str, author: str) -> None:
        if label is None:
            return
        if label in self._messages:
            raise self._error(entry, f"there is a message [{label}] already")
        self._messages[label] = place, author


def _joined(first: str | None, more: tuple[str, ...]) -> str:
    return "\n".join([first or "", *more]).strip("\n").rstrip()


def _titled(text: str) -> tuple[str, str]:
    title, _, rest = text.partition("|")
    return title.strip(), rest.strip()


def _poll(text: str) -> tuple[str, tuple[str, ...]]:
    question, first, *more = (part.strip() for part in text.split("|"))
    return question, (first, *more)


_EXTRAS: Mapping[str, Callable[[Extras, str], Extras]] = {
    "file": lambda extras, rest: replace(extras, files=(*extras.files, rest)),
    "voice": lambda extras, rest: replace(extras, voice_seconds=float(rest)),
    "sticker": lambda extras, rest: replace(extras, stickers=(*extras.stickers, rest)),
    "forward": lambda extras, rest: replace(extras, forward=rest),
    "embed": lambda extras, rest: replace(extras, embed=_titled(rest)),
    "poll": lambda extras, rest: replace(extras, poll=_poll(rest)),
}
