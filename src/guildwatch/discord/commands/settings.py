"""`/settings`: everything that is set for a guild, and for how long its texts are kept."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import hikari
import lightbulb

from guildwatch.audience import can_read
from guildwatch.discord.access import is_stale
from guildwatch.discord.commands import chosen
from guildwatch.discord.commands.channels import seen
from guildwatch.discord.commands.desk import Asker, Desk
from guildwatch.discord.commands.replies import answer
from guildwatch.discord.targets import ChannelTarget, target_of
from guildwatch.model import GuildSettings, LedgerEntry

_log = logging.getLogger(__name__)

_MOST_DAYS = 3650
_MOST_LISTED = 15
_ROOM = 2000
"""Characters of one message."""

settings = lightbulb.Group(
    "settings",
    "How I am set here",
    default_member_permissions=hikari.Permissions.MANAGE_GUILD,
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
)
loader = lightbulb.Loader()
loader.command(settings)


@settings.register
class Show(lightbulb.SlashCommand, name="show", description="Everything that is set here"):
    """`/settings show`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Say it, line by line."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        kept = (await desk.store.retention.chosen()).get(asker.guild.id, {})
        entries = await desk.store.ledger.open_entries()
        waiting = [entry for entry in entries if entry.guild_id == asker.guild.id]
        more = await _more(asker)
        await answer(context, "\n".join(_lines(asker, kept, waiting, more))[:_ROOM])


@settings.register
class Keep(
    lightbulb.SlashCommand, name="keep", description="For how many days texts are kept here"
):
    """`/settings keep <days> [channel]`."""

    days = lightbulb.integer(
        "days",
        "So many days; 0 for as long as the operator of this bot keeps them",
        min_value=0,
        max_value=_MOST_DAYS,
    )
    channel = lightbulb.channel("channel", "Only this channel or category", default=None)

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Note the days and who chose them, and say what holds now."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        place = seen(asker, int(self.channel.id)).id if self.channel is not None else None
        await desk.store.retention.choose(asker.guild.id, place, self.days or None, asker.changes)
        await keep(asker, asker.settings, asker.settings)
        _log.info(
            "Member %d of guild %d chose to keep texts of %s for %s.",
            asker.member.id,
            asker.guild.id,
            f"channel {place}" if place else "the guild",
            f"{self.days} days" if self.days else "as long as the operator does",
        )
        kept = (await desk.store.retention.chosen()).get(asker.guild.id, {})
        await answer(context, _kept(asker, place, self.days, kept))


async def keep(asker: Asker, before: GuildSettings, after: GuildSettings) -> None:
    """Keep what an admin chose upon what was set before, with a note of who it was."""
    chosen = replace(after, configured_by=asker.member.id)
    await asker.desk.roster.save_settings(chosen, asker.changes, seen=before)


def _kept(asker: Asker, place: int | None, wanted: int, kept: Mapping[int, int]) -> str:
    days = asker.desk.keep.days(asker.guild, place or asker.guild.id, kept)
    where = f"in <#{place}>" if place else "here"
    said = f"Texts {where} are kept for {_days(days)}."
    if wanted > days:
        said += " The operator of this bot keeps them no longer."
    return f"{said} What is older goes within the hour; counts and reports stay."


async def _more(asker: Asker) -> list[tuple[str, str]]:
    """What is set about people: what reports tell of them, and what they may do."""
    gates = await asker.desk.store.gates.of(asker.guild.id)
    stale = sum(is_stale(gate, asker.guild) for gate in gates)
    told = f"{len(gates) or 'none'}: `/settings gates`."
    if stale:
        naming = "1 of them names" if stale == 1 else f"{stale} of them name"
        told += f" {naming} what is gone; that is open to nobody."
    return [
        ("People", " ".join(chosen.reports(asker))),
        ("Limits", chosen.limits(asker)),
        ("Hints about secrets", f"are {'on' if asker.settings.hints else 'off'}."),
        ("Restrictions of commands", told),
    ]


def _lines(
    asker: Asker,
    kept: Mapping[int, int],
    waiting: list[LedgerEntry],
    more: Sequence[tuple[str, str]],
) -> Iterator[str]:
    now = asker.desk.roster.settings(asker.guild.id)
    at, zone = chosen.schedule(asker, now)
    due = asker.desk.runner.next_due(asker.guild.id)
    next_one = f", next {chosen.stamp(due)}" if due else ""
    yield f"{chosen.place(asker)} every day at {at:%H:%M} ({zone}){next_one}."
    extras = list(chosen.extras(asker, now))
    yield f"**Longer ones** {'. '.join(extras) if extras else 'None'}."
    yield f"**Quiet days** are {'not posted' if now.skip_quiet else 'posted in a line'}."
    yield f"**Language** {chosen.language(asker)}."
    yield f"**Texts** {_kept_line(asker, kept)}"
    yield f"**Followed** {_followed(asker)}: `/channels list`."
    yield from (f"**{name}** {told}" for name, told in more)
    if now.configured_by is not None:
        yield f"**Last set by** <@{now.configured_by}>, who hears of trouble."
    yield from _trouble(asker, waiting)


def _kept_line(asker: Asker, kept: Mapping[int, int]) -> str:
    days = asker.desk.keep.days(asker.guild, asker.guild.id, kept)
    others = [
        f"<#{place}> {_days(asker.desk.keep.days(asker.guild, place, kept))}"
        for place in sorted(kept)
        if place and _is_visible(asker, place)
    ]
    others = others[:_MOST_LISTED] + ["…"] * (len(others) > _MOST_LISTED)
    return f"are kept for {_days(days)}{'; '.join(['', *others])}."


def _is_visible(asker: Asker, channel_id: int) -> bool:
    channel = asker.guild.channel(channel_id)
    return channel is not None and can_read(asker.guild, channel, asker.member)


def _followed(asker: Asker) -> str:
    mine = [one for one in asker.readable() if asker.desk.roster.is_tracked(one)]
    return f"{len(mine) or 'none'} of the channels and threads that you can read"


def _trouble(asker: Asker, waiting: list[LedgerEntry]) -> Iterator[str]:
    """What keeps reports back; a channel that the asker cannot see stays unnamed."""
    reasons = dict.fromkeys(entry.reason for entry in waiting if entry.reason)
    state = asker.desk.runner.state(asker.guild.id)
    if state.trouble:
        yield f"**Trouble** {state.trouble}"
    if not waiting or not reasons:
        return
    target = target_of(asker.guild, asker.desk.roster.settings(asker.guild.id))
    hidden = isinstance(target, ChannelTarget) and not _is_visible(asker, target.channel.id)
    why = "I lack something in the report channel." if hidden else " ".join(reasons)
    several = "A report waits" if len(waiting) == 1 else f"{len(waiting)} reports wait"
    yield f"**Waiting** {several}. {why}"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
