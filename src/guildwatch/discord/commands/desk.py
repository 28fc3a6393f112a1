"""The parts that commands ask, and who is asking."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import time

import hikari

from guildwatch.audience import (
    sources_for_member,
    sources_for_public_answer,
)
from guildwatch.capture import KeepRules, Roster
from guildwatch.discord.access import Access, Person
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.errors import RefusalError
from guildwatch.discord.notice import Disclosure
from guildwatch.discord.people import member_of
from guildwatch.exchange import Forgetter
from guildwatch.model import (
    LANGUAGES,
    ChangedBy,
    ChangeSource,
    Channel,
    ChannelKind,
    Clock,
    Guild,
    GuildSettings,
    Member,
)
from guildwatch.report import Charts, ReportWriter
from guildwatch.schedule import Runner
from guildwatch.store import Store

__all__ = ["Asker", "Desk", "Question", "RefusalError"]

Question = hikari.CommandInteraction | hikari.AutocompleteInteraction | hikari.ComponentInteraction


def _later(_: int) -> None:
    """Nobody compares posts at once; the next comparison does."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands work with; `time`, `zone` and `language` hold for guilds that chose none.

    `keep` tells for how long texts are kept, whatever admins choose; `is_behind`, by a guild's id
    and those of channels, whether something that was said in these has still to be read;
    `disclosure` says what the operator has set up. `recheck` has a guild's posts compared with
    their readers at once.
    """

    store: Store
    roster: Roster
    writer: ReportWriter
    charts: Charts
    runner: Runner
    time: time
    zone: str
    keep: KeepRules
    is_behind: Callable[[int, Collection[int]], bool]
    answers: PublicAnswers
    access: Access
    forgetter: Forgetter
    disclosure: Disclosure
    clock: Clock
    language: str = "en"
    recheck: Callable[[int], None] = _later

    def language_of(self, guild_id: int) -> str:
        """The code of the language that this guild's reports are told in."""
        chosen = self.roster.settings(guild_id).language
        return chosen if chosen in LANGUAGES else self.language

    def zone_of(self, guild_id: int) -> str:
        """The IANA zone in which this guild's days are told."""
        return self.roster.settings(guild_id).zone or self.zone

    def asker(self, question: Question) -> "Asker":
        """Who asks, and where; raises RefusalError outside of a guild that we know."""
        guild = self.roster.guild(int(question.guild_id)) if question.guild_id else None
        if guild is None or question.member is None:
            raise RefusalError("I only answer in a server that I am a member of.")
        channel = guild.channel(int(question.channel_id))
        return Asker(self, guild, member_of(question.member), channel)


@dataclass(frozen=True, slots=True)
class Asker:
    """A member with a question; `channel` is where it was asked, None when we do not know it."""

    desk: Desk
    guild: Guild
    member: Member
    channel: Channel | None

    @property
    def is_admin(self) -> bool:
        """Whether they may configure the guild: its owner, or a role with Manage Server."""
        return Person(self.guild, self.member, self.channel.id if self.channel else 0).is_admin

    @property
    def settings(self) -> GuildSettings:
        """What is chosen for the guild."""
        return self.desk.roster.settings(self.guild.id)

    @property
    def changes(self) -> ChangedBy:
        """As whom they change something, for the record."""
        return ChangedBy(ChangeSource.COMMAND, self.member.id)

    def readable(self) -> frozenset[int]:
        """The channels and threads that they can read now."""
        return sources_for_member(self._as_seen(), self.member, self.desk.clock())

    def sources(self, *, public: bool = False) -> frozenset[int]:
        """The tracked channels that an answer to them may draw on.

        A public answer draws only on what every reader of this channel can read as well.
        """
        allowed = self.publicly_readable() if public else self.readable()
        return frozenset(id_ for id_ in allowed if self.desk.roster.is_tracked(id_))

    def require_admin(self) -> None:
        """Refuse whoever may not configure this guild."""
        if not self.is_admin:
            raise RefusalError("Only members who may manage this server can do that.")

    def publicly_readable(self) -> frozenset[int]:
        """The channels that they and every reader of this channel can read."""
        if self.channel is None:
            raise RefusalError(
                "I can't tell who reads this channel, so I only answer you: ask without `public`."
            )
        return sources_for_public_answer(
            self._as_seen(), self.member, self.channel, self.desk.clock()
        )

    def _as_seen(self) -> Guild:
        """The guild with the asker in the private thread that they ask in: that shows they are.

        Discord tells nobody who is taken out of one, so what was heard before counts for nothing.
        """
        here = self.channel
        if here is None or here.kind is not ChannelKind.PRIVATE_THREAD:
            return self.guild
        inside = replace(here, member_ids=here.member_ids | {self.member.id})
        channels = tuple(inside if one.id == here.id else one for one in self.guild.channels)
        return replace(self.guild, channels=channels)
