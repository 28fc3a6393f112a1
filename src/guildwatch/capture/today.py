"""How many messages people wrote today, by guild and by channel, in each guild's own day."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guildwatch.model import Clock, Message, first_id_at


class Today:
    """The ids of this day's messages, eight bytes each, so that nothing is counted twice.

    `zone_of` gives a guild's IANA zone.
    """

    def __init__(self, zone_of: Callable[[int], str], clock: Clock) -> None:
        self._zone_of = zone_of
        self._clock = clock
        self._days: dict[int, _Day] = {}

    def start_of(self, guild_id: int) -> datetime:
        """When the guild's present day began (UTC)."""
        return _start_of_day(self._clock(), ZoneInfo(self._zone_of(guild_id)))

    def count(self, guild_id: int, channel_id: int | None = None) -> int:
        """How many there were today in a guild, or in one of its channels."""
        channels = self._day(guild_id).channels
        if channel_id is not None:
            return len(channels.get(channel_id, ()))
        return sum(map(len, channels.values()))

    def total(self) -> int:
        """How many there were today in all guilds."""
        return sum(self.count(guild_id) for guild_id in tuple(self._days))

    def add(self, message: Message) -> None:
        """Counts a message if it is today's, people's, and new."""
        day = self._day(message.guild_id)
        if not day.start <= message.id < day.end or not counts(message):
            return
        ids = day.channels[message.channel_id]
        place = len(ids) if not ids or ids[-1] < message.id else bisect_left(ids, message.id)
        if place == len(ids) or ids[place] != message.id:
            ids.insert(place, message.id)

    def remove(self, guild_id: int, channel_id: int, message_id: int) -> None:
        """Takes back a message that was deleted."""
        ids = self._day(guild_id).channels.get(channel_id, array("Q"))
        place = bisect_left(ids, message_id)
        if place < len(ids) and ids[place] == message_id:
            del ids[place]

    def close(self, guild_id: int, channel_id: int) -> None:
        """Takes back all messages of a deleted channel."""
        self._day(guild_id).channels.pop(channel_id, None)

    def leave(self, guild_id: int) -> None:
        """Forgets a guild."""
        self._days.pop(guild_id, None)

    def _day(self, guild_id: int) -> "_Day":
        """The guild's present day; a new one begins at its midnight, or with a new zone."""
        now, zone = self._clock(), self._zone_of(guild_id)
        day = self._days.get(guild_id)
        if day is None or day.zone != zone or not day.start <= first_id_at(now) < day.end:
            channels = day.channels if day else {}
            day = self._days[guild_id] = _Day(now, zone)
            for channel_id, ids in channels.items():
                kept = ids[bisect_left(ids, day.start) : bisect_left(ids, day.end)]
                day.channels[channel_id] = kept
        return day


class _Day:
    """One calendar day of a guild: its first id, the one after its last, and what was written."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.zone = zone
        start = _start_of_day(now, ZoneInfo(zone))
        self.start = first_id_at(start)
        # 25 hours and a bit is enough to land in the next day, however long this one is.
        self.end = first_id_at(_start_of_day(start + timedelta(hours=27), ZoneInfo(zone)))
        self.channels: dict[int, array[int]] = defaultdict(lambda: array("Q"))


def counts(message: Message) -> bool:
    """Whether it is a person's message that still stands."""
    return message.kind.is_talk and not message.author.is_bot and not message.is_deleted


def _start_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(
        moment.tzinfo
    )
