"""Where it is said and who may read it: guilds, channels, roles, members, a guild's settings."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import IntEnum

from guildwatch.model.report import ReportOptions


class ChannelKind(IntEnum):
    """Discord's channel types, by its numbers (Channel resource, "Channel Types")."""

    TEXT = 0
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    DIRECTORY = 14
    FORUM = 15
    MEDIA = 16

    @property
    def is_thread(self) -> bool:
        """Whether permissions come from a parent channel."""
        return self in (
            ChannelKind.ANNOUNCEMENT_THREAD,
            ChannelKind.PUBLIC_THREAD,
            ChannelKind.PRIVATE_THREAD,
        )

    @property
    def has_messages(self) -> bool:
        """Whether people can write right in it (forums hold only posts, categories channels)."""
        return self.is_thread or self in (
            ChannelKind.TEXT,
            ChannelKind.VOICE,
            ChannelKind.ANNOUNCEMENT,
            ChannelKind.STAGE,
        )


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's exception for one role or one member; bit sets as Discord's permissions."""

    id: int
    is_member: bool
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class Role:
    """A role; the one whose id is the guild's is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that a forum offers for its posts."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, category or thread.

    A thread's `parent_id` is its channel, a channel's its category. `member_ids` are the known
    members of a private thread. `known` is False for a channel whose permissions nobody told us
    (an imported one): audience then counts it as closed to everyone but the operator. `tags` are
    what a forum offers, `applied_tag_ids` those of them that a post carries.
    """

    id: int
    guild_id: int
    name: str
    kind: ChannelKind
    parent_id: int | None = None
    position: int = 0
    topic: str = ""
    age_restricted: bool = False
    archived: bool = False
    overwrites: tuple[Overwrite, ...] = ()
    member_ids: frozenset[int] = frozenset()
    last_message_id: int | None = None
    known: bool = True
    tags: tuple[Tag, ...] = ()
    applied_tag_ids: tuple[int, ...] = ()

    @property
    def is_forum(self) -> bool:
        """Whether it holds posts, each a thread of its own with a title and tags."""
        return self.kind in (ChannelKind.FORUM, ChannelKind.MEDIA)

    def tags_of(self, post: "Channel") -> tuple[str, ...]:
        """The names of those of this forum's tags that a post carries, in the forum's order."""
        return tuple(tag.name for tag in self.tags if tag.id in post.applied_tag_ids)


@dataclass(frozen=True, slots=True)
class Guild:
    """A guild with its roles, and its channels and active threads, as last seen."""

    id: int
    name: str
    owner_id: int = 0
    roles: tuple[Role, ...] = ()
    channels: tuple[Channel, ...] = ()
    locale: str = "en-US"

    @property
    def is_joined(self) -> bool:
        """Whether Discord told of it because the bot is there; an import brings only names."""
        return self.owner_id != 0

    def channel(self, channel_id: int) -> Channel | None:
        """The channel or thread with this id, or None."""
        return next((channel for channel in self.channels if channel.id == channel_id), None)


@dataclass(frozen=True, slots=True)
class Member:
    """A person (or bot) in a guild with their roles, @everyone not listed.

    `timed_out_until` matters because a time-out takes all but viewing and reading history.
    """

    guild_id: int
    id: int
    name: str
    role_ids: frozenset[int] = frozenset()
    timed_out_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a guild's admins chose; None means "as the operator's configuration says".

    Reports go to `channel_id`, or by direct message to `dm_user_id`, or where neither is set to
    a text channel named `daily-summary`. `configured_by` is who chose last: they hear of trouble.
    `since` is when time or zone were last changed (UTC): periods before it keep their bounds.
    `weekly` is the weekday (0 is Monday) on which a report of the week comes too, None for none;
    `monthly` asks for one of each month; `skip_quiet` leaves quiet days unposted.
    `language` is the code of the language that reports are told in.
    `member_limit` and `guild_limit` say how often an hour a member, and all of them together, may
    ask for what costs something. A topic needs `min_people` speakers to be told. `names`: reports
    name members; `top`: they name who wrote most; `board`: they name the most positive.
    `hints`: who posts secrets or personal data is told so by direct message.
    """

    guild_id: int
    channel_id: int | None = None
    dm_user_id: int | None = None
    report_time: time | None = None
    zone: str | None = None
    configured_by: int | None = None
    since: datetime | None = None
    weekly: int | None = None
    monthly: bool = False
    skip_quiet: bool = False
    language: str | None = None
    member_limit: int | None = None
    guild_limit: int | None = None
    min_people: int = 1
    names: bool = True
    top: bool = True
    board: bool = False
    hints: bool = False

    @property
    def report_options(self) -> ReportOptions:
        """What reports are to tell of people."""
        return ReportOptions(self.min_people, self.names, self.top, self.board)
