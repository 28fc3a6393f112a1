"""Closing one channel's gap: what was missed, what may have changed meanwhile, and its threads."""

from dataclasses import replace
from datetime import datetime, timedelta

from guildwatch.audience import Permissions, permissions
from guildwatch.capture.breaks import Breaks
from guildwatch.capture.history import History
from guildwatch.capture.intake import Intake
from guildwatch.capture.reading import Reader
from guildwatch.capture.roster import Roster
from guildwatch.capture.sweep import Sweep
from guildwatch.model import Channel, ChannelKind, Clock, Gap, created_at, first_id_at
from guildwatch.store import Store

_HAVE_THREADS = (
    ChannelKind.TEXT,
    ChannelKind.ANNOUNCEMENT,
    ChannelKind.FORUM,
    ChannelKind.MEDIA,
)
_CITED = timedelta(days=7)
"""So long after a report what it cites is looked at again after each gap: people still read it."""


class Closer:
    """Reads a channel from its watermark on, until it meets the present.

    A channel without a watermark is read `days` back from where it was first seen. The last
    `reread` before the gap, and the neighbourhood of what young reports cite, are read again and
    compared; the rest is left to the sweep.
    """

    def __init__(
        self,
        reader: Reader,
        store: Store,
        roster: Roster,
        intake: Intake,
        *,
        history: History,
        breaks: Breaks,
        sweep: Sweep,
        days: timedelta,
        reread: timedelta,
        clock: Clock,
    ) -> None:
        self._reader = reader
        self._history = history
        self._store = store
        self._roster = roster
        self._intake = intake
        self._frontier = intake.frontier
        self._breaks = breaks
        self._sweep = sweep
        self._days = days
        self._reread = reread
        self._clock = clock

    async def close(self, channel: Channel) -> None:
        """Closes the gap, unless it opens again meanwhile. Raises `HistoryError`."""
        token = self._frontier.token(channel.id)
        was_shed = self._frontier.was_shed(channel.id)
        mark = await self._store.past.mark(channel.id)
        if channel.kind in _HAVE_THREADS and not was_shed:
            await self._find_archived_threads(channel, mark)
        if channel.kind.has_messages:
            after = await self._read(channel, mark)
            if not was_shed and mark is not None:
                await self._sweep.begin(channel.id, until=after)
        else:
            await self._intake.keep((), {channel.id: first_id_at(self._clock())})
        start = self._start(channel, mark)
        if self._frontier.close(channel.id, token):
            self._breaks.end(channel.id)
            await self._store.gaps.close(channel.id, created_at(start), self._clock())
            await self._reader.note_odd()

    async def note_gap(self, channel: Channel, reason: str) -> None:
        """Notes what could not be had, in place of what was noted of it before."""
        mark = await self._store.past.mark(channel.id)
        start, end = created_at(self._start(channel, mark)), self._clock()
        await self._store.gaps.close(channel.id, start, end)
        await self._store.gaps.note(Gap(channel.id, start, end, reason))

    def first_seen(self, channel: Channel, guild_since: datetime | None) -> None:
        """Notes since when a channel is known of which nothing was known before.

        One that was made while nobody listened is missing since then, with all that is in it.
        """
        made, now = created_at(channel.id), self._clock()
        away = guild_since is not None and made >= guild_since
        self._breaks.begin(channel.id, min(made, now) if away else now)

    def _start(self, channel: Channel, mark: int | None) -> int:
        """The id after which a channel has a gap: nothing in it is older than the channel."""
        if mark is not None:
            return mark
        since = self._breaks.since(channel.id) or self._clock()
        return max(channel.id - 1, first_id_at(since - self._days))

    def _since(self, channel: Channel, mark: int) -> datetime:
        return self._breaks.since(channel.id) or created_at(mark)

    async def _read(self, channel: Channel, mark: int | None) -> int:
        """Gives the id after which everything was read."""
        start = self._start(channel, mark)
        after, floor = start, 0
        if mark is not None:
            oldest = await self._store.past.oldest(channel.id)
            floor = mark if oldest is None else min(mark, oldest - 1)
            after = self._reread_from(channel, mark, floor)
        stale = self._intake.take_stale(channel.id)
        try:
            again = {one for one in stale if one <= after} | await self._cited(channel, after)
            await self._reader.read_again(channel, again, floor)
            if after == start and self._has_nothing_after(channel, start):
                await self._intake.keep((), {channel.id: start})
            else:
                await self._reader.read_on(channel, after, floor)
        except BaseException:
            self._intake.give_back_stale(channel.id, stale)
            raise
        return after

    def _reread_from(self, channel: Channel, mark: int, floor: int) -> int:
        """Where to begin: `reread` before the gap, yet not before the oldest that is stored."""
        if self._frontier.was_shed(channel.id):
            return mark
        since = self._since(channel, mark)
        return min(mark, max(floor, first_id_at(since - self._reread) - 1))

    async def _cited(self, channel: Channel, until: int) -> set[int]:
        if self._frontier.was_shed(channel.id):
            return set()
        since = self._clock() - _CITED
        return await self._store.past.cited(channel.id, since=since, until=until)

    def _has_nothing_after(self, channel: Channel, start: int) -> bool:
        """Whether the guild's fresh picture says that nothing was written there since."""
        newest = channel.last_message_id
        return (
            newest is not None and newest <= start and not self._frontier.was_reopened(channel.id)
        )

    async def _find_archived_threads(self, channel: Channel, mark: int | None) -> None:
        """Takes the threads that were archived in the gap or shortly before, and reads them."""
        since = created_at(self._start(channel, None))
        if mark is not None:
            since = self._since(channel, mark) - self._reread
        known = {one.id: one for one in self._roster.threads(channel.id)}
        threads = await self._history.archived_threads(
            channel, since=since, every_private=self._sees_every_thread(channel)
        )
        for one in threads:
            await self._note_missed(one, is_known=one.id in known, in_gap=mark is not None)
        # What was told live meanwhile is newer than the list.
        fresh = [one for one in threads if self._roster.channel(one.id) is known.get(one.id)]
        if fresh:
            await self._roster.put_channels(
                channel.guild_id, [_with_members_of(one, known.get(one.id)) for one in fresh]
            )

    async def _note_missed(self, thread: Channel, *, is_known: bool, in_gap: bool) -> None:
        """A thread that only this list tells of may hold what nobody has read."""
        since = self._breaks.since(thread.parent_id or 0)
        if not is_known:
            self.first_seen(thread, since if in_gap else None)
            return
        mark = await self._store.past.mark(thread.id)
        if mark is None or (thread.last_message_id or 0) > mark:
            self._frontier.open(thread.id)
            self._breaks.begin(thread.id, since or self._clock())

    def _sees_every_thread(self, channel: Channel) -> bool:
        guild = self._roster.guild(channel.guild_id)
        bot = self._roster.bot_member(channel.guild_id)
        if guild is None or bot is None:
            return False
        return Permissions.MANAGE_THREADS in permissions(guild, channel, bot)


def _with_members_of(thread: Channel, known: Channel | None) -> Channel:
    return replace(thread, member_ids=thread.member_ids | known.member_ids) if known else thread
