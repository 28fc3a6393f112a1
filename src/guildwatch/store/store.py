"""The store: one open database and the subjects that are kept in it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from guildwatch.model import Clock, Deletion, utc_now
from guildwatch.store.activity import ActivityCounts
from guildwatch.store.amendments import Amendments
from guildwatch.store.answers import Answers
from guildwatch.store.backup import BACKUPS_KEPT
from guildwatch.store.breaks import Breaks
from guildwatch.store.burials import Burials
from guildwatch.store.calibration import Calibration
from guildwatch.store.compaction import make_ready
from guildwatch.store.contents import Contents
from guildwatch.store.conversations import Conversations
from guildwatch.store.costs import Costs
from guildwatch.store.database import Database, open_database
from guildwatch.store.departed import Departed
from guildwatch.store.errors import DamagedError, StoreError
from guildwatch.store.explaining import damaged
from guildwatch.store.facts import Facts
from guildwatch.store.feedback import ReaderFeedback
from guildwatch.store.gaps import Gaps
from guildwatch.store.gates import Gates
from guildwatch.store.guilds import Guilds
from guildwatch.store.holdings import Holdings
from guildwatch.store.homes import Homes
from guildwatch.store.incidents import Incidents
from guildwatch.store.integrity import check_integrity
from guildwatch.store.ledger import Ledger
from guildwatch.store.messages import Applied, Messages
from guildwatch.store.past import Past
from guildwatch.store.purging import Purge
from guildwatch.store.questions import Questions
from guildwatch.store.record import Record
from guildwatch.store.reports import Reports
from guildwatch.store.retention import Retention
from guildwatch.store.rights import Rights
from guildwatch.store.settings import Settings
from guildwatch.store.shown import ShownReports
from guildwatch.store.sizes import Sizes, measure
from guildwatch.store.sweeps import Sweeps
from guildwatch.store.tombstones import TOMBSTONES, Tombstones
from guildwatch.store.upkeep import Upkeep
from guildwatch.store.widenings import Widenings

_log = logging.getLogger(__name__)
_OPEN_SINCE = "open_since"


class Store:
    """Everything that guildwatch keeps, by subject."""

    def __init__(self, database: Database, clock: Clock, burials: Burials | None = None) -> None:
        self._upkeep = Upkeep(database, self._bury)
        self._database = database
        self._clock = clock
        self.path = database.path
        self.messages = Messages(database, self._upkeep.wake, burials)
        departed = Departed()
        tell_gone = self.messages.tell_gone
        self.rights = Rights(database, burials, departed, tell_gone, self._upkeep.wake)
        self.holdings = Holdings(database)
        self.purging = Purge(database, burials, clock, self._upkeep.wake)
        self.retention = Retention(database, self._upkeep.wake, clock)
        self.contents = Contents(database)
        self.guilds = Guilds(database, clock)
        self.activity = ActivityCounts(database)
        self.reports = Reports(database, departed)
        self.shown = ShownReports(database)
        self.widenings = Widenings(database, clock)
        self.answers = Answers(database, departed, self._upkeep.wake)
        self.amendments = Amendments(database, self._upkeep.wake)
        self.ledger = Ledger(database)
        self.settings = Settings(database, clock)
        self.gates = Gates(database, clock)
        self.record = Record(database, clock)
        self.conversations = Conversations(database, departed)
        self.costs = Costs(database)
        self.homes = Homes(database)
        self.questions = Questions(database)
        self.gaps = Gaps(database)
        self.breaks = Breaks(database)
        self.sweeps = Sweeps(database)
        self.past = Past(database)
        self.calibration = Calibration(database)
        self.facts = Facts(database)
        self.feedback = ReaderFeedback(database, self._upkeep.wake)
        self.incidents = Incidents(database, clock)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        clock: Clock = utc_now,
        backups_kept: int = BACKUPS_KEPT,
    ) -> AsyncIterator["Store"]:
        """Opens the database file, created and brought up to date unless `read_only`.

        An older one is copied first, as one of `backups_kept` automatic backups (0: it is not).
        What the file of tombstones beside it says is done before anything is seen.
        One that was not closed the last time is checked first. Only one process may open it for
        writing. Raises StoreError when it is missing (and may not be created), damaged or not ours,
        was written by a newer guildwatch, or cannot be written.
        """
        async with open_database(path, read_only=read_only, backups_kept=backups_kept) as database:
            if read_only:
                yield cls(database, clock)
                return
            beside = database.path.with_name(TOMBSTONES)
            await asyncio.to_thread(make_ready, beside)
            with Tombstones.open(beside) as tombstones:
                burials = Burials(database, tombstones)
                store = cls(database, clock, burials)
                await store._require_sound()
                await burials.catch_up()
                await store.purging.finish()
                await store.rights.finish()
                async with store._noted_closing(), store._kept_up():
                    yield store

    async def _require_sound(self) -> None:
        """Checks a file that was not closed by whoever had it last, and notes that it is open."""
        if await self.facts.moment(_OPEN_SINCE) is not None:
            _log.info("%s was not closed the last time; it is checked", self.path)
            if findings := await check_integrity(self.path):
                raise damaged(self.path, findings[0])
        await self.facts.note(_OPEN_SINCE, self._clock())

    @asynccontextmanager
    async def _noted_closing(self) -> AsyncIterator[None]:
        """Notes that the file was closed in order, whatever ended the work on it but damage."""
        is_sound = True
        try:
            yield
        except DamagedError:
            is_sound = False
            raise
        finally:
            if is_sound:
                with suppress(StoreError):
                    await self.facts.note(_OPEN_SINCE, None)

    @asynccontextmanager
    async def _kept_up(self) -> AsyncIterator[None]:
        upkeep = asyncio.create_task(self._upkeep.run())
        try:
            yield
        finally:
            upkeep.cancel()
            await asyncio.wait([upkeep])
        await self._upkeep.finish()

    async def sizes(self) -> Sizes:
        """How much room everything takes."""
        folder = self.path.parent
        return await measure(self._database, folder / TOMBSTONES, folder / "backups")

    async def tidy(self) -> bool:
        """Removes at once every trace of deleted text from the files, which else takes seconds.

        False when another program that reads the database was in the way.
        """
        return await self._upkeep.clean()

    async def _bury(self, deletion: Deletion) -> Applied:
        return await self.messages.apply([deletion])
