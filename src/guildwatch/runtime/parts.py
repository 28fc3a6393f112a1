"""Which part works with which: one property a part, each built once, when it is first asked for."""

from dataclasses import dataclass, field
from functools import cached_property, partial

from guildwatch.capture import Backfill, Expiry, Intake, KeepRules, Pulse, Roster, Spans
from guildwatch.config import Config, Paths, as_values
from guildwatch.digest import Digester
from guildwatch.discord.access import Access
from guildwatch.discord.allowance import Allowance
from guildwatch.discord.commands import Desk, install
from guildwatch.discord.connection import Connection
from guildwatch.discord.feedback import FeedbackButtons
from guildwatch.discord.hints import Hints
from guildwatch.discord.history import RestHistory
from guildwatch.discord.line import Line
from guildwatch.discord.listeners import Listeners
from guildwatch.discord.pasted import Pasted
from guildwatch.discord.welcome import Welcome
from guildwatch.exchange import Archive, Forgetter
from guildwatch.language import Ollama
from guildwatch.model import ChangedBy, ChangeSource, Clock, Limits
from guildwatch.mood import Vader
from guildwatch.report import Ahead, Charts, ReportWriter
from guildwatch.runtime.child import chart_command
from guildwatch.runtime.current import Current
from guildwatch.runtime.disclosing import disclosed
from guildwatch.runtime.heartbeat import Heartbeat
from guildwatch.runtime.live_status import LiveStatus
from guildwatch.runtime.model_watch import ModelWatch
from guildwatch.runtime.pace import Pace
from guildwatch.runtime.posting import Posting
from guildwatch.runtime.trouble_watch import Looked, TroubleWatch
from guildwatch.schedule import Runner
from guildwatch.sensitive import OwnToken
from guildwatch.store import Store, expire_backups


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts around a store that is open; they run nothing until somebody runs them.

    A new part is a property that names what it works with. Two that need each other get one of
    them as a function that is called later, like `is_connected`.
    """

    config: Config
    paths: Paths
    clock: Clock
    pace: Pace
    token: str = field(repr=False)
    store: Store
    model: Ollama | None
    digester: Digester

    async def load(self) -> None:
        """Lets the parts that remember read what is stored, and notes what is configured anew."""
        by = ChangedBy(ChangeSource.FILE)
        await self.store.record.see_configuration(as_values(self.config), by)
        await self.roster.load()
        await self.pulse.load(self.store, [guild.id for guild in self.roster.guilds()])

    # What listens.

    @cached_property
    def line(self) -> Line:
        return Line()

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.store, clock=self.clock, cleared=self._cleared_name)

    def _cleared_name(self, name: str) -> str:
        return self.pasted.cleared_name(name)

    @cached_property
    def _own_token(self) -> OwnToken:
        return OwnToken(self.token)

    @cached_property
    def pulse(self) -> Pulse:
        return Pulse(partial(_zone_of, self.roster, self.config.report.zone), clock=self.clock)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.store, Vader(), self.pulse, screen=self.pasted)

    @cached_property
    def pasted(self) -> Pasted:
        """What takes our own token out of what is said, and gives authors hints."""
        return Pasted(
            self._own_token,
            Hints(self.line, clock=self.clock),
            self.store,
            self.roster,
            clock=self.clock,
            language=self.config.report.language,
        )

    @cached_property
    def backfill(self) -> Backfill:
        storage = self.config.storage
        return Backfill(
            RestHistory(self.line),
            self.store,
            self.roster,
            self.intake,
            days=storage.backfill_days,
            reread_hours=storage.reread_hours,
            clock=self.clock,
            interval=self.pace.history,
            sweep_interval=self.pace.sweep,
            is_listening=self.is_connected,
        )

    @cached_property
    def connection(self) -> Connection:
        return Connection(
            self.token,
            self.config.discord.api_url,
            self.line,
            hear=self._listeners.hear,
            install=partial(install, desk=self._desk),
            clock=self.clock,
        )

    def is_connected(self) -> bool:
        """Whether Discord is listened to at this moment."""
        return self.connection.connected_since is not None

    @cached_property
    def _listeners(self) -> Listeners:
        welcome = Welcome(self.line, self.roster, clock=self.clock)
        buttons = FeedbackButtons(
            self.line,
            self.store,
            self.roster,
            self._access,
            clock=self.clock,
            cleared=self._own_token.removed,
        )
        return Listeners(
            self.roster,
            self.intake,
            self.backfill,
            welcome=welcome.greet,
            interaction=buttons.hear,
        )

    @cached_property
    def _desk(self) -> Desk:
        report = self.config.report
        return Desk(
            self.store,
            self.roster,
            self.writer,
            self._charts,
            self.runner,
            report.time,
            report.zone,
            self._keep_rules,
            self.backfill.is_behind,
            self.posting.answers,
            self._access,
            self._forgetter,
            disclosed(self.config, with_model=self.model is not None),
            self.clock,
            report.language,
            self.posting.drift.doubt,
        )

    @cached_property
    def _access(self) -> Access:
        return Access(self.store.gates, Allowance(self._limits, clock=self.clock))

    def _limits(self, guild_id: int) -> Limits:
        limits = self.config.limits
        most = Limits(limits.member, limits.guild)
        return most.lowered_by(self.roster.settings(guild_id))

    # What is kept, and for how long.

    @cached_property
    def archive(self) -> Archive:
        """The archive, out of which deleted messages are taken even if no more go in."""
        archive = Archive(
            self.paths.archive, self.store, tombstones=self.paths.tombstones, clock=self.clock
        )
        self.store.messages.when_deleted(archive.wake)
        return archive

    @cached_property
    def expiry(self) -> Expiry:
        storage = self.config.storage
        return Expiry(
            self.store,
            Spans(self._keep_rules, storage.left_days, storage.backup_days),
            clock=self.clock,
            archive=self.archive if storage.archive else None,
            expire_backups=partial(expire_backups, self.paths.backups),
        )

    @cached_property
    def _forgetter(self) -> Forgetter:
        return Forgetter(self.store, self.archive, self.pulse.forget)

    @cached_property
    def _keep_rules(self) -> KeepRules:
        return KeepRules(self.config.storage.keep_days, self.config.storage.keep)

    # What is told.

    @cached_property
    def writer(self) -> ReportWriter:
        language = self.config.report.language
        return ReportWriter(self.store, self.digester, clock=self.clock, language=language)

    @cached_property
    def runner(self) -> Runner:
        return Runner(
            self.store,
            self._current,
            time=self.config.report.time,
            zone=self.config.report.zone,
            write=self.posting.publisher.write,
            post=self.posting.publisher.post,
            check=self.posting.publisher.check,
            give_up=self.posting.publisher.give_up,
            clock=self.clock,
            tick=self.pace.tick,
        )

    @cached_property
    def ahead(self) -> Ahead:
        return Ahead(
            self.store,
            self.digester,
            self.writer,
            self._current,
            sources=self.posting.publisher.sources,
            next_due=self.runner.next_due,
            clock=self.clock,
            pause=self.pace.ahead,
        )

    @cached_property
    def posting(self) -> Posting:
        """What posts reports and keeps what is posted true."""
        return Posting(
            self.line,
            self.store,
            self.roster,
            self.writer,
            self._charts,
            self.clock,
            self.config.report.zone,
            self.is_connected,
        )

    @cached_property
    def _charts(self) -> Charts:
        return Charts(chart_command(), cache=self.paths.cache_dir)

    @cached_property
    def _current(self) -> Current:
        return Current(self.roster, self.backfill, self.is_connected)

    # What says how it is.

    @cached_property
    def model_watch(self) -> ModelWatch | None:
        return ModelWatch(self.model) if self.model else None

    @cached_property
    def troubles(self) -> TroubleWatch:
        looked = Looked(
            self.roster,
            self.intake,
            self.backfill,
            self.connection,
            self.runner,
            self.model_watch,
        )
        return TroubleWatch(looked.troubles, self.store.incidents, clock=self.clock)

    @cached_property
    def heartbeat(self) -> Heartbeat:
        status = LiveStatus(
            store=self.store,
            roster=self.roster,
            pulse=self.pulse,
            intake=self.intake,
            backfill=self.backfill,
            connection=self.connection,
            runner=self.runner,
            model=self.model_watch,
            ahead=self.ahead,
            troubles=self.troubles,
            since=self.clock(),
            clock=self.clock,
        )
        return Heartbeat(self.paths.status, status.look, status.telling)


def _zone_of(roster: Roster, default: str, guild_id: int) -> str:
    return roster.settings(guild_id).zone or default
