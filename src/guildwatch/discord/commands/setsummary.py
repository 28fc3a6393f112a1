"""`/setsummary`: where and when a guild's reports are posted, which, and in what language."""

import re
from dataclasses import replace
from datetime import time
from functools import cache
from zoneinfo import available_timezones

import hikari
import lightbulb

from guildwatch.audience import can_read, permissions
from guildwatch.discord.commands.chosen import WEEKDAYS, told
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.replies import answer
from guildwatch.discord.targets import WANTED, can_hold_reports, missing_of, named
from guildwatch.model import LANGUAGES, GuildSettings, LanguageCode, language_named
from guildwatch.report.inert import markup

_OFFERED = 25
_OFF = "off"
_POST, _SKIP = "post", "skip"
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")

loader = lightbulb.Loader()


async def offer_zones(context: lightbulb.AutocompleteContext[str]) -> None:
    """Show the IANA zones whose name holds what was typed, those that begin with it first."""
    typed = str(context.focused.value).strip().lower().replace(" ", "_")
    matching = [zone for zone in zones() if typed in zone.lower()]
    matching.sort(key=lambda zone: not zone.lower().rpartition("/")[2].startswith(typed))
    await context.respond(matching[:_OFFERED])


async def offer_languages(context: lightbulb.AutocompleteContext[str]) -> None:
    """Show the languages that begin, in their own name or in English, with what was typed."""
    typed = str(context.focused.value).strip().casefold()
    await context.respond(
        [
            each.own
            for each in LANGUAGES.values()
            if typed == each.code
            or each.own.casefold().startswith(typed)
            or each.english.casefold().startswith(typed)
        ]
    )


@loader.command
class SetSummary(
    lightbulb.SlashCommand,
    name="setsummary",
    description="Where and when reports are posted, and which; without options, how it is set",
    default_member_permissions=hikari.Permissions.MANAGE_GUILD,
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
):
    """`/setsummary` with its options, for admins."""

    channel = lightbulb.channel(
        "channel",
        "Post in this channel",
        default=None,
        channel_types=[hikari.ChannelType.GUILD_TEXT, hikari.ChannelType.GUILD_NEWS],
    )
    dm = lightbulb.boolean("dm", "Send it to you by direct message instead", default=False)
    time = lightbulb.string("time", "At this time of day, such as 21:30", default=None)
    zone = lightbulb.string(
        "zone",
        "In this time zone, such as Europe/Berlin",
        default=None,
        autocomplete=offer_zones,
    )
    weekly = lightbulb.string(
        "weekly",
        "A report of each week too, on this day",
        default=None,
        choices=[lightbulb.Choice(name, name) for name in (*WEEKDAYS, _OFF)],
    )
    monthly = lightbulb.boolean(
        "monthly", "A report of each month too, on the first of the next", default=None
    )
    quiet = lightbulb.string(
        "quiet",
        "Days on which little was said: post them in a line, or skip them",
        default=None,
        choices=[lightbulb.Choice(name, name) for name in (_POST, _SKIP)],
    )
    language = lightbulb.string(
        "language",
        "The language that reports are told in, such as Deutsch",
        default=None,
        autocomplete=offer_languages,
    )

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Check everything, keep it, and say how it stands now."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        before = desk.roster.settings(asker.guild.id)
        after = _at(_placed(asker, before, self.channel, direct=self.dm), self.time, self.zone)
        after = _which(after, self.weekly, self.quiet, monthly=self.monthly)
        if self.language is not None:
            after = replace(after, language=language_chosen(self.language))
        if after.dm_user_id not in (None, before.dm_user_id):
            await _try_direct_message(context, asker)
        if after != before:
            await _keep(asker, before, after)
        await answer(context, told(asker, before))


def _placed(
    asker: Asker,
    settings: GuildSettings,
    channel: hikari.PartialChannel | None,
    *,
    direct: bool,
) -> GuildSettings:
    if channel is not None and direct:
        raise RefusalError("Choose either a channel or `dm`, not both.")
    if direct:
        return replace(settings, channel_id=None, dm_user_id=asker.member.id)
    if channel is None:
        return settings
    _require_rights(asker, int(channel.id))
    return replace(settings, channel_id=int(channel.id), dm_user_id=None)


async def _try_direct_message(context: lightbulb.Context, asker: Asker) -> None:
    """Say in direct messages what will come there; refuse where they are closed to us."""
    await context.defer(ephemeral=True)
    try:
        await context.user.send(f"The reports of {markup(asker.guild.name)} will come here.")
    except hikari.ForbiddenError as error:
        raise RefusalError(
            "I can't write to you: allow direct messages from this server in your privacy "
            "settings and ask again."
        ) from error


def _require_rights(asker: Asker, channel_id: int) -> None:
    """Refuse a channel that the asker cannot see or in which the bot lacks something."""
    channel = asker.guild.channel(channel_id)
    if channel is None or not can_read(asker.guild, channel, asker.member):
        raise RefusalError("I know no such channel that you can read.")
    if not can_hold_reports(channel):
        raise RefusalError(f"A report needs a text channel, and <#{channel_id}> is none.")
    bot = asker.desk.roster.bot_member(asker.guild.id)
    held = permissions(asker.guild, channel, bot, now=asker.desk.clock()) if bot else None
    missing = missing_of(held, WANTED) if held is not None else WANTED
    if missing:
        raise RefusalError(
            f"I can't post in <#{channel_id}> yet: I lack {named(missing)} there. Grant me that "
            "in the channel's settings and ask again."
        )


def _at(settings: GuildSettings, at: str | None, zone: str | None) -> GuildSettings:
    chosen = settings
    if at is not None:
        chosen = replace(chosen, report_time=time_named(at))
    if zone is not None:
        chosen = replace(chosen, zone=zone_named(zone))
    return chosen


def _which(
    settings: GuildSettings, weekly: str | None, quiet: str | None, *, monthly: bool | None
) -> GuildSettings:
    chosen = settings
    if weekly is not None:
        chosen = replace(chosen, weekly=None if weekly == _OFF else WEEKDAYS.index(weekly))
    if monthly is not None:
        chosen = replace(chosen, monthly=monthly)
    if quiet is not None:
        chosen = replace(chosen, skip_quiet=quiet == _SKIP)
    return chosen


async def _keep(asker: Asker, before: GuildSettings, after: GuildSettings) -> None:
    await asker.desk.runner.enter_due(before)  # under which it became due
    since = asker.desk.clock() if _when(before) != _when(after) else before.since
    kept = replace(after, configured_by=asker.member.id, since=since)
    await asker.desk.roster.save_settings(kept, asker.changes, seen=before)
    asker.desk.runner.wake()


def _when(settings: GuildSettings) -> tuple[object, ...]:
    """What decides when reports are due."""
    return settings.report_time, settings.zone, settings.weekly, settings.monthly


def time_named(text: str) -> time:
    """The time of day that `21:30`, `9:05` or `21.30` means; raises RefusalError for others."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise RefusalError("I don't know that time; write it as 21:30, between 00:00 and 23:59.")
    return time(int(match[1]), int(match[2]))


def zone_named(text: str) -> str:
    """The IANA zone of this name in any case; raises RefusalError for one that does not exist."""
    wanted = text.strip().lower().replace(" ", "_")
    found = next((zone for zone in zones() if zone.lower() == wanted), None)
    if found is None:
        raise RefusalError(
            "I don't know that time zone; choose one from the list, such as Europe/Berlin."
        )
    return found


def language_chosen(text: str) -> LanguageCode:
    """The code of a language by its code or name; raises RefusalError for one we cannot tell in."""
    found = language_named(text)
    if found is None:
        *names, last = (each.own for each in LANGUAGES.values())
        raise RefusalError(
            f"I can't tell reports in that language; choose {', '.join(names)} or {last}."
        )
    return found.code


@cache
def zones() -> tuple[str, ...]:
    """All IANA zones, in alphabetical order; the names that only tools use are left out."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))
