"""`/summary now|day|week|month`: a report for whoever asks, from what they may read."""

from collections.abc import Sequence
from datetime import date, timedelta

import hikari
import lightbulb

from guildwatch.capture import report_channel
from guildwatch.discord.commands.dates import (
    NO_SUMMARY,
    day_named,
    days_with_talk,
    offered_dates,
    today_in,
)
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.reporting import (
    OnProgress,
    day_report,
    long_report,
    send_report,
    span_report,
)
from guildwatch.model import Report
from guildwatch.report import hours_period, month_period, week_period

MOST_HOURS = 168
_USUAL_HOURS = 24

summary = lightbulb.Group(
    "summary",
    "What happened here, in short, with links to the messages",
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
)
loader = lightbulb.Loader()
loader.command(summary)

_PUBLIC = lightbulb.boolean(
    "public", "Answer so that everybody in this channel sees it", default=False
)


async def offer_dates(
    context: lightbulb.AutocompleteContext[str], desk: Desk = lightbulb.di.INJECTED
) -> None:
    """Show the days that there is something of, for this asker."""
    asker = desk.asker(context.interaction)
    await context.respond(await offered_dates(asker, str(context.focused.value)))


@summary.register
class Now(lightbulb.SlashCommand, name="now", description="The last hours, up to this moment"):
    """`/summary now [hours] [channel] [public]`."""

    hours = lightbulb.integer(
        "hours",
        "How many hours back; without it, since the last report",
        default=None,
        min_value=1,
        max_value=MOST_HOURS,
    )
    channel = lightbulb.channel("channel", "Only this channel and its threads", default=None)
    public = _PUBLIC

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Write it and answer with it."""
        asker = desk.asker(context.interaction)
        sources = _scoped(asker, self.channel, public=self.public)
        hours = self.hours or await _hours_since_report(asker, public=self.public)
        period = hours_period(desk.clock(), hours, desk.zone_of(asker.guild.id))

        async def write(note: OnProgress) -> Report:
            return await span_report(asker, period, sources, note)

        nothing = f"Nothing was said in the last {_told(hours)} that {_readers(self.public)} read."
        await send_report(context, asker, write, public=self.public, nothing=nothing)


@summary.register
class Day(lightbulb.SlashCommand, name="day", description="One day, from midnight to midnight"):
    """`/summary day [date] [public]`."""

    date = lightbulb.string(
        "date",
        "Such as 2026-11-21, today or yesterday; without it, the last whole day",
        default=None,
        autocomplete=offer_dates,
        max_length=20,
    )
    public = _PUBLIC

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Answer with the stored report for exactly these readers, or write it."""
        asker = desk.asker(context.interaction)
        today = today_in(desk.zone_of(asker.guild.id), desk.clock())
        sources = asker.sources(public=self.public)
        days = await days_with_talk(asker, sources)
        day = day_named(self.date, today) if self.date else _last_whole(days, today)
        if day not in days:
            raise RefusalError(NO_SUMMARY)

        async def write(note: OnProgress) -> Report:
            return await day_report(asker, day, sources, note)

        await send_report(context, asker, write, public=self.public, nothing=NO_SUMMARY)


@summary.register
class Week(lightbulb.SlashCommand, name="week", description="The last seven whole days"):
    """`/summary week [public]`."""

    public = _PUBLIC

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Roll the dailies up and answer with that."""
        asker = desk.asker(context.interaction)
        yesterday = today_in(desk.zone_of(asker.guild.id), desk.clock()) - timedelta(days=1)
        sources = asker.sources(public=self.public)
        period = week_period(yesterday, desk.zone_of(asker.guild.id))

        async def write(note: OnProgress) -> Report:
            return await long_report(asker, period, sources, note)

        nothing = f"Nothing was said in the last seven days that {_readers(self.public)} read."
        await send_report(context, asker, write, public=self.public, nothing=nothing)


@summary.register
class Month(lightbulb.SlashCommand, name="month", description="The last whole month"):
    """`/summary month [public]`."""

    public = _PUBLIC

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Roll the dailies up; where the last month has none, those of this month so far."""
        asker = desk.asker(context.interaction)
        zone = desk.zone_of(asker.guild.id)
        first = today_in(zone, desk.clock()).replace(day=1)
        sources = asker.sources(public=self.public)
        days = await days_with_talk(asker, sources)
        last_month = (first - timedelta(days=1)).replace(day=1)
        had_talk = any(last_month <= day < first for day in days)
        period = month_period(last_month if had_talk else first, zone)

        async def write(note: OnProgress) -> Report:
            return await long_report(asker, period, sources, note)

        nothing = f"Nothing was said in these months that {_readers(self.public)} read."
        await send_report(context, asker, write, public=self.public, nothing=nothing)


def _scoped(asker: Asker, channel: hikari.PartialChannel | None, *, public: bool) -> frozenset[int]:
    """The sources of an answer about one channel and its threads, or about all of them."""
    sources = asker.sources(public=public)
    if channel is None:
        return sources
    if not (readable := _within(asker, channel.id, asker.readable())):
        raise RefusalError("I know nothing of that channel that you can read.")
    if not readable & asker.sources():
        raise RefusalError(
            f"I don't follow <#{channel.id}>; an admin can change that with `/channels track`."
        )
    if not readable & sources:
        raise RefusalError(
            f"Not everybody who reads this channel can read <#{channel.id}>, so I only tell you: "
            "ask without `public`."
        )
    return readable & sources


def _within(asker: Asker, channel_id: int, allowed: frozenset[int]) -> frozenset[int]:
    inside = (one for one in asker.guild.channels if channel_id in (one.id, one.parent_id))
    return frozenset(one.id for one in inside) & allowed


async def _hours_since_report(asker: Asker, *, public: bool) -> float:
    """The hours since the last report's period ended; a day where that is no sensible span.

    A day too where the reports go somewhere closed to the readers, who may not know of them.
    """
    if not _sees_reports(asker, public=public):
        return _USUAL_HOURS
    last = await asker.desk.store.ledger.last_end(asker.guild.id)
    if last is None:
        return _USUAL_HOURS
    hours = (asker.desk.clock() - last) / timedelta(hours=1)
    return hours if 1 <= hours <= MOST_HOURS else _USUAL_HOURS


def _sees_reports(asker: Asker, *, public: bool) -> bool:
    """Whether the asker, or everybody who reads a public answer, can read the daily reports."""
    place = report_channel(asker.guild, asker.settings)
    if place is None:
        return not public and asker.settings.dm_user_id == asker.member.id
    return place in (asker.publicly_readable() if public else asker.readable())


def _last_whole(days: Sequence[date], today: date) -> date:
    """The newest of the days that is over; today where there is none."""
    return next((day for day in days if day < today), today)


def _told(hours: float) -> str:
    return "hour" if round(hours) == 1 else f"{round(hours)} hours"


def _readers(public: bool) -> str:
    return "everybody here can" if public else "you can"
