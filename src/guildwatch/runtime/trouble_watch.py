"""Looks at what the parts say is wrong with them, and keeps it as incidents while it lasts."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from guildwatch.capture import Backfill, Intake, Roster
from guildwatch.discord.connection import Connection
from guildwatch.model import Clock, Incident
from guildwatch.runtime.model_watch import ModelWatch
from guildwatch.schedule import Runner
from guildwatch.store import Incidents, StoreError

_log = logging.getLogger(__name__)

_SECONDS = 5.0
_JUMP_SECONDS = 60.0
_AT_ONCE = timedelta()
_MOST_HELD = 200
_KINDS = ("store", "discord", "history", "overload", "model", "schedule", "clock")

_Key: TypeAlias = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong at this moment; it is an incident once it lasts for `patience`."""

    kind: str
    sentence: str
    guild_id: int = 0
    subject: str = ""
    patience: timedelta = _AT_ONCE

    @property
    def key(self) -> _Key:
        """What tells it apart from others."""
        return self.guild_id, self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Looked:
    """The parts that are looked at."""

    roster: Roster
    intake: Intake
    backfill: Backfill
    connection: Connection
    runner: Runner
    model: ModelWatch | None

    def troubles(self) -> Iterator[Trouble]:
        """What is wrong at this moment."""
        if self.intake.trouble:
            yield Trouble("store", self.intake.trouble)
        if self.connection.trouble:
            away = timedelta(minutes=5)
            yield Trouble("discord", self.connection.trouble, patience=away)
        if history := self.backfill.progress.trouble:
            yield Trouble("history", history, patience=timedelta(minutes=10))
        if self.intake.gaps:
            channels = "1 channel" if self.intake.gaps == 1 else f"{self.intake.gaps} channels"
            yield Trouble(
                "overload",
                f"Not all that came could be taken: {channels} will be read again from history. "
                "Nothing is to be done unless this lasts for hours.",
            )
        if self.model is not None and self.model.trouble:
            yield Trouble("model", self.model.trouble, patience=timedelta(minutes=2))
        yield from self._schedule()

    def _schedule(self) -> Iterator[Trouble]:
        """What keeps the schedule; what keeps several guilds alike is nobody's in particular."""
        told: dict[str, list[int]] = defaultdict(list)
        for guild in self.roster.guilds():
            if trouble := self.runner.state(guild.id).trouble:
                told[trouble].append(guild.id)
        for sentence, guild_ids in told.items():
            guild_id = guild_ids[0] if len(guild_ids) == 1 else 0
            yield Trouble("schedule", sentence, guild_id, patience=timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class _Held:
    """A trouble from when it was first to when it was last seen; `saved` once the store has it."""

    trouble: Trouble
    since: datetime
    seen: datetime
    saved: bool = False
    over_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        return not self.saved and self.seen - self.since >= self.trouble.patience


class TroubleWatch:
    """Looks every five seconds; what the store cannot take now it takes when it can again.

    `going_on` is what is wrong at present as of the last look, the oldest first: incidents that
    others keep as well, and those that are not written yet. A jump of the machine's clock is an
    incident that is over at the next look.
    """

    def __init__(
        self,
        troubles: Callable[[], Iterable[Trouble]],
        incidents: Incidents,
        *,
        clock: Clock,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.going_on: tuple[Incident, ...] = ()
        self._troubles = troubles
        self._incidents = incidents
        self._clock = clock
        self._wall = wall
        self._steady = steady
        self._ahead = wall() - steady()
        self._held: dict[_Key, _Held] = {}
        self._kept: tuple[Incident, ...] = ()
        self._is_taken_over = False
        self._is_waiting = False

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - who watches must not fall over what it sees
                _log.exception("The look at what is wrong failed")
            await asyncio.sleep(_SECONDS)

    async def look(self) -> None:
        """Takes over what is wrong now."""
        now = self._clock()
        self._note(now)
        try:
            await self._take_over()
            await self._save()
            self._kept = tuple(await self._incidents.going_on())
            self._is_waiting = False
        except StoreError as error:
            if not self._is_waiting:
                _log.info("Incidents wait for the store: %s", error)
            self._is_waiting = True
        unsaved = (one for one in self._held.values() if one.is_due and one.over_at is None)
        self.going_on = (*self._kept, *map(_incident, unsaved))

    def _note(self, now: datetime) -> None:
        wrong = {one.key: one for one in (*self._troubles(), *self._jump())}
        for key, held in self._held.items():
            if key not in wrong and held.over_at is None:
                self._held[key] = replace(held, over_at=now)
        for key, trouble in wrong.items():
            held = self._held.get(key) or _Held(trouble, now, now)
            same = held.trouble.sentence == trouble.sentence and held.over_at is None
            if key in self._held or len(self._held) < _MOST_HELD:
                self._held[key] = replace(
                    held, trouble=trouble, seen=now, saved=held.saved and same, over_at=None
                )

    def _jump(self) -> Iterator[Trouble]:
        """A clock that is not where the machine's steady one says it should be."""
        ahead = self._wall() - self._steady()
        jump, self._ahead = ahead - self._ahead, ahead
        if abs(jump) >= _JUMP_SECONDS:
            way = "ahead" if jump > 0 else "back"
            yield Trouble(
                "clock",
                f"The clock went {way} by {round(abs(jump) / 60):,} min: the machine slept, or its "
                "clock was set. Reports follow the clock as it is now.",
            )

    async def _take_over(self) -> None:
        """What the last run left as going on ends with this one, or goes on."""
        if self._is_taken_over:
            return
        now = self._clock()
        for one in await self._incidents.going_on():
            if one.kind in _KINDS:
                trouble = Trouble(one.kind, one.sentence, one.guild_id, one.subject)
                held = self._held.get(trouble.key)
                over_at = now if held is None or held.over_at else None
                self._held[trouble.key] = _Held(trouble, one.first_at, now, True, over_at)
        self._is_taken_over = True

    async def _save(self) -> None:
        for key, held in list(self._held.items()):
            guild_id, kind, subject = key
            if held.is_due:
                sentence = held.trouble.sentence
                await self._incidents.begin(guild_id, kind, subject, sentence, since=held.since)
                self._held[key] = replace(held, saved=True)
            if held.over_at is not None:
                if self._held[key].saved:
                    await self._incidents.end(guild_id, kind, subject, at=held.over_at)
                del self._held[key]


def _incident(held: _Held) -> Incident:
    one = held.trouble
    return Incident(
        one.guild_id, one.kind, one.subject, one.sentence, held.since, held.since, 1, held.over_at
    )
