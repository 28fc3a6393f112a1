"""Which channels are listened to: what admins chose, and what is so unless they choose."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from guildwatch.audience import can_read, is_hidden
from guildwatch.model import Channel, ChannelKind, Guild, GuildSettings, Member

REPORT_CHANNEL_NAME = "daily-summary"
"""A text channel of this name takes a guild's reports until its admins choose otherwise."""


_GENERATIONS = 3
"""A thread, its channel and its category."""


def report_channel(guild: Guild, settings: GuildSettings) -> int | None:
    """The channel that the guild's reports go to, None when they go elsewhere or nowhere."""
    if settings.channel_id is not None or settings.dm_user_id is not None:
        return settings.channel_id
    return next((one.id for one in guild.channels if _is_meant_for_reports(one)), None)


class Rules:
    """What decides in one guild as it stands now; asking for a channel takes microseconds.

    Roles that the bot does not hold and channels that have no say are left out beforehand: with
    250 roles and 1,500 places to ask for all would else take 0.3 seconds.
    """

    def __init__(
        self, guild: Guild, bot: Member | None, choices: Mapping[int, bool], settings: GuildSettings
    ) -> None:
        held = (bot.role_ids if bot else frozenset()) | {guild.id}
        self._guild = replace(guild, roles=tuple(one for one in guild.roles if one.id in held))
        self._channels = {one.id: one for one in guild.channels}
        self._bot = bot
        self._choices = choices
        self._reports_to = report_channel(guild, settings)

    def is_tracked(self, channel: Channel) -> bool:
        """Whether the bot listens to one of the guild's channels."""
        family = [channel]
        while len(family) < _GENERATIONS and (parent := self._parent(family[-1])) is not None:
            family.append(parent)
        guild = replace(self._guild, channels=tuple(family))
        return is_tracked(guild, channel, self._bot, self._choices, self._reports_to)

    def _parent(self, channel: Channel) -> Channel | None:
        return self._channels.get(channel.parent_id or 0)


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
    for _ in range(_GENERATIONS):
        if step is None:
            return
        yield step
        step = guild.channel(step.parent_id) if step.parent_id is not None else None


def _is_meant_for_reports(channel: Channel) -> bool:
    return channel.kind is ChannelKind.TEXT and channel.name == REPORT_CHANNEL_NAME
