"""What can happen in a story, in the script's own words: handles, places and labels, no ids.

`at` is the time since midnight of the story's day (negative in the days before it), `line` the
script's line, a place `#channel` or `>thread`.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Extras:
    """What a message carries beside its text; a poll is its question and its answers."""

    files: tuple[str, ...] = ()
    voice_seconds: float | None = None
    stickers: tuple[str, ...] = ()
    forward: str | None = None
    embed: tuple[str, str] | None = None
    poll: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody says something."""

    at: timedelta
    line: int
    place: str
    speaker: str
    text: str
    label: str | None = None
    reply_to: str | None = None
    extras: Extras = Extras()


@dataclass(frozen=True, slots=True)
class AnswerCommand:
    """A bot answers a member's slash command for all to see."""

    at: timedelta
    line: int
    place: str
    speaker: str
    asker: str
    command: str
    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Somebody opens a thread, from a message or free; in a forum a post with its first text."""

    at: timedelta
    line: int
    place: str
    speaker: str
    label: str
    title: str
    from_message: str | None = None
    first_text: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """An author changes a message's text."""

    at: timedelta
    line: int
    speaker: str
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    """An author or a moderator deletes a message, or a moderator many at once."""

    at: timedelta
    line: int
    speaker: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class React:
    """People put a reaction on a message, or take it back."""

    at: timedelta
    line: int
    people: tuple[str, ...]
    message: str
    emoji: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A moderator pins a message."""

    at: timedelta
    line: int
    speaker: str
    message: str


@dataclass(frozen=True, slots=True)
class Join:
    """A newcomer comes in."""

    at: timedelta
    line: int
    speaker: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody leaves the guild."""

    at: timedelta
    line: int
    speaker: str


Event = Say | AnswerCommand | OpenThread | Edit | Delete | React | Pin | Join | Leave
"""One line of a script."""
