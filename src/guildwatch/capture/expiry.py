"""Expiry: once an hour, what has been kept long enough goes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from guildwatch.capture.keeping import KeepRules
from guildwatch.model import Clock, Guild, GuildwatchError, Message
from guildwatch.store import Store

_log = logging.getLogger(__name__)
_SECONDS = 3600.0
_SECONDS_AFTER_LEAP = 600.0
_LEAP = timedelta(days=1)
_LOOKED = "expiry looked"


class Archive(Protocol):
    """Where messages are put before they go."""

    async def keep(self, messages: Sequence[Message]) -> None:
        """Has them for good when it returns; raising a GuildwatchError keeps them in the store."""


ExpireBackups = Callable[[datetime], Awaitable[int]]
"""Removes automatic backups taken before a moment; gives how many."""


@dataclass(frozen=True, slots=True)
class Spans:
    """For how long things are kept: texts by rules, guilds after leaving them, backups in days."""

    texts: KeepRules
    left_days: int = 30
    backup_days: int = 30


class Expiry:
    """Removes old texts, guilds that were left long ago, and old backups.

    Each stands for itself: what one cannot remove now does not keep the others. Where the clock has
    gone on for more than a day since the last look, nothing goes before the next one: a clock that
    was put years ahead by mistake must not cost what is kept, and is mostly put right soon.
    """

    def __init__(
        self,
        store: Store,
        spans: Spans,
        *,
        clock: Clock,
        archive: Archive | None = None,
        expire_backups: ExpireBackups | None = None,
    ) -> None:
        self._store = store
        self._spans = spans
        self._clock = clock
        self._archive = archive
        self._expire_backups = expire_backups

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            has_looked = await self.look()
            await asyncio.sleep(_SECONDS if has_looked else _SECONDS_AFTER_LEAP)

    async def look(self) -> bool:
        """Removes what is too old now; what cannot be removed now goes at the next look.

        False when the clock has leapt, and so nothing was removed.
        """
        try:
            if await self._has_leapt():
                return False
        except GuildwatchError as error:
            _log.warning("What is too old could not be looked for: %s", error)
            return True
        for what, remove in (
            ("messages that were kept long enough", self._expire_texts),
            ("guilds that were left long ago", self._forget_left_guilds),
            ("old automatic backups", self._remove_backups),
            ("messages that their authors want erased", self._finish_erasing),
        ):
            try:
                count = await remove()
            except GuildwatchError as error:
                _log.warning("Not all %s could be removed for now: %s", what, error)
            else:
                if count:
                    _log.info("Removed %d %s", count, what)
        return True

    async def _has_leapt(self) -> bool:
        last, now = await self._store.facts.moment(_LOOKED), self._clock()
        await self._store.facts.note(_LOOKED, now)
        return last is not None and now - last > _LEAP

    async def _expire_texts(self) -> int:
        guilds = {guild.id: guild for guild in await self._store.guilds.all()}
        chosen = await self._store.retention.chosen()
        expired = 0
        for guild_id, channel_id in await self._store.retention.places():
            guild = guilds.get(guild_id) or await self._guild(guild_id)
            days = self._spans.texts.days(guild, channel_id, chosen.get(guild_id, {}))
            expired += await self._store.retention.expire(
                channel_id,
                self._clock() - timedelta(days=days),
                keep=self._archive.keep if self._archive else None,
            )
        return expired

    async def _guild(self, guild_id: int) -> Guild:
        """The picture of a guild that was left; of one that was never seen just its id."""
        return await self._store.guilds.one(guild_id) or Guild(guild_id, "")

    async def _forget_left_guilds(self) -> int:
        before = self._clock() - timedelta(days=self._spans.left_days)
        gone = [one for one, at in (await self._store.retention.left()).items() if at <= before]
        for guild_id in gone:
            await self._store.purging.forget_guild(guild_id)
        return len(gone)

    async def _finish_erasing(self) -> int:
        """What failed when it was asked for, as on a full disk."""
        return (await self._store.rights.finish()).messages

    async def _remove_backups(self) -> int:
        if self._expire_backups is None:
            return 0
        return await self._expire_backups(self._clock() - timedelta(days=self._spans.backup_days))
