"""The channel or direct messages that a post goes to, with what the bot may do there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import hikari

from guildwatch.audience import Permissions, permissions
from guildwatch.discord.errors import REFUSED, UNANSWERED, AwayError, DiscordError
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, THREAD, Parts
from guildwatch.discord.posting import reason_of
from guildwatch.discord.targets import ChannelTarget, Target, missing_of, named
from guildwatch.model import Channel, Clock, Guild, Member, Part
from guildwatch.schedule import BlockedError
from guildwatch.sensitive import masked

IN_DOUBT = (
    "The report may be posted already, and I can't look: give me *Read Message History* in the "
    "report channel. I do not post it a second time."
)
"""What the admin hears where the past of a post in doubt is closed to us."""


class MissingRightsError(DiscordError, BlockedError):
    """The bot may not post where it should; the report waits until an admin mends that."""


class PostInDoubtError(DiscordError):
    """Nobody can tell whether a part went out, so it must not be posted again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where is posted: a guild's channel, or direct messages, where `channel` is None."""

    id: int
    bot_id: int
    rights: Permissions = Permissions.NONE
    channel: Channel | None = None

    @property
    def is_direct(self) -> bool:
        """Whether it is direct messages, where the bot lacks nothing."""
        return self.channel is None

    @property
    def name(self) -> str:
        """How to call it in a sentence."""
        return f"#{masked(self.channel.name)}" if self.channel is not None else "direct messages"

    def lacks(self, wanted: Permissions) -> Permissions:
        """Those of the wanted rights that somebody must grant the bot here."""
        return Permissions.NONE if self.is_direct else missing_of(self.rights, wanted)

    def require(self, rights: Permissions) -> None:
        """Raise MissingRightsError unless the bot has all these rights here."""
        if missing := self.lacks(rights):
            raise MissingRightsError(
                f"I can't post in {self.name}: I lack {named(missing)} there. I kept the report; "
                "it goes out once that is mended."
            )

    def require_history(self) -> None:
        """Raise PostInDoubtError where the past cannot be read.

        Without the permission Discord answers with an empty history and not with an error.
        """
        if self.lacks(Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY):
            raise PostInDoubtError(IN_DOUBT)


def place_of(guild: Guild, channel: Channel, bot: Member, now: datetime) -> Place:
    """A guild's channel as a place, with the bot's rights there at this moment (UTC)."""
    return Place(channel.id, bot.id, permissions(guild, channel, bot, now=now), channel)


class Bots(Protocol):
    """Who knows the bot as a member of each guild."""

    def bot_member(self, guild_id: int) -> Member | None:
        """The bot in this guild, None when it is not there."""
        ...


class Places:
    """Where posts go now, and where those that are out went."""

    def __init__(self, line: Line, bots: Bots, clock: Clock) -> None:
        self._line = line
        self._bots = bots
        self._clock = clock

    async def of(self, guild: Guild, target: Target) -> Place:
        """Where that is, with the bot's rights there; raises DiscordError where it is closed."""
        bot = self._bots.bot_member(guild.id)
        if bot is None:
            raise AwayError(f"I am not in {guild.name} now, so nothing can be posted there.")
        if isinstance(target, ChannelTarget):
            return place_of(guild, target.channel, bot, self._clock())
        try:
            direct = await self._line.rest.create_dm_channel(target.user_id)
        except hikari.UnauthorizedError as error:
            raise AwayError(REFUSED) from error
        except hikari.ClientHTTPResponseError as error:
            raise DiscordError(
                f"Discord does not open direct messages with the admin: {reason_of(error)}."
            ) from error
        except UNANSWERED as error:
            raise AwayError("Discord does not answer, so the report waits.") from error
        return Place(int(direct.id), bot.id)

    def of_glance(self, guild: Guild, parts: Parts) -> Place:
        """Where a post is out, or was; raises AwayError while that cannot be told."""
        glance, bot = parts.part(GLANCE), self._bots.bot_member(guild.id)
        if glance is None or bot is None:
            raise AwayError(f"I am not in {guild.name} now, so its posts wait.")
        channel = guild.channel(glance.channel_id)
        if channel is None and parts.part(THREAD) is not None:
            raise AwayError("The channel of the post is not there now, so the post waits.")
        if channel is None:
            return Place(glance.channel_id, bot.id)
        return place_of(guild, channel, bot, self._clock())

    def former(self, guild: Guild, tried: Part, now: Place) -> Place:
        """Where a part was tried before the place was another."""
        channel, bot = guild.channel(tried.channel_id), self._bots.bot_member(guild.id)
        if channel is not None and bot is not None:
            return place_of(guild, channel, bot, self._clock())
        return Place(tried.channel_id, now.bot_id)
