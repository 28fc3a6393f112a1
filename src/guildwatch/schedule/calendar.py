"""When reports are due: a time of day in a zone, through all that zones do to clocks.

Weekly reports are due at that time on one weekday, monthly ones on the first of a month.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from guildwatch.model import GuildwatchError, PeriodKind

_DAY = timedelta(days=1)
_RESOLUTION = timedelta(seconds=1)
# Two days: a zone that crosses the date line repeats or skips a whole day. On top of that a due
# moment must lie before any other one that is asked about.
_REACH = {
    PeriodKind.DAY: 2 * _DAY,
    PeriodKind.WEEK: 9 * _DAY,
    PeriodKind.MONTH: 33 * _DAY,
}


class ScheduleError(GuildwatchError):
    """A schedule that cannot be kept as it is given."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A guild's due moments (aware, UTC): at `time` by the clocks of the IANA `zone`.

    Every day; for `kind` WEEK on the `weekday` (0 is Monday), for MONTH on the first. Where clocks
    skip that time it is due at the first moment after the skip, where they show it twice at the
    first of the two. Raises `ScheduleError` for a zone that does not exist.
    """

    time: time
    zone: str
    kind: PeriodKind = PeriodKind.DAY
    weekday: int = 0
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", zone_named(self.zone))

    def next_due(self, moment: datetime) -> datetime:
        """The first due moment after this one."""
        return next(due for due in self._dues_from(moment) if due > moment)

    def previous_due(self, moment: datetime) -> datetime:
        """The last due moment that is not after this one."""
        previous = None
        for due in self._dues_from(moment):
            if due > moment and previous is not None:
                break
            previous = due
        assert previous is not None  # noqa: S101 - the dues from a moment begin days before it
        return previous

    def local(self, moment: datetime) -> datetime:
        """The moment as the zone's clocks show it."""
        return moment.astimezone(self._zone)

    def _dues_from(self, moment: datetime) -> Iterator[datetime]:
        """Due moments in order, from before a moment to beyond it."""
        day = moment.astimezone(self._zone).date() - _REACH[self.kind]
        while True:
            if self._falls_on(day):
                yield self._due_on(day)
            day += _DAY

    def _falls_on(self, day: date) -> bool:
        if self.kind is PeriodKind.WEEK:
            return day.weekday() == self.weekday
        return self.kind is PeriodKind.DAY or day.day == 1

    def _due_on(self, day: date) -> datetime:
        local = datetime.combine(day, self.time.replace(tzinfo=None, fold=0), self._zone)
        due = local.astimezone(UTC)
        if due.astimezone(self._zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return due
        # In a gap, fold 0 counts by the offset before it and so ends up after it, fold 1 before it.
        return self._change_between(local.replace(fold=1).astimezone(UTC), due)

    def _change_between(self, before: datetime, after: datetime) -> datetime:
        """The moment at which the clocks change, found by halving."""
        offset = before.astimezone(self._zone).utcoffset()
        while after - before > _RESOLUTION:
            middle = before + (after - before) / 2
            if middle.astimezone(self._zone).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name; raises `ScheduleError`, with what may have been meant."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(
            f'There is no time zone "{name}"{_suggestion(name)}; '
            "give one by its IANA name, such as Europe/Berlin or America/New_York."
        ) from error


def _suggestion(name: str) -> str:
    zones = {zone.casefold(): zone for zone in available_timezones()}
    near = get_close_matches(name.casefold().replace(" ", "_"), zones, n=1)
    return f" (did you mean {zones[near[0]]}?)" if near else ""
