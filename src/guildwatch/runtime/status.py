"""How it is, as a document: its form, and what the database says when no program runs."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from guildwatch import __version__
from guildwatch.config import Config
from guildwatch.model import Gap, Guild, GuildSettings, Incident
from guildwatch.schedule import Calendar, ScheduleError
from guildwatch.sensitive import masked
from guildwatch.store import Store, StoreError

Document: TypeAlias = dict[str, Any]

_MOST_GAPS = 100
_RECENT = timedelta(days=30)
_OPEN = "read again as soon as it can be"


async def stored_status(store: Store, config: Config, now: datetime) -> Document:
    """What the database says while no program runs on it. Raises `StoreError`."""
    guilds = [one for one in await store.guilds.all() if one.is_joined]
    settings, posted = await store.settings.all(), await store.ledger.last_posted()
    waiting = [entry.guild_id for entry in await store.ledger.open_entries()]
    told = []
    for guild in guilds:
        due, trouble = _next_due(settings.get(guild.id) or GuildSettings(guild.id), config, now)
        told.append(
            {
                "id": str(guild.id),
                "name": masked(guild.name),
                "next_report": iso(due),
                "last_report": iso(posted.get(guild.id)),
                "waiting": waiting.count(guild.id),
                "trouble": trouble,
            }
        )
    latest = await store.messages.latest(limit=1)
    return document(
        told,
        last_message=iso(latest[-1].created_at) if latest else None,
        gaps=await stored_gaps(store, guilds, now),
        posts_to_edit=await store.amendments.waiting(),
        incidents=[incident(one) for one in await store.incidents.going_on()],
        model={
            "name": config.ollama.model,
            "trouble": None,
            "doing": None,
            "conversations_waiting": 0,
        },
        sizes=await sizes(store),
    )


def document(guilds: Iterable[Document] = (), **known: Any) -> Document:
    """The whole document, in its order; what is not known is nothing, none or false."""
    told = list(guilds)
    unknown: Document = {
        "running": False,
        "version": __version__,
        "pid": None,
        "since": None,
        "connected": False,
        "connected_since": None,
        "trouble": "",
        "last_message": None,
        "backlog": 0,
        "backfill": {
            "channels_left": 0,
            "messages": 0,
            "messages_left": None,
            "doing": None,
            "trouble": None,
        },
        "sweep": {"channels_left": 0, "messages_left": 0, "channel_id": None},
        "gaps": [],
        "next_report": min(filter(None, (one["next_report"] for one in told)), default=None),
        "last_report": max(filter(None, (one["last_report"] for one in told)), default=None),
        "posts_to_edit": 0,
        "guilds": told,
        "incidents": [],
        "model": None,
        "sizes": {},
    }
    return unknown | known


async def stored_gaps(
    store: Store,
    guilds: Iterable[Guild],
    now: datetime,
    is_open: Callable[[int], bool] = lambda _channel_id: True,
) -> list[Document]:
    """Open gaps, then those of the last 30 days that could not be had; at most a hundred.

    `is_open` tells those of a running program that are closed, which it notes only every minute.
    """
    guild_of = {channel.id: guild.id for guild in guilds for channel in guild.channels}
    breaks = sorted((await store.breaks.all()).items(), key=lambda one: one[1])
    still = [(one, start, None, _OPEN) for one, start in breaks if is_open(one)]
    known = await store.gaps.between(guild_of.keys(), now - _RECENT, now)
    lost = [(gap.channel_id, gap.start, gap.end, gap.reason) for gap in _newest(known)]
    return [
        {
            "guild_id": str(guild_of[channel_id]),
            "channel_id": str(channel_id),
            "start": iso(start),
            "end": iso(end),
            "reason": reason,
        }
        for channel_id, start, end, reason in [*still, *lost][:_MOST_GAPS]
        if channel_id in guild_of
    ]


def _newest(gaps: list[Gap]) -> list[Gap]:
    return sorted(gaps, key=lambda gap: gap.end, reverse=True)


def incident(one: Incident) -> Document:
    """An incident as the document has it."""
    return {
        "kind": one.kind,
        "guild_id": str(one.guild_id) if one.guild_id else None,
        "subject": one.subject,
        "sentence": one.sentence,
        "since": iso(one.first_at),
        "last": iso(one.last_at),
        "times": one.times,
    }


async def sizes(store: Store) -> Document:
    """Bytes, by what takes them (see `store.Sizes`); nothing while that cannot be looked at."""
    try:
        return asdict(await store.sizes())
    except StoreError:
        return {}


def iso(time: datetime | None) -> str | None:
    """A moment as `2026-11-20T12:00:00Z`."""
    return None if time is None else f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _next_due(
    settings: GuildSettings, config: Config, now: datetime
) -> tuple[datetime | None, str | None]:
    """When a guild's next report is due, or why that is not known."""
    zone = settings.zone or config.report.zone
    try:
        return Calendar(settings.report_time or config.report.time, zone).next_due(now), None
    except ScheduleError as error:
        return None, str(error)
