"""Guilds, and the channels and threads in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from guildwatch.model import ChannelKind, Overwrite
from guildwatch.sandbox.people import Member, Role

DM = 1
"""The type of a direct message channel, which the model's kinds do not need."""


@dataclass(slots=True)
class Tag:
    """A forum's tag."""

    id: int
    name: str


@dataclass(slots=True)
class Thread:
    """What a thread has beyond a channel; `members` maps who joined it to when."""

    owner_id: int
    created_at: datetime
    archive_changed_at: datetime
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive_minutes: int = 1440
    members: dict[int, datetime] = field(default_factory=dict)
    tag_ids: list[int] = field(default_factory=list)
    messages_ever: int = 0


@dataclass(slots=True)
class Channel:
    """A channel, category, thread or direct message channel (`guild_id` None).

    `followers` are the webhooks in other channels that an announcement channel sends on to.
    """

    id: int
    type: int
    guild_id: int | None
    name: str = ""
    parent_id: int | None = None
    topic: str | None = None
    position: int = 0
    nsfw: bool = False
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    slowmode: int = 0
    last_message_id: int | None = None
    last_pin_at: datetime | None = None
    message_ids: list[int] = field(default_factory=list)
    followers: list[int] = field(default_factory=list)
    thread: Thread | None = None

    @property
    def is_thread(self) -> bool:
        """Whether it has a parent channel that rules it."""
        return self.thread is not None

    @property
    def is_private_thread(self) -> bool:
        """Whether only its members (and those who manage threads) see it."""
        return self.type == ChannelKind.PRIVATE_THREAD

    @property
    def is_forum(self) -> bool:
        """Whether it holds posts (threads) instead of messages."""
        return self.type in (ChannelKind.FORUM, ChannelKind.MEDIA)

    @property
    def has_messages(self) -> bool:
        """Whether messages can be written right into it."""
        return self.type == DM or ChannelKind(self.type).has_messages


@dataclass(slots=True)
class Guild:
    """A guild; `channel_ids` are its channels and threads, in order of creation."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-GB"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channel_ids: list[int] = field(default_factory=list)
    system_channel_id: int | None = None
    available: bool = True
    banned: set[int] = field(default_factory=set)

    def roles_of(self, member: Member) -> Iterator[Role]:
        """The member's roles, @everyone first."""
        yield self.roles[self.id]
        yield from (self.roles[role_id] for role_id in member.role_ids if role_id in self.roles)
