"""Which channels are listened to: what admins chose, and what is so unless they choose."""

from collections.abc import Iterator, Mapping

from guildwatch.audience import can_read, is_hidden
from guildwatch.model import Channel, ChannelKind, Guild, GuildSettings, Member

REPORT_CHANNEL_NAME = "daily-summary"
"""A text channel of this name takes a guild's reports until its admins choose otherwise."""


def report_channel(guild: Guild, settings: GuildSettings) -> int | None:
    """The channel that the guild's reports go to, None when they go elsewhere or nowhere."""
    if settings.channel_id is not None or settings.dm_user_id is not None:
        return settings.channel_id
    return next((one.id for one in guild.channels if _is_meant_for_reports(one)), None)


def is_tracked(
    guild: Guild,
    channel: Channel,
    bot: Member | None,
    choices: Mapping[int, bool],
    reports_to: int | None,
) -> bool:
    """Whether the bot listens here.

    The nearest choice counts: the channel's own, else its parent's (thread, channel, category). A
    channel that takes the reports or is age-restricted counts as ignored unless it was itself
    chosen. What the bot cannot read, or Discord hides, is never tracked.
    """
    if bot is None or not _is_readable(guild, channel, bot):
        return False
    for one in _with_parents(guild, channel):
        if one.id in choices:
            return choices[one.id]
        if one.id == reports_to or one.age_restricted:
            return False
    return True


def _is_readable(guild: Guild, channel: Channel, bot: Member) -> bool:
    return not is_hidden(channel) and can_read(guild, channel, bot)


def _with_parents(guild: Guild, channel: Channel) -> Iterator[Channel]:
    """The channel, then what it stands in; at most a thread, its channel and its category."""
    step: Channel | None = channel
    for _ in range(3):
        if step is None:
            return
        yield step
        step = guild.channel(step.parent_id) if step.parent_id is not None else None


def _is_meant_for_reports(channel: Channel) -> bool:
    return channel.kind is ChannelKind.TEXT and channel.name == REPORT_CHANNEL_NAME
