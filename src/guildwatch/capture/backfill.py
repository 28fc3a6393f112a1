"""Backfill: closes the gaps of all channels from history, one after the other, oldest first."""

import asyncio
import logging
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildwatch.capture.history import (
    ChannelGoneError,
    History,
    HistoryError,
    HistoryRefusedError,
)
from guildwatch.capture.intake import Intake, Pause
from guildwatch.capture.reading import Reader
from guildwatch.capture.roster import Roster
from guildwatch.model import (
    Channel,
    ChannelClosed,
    ChannelKind,
    Clock,
    Gap,
    created_at,
    first_id_at,
    utc_now,
)
from guildwatch.store import Store, StoreError

_log = logging.getLogger(__name__)

_INTERVAL = 0.25
"""Seconds between two requests: half of what Discord grants a bot for one channel's messages."""
_LONGEST_PAUSE = 60.0
_HAVE_THREADS = (
    ChannelKind.TEXT,
    ChannelKind.ANNOUNCEMENT,
    ChannelKind.FORUM,
    ChannelKind.MEDIA,
)


@dataclass(frozen=True, slots=True)
class BackfillProgress:
    """How far it is: channels still to read, messages found, and where it reads now.

    `trouble` is a sentence while history cannot be read, empty otherwise.
    """

    channels_left: int
    messages: int
    channel_id: int | None
    trouble: str


class Backfill:
    """Reads for each tracked channel with a gap from its watermark on, until it meets the present.

    A channel without a watermark is read `days` back. The last `reread_hours` before a gap are
    read again and compared, so that edits and deletions made meanwhile are found. A crash at any
    point costs a second reading: the watermark is written together with its page.
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
    ) -> None:
        self._store = store
        self._roster = roster
        self._intake = intake
        self._frontier = intake.frontier
        self._days = timedelta(days=days)
        self._reread = timedelta(hours=reread_hours)
        self._clock = clock
        self._pause = pause
        self._reader = Reader(
            history, store, roster, intake, clock=clock, pause=pause, interval=interval
        )
        self._wake = asyncio.Event()
        self._began: dict[int, datetime | None] = {}
        self._vanished: dict[int, Channel] = {}
        self._refused: dict[int, Hashable] = {}
        self._failures: dict[int, int] = {}
        self._current: int | None = None
        self._trouble = ""
        roster.when_changed(self._wake.set)
        intake.when_shed(self._wake.set)

    @property
    def progress(self) -> BackfillProgress:
        """How far it is."""
        left = len(self._vanished) + len(self._channels_left())
        return BackfillProgress(left, self._reader.messages, self._current, self._trouble)

    def is_behind(self, guild_id: int) -> bool:
        """Whether something of a guild is missing that may be had soon.

        So it is until Discord has told the guild's picture; what failed once is not waited for.
        """
        guild = self._roster.guild(guild_id) if guild_id in self._began else None
        return guild is None or any(
            self._is_left(channel) and channel.id not in self._failures
            for channel in guild.channels
        )

    def interrupt(self) -> None:
        """The live stream broke off: every channel has a gap, and waits for its guild's picture."""
        self._frontier.open_all()
        self._began.clear()

    def interrupt_guild(self, guild_id: int) -> None:
        """The live stream of one guild broke off."""
        guild = self._roster.guild(guild_id)
        for channel in guild.channels if guild else ():
            self._frontier.open(channel.id)
        self._began.pop(guild_id, None)

    def request(self, guild_id: int) -> None:
        """The guild's picture is fresh and its live stream runs: what is missing can be read."""
        self._began.setdefault(guild_id, None)
        self._wake.set()

    def confirm_gone(self, channel: Channel) -> None:
        """A channel is not in its guild's picture any more; asks whether it was deleted."""
        self._vanished[channel.id] = channel
        self._wake.set()

    async def run(self) -> None:
        """Closes gaps whenever there are some, until it is cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                while channel := await self._next():
                    self._current = channel.id
                    await self._attempt(channel)
            except StoreError as error:
                await self._stumble(error)
            finally:
                self._current = None

    async def _stumble(self, error: StoreError) -> None:
        """The store fails, which Intake tells the operator: come back a little later."""
        _log.warning("Backfill waits for the store: %s", error)
        self._trouble = str(error)
        await self._pause(_LONGEST_PAUSE / 2)
        self._wake.set()

    def _channels_left(self) -> list[Channel]:
        guilds = filter(None, map(self._roster.guild, self._began))
        return [one for guild in guilds for one in guild.channels if self._is_left(one)]

    def _is_left(self, channel: Channel) -> bool:
        return (
            self._frontier.is_open(channel.id)  # first, as it costs least
            and self._roster.is_tracked(channel.id)
            and not self._is_refused(channel)
        )

    def _is_refused(self, channel: Channel) -> bool:
        refused = self._refused.get(channel.id)
        return refused is not None and refused == self._grounds(channel)

    async def _next(self) -> Channel | None:
        """The channel whose gap is oldest; those that failed come after all others."""
        if self._vanished:
            return next(iter(self._vanished.values()))
        left = self._channels_left()
        if not left:
            return None
        marks = await self._store.messages.watermarks()
        self._note_beginnings(marks)
        first = first_id_at(self._clock() - self._days)
        return min(
            left, key=lambda one: (self._failures.get(one.id, 0), marks.get(one.id, first), one.id)
        )

    def _note_beginnings(self, marks: dict[int, int]) -> None:
        """Notes for each guild the last moment at which its live stream is known to have run."""
        for guild_id, began in self._began.items():
            guild = self._roster.guild(guild_id)
            if began is None and guild is not None:
                newest = max((marks.get(one.id, 0) for one in guild.channels), default=0)
                self._began[guild_id] = created_at(newest) if newest else self._clock()

    async def _attempt(self, channel: Channel) -> None:
        failures = self._failures.get(channel.id, 0)
        if failures:
            await self._pause(min(2.0**failures, _LONGEST_PAUSE))
        grounds = self._grounds(channel)
        try:
            if channel.id in self._vanished:
                await self._confirm(channel)
            else:
                await self._close_gap(channel)
        except ChannelGoneError:
            await self._bury(channel)
        except HistoryRefusedError as error:
            _log.warning("%s", error)
            await self._note_gap(channel, str(error))
            self._refused[channel.id] = grounds
        except HistoryError as error:
            _log.info("%s", error)
            self._failures[channel.id] = failures + 1
            self._trouble = str(error)
            return
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one channel's history must not end the program
            _log.exception("The history of #%s could not be read", channel.name)
            self._failures[channel.id] = failures + 1
            self._trouble = f"The history of #{channel.name} could not be read; the log says why."
            return
        self._failures.pop(channel.id, None)
        self._trouble = ""

    async def _confirm(self, channel: Channel) -> None:
        if await self._reader.is_gone(channel):
            raise ChannelGoneError(f"#{channel.name} was deleted.")
        self._vanished.pop(channel.id, None)

    async def _close_gap(self, channel: Channel) -> None:
        token = self._frontier.token(channel.id)
        mark = (await self._store.messages.watermarks()).get(channel.id)
        if channel.kind in _HAVE_THREADS:
            await self._find_archived_threads(channel, mark)
        if channel.kind.has_messages:
            await self._read(channel, mark)
        else:
            await self._intake.keep((), {channel.id: first_id_at(self._clock())})
        if self._frontier.close(channel.id, token):
            await self._store.gaps.close(channel.id, self._start(mark), self._clock())

    async def _note_gap(self, channel: Channel, reason: str) -> None:
        """Notes what could not be had, in place of what was noted of it before."""
        mark = (await self._store.messages.watermarks()).get(channel.id)
        start, end = self._start(mark), self._clock()
        await self._store.gaps.close(channel.id, start, end)
        await self._store.gaps.note(Gap(channel.id, start, end, reason))

    def _start(self, mark: int | None) -> datetime:
        """The moment from which on a channel has a gap."""
        return self._clock() - self._days if mark is None else created_at(mark)

    async def _read(self, channel: Channel, mark: int | None) -> None:
        start = first_id_at(self._start(None)) if mark is None else mark
        after = start if mark is None else self._reread_from(channel, mark)
        stale = self._intake.take_stale(channel.id)
        try:
            await self._reader.read_again(channel, [one for one in stale if one <= after])
            if after == start and self._has_nothing_after(channel, start):
                await self._intake.keep((), {channel.id: start})
            else:
                await self._reader.read_on(channel, after)
        except BaseException:
            self._intake.give_back_stale(channel.id, stale)
            raise

    def _reread_from(self, channel: Channel, mark: int) -> int:
        """Where to begin: `reread_hours` before the gap, where anything is stored from then on."""
        if self._frontier.was_shed(channel.id):
            return mark
        began = self._began.get(channel.guild_id)
        if began is None or self._frontier.was_reopened(channel.id):
            began = created_at(mark)
        return min(mark, first_id_at(began - self._reread))

    def _has_nothing_after(self, channel: Channel, start: int) -> bool:
        """Whether the guild's fresh picture says that nothing was written there since."""
        newest = channel.last_message_id
        return (
            newest is not None and newest <= start and not self._frontier.was_reopened(channel.id)
        )

    async def _find_archived_threads(self, channel: Channel, mark: int | None) -> None:
        since = self._start(None)
        if mark is not None:
            since = (self._began.get(channel.guild_id) or created_at(mark)) - self._reread
        threads = await self._reader.archived_threads(channel, since)
        new = [one for one in threads if self._roster.channel(one.id) is None]
        if new:
            await self._roster.put_channels(channel.guild_id, new)

    async def _bury(self, channel: Channel) -> None:
        """It was deleted unseen: and with it everything that was said there."""
        self._vanished.pop(channel.id, None)
        for one in (*self._roster.threads(channel.id), channel):
            self._intake.offer(ChannelClosed(one.guild_id, one.id))
        await self._roster.drop_channel(channel.id)

    def _grounds(self, channel: Channel) -> Hashable:
        """All that decides whether Discord lets the bot read there: if it changes, try again."""
        guild = self._roster.guild(channel.guild_id)
        parent = self._roster.channel(channel.parent_id or 0)
        return (
            self._frontier.token(channel.id),
            self._roster.bot_member(channel.guild_id),
            guild.roles if guild else (),
            channel.overwrites,
            channel.member_ids,
            parent.overwrites if parent else (),
        )
