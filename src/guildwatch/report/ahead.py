"""Digests conversations that have gone quiet, all day long, while the model has nothing else to do.

When the report is due only what is still going on remains to be asked about.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guildwatch.digest import Digester, Due
from guildwatch.language import ModelError, Priority
from guildwatch.model import Clock, Guild, GuildwatchError, Progress
from guildwatch.report.faceless import masks_of
from guildwatch.report.followed import Followed
from guildwatch.report.writer import ReportWriter
from guildwatch.store import Store

_log = logging.getLogger(__name__)
_MODEL_PAUSE = 60.0
_LONGEST_PAUSE = 900.0
_GRACE = 10.0  # seconds; who took the model away may want it again at once

Sources = Callable[[Guild], Awaitable[frozenset[int] | None]]
"""What a guild's next report draws on; None is all that is stored."""


class Guilds(Protocol):
    """The guilds of which a report can be written now."""

    def guilds(self) -> Sequence[Guild]:
        """Those of which nothing is still to be read."""
        ...


class Ahead:
    """Follows each guild's running period and has told what is quiet, at the lowest priority.

    It looks every `pause` seconds. While a report is being written it leaves the model alone, and
    a call of its own is broken off when somebody else wants the model.
    """

    def __init__(
        self,
        store: Store,
        digester: Digester,
        writer: ReportWriter,
        guilds: Guilds,
        *,
        sources: Sources,
        next_due: Callable[[int], datetime | None],
        clock: Clock,
        pause: float = 5.0,
    ) -> None:
        self._store = store
        self._digester = digester
        self._writer = writer
        self._guilds = guilds
        self._sources = sources
        self._next_due = next_due
        self._clock = clock
        self._pause = pause
        self._followed: dict[int, Followed] = {}
        self._doing: Progress | None = None
        self._told = 0
        self._rest = 0.0
        self._rest_until = 0.0
        self._trouble = ""
        store.messages.when_stored(self._note_stored)

    @property
    def doing(self) -> Progress | None:
        """What is being digested just now, None while nothing is."""
        return self._doing

    @property
    def pending(self) -> int:
        """How many conversations, or parts of long ones, have gone quiet and wait to be told."""
        return sum(one.pending for one in self._followed.values())

    async def run(self) -> None:
        """Work until cancelled; what cannot be done now is tried again."""
        while True:
            await self._safely(self.look)
            await asyncio.sleep(self._pause)

    async def look(self) -> None:
        """Read what is new everywhere, then ask as long as a call is worth it."""
        self._told = 0
        await self._read()
        while self._may_ask() and (next_ := self._next_call()) is not None:
            await self._tell(*next_)
            await self._read()

    async def _safely(self, look: Callable[[], Awaitable[None]]) -> None:
        try:
            await look()
            self._trouble = ""
        except Exception as error:  # noqa: BLE001 - without it reports are only slower
            if str(error) != self._trouble:
                _log.exception("Conversations could not be followed.")
            self._trouble = str(error)

    async def _read(self) -> None:
        guilds = self._guilds.guilds()
        self._followed = {
            guild.id: self._followed[guild.id] for guild in guilds if guild.id in self._followed
        }
        for guild in guilds:
            try:
                await self._follow(guild)
            except GuildwatchError as error:
                _log.info("%s cannot be followed now: %s", guild.name, error)

    async def _follow(self, guild: Guild) -> None:
        start, end = await self._store.ledger.last_end(guild.id), self._next_due(guild.id)
        if start is None or end is None:
            self._followed.pop(guild.id, None)
            return
        sources = await self._sources(guild)
        followed = self._followed.get(guild.id)
        names = (await self._store.settings.one(guild.id)).names
        if (
            followed is None
            or not followed.serves(start, sources, names=names)
            or followed.is_overtaken(self._clock())
        ):
            mapper = self._digester.mapper(Priority.BACKGROUND, sources)
            if mapper is None:
                return
            followed = Followed(
                self._store,
                mapper,
                guild,
                start=start,
                end=end,
                sources=sources,
                masks=None if names else await masks_of(self._store, guild.id, sources),
            )
            self._followed[guild.id] = followed
        await followed.read(guild, end, sources, self._clock())

    def _note_stored(self, ids: Mapping[int, Sequence[int]]) -> None:
        for guild_id, own in ids.items():
            if guild_id in self._followed:
                self._followed[guild_id].note_stored(own, self._clock())

    def _may_ask(self) -> bool:
        return not self._writer.under_way and asyncio.get_running_loop().time() >= self._rest_until

    def _next_call(self) -> tuple[Followed, tuple[Due, ...]] | None:
        """The next call, of the guild whose report comes first."""
        now = self._clock()
        for followed in sorted(self._followed.values(), key=lambda one: one.end):
            if not followed.mapper.tally.is_barren and (call := followed.next_call(now)):
                return followed, call
        return None

    async def _tell(self, followed: Followed, call: Sequence[Due]) -> None:
        channel = followed.guild.channel(call[0].key[0])
        doing = f"digesting #{channel.name}" if channel else "digesting"
        self._doing = Progress(doing, self._told, self._told + self.pending)
        try:
            await followed.tell(call)
        except ModelError as error:
            _log.info("%s", error)
            self._rest_for(_GRACE)
        else:
            self._told += len(call)
            self._heed_trouble(followed)
        finally:
            self._doing = None

    def _heed_trouble(self, followed: Followed) -> None:
        """Leave a model that is not there alone for a while, longer each time."""
        if followed.mapper.tally.is_barren or not followed.mapper.has_given_up:
            self._rest = 0.0
            return
        self._rest = min(_LONGEST_PAUSE, 2 * self._rest or _MODEL_PAUSE)
        self._rest_for(self._rest)
        followed.mapper.tally.failures = 0
        followed.put_back()

    def _rest_for(self, seconds: float) -> None:
        self._rest_until = asyncio.get_running_loop().time() + seconds
