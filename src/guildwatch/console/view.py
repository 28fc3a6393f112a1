"""What the screens look at: parts that go on working whether anybody looks or not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from guildwatch.capture import Intake, Pulse, Roster
from guildwatch.config import Config
from guildwatch.model import Clock
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


@dataclass(frozen=True, slots=True)
class View:
    """The parts that the console shows and steers, and where the operator's files are."""

    config: Config
    config_file: Path
    log_file: Path
    store: Store
    roster: Roster
    pulse: Pulse
    intake: Intake
    writer: ReportWriter
    runner: Runner
    connection: ConnectionState
    model: ModelState | None
    clock: Clock

    def zone(self, guild_id: int) -> ZoneInfo:
        """The zone in which this guild's days are told."""
        return ZoneInfo(self.roster.settings(guild_id).zone or self.config.report.zone)

    def local_now(self) -> datetime:
        """The present moment on the operator's clock."""
        return self.clock().astimezone(ZoneInfo(self.config.report.zone))

    def next_report(self) -> datetime | None:
        """When (UTC) the next report of any guild is due."""
        due = [self.runner.next_due(guild.id) for guild in self.roster.guilds()]
        return min((moment for moment in due if moment), default=None)

    def until_next_report(self) -> timedelta | None:
        """How long until then, never negative."""
        moment = self.next_report()
        return max(timedelta(), moment - self.clock()) if moment else None
