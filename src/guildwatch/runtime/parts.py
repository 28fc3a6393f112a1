"""Builds the parts and hands each the others that it works with."""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from guildwatch.capture import Backfill, Expiry, Intake, KeepRules, Pulse, Roster, Spans
from guildwatch.config import Config, Paths
from guildwatch.digest import Digester, Summariser
from guildwatch.discord.amending import Amender
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.commands import Desk, install
from guildwatch.discord.connection import Connection
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.feedback import FeedbackButtons
from guildwatch.discord.history import RestHistory
from guildwatch.discord.line import Line
from guildwatch.discord.listeners import Listeners
from guildwatch.discord.notices import Notices
from guildwatch.discord.publish import Publisher
from guildwatch.discord.troubles import Troubles
from guildwatch.discord.welcome import Welcome
from guildwatch.exchange import Archive
from guildwatch.language import Measured, Ollama
from guildwatch.model import Clock, Guild
from guildwatch.mood import Vader
from guildwatch.report import Ahead, Charts, ReportWriter
from guildwatch.report.recheck import Rechecker
from guildwatch.runtime.child import chart_command
from guildwatch.runtime.heartbeat import Heartbeat
from guildwatch.runtime.live_status import LiveStatus
from guildwatch.runtime.model_watch import ModelWatch
from guildwatch.runtime.trouble_watch import Looked, TroubleWatch
from guildwatch.schedule import Runner
from guildwatch.store import Store, expire_backups
from guildwatch.store.restoring import drop_restore


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the program goes about things, in seconds of real time.

    `tick` lies between two looks at the schedule's clock, `history` between two requests for the
    past: the default is half of what Discord grants a bot. `sweep` lies between two requests of the
    slow second look, which comes after all else. `ahead` lies between two looks at what has gone
    quiet and may be digested.
    """

    tick: float = 1.0
    history: float = 0.25
    sweep: float = 3.0
    ahead: float = 5.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that run, and those that the console looks at."""

    store: Store
    roster: Roster
    pulse: Pulse
    intake: Intake
    backfill: Backfill
    expiry: Expiry
    archive: Archive
    connection: Connection
    model_watch: ModelWatch | None
    writer: ReportWriter
    ahead: Ahead
    runner: Runner
    amender: Amender
    troubles: TroubleWatch
    heartbeat: Heartbeat


@asynccontextmanager
async def assemble(
    config: Config, paths: Paths, *, clock: Clock, pace: Pace | None = None, with_model: bool = True
) -> AsyncIterator[Parts]:
    """Opens the store and builds everything around it; nothing runs yet.

    Raises `ConfigError` without a token and `StoreError` when the database cannot be opened.
    """
    token = config.discord.read_token()
    await drop_restore(paths.database)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            Store.open(paths.database, clock=clock, backups_kept=config.storage.backups_kept)
        )
        model = None
        if with_model:
            model = await stack.enter_async_context(
                language_model(config, paths, measured=store.calibration)
            )
        digester = Digester(
            model,
            cache=store.conversations,
            homes=store.homes,
            costs=store.costs,
            summariser=summariser(config) if with_model else None,
        )
        wiring = _Wiring(config, paths, clock, pace or Pace())
        yield await wiring.parts(token, store, model, digester)


def summariser(config: Config) -> Summariser | None:
    """The summariser that is named, not yet loaded; None where none is."""
    folder = config.report.checkpoint
    return Summariser(folder.expanduser()) if folder is not None else None


def language_model(config: Config, paths: Paths, *, measured: Measured | None = None) -> Ollama:
    """The door to the configured model; nobody is asked yet.

    `measured` keeps what was learnt about its tokens; without one each run begins with a guess.
    """
    ollama = config.ollama
    return Ollama(
        ollama.host,
        ollama.model,
        ollama.context,
        ollama.keep_alive,
        lock_dir=_lock_folder(paths),
        measured=measured,
    )


def _lock_folder(paths: Paths) -> Path:
    """The folder that all instances of this user share, or ours where that cannot be written."""
    try:
        paths.model_locks.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return paths.data_dir
    return paths.model_locks if os.access(paths.model_locks, os.W_OK) else paths.data_dir


@dataclass(frozen=True, slots=True)
class _Wiring:
    """What many parts are told alike."""

    config: Config
    paths: Paths
    clock: Clock
    pace: Pace

    async def parts(
        self, token: str, store: Store, model: Ollama | None, digester: Digester
    ) -> Parts:
        writer = ReportWriter(
            store, digester, clock=self.clock, language=self.config.report.language
        )
        line = Line()
        roster = Roster(store, clock=self.clock)
        await roster.load()
        pulse = Pulse(partial(_zone_of, roster, self.config.report.zone), clock=self.clock)
        await pulse.load(store, [guild.id for guild in roster.guilds()])
        intake = Intake(store, Vader(), pulse)

        def is_connected() -> bool:
            return connection.connected_since is not None

        backfill = self._backfill(line, store, roster, intake, is_connected)
        charts = Charts(chart_command(), cache=self.paths.cache_dir)

        current = _Current(roster, backfill, is_connected)
        delivery = Delivery(
            line,
            store.ledger,
            roster,
            facts=store.facts,
            incidents=store.incidents,
            clock=self.clock,
        )
        answers = PublicAnswers(line, store, charts)
        amender = Amender(
            store,
            roster,
            delivery,
            Rechecker(store),
            store.incidents,
            answers=answers,
            is_connected=is_connected,
            clock=self.clock,
        )
        publisher = self._publisher(line, store, roster, writer, charts, delivery=delivery)
        runner = self._runner(store, current, publisher)
        ahead = Ahead(
            store,
            digester,
            writer,
            current,
            sources=publisher.sources,
            next_due=runner.next_due,
            clock=self.clock,
            pause=self.pace.ahead,
        )
        report = self.config.report
        desk = Desk(
            store,
            roster,
            writer,
            charts,
            runner,
            report.time,
            report.zone,
            self._keep_rules(),
            backfill.is_behind,
            answers,
            self.clock,
            report.language,
        )
        welcome = Welcome(line, roster, clock=self.clock)
        buttons = FeedbackButtons(line, store, roster, clock=self.clock)
        listeners = Listeners(
            roster, intake, backfill, welcome=welcome.greet, interaction=buttons.hear
        )
        connection = Connection(
            token,
            self.config.discord.api_url,
            line,
            hear=listeners.hear,
            install=partial(install, desk=desk),
            clock=self.clock,
        )
        archive = self._archive(store)
        expiry = self._expiry(store, archive)
        watch = ModelWatch(model) if model else None
        looked = Looked(roster, intake, backfill, connection, runner, watch)
        troubles = TroubleWatch(looked.troubles, store.incidents, clock=self.clock)
        status = LiveStatus(
            store=store,
            roster=roster,
            pulse=pulse,
            intake=intake,
            backfill=backfill,
            connection=connection,
            runner=runner,
            model=watch,
            ahead=ahead,
            troubles=troubles,
            since=self.clock(),
            clock=self.clock,
        )
        return Parts(
            store=store,
            roster=roster,
            pulse=pulse,
            intake=intake,
            backfill=backfill,
            expiry=expiry,
            archive=archive,
            connection=connection,
            model_watch=watch,
            writer=writer,
            ahead=ahead,
            runner=runner,
            amender=amender,
            troubles=troubles,
            heartbeat=Heartbeat(self.paths.status, status.look, status.telling),
        )

    def _archive(self, store: Store) -> Archive:
        """The archive, out of which deleted messages are taken even if no more go in."""
        archive = Archive(
            self.paths.archive, store, tombstones=self.paths.tombstones, clock=self.clock
        )
        store.messages.when_deleted(archive.wake)
        return archive

    def _keep_rules(self) -> KeepRules:
        return KeepRules(self.config.storage.keep_days, self.config.storage.keep)

    def _expiry(self, store: Store, archive: Archive) -> Expiry:
        storage = self.config.storage
        return Expiry(
            store,
            Spans(self._keep_rules(), storage.left_days, storage.backup_days),
            clock=self.clock,
            archive=archive if storage.archive else None,
            expire_backups=partial(expire_backups, self.paths.backups),
        )

    def _backfill(
        self,
        line: Line,
        store: Store,
        roster: Roster,
        intake: Intake,
        is_connected: Callable[[], bool],
    ) -> Backfill:
        storage = self.config.storage
        return Backfill(
            RestHistory(line),
            store,
            roster,
            intake,
            days=storage.backfill_days,
            reread_hours=storage.reread_hours,
            clock=self.clock,
            interval=self.pace.history,
            sweep_interval=self.pace.sweep,
            is_listening=is_connected,
        )

    def _publisher(
        self,
        line: Line,
        store: Store,
        roster: Roster,
        writer: ReportWriter,
        charts: Charts,
        *,
        delivery: Delivery,
    ) -> Publisher:
        notices = Notices(line, roster, clock=self.clock)
        return Publisher(
            line,
            store=store,
            roster=roster,
            writer=writer,
            charts=charts,
            delivery=delivery,
            notices=notices,
            troubles=Troubles(notices, store.incidents),
        )

    def _runner(self, store: Store, current: "_Current", publisher: Publisher) -> Runner:
        return Runner(
            store,
            current,
            time=self.config.report.time,
            zone=self.config.report.zone,
            write=publisher.write,
            post=publisher.post,
            check=publisher.check,
            give_up=publisher.give_up,
            clock=self.clock,
            tick=self.pace.tick,
        )


@dataclass(frozen=True, slots=True)
class _Current:
    """The guilds whose reports can be written now; an imported one has nobody to post to.

    Before Discord has told a guild's picture nobody knows what is followed and who reads it, and
    while something is still to be read after a break a report would lack it.
    """

    roster: Roster
    backfill: Backfill
    is_connected: Callable[[], bool]

    @property
    def revision(self) -> int:
        return self.roster.revision

    def joined(self) -> Sequence[Guild]:
        return self.roster.joined()

    def guilds(self) -> Sequence[Guild]:
        if not self.is_connected():
            return []
        return [guild for guild in self.joined() if not self.backfill.is_behind(guild.id)]


def _zone_of(roster: Roster, default: str, guild_id: int) -> str:
    return roster.settings(guild_id).zone or default
