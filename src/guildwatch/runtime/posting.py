"""The parts that write to Discord of their own accord: reports, their corrections, and notices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from guildwatch.capture import Roster
from guildwatch.discord.allowed import AllowedSources
from guildwatch.discord.amending import Amender
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.drift import Drift
from guildwatch.discord.line import Line
from guildwatch.discord.notices import Notices
from guildwatch.discord.publish import Publisher
from guildwatch.discord.troubles import Troubles
from guildwatch.model import Clock
from guildwatch.report import Charts, ReportWriter
from guildwatch.report.recheck import Rechecker
from guildwatch.store import Store


@dataclass(frozen=True, eq=False)
class Posting:
    """What posts, and what sees to it that a post goes on saying only what its readers may read.

    `zone` is the IANA name for guilds whose admins chose none.
    """

    line: Line
    store: Store
    roster: Roster
    writer: ReportWriter
    charts: Charts
    clock: Clock
    zone: str
    is_connected: Callable[[], bool]

    @cached_property
    def publisher(self) -> Publisher:
        """What writes and posts a report when it is due."""
        notices = Notices(self.line, self.roster, clock=self.clock)
        return Publisher(
            self.line,
            store=self.store,
            roster=self.roster,
            writer=self.writer,
            charts=self.charts,
            delivery=self._delivery,
            notices=notices,
            troubles=Troubles(notices, self.store.incidents),
            standing=self.drift,
            clock=self.clock,
        )

    @cached_property
    def amender(self) -> Amender:
        """What edits posts whose reports were corrected."""
        return Amender(
            self.store,
            self.roster,
            self._delivery,
            Rechecker(self.store),
            self.store.incidents,
            answers=self.answers,
            is_connected=self.is_connected,
            clock=self.clock,
        )

    @cached_property
    def drift(self) -> Drift:
        """What takes out of posts what their readers may not read any more."""
        allowed = AllowedSources(self.line, self.store, self.roster, clock=self.clock)
        return Drift(
            self.line,
            self.store,
            self.roster,
            allowed,
            self.store.incidents,
            is_connected=self.is_connected,
            clock=self.clock,
            zone=self.zone,
        )

    @cached_property
    def answers(self) -> PublicAnswers:
        """What shows reports to everybody in a channel, as answers to commands."""
        return PublicAnswers(self.line, self.store, self.charts)

    @cached_property
    def _delivery(self) -> Delivery:
        return Delivery(
            self.line,
            self.store.ledger,
            self.roster,
            facts=self.store.facts,
            incidents=self.store.incidents,
            clock=self.clock,
        )
