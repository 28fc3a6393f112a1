"""Backfill: closes the gaps of all channels from history, one after the other, oldest first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta

from guildwatch.capture.agenda import Agenda
from guildwatch.capture.breaks import Breaks
from guildwatch.capture.closing import Closer
from guildwatch.capture.first_seen import FirstSeen
from guildwatch.capture.history import (
    ChannelGoneError,
    History,
    HistoryError,
    HistoryRefusedError,
)
from guildwatch.capture.intake import Intake, Pause
from guildwatch.capture.pacing import PacedHistory
from guildwatch.capture.reading import Reader
from guildwatch.capture.resting import Resting
from guildwatch.capture.roster import Roster
from guildwatch.capture.sweep import Sweep, SweepProgress
from guildwatch.capture.vanished import Vanished
from guildwatch.model import Channel, ChannelClosed, Clock, utc_now
from guildwatch.store import Store, StoreError

_log = logging.getLogger(__name__)

_INTERVAL = 0.25
"""Seconds between two requests: half of what Discord grants a bot for one channel's messages."""
_SWEEP_INTERVAL = 3.0
_LONGEST_PAUSE = 60.0
_BEAT = 60.0
"""Seconds between two notes that everything heard so far is stored."""
_MANY_FAILURES = 3
_BANNED = timedelta(days=7)
"""So much of what somebody said can be deleted when they are banned (Discord, Create Guild Ban)."""


@dataclass(frozen=True, slots=True)
class BackfillProgress:
    """How far it is: channels still to read, messages found, and where it reads now.

    `trouble` is a sentence while history cannot be read, empty otherwise. `estimated` is about how
    many messages are still to come, None while nobody can tell.
    """

    channels_left: int
    messages: int
    channel_id: int | None
    trouble: str
    estimated: int | None = None
    sweep: SweepProgress = field(default_factory=SweepProgress)


class Backfill:
    """Reads for each tracked channel with a gap from its watermark on, until it meets the present.

    A channel without a watermark is read `days` back. The last `reread_hours` before a gap are
    read again and compared, so that edits and deletions made meanwhile are found; everything older
    follows in a slow sweep while no gap is open. A crash at any point costs a second reading: the
    watermark is written together with its page, and gaps keep their beginnings.

    `is_listening` tells whether the live stream runs; `beat` seconds lie between two notes of it.
    """

    def __init__(
        self,
        history: History,
        store: Store,
        roster: Roster,
        intake: Intake,
        *,
        days: int,
        reread_hours: int = 48,
        clock: Clock = utc_now,
        pause: Pause = asyncio.sleep,
        interval: float = _INTERVAL,
        sweep_interval: float = _SWEEP_INTERVAL,
        is_listening: Callable[[], bool] = lambda: True,
        beat: float = _BEAT,
    ) -> None:
        self._store = store
        self._roster = roster
        self._intake = intake
        self._frontier = intake.frontier
        self._clock = clock
        self._pause = pause
        self._sweep_interval = sweep_interval
        self._is_listening = is_listening
        self._beat = beat
        past = timedelta(days=days)
        paced = PacedHistory(history, pause, interval)
        self._reader = Reader(paced, store, roster, intake, clock=clock, pause=pause)
        self._breaks = Breaks(store.breaks, clock)
        self._sweep = Sweep(self._reader, store, roster, self._frontier, clock)
        self._closer = Closer(
            self._reader,
            store,
            roster,
            intake,
            history=paced,
            breaks=self._breaks,
            sweep=self._sweep,
            days=past,
            reread=timedelta(hours=reread_hours),
            clock=clock,
        )
        self._first_seen = FirstSeen(roster, self._frontier, self._breaks, self._closer)
        self._wake = asyncio.Event()
        self._resting = Resting(pause, self._wake.set, _LONGEST_PAUSE)
        self._vanished = Vanished(paced, store, roster)
        self._agenda = Agenda(roster, self._frontier, self._resting, days=past, clock=clock)
        self._rechecks: list[tuple[int, int]] = []
        self._is_planned = False
        self._failed_in_a_row = 0
        self._current: int | None = None
        self._trouble = ""
        roster.when_changed(self._wake.set)
        roster.when_untracked(self._lose)
        intake.when_shed(self._wake.set)

    @property
    def progress(self) -> BackfillProgress:
        """How far it is."""
        return BackfillProgress(
            len(self._vanished) + len(self._agenda.left()),
            self._reader.messages,
            self._current,
            self._trouble,
            self._agenda.messages_left,
            self._sweep.progress,
        )

    def is_behind(self, guild_id: int, channel_ids: Collection[int] | None = None) -> bool:
        """Whether something of a guild, or of some channels, is missing that may be had soon.

        So it is until Discord has told the guild's picture; what failed once is not waited for.
        """
        return self._agenda.is_behind(guild_id, channel_ids)

    def interrupt(self) -> None:
        """The live stream broke off: every channel has a gap, and waits for its guild's picture."""
        self._breaks.interrupt(
            channel.id for guild in self._roster.guilds() for channel in guild.channels
        )
        self._frontier.open_all()
        self._agenda.drop_all()

    def interrupt_guild(self, guild_id: int) -> None:
        """The live stream of one guild broke off."""
        guild = self._roster.guild(guild_id)
        for channel in guild.channels if guild else ():
            self._frontier.open(channel.id)
        self._breaks.lose(channel.id for channel in (guild.channels if guild else ()))
        self._agenda.drop_guild(guild_id)
        self._wake.set()

    def request(self, guild_id: int) -> None:
        """The guild's picture is fresh and its live stream runs: what is missing can be read.

        To be called before the roster takes the picture: what it lacks is asked for.
        """
        if guild_id in self._agenda.guild_ids:  # nobody told that it had been away
            self.interrupt_guild(guild_id)
        before = self._roster.guild(guild_id) or self._roster.former(guild_id)
        known = before.channels if before else ()
        self._vanished.remember(guild_id, (*known, *self._roster.aside(guild_id)))
        self._first_seen.remember(guild_id, before)
        self._agenda.add_guild(guild_id)
        self._wake.set()

    def confirm_gone(self, channel: Channel) -> None:
        """A channel is not in its guild's picture any more; asks whether it was deleted."""
        self._vanished.add(channel)
        self._wake.set()

    def recheck_author(self, guild_id: int, author_id: int) -> None:
        """Somebody was banned: reads again where they said something in the last seven days."""
        self._rechecks.append((guild_id, author_id))
        self._wake.set()

    async def run(self) -> None:
        """Closes gaps whenever there are some, until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_listening())
            try:
                await self._fill()
            finally:
                await self._resting.end()
                await self._note_closed()

    async def _note_closed(self) -> None:
        try:
            await self._breaks.note_closed()
        except StoreError as error:
            _log.warning("Which gaps are closed could not be noted: %s", error)

    async def note_heard(self) -> None:
        """Notes that everything which happened live until now is stored, if so it is."""
        now = self._clock()
        if self._intake.backlog or self._intake.gaps or not self._is_listening():
            return
        self._first_seen.note(self._agenda.guild_ids)
        try:
            await self._intake.keep((), {})  # waits for what is being written just now
            await self._breaks.note(now)
        except StoreError as error:
            _log.warning("It could not be noted that all is well: %s", error)

    async def _keep_listening(self) -> None:
        while True:
            await asyncio.sleep(self._beat)
            await self.note_heard()
            self._wake.set()  # for what was refused some time ago

    async def _fill(self) -> None:
        is_loaded = False
        while True:
            self._wake.clear()
            try:
                if not is_loaded:
                    await self._load()
                    is_loaded = True
                while await self._work():
                    pass
            except StoreError as error:
                await self._stumble(error)
            finally:
                self._current = None
            await self._wake.wait()
            self._is_planned = False

    async def _load(self) -> None:
        await self._breaks.load()
        await self._sweep.load()

    async def _work(self) -> bool:
        """Does what is most urgent; False when there is nothing to do for now."""
        await self._look_around()
        channel = self._vanished.next(self._resting.is_resting) or self._agenda.next()
        if channel is not None:
            self._current = channel.id
            await self._attempt(channel)
            return True
        self._current = None
        if self._agenda.left() or (place := self._sweep.next(self._resting.is_resting)) is None:
            return False
        await self._pause(self._sweep_interval)
        await self._guarded(place, self._sweep.step)
        return True

    async def _look_around(self) -> None:
        """Takes up what was told since the last look."""
        self._first_seen.note(self._agenda.guild_ids)
        await self._breaks.save()
        await self._vanished.look()
        while self._rechecks:
            await self._doubt_author(*self._rechecks[0])
            self._rechecks.pop(0)
        if self._wake.is_set() or not self._is_planned:
            self._wake.clear()
            marks = await self._store.messages.watermarks()
            self._first_seen.forget_unfollowed(self._agenda.guild_ids, marks)
            self._agenda.plan(marks)
            self._is_planned = True

    async def _doubt_author(self, guild_id: int, author_id: int) -> None:
        found = await self._store.past.of_author(guild_id, author_id, since=self._clock() - _BANNED)
        for channel_id, ids in found.items():
            for id_ in ids:
                self._intake.doubt(channel_id, id_)

    def _lose(self, channel_id: int) -> None:
        """A channel is not listened to any more: from now on something may be missing there."""
        self._frontier.open(channel_id)
        self._breaks.lose([channel_id])

    async def _stumble(self, error: StoreError) -> None:
        """The store fails, which Intake tells the operator: come back a little later."""
        _log.warning("Backfill waits for the store: %s", error)
        self._trouble = str(error)
        await self._pause(_LONGEST_PAUSE / 2)
        self._wake.set()

    async def _attempt(self, channel: Channel) -> None:
        if channel.id in self._vanished:
            await self._guarded(channel, self._vanished.confirm)
        else:
            before = self._reader.messages
            await self._guarded(channel, self._closer.close)
            self._agenda.note_read(channel, self._reader.messages - before)
        if self._failed_in_a_row > _MANY_FAILURES:  # it is not about one channel
            pause = 2.0 ** min(self._failed_in_a_row - _MANY_FAILURES, 16)
            await self._pause(min(pause, _LONGEST_PAUSE / 2))

    async def _guarded(self, channel: Channel, work: Callable[[Channel], Awaitable[None]]) -> None:
        """Whatever befalls one channel's history must not hold up the others."""
        grounds = self._agenda.grounds(channel)
        try:
            await work(channel)
        except ChannelGoneError:
            await self._bury(channel)
        except HistoryRefusedError as error:
            _log.warning("%s", error)
            await self._closer.note_gap(channel, str(error))
            self._agenda.refuse(channel, grounds)
        except HistoryError as error:
            _log.info("%s", error)
            self._note_failure(channel, str(error))
            return
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one channel's history must not end the program
            _log.exception("The history of #%s could not be read", channel.name)
            told = f"The history of #{channel.name} could not be read; the log says why."
            self._note_failure(channel, told)
            return
        self._resting.worked(channel.id)
        self._failed_in_a_row = 0
        self._trouble = ""

    def _note_failure(self, channel: Channel, told: str) -> None:
        self._resting.failed(channel.id)
        self._failed_in_a_row += 1
        self._trouble = told

    async def _bury(self, channel: Channel) -> None:
        """It was deleted unseen: and with it everything that was said there."""
        family = (*self._roster.threads(channel.id), *self._vanished.take(channel.id), channel)
        for one in family:
            self._intake.offer(ChannelClosed(one.guild_id, one.id))
            await self._sweep.drop(one.id)
        await self._roster.drop_channel(channel.id)
        for one in family:
            self._breaks.end(one.id)
