"""`/channels widen|narrow`: letting reports tell on purpose what not all their readers can read."""

from collections.abc import Iterator
from dataclasses import dataclass

import hikari
import lightbulb
from lightbulb.components import Menu, MenuContext

from guildwatch.audience import can_read, has_ended, sources_for_channel_post, who_reads, who_sees
from guildwatch.capture import report_channel
from guildwatch.discord.commands.channels import channels, seen
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.replies import answer, edit, noting_lateness
from guildwatch.discord.targets import ChannelTarget, target_of
from guildwatch.model import ChangedBy, ChangeSource, Channel, ChannelKind, Crowd, Widening
from guildwatch.report.inert import markup

CONFIRM_SECONDS = 300.0
_MOST_NAMED = 25
_RECORDED = "reports tell of"
_CHANGED = "Something has changed since you asked, so nothing was done. Ask again."
_NOT_YOURS = "Only who asked can confirm that."


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an admin is asked to agree to: all of it must still be so when they do."""

    channel_id: int
    target_id: int
    readers: Crowd
    insiders: Crowd


@channels.register
class Widen(
    lightbulb.SlashCommand,
    name="widen",
    description="Let the reports tell of a channel that not all of their readers can read",
):
    """`/channels widen <channel>`."""

    channel = lightbulb.channel("channel", "The channel to tell of, with its public threads")

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Show who would read it then, and do it once the same person has confirmed."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        plan = _plan(asker, int(self.channel.id))
        if await widened(asker, plan.channel_id) is not None:
            raise RefusalError(f"The reports tell of <#{plan.channel_id}> on purpose already.")
        agreed = await _agreed(context, asker, _question(asker, plan))
        if agreed is None:
            return
        again = desk.asker(agreed)
        if not again.is_admin or _plan_or_none(again, plan.channel_id) != plan:
            await edit(context, _CHANGED)
            return
        await desk.store.widenings.begin(
            asker.guild.id,
            plan.channel_id,
            plan.target_id,
            readers=plan.readers,
            insiders=plan.insiders,
            made_by=asker.member.id,
        )
        await _record(asker, "", f"<#{plan.channel_id}>")
        await edit(
            context,
            f"From the next one on the reports in <#{plan.target_id}> tell of "
            f"<#{plan.channel_id}> too. `/channels narrow` takes that back. It ends by itself when "
            "the reports go elsewhere, when more people can see them, or when fewer can read "
            f"<#{plan.channel_id}>.",
        )


@channels.register
class Narrow(
    lightbulb.SlashCommand,
    name="narrow",
    description="Take back that the reports tell of a channel on purpose",
):
    """`/channels narrow <channel>`."""

    channel = lightbulb.channel("channel", "The channel to tell of no more")

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """End it, and have what was posted withdrawn."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        channel = seen(asker, int(self.channel.id))
        holding = await widened(asker, channel.id)
        if holding is None:
            raise RefusalError(
                f"No report tells of <#{channel.id}> on purpose. `/channels ignore` leaves a "
                "channel out altogether."
            )
        await desk.store.widenings.end([holding.id], by=asker.member.id)
        await _record(asker, f"<#{channel.id}>", "")
        desk.recheck(asker.guild.id)
        await answer(
            context,
            f"The reports tell of <#{channel.id}> no more, and what was posted of it is withdrawn "
            "within a minute.",
        )


async def widened(asker: Asker, channel_id: int) -> Widening | None:
    """What lets the reports tell of this channel on purpose, None where nothing does."""
    target = report_channel(asker.guild, asker.desk.roster.settings(asker.guild.id))
    for one in await asker.desk.store.widenings.holding(asker.guild.id):
        if one.channel_id == channel_id and not has_ended(one, asker.guild, target):
            return one
    return None


def _plan(asker: Asker, channel_id: int) -> _Plan:
    """What is to be agreed to; raises RefusalError where there is nothing to agree to."""
    channel = seen(asker, channel_id)
    if channel.kind is ChannelKind.CATEGORY or channel.kind.is_thread:
        raise RefusalError("Choose a channel: a thread comes with it, a category has none itself.")
    target = target_of(asker.guild, asker.desk.roster.settings(asker.guild.id))
    if not isinstance(target, ChannelTarget) or not can_read(
        asker.guild, target.channel, asker.member, asker.desk.clock()
    ):
        raise RefusalError("The reports go to no channel that you can see, so I can't ask you.")
    _require_sense(asker, channel, target.channel)
    return _Plan(
        channel.id,
        target.channel.id,
        who_sees(asker.guild, target.channel),
        who_reads(asker.guild, channel),
    )


def _plan_or_none(asker: Asker, channel_id: int) -> _Plan | None:
    try:
        return _plan(asker, channel_id)
    except RefusalError:
        return None


def _require_sense(asker: Asker, channel: Channel, target: Channel) -> None:
    """Raise RefusalError where the reports tell of it anyway, or never will."""
    if channel.id in sources_for_channel_post(asker.guild, target):
        raise RefusalError(
            f"Everybody who can see <#{target.id}> can read <#{channel.id}> anyway: nothing has to "
            "be widened."
        )
    if channel.id not in sources_for_channel_post(asker.guild, target, {channel.id}):
        raise RefusalError(
            f"<#{channel.id}> is age-restricted and <#{target.id}> is not, so no report there "
            "tells of it."
        )
    inside = (one for one in asker.guild.channels if one.parent_id == channel.id)
    if not any(asker.desk.roster.is_tracked(one.id) for one in (channel, *inside)):
        raise RefusalError(f"I don't follow <#{channel.id}>: `/channels track` changes that.")


def _question(asker: Asker, plan: _Plan) -> str:
    return (
        f"The reports in <#{plan.target_id}> would tell what is said in <#{plan.channel_id}> and "
        "its public threads, with quotations and names, though not everybody there can read it. "
        f"**Who would read it then:** {', '.join(_named(asker, plan))}. How many people that is "
        "Discord does not tell me. Do you want that?"
    )


def _named(asker: Asker, plan: _Plan) -> Iterator[str]:
    """The readers of the reports; those who cannot read the channel itself are marked."""
    guild = asker.guild
    if guild.id in plan.readers.role_ids:
        yield "**everybody in this server**"
        return
    found = [role for role in guild.roles if role.id in plan.readers.role_ids]
    found.sort(key=lambda role: (role.id in plan.insiders.role_ids, -role.position, role.id))
    for role in found[:_MOST_NAMED]:
        name = f"@{markup(role.name)}"
        yield name if role.id in plan.insiders.role_ids else f"**{name}** (can't read it now)"
    if len(found) > _MOST_NAMED:
        yield f"{len(found) - _MOST_NAMED} more roles"
    if people := len(plan.readers.member_ids):
        yield "1 person by name" if people == 1 else f"{people} people by name"
    yield "the owner and the administrators"


async def _agreed(
    context: lightbulb.Context, asker: Asker, question: str
) -> hikari.ComponentInteraction | None:
    """The press with which the asker confirmed within some minutes, None where they did not."""
    agreed: list[hikari.ComponentInteraction] = []

    async def agree(press: MenuContext) -> None:
        if int(press.user.id) != asker.member.id:
            await press.respond(_NOT_YOURS, ephemeral=True)
            return
        agreed.append(press.interaction)
        await press.respond("I look who can read it…", edit=True, components=[])
        press.stop_interacting()

    async def leave(press: MenuContext) -> None:
        await press.respond("Nothing was changed.", edit=True, components=[])
        press.stop_interacting()

    menu = Menu()
    menu.add_interactive_button(hikari.ButtonStyle.DANGER, agree, label="Let them read it")
    menu.add_interactive_button(hikari.ButtonStyle.SECONDARY, leave, label="Cancel")
    await context.respond(question, components=menu, ephemeral=True)
    try:
        await menu.attach(context.client, timeout=CONFIRM_SECONDS)
    except TimeoutError:
        with noting_lateness(context):
            await context.interaction.edit_initial_response(
                "That took too long; nothing was changed.", components=[]
            )
    return agreed[0] if agreed else None


async def _record(asker: Asker, before: str, after: str) -> None:
    by = ChangedBy(ChangeSource.COMMAND, asker.member.id)
    await asker.desk.store.record.note(asker.guild.id, by, {_RECORDED: before}, {_RECORDED: after})
