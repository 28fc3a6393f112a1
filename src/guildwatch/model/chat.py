"""What is said: messages and what happens to them, in the order in which it happens."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guildwatch.model.snowflake import created_at


class MessageKind(StrEnum):
    """What a message is to us; Discord's many message types fall into these."""

    DEFAULT = "default"
    REPLY = "reply"
    FORWARD = "forward"
    POLL = "poll"
    COMMAND = "command"
    SYSTEM = "system"

    @property
    def is_talk(self) -> bool:
        """Whether people said it, so that it is scored and digested."""
        return self not in (MessageKind.COMMAND, MessageKind.SYSTEM)


class AttachmentKind(StrEnum):
    """What a file beside a message is, by its media type."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a message, under the name shown in that guild.

    Id 0 stands for a member who was forgotten or opted out. Webhooks count as bots.
    """

    id: int
    name: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now.

    `text` is what a reader sees: a forward's own text, a poll's question and answers; raw Discord
    markup (`<@1>`) is kept. None means that the message was deleted and only its ids remain.
    `score` is the mood as VADER's compound value in -1..1, None where there is nothing to score.
    `attachments`, `stickers` and `reactions` are counts; `attachment_kinds` says of each attachment
    what it is, where that is known.
    `mentioned` are the people whom the text mentions, so that their names can be resolved.
    """

    id: int
    guild_id: int
    channel_id: int
    author: Author
    text: str | None
    kind: MessageKind = MessageKind.DEFAULT
    reply_to: int | None = None
    edited_at: datetime | None = None
    mentioned: tuple[Author, ...] = ()
    attachments: int = 0
    stickers: int = 0
    reactions: int = 0
    score: float | None = None
    attachment_kinds: tuple[AttachmentKind, ...] = ()

    @property
    def created_at(self) -> datetime:
        """When it was sent (UTC), read from its id."""
        return created_at(self.id)

    @property
    def wording(self) -> int:
        """A fingerprint of its text: another one after an edit of it."""
        return wording_of(self.text or "")

    @property
    def is_deleted(self) -> bool:
        """Whether only a tombstone is left of it."""
        return self.text is None


def wording_of(text: str) -> int:
    """A fingerprint of a message's text, of 64 bits."""
    whole = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(whole.digest())


@dataclass(frozen=True, slots=True)
class MessageEdit:
    """What a message has become; of one that is not stored nothing is known, so no author here.

    `edited_at` is None where its author edited nothing: a link's preview came, a bot's answer was
    ready, it was pinned. `is_talk` says whether people wrote it, so that it is scored.
    """

    id: int
    guild_id: int
    channel_id: int
    text: str
    edited_at: datetime | None
    mentioned: tuple[Author, ...] = ()
    attachments: int = 0
    score: float | None = None
    attachment_kinds: tuple[AttachmentKind, ...] = ()
    is_talk: bool = True


@dataclass(frozen=True, slots=True)
class Deletion:
    """One or many messages of a channel deleted at once."""

    guild_id: int
    channel_id: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReactionChange:
    """Reactions added to (positive) or taken from (negative) a message; `clear` takes all first."""

    id: int
    guild_id: int
    channel_id: int
    delta: int = 0
    clear: bool = False


@dataclass(frozen=True, slots=True)
class ChannelClosed:
    """A channel or thread was deleted, and all its messages with it."""

    guild_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class GuildLeft:
    """The bot was removed from a guild (an outage is not this)."""

    guild_id: int


Captured = Message | MessageEdit | Deletion | ReactionChange | ChannelClosed | GuildLeft
"""Everything that travels the one road from the listeners into the store, in order."""
