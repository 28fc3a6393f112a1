"""Days as people name them, and the days of which an asker may see something."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from guildwatch.discord.commands.desk import Asker, RefusalError

NO_SUMMARY = "No summary is available for that date."

_OFFERED = 25
"""Discord shows at most so many choices."""


def day_named(text: str, today: date) -> date:
    """The day that `2026-11-21`, `today` or `yesterday` means; raises RefusalError for others."""
    word = text.strip().lower()
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday")
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise RefusalError(
            "I don't know that date; write it as 2026-11-21, or today, or yesterday."
        ) from error


def today_in(zone: str, now: datetime) -> date:
    """The day that the clocks of this zone show."""
    return now.astimezone(ZoneInfo(zone)).date()


async def days_with_talk(asker: Asker, sources: frozenset[int]) -> list[date]:
    """The days, newest first, on which people said something in these channels."""
    desk, guild = asker.desk, asker.guild
    stored = await desk.store.messages.days(guild.id, channel_ids=sources)
    if stored is None:
        return []
    hours = await desk.store.activity.hours(
        guild.id,
        stored[0] - timedelta(hours=1),
        stored[1] + timedelta(hours=1),
        channel_ids=sources,
    )
    zone = ZoneInfo(desk.zone_of(guild.id))
    return sorted({hour.start.astimezone(zone).date() for hour in hours}, reverse=True)


async def offered_dates(asker: Asker, typed: str) -> list[str]:
    """The days of which the asker can read something and that hold what was typed so far."""
    days = [day.isoformat() for day in await days_with_talk(asker, asker.sources())]
    return [day for day in days if typed.strip() in day][:_OFFERED]
