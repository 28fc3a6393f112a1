"""What the screens look at: parts that go on working whether anybody looks or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from guildwatch.capture import BackfillProgress, Intake, Pulse, Roster
from guildwatch.config import Config
from guildwatch.model import Clock, Incident, Progress
from guildwatch.report import ReportWriter
from guildwatch.schedule import Runner
from guildwatch.store import Store


class ConnectionState(Protocol):
    """How it stands with Discord."""

    @property
    def connected_since(self) -> datetime | None:
        """Since when (UTC) events arrive, None while they do not."""

    @property
    def trouble(self) -> str:
        """What is wrong, in a sentence; empty when nothing is."""


class ModelState(Protocol):
    """How it stands with the language model."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def trouble(self) -> str:
        """Why it cannot write, in a sentence; empty when it can."""


class AheadState(Protocol):
    """What is being digested before its report is due."""

    @property
    def doing(self) -> Progress | None:
        """What just now, None while nothing is."""

    @property
    def pending(self) -> int:
        """How many conversations wait to be told."""


class HistoryState(Protocol):
    """How far the reading of what was missed is."""

    @property
    def progress(self) -> BackfillProgress:
        """What is left, and what keeps it."""


class TroubleState(Protocol):
    """What goes wrong with ourselves."""

    @property
    def going_on(self) -> Sequence[Incident]:
        """The incidents that are not over, the oldest first."""


@dataclass(frozen=True, slots=True)
class View:
    """The parts that the console shows and steers, and where the operator's files are.

    `environ` has the variables that win over the configuration file, without the token's value:
    what a crash of the console prints has the values of variables in it.
    """

    config: Config
    config_file: Path
    environ: Mapping[str, str]
    log_file: Path
    store: Store
    roster: Roster
    pulse: Pulse
    intake: Intake
    backfill: HistoryState
    writer: ReportWriter
    ahead: AheadState
    runner: Runner
    connection: ConnectionState
    model: ModelState | None
    incidents: TroubleState
    clock: Clock

    def zone(self, guild_id: int) -> ZoneInfo:
        """The zone in which this guild's days are told."""
        return ZoneInfo(self.roster.settings(guild_id).zone or self.config.report.zone)

    @property
    def own_zone(self) -> ZoneInfo:
        """The operator's zone."""
        return ZoneInfo(self.config.report.zone)

    def local_now(self) -> datetime:
        """The present moment on the operator's clock."""
        return self.clock().astimezone(self.own_zone)

    def troubles(self) -> list[str]:
        """What keeps the program from its work, each a sentence, the worst first.

        What has lasted for a while says since when, on the operator's clock.
        """
        history, model = self.backfill.progress.trouble, self.model
        unwritten = model.trouble if model else ""
        untold = (self.runner.state(guild.id).trouble for guild in self.roster.guilds())
        since = {one.sentence: one.first_at for one in self.incidents.going_on}
        told = (self.intake.trouble, self.connection.trouble, history, *untold, unwritten, *since)
        return [self._since(one, since.get(one)) for one in dict.fromkeys(told) if one]

    def _since(self, sentence: str, began: datetime | None) -> str:
        if began is None:
            return sentence
        moment = began.astimezone(self.own_zone)
        day = "" if moment.date() == self.local_now().date() else f"{moment.day} {moment:%b} "
        return f"{sentence} (since {day}{moment:%H:%M})"

    def next_report(self) -> datetime | None:
        """When (UTC) the next report of any guild is due."""
        due = [self.runner.next_due(guild.id) for guild in self.roster.guilds()]
        return min((moment for moment in due if moment), default=None)

    def until_next_report(self) -> timedelta | None:
        """How long until then, never negative."""
        moment = self.next_report()
        return max(timedelta(), moment - self.clock()) if moment else None
