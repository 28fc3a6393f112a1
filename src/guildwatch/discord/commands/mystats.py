"""`/mystats` and `/myactivity`: what the asker wrote, where and in which mood; for them alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import hikari
import lightbulb

from guildwatch.discord.commands.dates import today_in
from guildwatch.discord.commands.desk import Asker, Desk
from guildwatch.discord.commands.replies import answer
from guildwatch.mood import label_of
from guildwatch.report import day_period
from guildwatch.store import HourCount

MOST_DAYS = 28
_USUAL_DAYS = 7
_TOP = 5
_BAR = 12
"""Width of the longest day's bar."""

OPTED_OUT = (
    "You opted out here, so I keep nothing of what you write and have nothing to count. "
    "`/privacy optin` takes that back, for what comes."
)

loader = lightbulb.Loader()

_DESCRIPTION = "How much you wrote here, where, and in which mood; only you see it"
_DAYS = lightbulb.integer(
    "days",
    "How many days back, today included",
    default=_USUAL_DAYS,
    min_value=1,
    max_value=MOST_DAYS,
)


@loader.command
class MyStats(
    lightbulb.SlashCommand,
    name="mystats",
    description=_DESCRIPTION,
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
):
    """`/mystats [days]`."""

    days = _DAYS

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Answer with the asker's own figures."""
        await answer(context, await told(desk.asker(context.interaction), self.days))


@loader.command
class MyActivity(
    lightbulb.SlashCommand,
    name="myactivity",
    description=_DESCRIPTION,
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
):
    """`/myactivity [days]`: another name for `/mystats`."""

    days = _DAYS

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Answer with the asker's own figures."""
        await answer(context, await told(desk.asker(context.interaction), self.days))


async def told(asker: Asker, days: int) -> str:
    """The asker's own messages of the last days, from what they can read."""
    desk = asker.desk
    zone = desk.zone_of(asker.guild.id)
    today = today_in(zone, desk.clock())
    first = today - timedelta(days=days - 1)
    start, end = day_period(first, zone).start, day_period(today, zone).end
    by_channel = await _by_channel(asker, start, end)
    hours = [hour for found in by_channel.values() for hour in found]
    total = sum(hour.messages for hour in hours)
    if not total:
        if await desk.store.rights.has_opted_out(asker.guild.id, asker.member.id):
            return OPTED_OUT
        return f"I have nothing that you wrote in the last {days} days."
    lines = [
        f"**{total:,} messages in {days} days** · {_mood(hours)}",
        *_days(hours, first, today, ZoneInfo(zone)),
        _top(by_channel),
    ]
    return "\n".join(lines)


async def _by_channel(asker: Asker, start: datetime, end: datetime) -> dict[int, list[HourCount]]:
    """The asker's own counts in each channel that they can read, where there are any."""
    counted = {}
    for channel_id in asker.readable():
        hours = await asker.desk.store.activity.hours(
            asker.guild.id,
            start,
            end,
            channel_ids=[channel_id],
            author_id=asker.member.id,
        )
        if hours:
            counted[channel_id] = hours
    return counted


def _mood(hours: Sequence[HourCount]) -> str:
    scored = sum(hour.scored for hour in hours)
    if not scored:
        return "mood unknown"
    mean = sum(hour.score_sum for hour in hours) / scored
    positive = sum(hour.positive for hour in hours) / scored
    negative = sum(hour.negative for hour in hours) / scored
    return f"mood {label_of(mean)} ({positive:.0%} positive, {negative:.0%} negative)"


def _days(hours: Sequence[HourCount], first: date, last: date, zone: ZoneInfo) -> Iterator[str]:
    """A bar for each day, the longest for the day with the most messages."""
    counts: Counter[date] = Counter()
    for hour in hours:
        counts[hour.start.astimezone(zone).date()] += hour.messages
    most = max(counts.values())
    day = first
    while day <= last:
        bar = "▇" * max(round(counts[day] / most * _BAR), min(counts[day], 1))
        yield f"`{day:%a %d %b} {bar:<{_BAR}}` {counts[day]:,}"
        day += timedelta(days=1)


def _top(by_channel: dict[int, list[HourCount]]) -> str:
    sums = Counter({id_: sum(h.messages for h in hours) for id_, hours in by_channel.items()})
    named = (f"<#{id_}> {messages:,}" for id_, messages in sums.most_common(_TOP))
    return "Most in " + ", ".join(named)
