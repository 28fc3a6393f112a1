"""Single tasks over what is kept, beside a running program or without one."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from guildwatch.config import Config, Paths
from guildwatch.digest import Digester
from guildwatch.exchange import ImportProgress, ImportSummary, import_exports
from guildwatch.language import Priority
from guildwatch.model import (
    Guild,
    Period,
    PeriodKind,
    Progress,
    Report,
    created_at,
    utc_now,
)
from guildwatch.mood import Vader
from guildwatch.report import (
    Charts,
    ReportError,
    ReportWriter,
    day_period,
    to_json,
    to_markdown,
    to_text,
)
from guildwatch.report.as_html import Pictures, to_html
from guildwatch.report.charts import Theme
from guildwatch.report.inert import cut, plain
from guildwatch.runtime.assembly import language_model, summariser
from guildwatch.runtime.child import chart_command
from guildwatch.runtime.lock import prepare, sole_writer
from guildwatch.runtime.named import named_guild, require_channels, zone_of
from guildwatch.sensitive import OwnToken, masked
from guildwatch.store import Found, Store

_EXCERPT = 200  # characters
_RENDERINGS: dict[str, Callable[[Report], str]] = {
    "json": to_json,
    "markdown": to_markdown,
    "text": to_text,
}


async def import_chats(
    paths: Paths,
    files: Sequence[Path],
    on_progress: Callable[[ImportProgress], None],
    own: OwnToken | None = None,
) -> ImportSummary:
    """Imports exports into the data folder, as its only writer; our `own` token stays out of it."""
    prepare(paths)
    with sole_writer(paths.lock):
        async with Store.open(paths.database) as store:
            return await import_exports(
                files,
                store,
                Vader(),
                on_progress=on_progress,
                cleared=own.removed if own is not None else str,
            )


async def write_report(
    paths: Paths,
    config: Config,
    guild_name: str,
    first: date | None,
    last: date | None,
    *,
    form: str,
    channel_ids: Collection[int] | None,
    on_progress: Callable[[Progress], None],
    on_trouble: Callable[[str], None],
) -> str:
    """A report over whole days (yesterday when none is given), rendered as `form`.

    It reads beside a running program. Without a model it is extractive, and `on_trouble` is told.
    """
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.open(paths.database, read_only=True))
        guild = await named_guild(store, guild_name)
        require_channels(guild, channel_ids)
        zone = await zone_of(store, config, guild)
        model = await stack.enter_async_context(
            language_model(config, paths, measured=store.calibration)
        )
        digester = Digester(
            model,
            cache=store.conversations,
            homes=store.homes,
            costs=store.costs,
            summariser=summariser(config),
        )
        writer = ReportWriter(store, digester, clock=utc_now, language=config.report.language)
        report = await writer.write(
            guild,
            _period(first, last, zone),
            source_ids=channel_ids,
            priority=Priority.COMMAND,
            on_progress=on_progress,
        )
    if report.digest.engine.fallback:
        on_trouble(report.digest.engine.fallback)
    if form == "html":
        return to_html(report, await _pictures(report, paths, on_trouble))
    return _RENDERINGS[form](report)


async def _pictures(
    report: Report, paths: Paths, on_trouble: Callable[[str], None]
) -> Pictures | None:
    """The chart for a page, or None where it cannot be drawn or there is nothing in it."""
    if not report.activity.messages:
        return None
    charts = Charts(chart_command(), cache=paths.cache_dir)
    try:
        light = await charts.draw(report, Theme.LIGHT)
        return Pictures(light, await charts.draw(report, Theme.DARK))
    except ReportError as error:
        on_trouble(str(error))
        return None


async def find_messages(
    paths: Paths, config: Config, guild_name: str, words: str, limit: int
) -> list[str]:
    """A line for every message with these words, newest first, in the guild's own time."""
    async with Store.open(paths.database, read_only=True) as store:
        guild = await named_guild(store, guild_name)
        zone = ZoneInfo(await zone_of(store, config, guild))
        found = await store.messages.search(guild.id, words, limit=limit)
    return [
        f"{created_at(hit.message.id).astimezone(zone):%Y-%m-%d %H:%M}  "
        f"#{_channel_name(guild, hit.message.channel_id)}  "
        f"{plain(masked(hit.message.author.name))}: {plain(_excerpt(hit))}"
        for hit in found
    ]


def _excerpt(hit: Found) -> str:
    """What is shown of a message; of one with secrets its beginning, since a cut may hide them."""
    text = masked(hit.message.text or "")
    return hit.snippet if text == hit.message.text else cut(text, _EXCERPT)


def _channel_name(guild: Guild, channel_id: int) -> str:
    channel = guild.channel(channel_id)
    return plain(masked(channel.name)) if channel else str(channel_id)


def _period(first: date | None, last: date | None, zone: str) -> Period:
    yesterday = utc_now().astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    start = day_period(first or yesterday, zone)
    if first == last:
        return start
    return Period(PeriodKind.SPAN, start.start, day_period(last or yesterday, zone).end, zone)
