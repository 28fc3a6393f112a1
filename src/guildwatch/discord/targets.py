"""Where a guild's report goes, and which of the rights it takes the bot lacks there."""

from collections.abc import Iterator
from dataclasses import dataclass

from guildwatch.audience import Permissions, is_hidden
from guildwatch.capture import report_channel
from guildwatch.model import Channel, ChannelKind, Guild, GuildSettings

REQUIRED = Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES | Permissions.EMBED_LINKS
THREAD_RIGHTS = Permissions.CREATE_PUBLIC_THREADS | Permissions.SEND_MESSAGES_IN_THREADS
WANTED = REQUIRED | THREAD_RIGHTS | Permissions.ATTACH_FILES | Permissions.READ_MESSAGE_HISTORY
"""All that a whole post takes; history so that a post in doubt can be found again."""

_POSTABLE = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT)


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """A guild's channel as the place of a post."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class DirectTarget:
    """A person's direct messages as the place of a post."""

    user_id: int


Target = ChannelTarget | DirectTarget


def target_of(guild: Guild, settings: GuildSettings) -> Target | None:
    """Where this guild's reports go: as an admin chose, else a text channel `daily-summary`.

    None when there is no such place, or the chosen channel is gone: another one may have
    other readers, so none stands in for it.
    """
    if settings.dm_user_id is not None:
        return DirectTarget(settings.dm_user_id)
    chosen = report_channel(guild, settings)
    channel = guild.channel(chosen) if chosen is not None else None
    return ChannelTarget(channel) if channel is not None else None


def can_hold_reports(channel: Channel) -> bool:
    """Whether a report with a thread of details fits into this kind of channel."""
    return channel.kind in _POSTABLE and channel.known and not is_hidden(channel)


def missing_of(held: Permissions, wanted: Permissions) -> Permissions:
    """Those of the wanted rights that somebody must grant to one who holds these.

    What is only missing because viewing or sending is missing is not named beside it.
    """
    missing = wanted & ~held
    if Permissions.VIEW_CHANNEL in missing:
        return Permissions.VIEW_CHANNEL
    if Permissions.SEND_MESSAGES in missing:
        return missing & ~(Permissions.EMBED_LINKS | Permissions.ATTACH_FILES)
    return missing


def named(rights: Permissions) -> str:
    """The rights as Discord's settings call them: `*Embed Links* and *Attach Files*`."""
    names = [f"*{name}*" for name in _names(rights)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _names(rights: Permissions) -> Iterator[str]:
    for right in Permissions:
        if right in rights and right.name is not None:
            yield right.name.replace("_", " ").title().replace(" In ", " in ")
