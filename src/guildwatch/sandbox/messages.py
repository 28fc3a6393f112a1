"""Messages, and what can be in them."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag

from guildwatch.sandbox.errors import Json


class MessageType(IntEnum):
    """Discord's message types, as far as the sandbox makes them."""

    DEFAULT = 0
    PIN = 6
    JOIN = 7
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    THREAD_STARTER = 21
    CONTEXT_MENU_COMMAND = 23

    @property
    def is_system(self) -> bool:
        """Whether Discord wrote it, so that nobody can edit it."""
        return self in (self.PIN, self.JOIN, self.THREAD_CREATED, self.THREAD_STARTER)


class MessageFlag(IntFlag):
    """Discord's message flags."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be sent with a message; the content type is guessed from the name."""

    filename: str
    data: bytes
    content_type: str = ""
    description: str | None = None

    @property
    def media_type(self) -> str:
        """The content type, given or guessed."""
        guessed = mimetypes.guess_type(self.filename)[0]
        return self.content_type or guessed or "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Poll:
    """A question and its answers."""

    question: str
    answers: Sequence[str]
    hours: int = 24
    several: bool = False


@dataclass(slots=True)
class StoredFile:
    """An attachment as it is kept and served."""

    id: int
    channel_id: int
    file: Attachment
    ephemeral: bool = False


@dataclass(slots=True)
class Draft:
    """Everything a message may be made of, before it has an id."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    attachments: Sequence[Attachment] = ()
    components: list[Json] = field(default_factory=list)
    stickers: Sequence[str] = ()
    poll: Poll | None = None
    reply_to: int | None = None
    must_exist: bool = True
    forward: int | None = None
    flags: int = 0
    nonce: str | None = None
    enforce_nonce: bool = False
    allowed_mentions: Json | None = None
    type: int = MessageType.DEFAULT
    thread_id: int | None = None


@dataclass(slots=True)
class Message:
    """A message as the sandbox keeps it; `reactions` maps an emoji to who reacted with it."""

    id: int
    channel_id: int
    author_id: int
    content: str
    type: int = MessageType.DEFAULT
    edited_at: datetime | None = None
    embeds: list[Json] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    stickers: list[tuple[int, str]] = field(default_factory=list)
    poll: Poll | None = None
    reference: Json | None = None
    snapshot: Json | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    mentions: list[int] = field(default_factory=list)
    role_mentions: list[int] = field(default_factory=list)
    mentions_everyone: bool = False
    pinned_at: datetime | None = None
    flags: int = 0
    nonce: str | None = None
    webhook_id: int | None = None
    interaction: Json | None = None
