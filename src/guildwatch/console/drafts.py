"""Today so far, written for the operator's eyes: while it is written, and when it is done."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from guildwatch.console.preview import readable
from guildwatch.console.view import View
from guildwatch.console.wording import lasting, steady
from guildwatch.language import Priority
from guildwatch.model import Guild, GuildwatchError, Period, PeriodKind, Progress, Report
from guildwatch.report.wrapping import wrapped

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Writing:
    """How far a draft is, and what was written so far: unchecked, for the operator's eyes."""

    progress: Progress
    lines: tuple[str, ...] = ()

    def after(self, progress: Progress) -> "Writing":
        """The same a moment later; each call to the model begins with an empty preview."""
        is_same_call = progress.preview.startswith(self.progress.preview)
        return Writing(progress, self.lines if is_same_call else self.all_lines())

    def all_lines(self) -> tuple[str, ...]:
        """What the finished calls and the present one have written."""
        return (*self.lines, *readable(self.progress.preview))

    def text(self, width: int) -> str:
        """All of it in lines of this width, how far it is first."""
        progress, left = self.progress, self.progress.seconds_left
        steps = f" · {progress.done} of {progress.total}" if progress.total else ""
        about = f" · about {lasting(timedelta(seconds=left))}" if left else ""
        head = f"{steady(progress.doing)}…{steps}{about}"
        lines = (part for line in self.all_lines() for part in _broken(line, width))
        return "\n".join([head, "", *lines])


@dataclass(slots=True)
class Draft:
    """A guild's day up to a moment; it is being written until it has a report or a trouble.

    `trouble` is a sentence. Nothing of it is posted or saved.
    """

    guild: Guild
    period: Period
    writing: Writing
    report: Report | None = None
    trouble: str = ""

    @property
    def is_being_written(self) -> bool:
        """Whether there is something to wait for."""
        return self.report is None and not self.trouble

    def title(self) -> str:
        """What it is, and how it stands with it, in two lines."""
        if self.is_being_written:
            return "✎ Today so far\n  being written…"
        end = self.period.end.astimezone(ZoneInfo(self.period.zone))
        return f"✎ Today until {end:%H:%M}\n  {'nothing to show' if self.trouble else 'not posted'}"

    @property
    def content(self) -> Report | Writing | str:
        """What there is to see of it: the report, how far it is, or why there is none."""
        return self.report or self.trouble or self.writing


def begun(view: View, guild: Guild) -> Draft:
    """A draft of the guild's present day, not written yet."""
    zone, now = view.zone(guild.id), view.clock()
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    period = Period(PeriodKind.SPAN, midnight.astimezone(now.tzinfo), now, zone.key)
    return Draft(guild, period, Writing(Progress("Waiting for its turn")))


async def write(view: View, draft: Draft) -> None:
    """Has the draft written; whatever goes wrong becomes its trouble."""

    def advance(progress: Progress) -> None:
        draft.writing = draft.writing.after(progress)

    try:
        draft.report = await view.writer.write(
            draft.guild,
            draft.period,
            source_ids=None,
            priority=Priority.COMMAND,
            on_progress=advance,
        )
    except GuildwatchError as error:
        draft.trouble = str(error)
    except Exception:  # noqa: BLE001 - the screens outlive a report that cannot be written
        _log.exception("Today so far could not be written")
        draft.trouble = "It could not be written. The log (key 4) tells what went wrong."


async def withdraw(view: View, draft: Draft) -> None:
    """Takes the draft back when a message that it tells of was deleted since."""
    if draft.report is None:
        return
    cited = draft.report.cited_ids
    there = await view.store.messages.by_ids(cited)
    if any(one not in there or there[one].is_deleted for one in cited):
        draft.report = None
        draft.trouble = "A message that it told of was deleted. Press w to write it anew."


def _broken(line: str, width: int) -> Iterator[str]:
    bare = line.lstrip(" ")
    first = " " * (len(line) - len(bare))
    return wrapped(bare, width, first=first, indent=first * 2)
