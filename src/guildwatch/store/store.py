"""The store: one open database and the subjects that are kept in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from guildwatch.model import Clock, Deletion, utc_now
from guildwatch.store.activity import ActivityCounts
from guildwatch.store.backup import BACKUPS_KEPT
from guildwatch.store.calibration import Calibration
from guildwatch.store.contents import Contents
from guildwatch.store.conversations import Conversations
from guildwatch.store.database import Database, open_database
from guildwatch.store.facts import Facts
from guildwatch.store.gaps import Gaps
from guildwatch.store.guilds import Guilds
from guildwatch.store.incidents import Incidents
from guildwatch.store.ledger import Ledger
from guildwatch.store.messages import Applied, Messages
from guildwatch.store.reports import Reports
from guildwatch.store.retention import Retention
from guildwatch.store.settings import Settings
from guildwatch.store.upkeep import Upkeep


class Store:
    """Everything that guildwatch keeps, by subject."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._upkeep = Upkeep(database, self._bury)
        self.path = database.path
        self.messages = Messages(database, clock, self._upkeep.wake)
        self.retention = Retention(database, self._upkeep.wake)
        self.contents = Contents(database)
        self.guilds = Guilds(database)
        self.activity = ActivityCounts(database)
        self.reports = Reports(database)
        self.ledger = Ledger(database)
        self.settings = Settings(database)
        self.conversations = Conversations(database)
        self.gaps = Gaps(database)
        self.calibration = Calibration(database)
        self.facts = Facts(database)
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
        Raises StoreError when it is missing (and may not be created), is not ours, was written by
        a newer guildwatch, or cannot be written. Only one process may open it for writing.
        """
        async with open_database(path, read_only=read_only, backups_kept=backups_kept) as database:
            store = cls(database, clock)
            if read_only:
                yield store
                return
            upkeep = asyncio.create_task(store._upkeep.run())
            try:
                yield store
            finally:
                upkeep.cancel()
                await asyncio.wait([upkeep])
            await store._upkeep.finish()

    async def tidy(self) -> bool:
        """Removes at once every trace of deleted text from the files, which else takes seconds.

        False when another program that reads the database was in the way.
        """
        return await self._upkeep.clean()

    async def _bury(self, deletion: Deletion) -> Applied:
        return await self.messages.apply([deletion])
