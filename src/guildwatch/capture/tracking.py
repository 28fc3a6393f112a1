"""Which channels are listened to: what admins chose, and what is so unless they choose."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
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

    @property
    def channel_ids(self) -> Collection[int]:
        """All channels and threads of the guild."""
        return self._channels.keys()

    def is_tracked(self, channel_id: int) -> bool:
        """Whether the bot listens there; where it is none of the guild's, it does not."""
        channel = self._channels.get(channel_id)
        if channel is None:
            return False
        family = [channel]
        while len(family) < _GENERATIONS and (parent := self._parent(family[-1])) is not None:
            family.append(parent)
        guild = replace(self._guild, channels=tuple(family))
        return is_tracked(guild, channel, self._bot, self._choices, self._reports_to)

    def _parent(self, channel: Channel) -> Channel | None:
        return self._channels.get(channel.parent_id or 0)


class Tracked:
    """The channels that are listened to, by guild."""

    def __init__(self) -> None:
        self._ids: defaultdict[int, set[int]] = defaultdict(set)
        self._mourners: list[Callable[[int], None]] = []

    def when_dropped(self, tell: Callable[[int], None]) -> None:
        """Has `tell` called with the id of each channel that is not listened to any more."""
        self._mourners.append(tell)

    def includes(self, channel: Channel) -> bool:
        """Whether the bot listens there."""
        return channel.id in self._ids[channel.guild_id]

    def decide(self, guild_id: int, rules: Rules | None, touched: Collection[int] | None) -> None:
        """Decides for the channels `touched`, None for all; without rules none is listened to.

        It is done at each change: a right that was lost and comes back is no news afterwards.
        """
        ids = self._ids[guild_id]
        if touched is None:
            touched = ids.union(rules.channel_ids if rules else ())
        for channel_id in touched:
            if rules is not None and rules.is_tracked(channel_id):
                ids.add(channel_id)
            elif channel_id in ids:
                ids.remove(channel_id)
                for mourn in self._mourners:
                    mourn(channel_id)


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


def has_say(channel: Channel | None) -> bool:
    """Whether other channels may be tracked otherwise once this one is gone."""
    return channel is not None and (
        channel.kind is ChannelKind.CATEGORY or channel.name == REPORT_CHANNEL_NAME
    )


def touched(
    new: Mapping[int, Channel], places: Mapping[int, Channel], old: Guild
) -> set[int] | None:
    """The changed channels and what stands in them; None (all) where it is about the report's.

    In a guild with 500 channels, 1,000 threads and 250 roles to ask for all takes 0.3 seconds.
    """
    before = [one for one in old.channels if one.id in new]
    if any(one.name == REPORT_CHANNEL_NAME for one in (*new.values(), *before)):
        return None
    touched = set(new)
    for _ in range(2):  # a category's channels, and their threads
        touched |= {one.id for one in places.values() if one.parent_id in touched}
    return touched


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
