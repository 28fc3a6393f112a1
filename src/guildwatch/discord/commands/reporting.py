"""Reports written for one asker, and sent to them."""

from collections.abc import Awaitable, Callable
from datetime import date

import lightbulb

from guildwatch.discord import embeds
from guildwatch.discord.charting import draw
from guildwatch.discord.commands.desk import Asker, RefusalError
from guildwatch.discord.commands.replies import edit, noting_lateness
from guildwatch.discord.commands.waiting import with_progress
from guildwatch.language import Priority
from guildwatch.model import Period, Progress, Report
from guildwatch.report import day_period, to_post

OnProgress = Callable[[Progress], None]
Write = Callable[[OnProgress], Awaitable[Report]]


_STILL_READING = "I am still reading what was said while I was away. Ask again in a few minutes."
_CHANGED = "Who may read what has changed while I was writing, so I don't show this. Ask again."


async def send_report(
    context: lightbulb.Context, asker: Asker, write: Write, *, public: bool, nothing: str
) -> None:
    """Defer, write while the asker sees how far it is, and put the report in its place.

    Raises RefusalError where nothing was said, and where its readers may not read all that it
    draws on any more.
    """
    await context.defer(ephemeral=not public)
    report = await with_progress(context, write)
    now = asker.desk.asker(context.interaction)
    if not now.sources(public=public).issuperset(report.source_ids):
        raise RefusalError(_CHANGED)
    if not report.activity.messages:
        behind = asker.desk.is_behind(asker.guild.id, report.source_ids)
        raise RefusalError(_STILL_READING if behind else nothing)
    if public:
        with noting_lateness(context):
            await asker.desk.answers.show(context.interaction, report)
        if asker.desk.roster.guild(now.guild.id) is not now.guild:  # before anybody knew of it
            asker.desk.recheck(now.guild.id)
        return
    post = to_post(report, zone=report.period.zone)
    chart = await draw(asker.desk.charts, report) if post.thread else None
    await edit(context, embeds=embeds.whole(post, chart=chart))


async def span_report(
    asker: Asker, period: Period, sources: frozenset[int], note: OnProgress
) -> Report:
    """What was said in a stretch of time, in these channels."""
    return await asker.desk.writer.write(
        asker.guild, period, source_ids=sources, priority=Priority.COMMAND, on_progress=note
    )


async def day_report(asker: Asker, day: date, sources: frozenset[int], note: OnProgress) -> Report:
    """The day's report for exactly these sources: the stored one, or one written now.

    A stored one that was written before the day was over does not tell the whole day.
    """
    period = day_period(day, asker.desk.zone_of(asker.guild.id))
    reports = asker.desk.store.reports
    stored = await reports.of_period(asker.guild.id, period.start, period.end, source_ids=sources)
    if stored is not None and stored.written_at >= period.end:
        report = await reports.load(stored.id)
        spoken = report.language == asker.desk.language_of(asker.guild.id)
        if spoken and report.options == asker.settings.report_options:
            return report
    return await span_report(asker, period, sources, note)


async def long_report(
    asker: Asker, period: Period, sources: frozenset[int], note: OnProgress
) -> Report:
    """Several days, from their dailies."""
    return await asker.desk.writer.roll_up(
        asker.guild, period, source_ids=sources, priority=Priority.COMMAND, on_progress=note
    )
