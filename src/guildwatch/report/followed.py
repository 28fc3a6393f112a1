"""One guild's running period: what was said is read as it comes, and what went quiet is due."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import nlargest

from guildwatch.digest import Context, Due, Following, Line, Mapper, Quiet
from guildwatch.digest.extraction.rank import considered_for
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.masks import Masks
from guildwatch.digest.writing.ripening import Size, filled, told_and_due, units
from guildwatch.model import (
    ChannelKind,
    Guild,
    Message,
    Period,
    PeriodKind,
    first_id_at,
)
from guildwatch.store import Store

_PAGE = 1000
_SETTLING = timedelta(seconds=10)  # in which what was said elsewhere before may still be stored
_LATE = timedelta(minutes=1)  # in which more that is late may come
_NEAR = timedelta(minutes=30)
_LAST_CALL = timedelta(minutes=5)
_HURRIED = 0.25
_LONG_QUIET = 3 * 3600.0  # seconds
_LONG = 1.25  # times what a call takes: a conversation that is not waited for
_WELL_FILLED = 5  # times the instructions
_MOST_SPENT_EARLY = 0.85  # prompt tokens for each token of talk; the weightiest may come last
_MOST_SPENT = 1.0  # of the 1.25 that a day may cost: the report and what fails need the rest
_BONUS = 3000  # prompt tokens that a quiet day may cost beyond, for instructions weigh more there
_BUSY = 10_000  # tokens of talk, from which there is none of it
_CAUTIOUS = 0.85  # of an estimate, before anything was counted


class Followed:
    """A guild's talk from `start` to `end`, as far as `sources` goes; None is all of it.

    What is told of it here is what the report at its end will find; `masks` stand for the members
    where that names none.
    """

    def __init__(
        self,
        store: Store,
        mapper: Mapper,
        guild: Guild,
        *,
        start: datetime,
        end: datetime,
        sources: frozenset[int] | None,
        masks: Masks | None = None,
    ) -> None:
        self.guild = guild
        self.start = start
        self.end = end
        self.mapper = mapper
        self._sources = sources
        self._store = store
        self._following = Following(mapper.model.fits)
        self._names: dict[int, str] = {}
        self._masks = masks
        self._read_to = first_id_at(start) - 1
        self._due: dict[tuple[int, ...], Due] = {}
        self._failed: set[tuple[int, ...]] = set()
        self._told: dict[tuple[int, int], tuple[int, ...]] = {}
        self._weights: dict[tuple[int, int], float] = {}
        self._spent = 0
        self._kept: dict[str, tuple[int, int]] = {}
        self._lost: set[str] = set()
        self._late_since: datetime | None = None

    @property
    def pending(self) -> int:
        """How many conversations, or parts of long ones, wait to be told."""
        return len(self._due)

    def serves(
        self, start: datetime, sources: frozenset[int] | None, *, names: bool = True
    ) -> bool:
        """Whether it is this period, and nothing that was read is forbidden now.

        `names`: members may be named.
        """
        if self.start != start or (sources is None) != (self._sources is None):
            return False
        if names is not (self._masks is None):
            return False
        return sources is None or self._sources is None or sources >= self._sources

    def note_stored(self, ids: Iterable[int], now: datetime) -> None:
        """Note messages that are stored only now, in case that they were said before others."""
        first = first_id_at(self.start)
        if self._late_since is None and any(first <= id_ <= self._read_to for id_ in ids):
            self._late_since = now

    def is_overtaken(self, now: datetime) -> bool:
        """Whether something came late, so that all is to be read in its order again."""
        return self._late_since is not None and now - self._late_since >= _LATE

    async def read(
        self, guild: Guild, end: datetime, sources: frozenset[int] | None, now: datetime
    ) -> None:
        """Read what was said since the last time, and see what has gone quiet."""
        new = (sources or frozenset()) - (self._sources or frozenset())
        self.guild, self.end, self._sources = guild, end, sources
        if new:
            await self._learn_of(new)
            await self._take(first_id_at(self.start) - 1, self._read_to + 1, new)
        until = first_id_at(min(now - _SETTLING, end))
        await self._take(self._read_to, until, sources)
        self._read_to = max(self._read_to, until - 1)
        await self._doubt_changed(now)
        await self._look(now)
        if self._due:
            channels = self._following.channels
            spent = await self._store.costs.all(channels, first_id_at(self.start), until)
            self._spent = spent.prompt_tokens

    def next_call(self, now: datetime) -> tuple[Due, ...]:
        """What to ask about now: nothing while a call would not be worth its instructions.

        Near the period's end, and where somebody's words have waited for hours, a call need not be
        well filled; but what is spent in all stays in proportion to what was said, except on what
        the report would ask about anyway.
        """
        is_near = self._hurry(now) < 1.0
        if is_near and (call := filled(self._sure(), self.mapper.limit)):
            return call
        call = filled(self._due.values(), self.mapper.limit)
        instructions = self.mapper.instruction_tokens
        has_waited = now.timestamp() - min((due.since for due in call), default=0) > _LONG_QUIET
        if not (is_near or has_waited or _tokens(call) >= _WELL_FILLED * instructions):
            return ()
        most = _MOST_SPENT if is_near else _MOST_SPENT_EARLY
        while call and not self._can_afford(_tokens(call) + instructions, most):
            call = call[:-1] if is_near and _tokens(call[:-1]) > instructions else ()
        return call

    async def tell(self, call: Sequence[Due]) -> None:
        """Ask about them; raises ModelError only where that was `preempted`."""
        asked = list(units(call, await self._lines(id_ for due in call for id_ in due.ids)))
        accounts = await self.mapper.tell(asked) if asked else {}
        told = {unit.of for unit in accounts}
        for unit in accounts:
            self._kept[self.mapper.memory.key(unit.lines)] = call[unit.of].key
        for place, due in enumerate(call):
            self._due.pop(due.ids, None)
            if place in told:
                self._told[due.key] = max(self._told.get(due.key, ()), due.ids, key=_end)
            elif not self.mapper.has_given_up:
                self._failed.add(due.ids)
            self._settle(due.key)

    def put_back(self) -> None:
        """Look at everything again that was not told, for instance as the model was away."""
        self._due.clear()
        self._following.doubt()

    def _sure(self) -> list[Due]:
        """What is due of the conversations that the report would ask about, as things stand."""
        most = considered_for(self._following.lines)
        least = min(nlargest(most, self._weights.values()), default=0.0)
        return [due for due in self._due.values() if due.weight >= least]

    def _can_afford(self, cost: int, most: float) -> bool:
        """Whether what was spent stays below `most` for each token of what is not still going on.

        All of it as the server counts tokens, which is mostly less than was estimated. The talk is
        the bare texts, so that it holds however somebody counts a transcript.
        """
        tally = self.mapper.tally
        estimated = tally.estimated_tokens
        scale = tally.prompt_tokens / estimated if estimated else _CAUTIOUS
        said = scale * (self._following.said - self._following.open_said)
        bonus = _BONUS * max(0.0, 1.0 - said / _BUSY)
        return self._spent + scale * cost <= most * said + bonus

    def _settle(self, key: tuple[int, int]) -> None:
        """Once all that was due of a conversation is told, only what comes now is news."""
        if key in self._told and not any(due.key == key for due in self._due.values()):
            self._following.settle(key, self._told.pop(key))

    async def _take(self, after: int, before: int, channel_ids: Collection[int] | None) -> None:
        while messages := await self._store.messages.page(
            self.guild.id, after, before, channel_ids=channel_ids, limit=_PAGE
        ):
            after = messages[-1].id
            self._learn_from(messages)
            # Where a line belongs holds for all readers: it must not tell who is known elsewhere.
            context = replace(self._context(), authors={}, masks=None)
            if lines := (await asyncio.to_thread(clean, messages, context)).lines:
                channels = {line.channel_id for line in lines}
                known = await self._store.homes.of(channels, lines[0].id, lines[-1].id + 1)
                threads = {one.id for one in self.guild.channels if one.kind.is_thread}
                take = self._following.take
                await self._store.homes.keep(
                    await asyncio.to_thread(take, lines, known, threads=threads)
                )

    async def _doubt_changed(self, now: datetime) -> None:
        """See of what was told nothing is kept any more, as a message was edited or is gone.

        What is not kept though nothing changed is asked about twice, not for ever.
        """
        if not self._kept:
            return
        for text in self._kept.keys() - await self._store.conversations.kept(self._kept):
            key = self._kept.pop(text)
            if text not in self._lost:
                self._following.retell(key, now.timestamp())
            self._lost.add(text)

    async def _look(self, now: datetime) -> None:
        """Find what is due; what somebody has gone on with is not any more."""
        self._due = {
            ids: due
            for ids, due in self._due.items()
            if not due.is_over or self._following.is_examined(due.key)
        }
        closed = {one.id for one in self.guild.channels if one.archived}
        most = round(_LONG * self.mapper.limit.shown)
        moment, hurry = now.timestamp(), self._hurry(now)
        for quiet in self._following.changed(moment, hurry=hurry):
            await self._examine(quiet)
        for quiet in self._following.ripe(moment, most, hurry=hurry, closed=closed):
            await self._examine(quiet)

    def _hurry(self, now: datetime) -> float:
        left = self.end - now
        return 0.0 if left <= _LAST_CALL else _HURRIED if left <= _NEAR else 1.0

    async def _examine(self, quiet: Quiet) -> None:
        lines = await self._lines((*quiet.told, *quiet.fresh))
        tellings = await self.mapper.memory.tellings([line.id for line in lines])
        mapper = self.mapper
        found, dues = await asyncio.to_thread(
            told_and_due,
            quiet,
            lines,
            tellings,
            self._announcing(),
            Size(mapper.limit.shown, mapper.model.fits),
        )
        self._note_examined(quiet)
        for run in found:
            self._kept[mapper.memory.key(run)] = quiet.key
            ids = tuple(line.id for line in run)
            self._told[quiet.key] = max(self._told.get(quiet.key, ()), ids, key=_end)
        for due in dues:
            self._weights[quiet.key[0], due.ids[0]] = due.weight
            if due.ids not in self._failed:
                self._due[due.ids] = due
        self._settle(quiet.key)

    def _note_examined(self, quiet: Quiet) -> None:
        if quiet.changed_at is None:
            self._following.examined(quiet.key)
            return
        self._following.reexamined(quiet.key)
        self._due = {ids: due for ids, due in self._due.items() if due.key != quiet.key}

    async def _lines(self, ids: Iterable[int]) -> list[Line]:
        found = await self._store.messages.by_ids(set(ids))
        return await self._cleaned(list(found.values()))

    def _learn_from(self, messages: Sequence[Message]) -> None:
        for message in messages:
            for author in (*message.mentioned, message.author):
                self._names[author.id] = author.name
                if self._masks is not None and not author.is_bot:
                    self._masks.learn(author.id, author.name)

    async def _cleaned(self, messages: Sequence[Message]) -> list[Line]:
        self._learn_from(messages)
        return (await asyncio.to_thread(clean, messages, self._context())).lines

    async def _learn_of(self, channels: Collection[int]) -> None:
        if self._masks is not None:
            names = await self._store.guilds.member_names(self.guild.id, channels)
            await asyncio.to_thread(self._masks.learn_all, names)

    def _context(self) -> Context:
        sources = self._sources
        channels = {
            one.id: one for one in self.guild.channels if sources is None or one.id in sources
        }
        period = Period(PeriodKind.DAY, self.start, self.end, "UTC")
        return Context(self.guild.name, channels, self._names, period, masks=self._masks)

    def _announcing(self) -> frozenset[int]:
        return frozenset(
            one.id for one in self.guild.channels if one.kind is ChannelKind.ANNOUNCEMENT
        )


def _tokens(dues: Iterable[Due]) -> int:
    return sum(due.tokens for due in dues)


def _end(ids: tuple[int, ...]) -> int:
    return ids[-1] if ids else 0
