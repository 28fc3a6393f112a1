"""The channel that a post goes to, with what the bot may do there."""

from dataclasses import dataclass
from datetime import datetime

from guildwatch.audience import Permissions, permissions
from guildwatch.discord.errors import DiscordError
from guildwatch.discord.targets import missing_of, named
from guildwatch.model import Channel, Guild, Member
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
