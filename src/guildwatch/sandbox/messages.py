"""Messages, and what can be in them."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag

from guildwatch.sandbox.errors import Json


class MessageType(IntEnum):
    """Discord's message types in guilds; a message may have one that is not here yet.

    https://docs.discord.com/developers/resources/message#message-object-message-types
    """

    DEFAULT = 0
    PIN = 6
    JOIN = 7
    BOOST = 8
    BOOST_TIER_1 = 9
    BOOST_TIER_2 = 10
    BOOST_TIER_3 = 11
    FOLLOW_ADDED = 12
    DISCOVERY_DISQUALIFIED = 14
    DISCOVERY_REQUALIFIED = 15
    DISCOVERY_FIRST_WARNING = 16
    DISCOVERY_LAST_WARNING = 17
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    THREAD_STARTER = 21
    INVITE_REMINDER = 22
    CONTEXT_MENU_COMMAND = 23
    AUTO_MODERATION = 24
    ROLE_SUBSCRIPTION = 25
    PREMIUM_UPSELL = 26
    STAGE_START = 27
    STAGE_END = 28
    STAGE_SPEAKER = 29
    STAGE_RAISED_HAND = 30
    STAGE_TOPIC = 31
    APPLICATION_SUBSCRIPTION = 32
    INCIDENT_ALERT_ON = 36
    INCIDENT_ALERT_OFF = 37
    INCIDENT_RAID = 38
    INCIDENT_FALSE_ALARM = 39
    PURCHASE = 44
    POLL_RESULT = 46


_WRITTEN = (
    MessageType.DEFAULT,
    MessageType.REPLY,
    MessageType.COMMAND,
    MessageType.CONTEXT_MENU_COMMAND,
)


def is_system(kind: int) -> bool:
    """Whether Discord itself writes messages of this type, so that nobody can edit them."""
    return kind not in _WRITTEN


class MessageFlag(IntFlag):
    """Discord's message flags."""

    CROSSPOSTED = 1 << 0
    IS_CROSSPOST = 1 << 1
    SUPPRESS_EMBEDS = 1 << 2
    SOURCE_DELETED = 1 << 3
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    VOICE = 1 << 13
    HAS_SNAPSHOT = 1 << 14
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be sent with a message; the content type is guessed from the name.

    `seconds` is how long a voice message lasts.
    """

    filename: str
    data: bytes
    content_type: str = ""
    description: str | None = None
    seconds: float | None = None

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
    webhook_id: int | None = None
    interaction: Json | None = None


@dataclass(slots=True)
class Message:
    """A message as the sandbox keeps it.

    `reactions` maps an emoji to who reacted with it, `votes` a poll's answers to who chose them;
    a poll's `ended` says that its result stands. `kept_at` is when it came, by the real timer.
    """

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
    votes: dict[int, list[int]] = field(default_factory=dict)
    ended: bool = False
    kept_at: float = 0.0
    reactions: dict[str, list[int]] = field(default_factory=dict)
    mentions: list[int] = field(default_factory=list)
    role_mentions: list[int] = field(default_factory=list)
    mentions_everyone: bool = False
    pinned_at: datetime | None = None
    flags: int = 0
    nonce: str | None = None
    webhook_id: int | None = None
    interaction: Json | None = None
