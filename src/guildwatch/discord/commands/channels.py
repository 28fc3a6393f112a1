"""`/channels list|track|ignore`: which channels the reports draw on."""

from collections.abc import Collection, Iterator, Mapping

import hikari
import lightbulb

from guildwatch.audience import can_read, has_ended
from guildwatch.capture import report_channel
from guildwatch.discord import embeds
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.replies import answer
from guildwatch.model import Channel, ChannelKind, Widening
from guildwatch.report.inert import markup

channels = lightbulb.Group(
    "channels",
    "Which channels I follow",
    default_member_permissions=hikari.Permissions.MANAGE_GUILD,
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
)
loader = lightbulb.Loader()
loader.command(channels)

_ROOM = 2000
"""Characters of one message."""


@channels.register
class List(
    lightbulb.SlashCommand,
    name="list",
    description="The channels that you can see, and which I follow",
):
    """`/channels list`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """List them in Discord's order."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        holding = await desk.store.widenings.holding(asker.guild.id)
        lines = ["● I follow it · ○ I do not", *_lines(asker, holding)]
        await answer(context, embeds.shortened(lines, _ROOM))


@channels.register
class Track(lightbulb.SlashCommand, name="track", description="Follow a channel and its threads"):
    """`/channels track <channel>`."""

    channel = lightbulb.channel("channel", "The channel to follow")

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Follow it from now on, if the bot can read it."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        channel = seen(asker, int(self.channel.id))
        await desk.roster.choose_tracking(channel.id, True, asker.changes)
        if any(desk.roster.is_tracked(one.id) for one in (channel, *_inside(asker, channel))):
            await answer(context, f"I follow <#{channel.id}>.")
        else:
            await answer(
                context,
                f"I will follow <#{channel.id}> once I can read it: grant me *View Channel* and "
                "*Read Message History* there.",
            )


@channels.register
class Ignore(lightbulb.SlashCommand, name="ignore", description="No longer follow a channel"):
    """`/channels ignore <channel>`."""

    channel = lightbulb.channel("channel", "The channel to leave out")

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Leave it out from now on."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        channel = seen(asker, int(self.channel.id))
        await desk.roster.choose_tracking(channel.id, False, asker.changes)
        await answer(context, f"I no longer follow <#{channel.id}>, and no report draws on it.")


def seen(asker: Asker, channel_id: int) -> Channel:
    """The channel, if the asker can read it; others are not even told that it exists."""
    channel = asker.guild.channel(channel_id)
    if channel is None or not _is_visible(asker, channel):
        raise RefusalError("I know no such channel that you can read.")
    return channel


def _is_visible(asker: Asker, channel: Channel) -> bool:
    if channel.kind is ChannelKind.CATEGORY:
        return any(_is_visible(asker, one) for one in _inside(asker, channel))
    return can_read(asker.guild, channel, asker.member)


def _inside(asker: Asker, channel: Channel) -> Iterator[Channel]:
    return (one for one in asker.guild.channels if one.parent_id == channel.id)


def _lines(asker: Asker, holding: Collection[Widening]) -> Iterator[str]:
    """The channels below their categories, as Discord orders them, without threads."""
    told = _told_on_purpose(asker, holding)
    visible = [
        one
        for one in sorted(asker.guild.channels, key=lambda one: (one.position, one.id))
        if not one.kind.is_thread and _is_visible(asker, one)
    ]
    loose = [one for one in visible if one.kind is not ChannelKind.CATEGORY]
    categories = [one for one in visible if one.kind is ChannelKind.CATEGORY]
    yield from (_line(asker, one, told) for one in loose if one.parent_id is None)
    for category in categories:
        yield f"**{markup(category.name)}**"
        yield from (_line(asker, one, told) for one in loose if one.parent_id == category.id)


def _told_on_purpose(asker: Asker, holding: Collection[Widening]) -> dict[int, str]:
    """What is said of the channels that the reports tell of although not all can read them."""
    target = report_channel(asker.guild, asker.desk.roster.settings(asker.guild.id))
    return {
        one.channel_id: f" (the reports tell of it on purpose: {_who(one)}, "
        f"<t:{int(one.made_at.timestamp())}:d>)"
        for one in holding
        if not has_ended(one, asker.guild, target)
    }


def _who(widening: Widening) -> str:
    return f"<@{widening.made_by}>" if widening.made_by else "a former member"


def _line(asker: Asker, channel: Channel, told: Mapping[int, str]) -> str:
    desk = asker.desk
    if desk.roster.is_tracked(channel.id):
        return f"● <#{channel.id}>{told.get(channel.id, '')}"
    return f"○ <#{channel.id}>{_why_not(asker, channel)}"


def _why_not(asker: Asker, channel: Channel) -> str:
    bot = asker.desk.roster.bot_member(asker.guild.id)
    if bot is None or not can_read(asker.guild, channel, bot):
        return " (I can't read it)"
    if channel.age_restricted and asker.desk.roster.choice(channel.id) is None:
        return " (age-restricted)"
    settings = asker.desk.roster.settings(asker.guild.id)
    return " (reports go there)" if report_channel(asker.guild, settings) == channel.id else ""
