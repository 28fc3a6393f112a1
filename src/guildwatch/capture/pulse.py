"""What is happening now, in memory, for the screens to look at: feed, mood, rates, counts."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from guildwatch.capture.today import Today, counts
from guildwatch.model import (
    Captured,
    ChannelClosed,
    Clock,
    Deletion,
    GuildLeft,
    Message,
    MessageEdit,
    ReactionChange,
    created_at,
    utc_now,
)
from guildwatch.mood import Fading
from guildwatch.store import Store

_HALF_LIFE = timedelta(minutes=30)
_MINUTE = 60
_ALL = None


class Pulse:
    """The most recent messages of all guilds, and figures about them.

    `seen` grows with every live message, `revision` with whatever changes the picture: edits and
    deletions too. `zone_of` gives a guild's IANA zone, in which its day begins.
    """

    def __init__(
        self, zone_of: Callable[[int], str], *, clock: Clock = utc_now, kept: int = 2_000
    ) -> None:
        self.seen = 0
        self.revision = 0
        self._clock = clock
        self._kept = kept
        self._ring: OrderedDict[int, Message] = OrderedDict()
        self._snapshot: tuple[Message, ...] | None = ()
        self._newest = 0
        self._is_mixed = False
        self._moods: dict[int | None, Fading] = {}
        self._rates: dict[int | None, _Rate] = {}
        self._today = Today(zone_of, clock)

    async def load(self, store: Store, guild_ids: Iterable[int]) -> None:
        """Takes over what was said before the start: the feed, and the counts of today."""
        for message in await store.messages.latest(limit=self._kept):
            self._show(message)
        for guild_id in guild_ids:
            start = self._today.start_of(guild_id)
            for message in await store.messages.between(guild_id, start, self._clock()):
                self._today.add(message)
        self._changed()

    @property
    def recent(self) -> Sequence[Message]:
        """The most recent messages that still stand, oldest first."""
        if self._snapshot is None:
            if self._is_mixed:
                self._ring = OrderedDict(sorted(self._ring.items()))
                self._is_mixed = False
            self._snapshot = tuple(self._ring.values())
        return self._snapshot

    def mood(self, guild_id: int | None = _ALL) -> float | None:
        """The mood of this moment in -1..1 in a guild or (None) everywhere; None if unknown."""
        fading = self._moods.get(guild_id)
        return fading.mood(self._clock()) if fading else None

    def rate(self, guild_id: int | None = _ALL) -> int:
        """How many messages there were within the last minute, in a guild or everywhere."""
        rate = self._rates.get(guild_id)
        return rate.of_minute_before(self._clock().timestamp()) if rate else 0

    def today(self, guild_id: int | None = _ALL, channel_id: int | None = None) -> int:
        """How many messages people wrote today: everywhere, in a guild, or in its channel."""
        if guild_id is None:
            return self._today.total()
        return self._today.count(guild_id, channel_id)

    def saw(self, events: Sequence[Captured], *, live: bool = True) -> None:
        """Takes what was written to the store; `live` is False for what history brought."""
        for event in events:
            match event:
                case Message():
                    self._say(event, live=live)
                case MessageEdit():
                    self._reword(event)
                case Deletion():
                    self._delete(event)
                case ReactionChange():
                    self._react(event)
                case ChannelClosed():
                    self._today.close(event.guild_id, event.channel_id)
                    self._hide("channel_id", event.channel_id)
                case GuildLeft():
                    self._today.leave(event.guild_id)
                    self._moods.pop(event.guild_id, None)
                    self._rates.pop(event.guild_id, None)
                    self._hide("guild_id", event.guild_id)
        if events:
            self._changed()

    def _say(self, message: Message, *, live: bool) -> None:
        if message.is_deleted:
            return
        self._today.add(message)
        is_new = message.id not in self._ring
        self._show(message)
        if live and is_new:
            self.seen += 1
            for key in (message.guild_id, _ALL):
                self._rates.setdefault(key, _Rate()).add(message.created_at.timestamp())

    def _show(self, message: Message) -> None:
        """Puts a message into the feed, in its place; nothing older than a full feed reaches."""
        known = self._ring.get(message.id)
        if message.is_deleted or (known is not None and _is_newer(known, message)):
            return
        if known is None and len(self._ring) >= self._kept:
            if message.id < next(iter(self._ring)):
                return
            self._ring.popitem(last=False)
        if known is None:
            self._feel(message)
        self._is_mixed |= message.id < self._newest
        self._newest = max(self._newest, message.id)
        self._ring[message.id] = message

    def _feel(self, message: Message) -> None:
        if message.score is None or not counts(message):
            return
        for key in (message.guild_id, _ALL):
            fading = self._moods.setdefault(key, Fading(_HALF_LIFE))
            fading.feel(message.score, message.created_at)

    def _reword(self, edit: MessageEdit) -> None:
        known = self._ring.get(edit.id)
        if known is not None and _edited(known) <= _edited(edit):
            self._ring[edit.id] = replace(
                known,
                text=edit.text,
                edited_at=edit.edited_at,
                mentioned=edit.mentioned,
                attachments=edit.attachments,
                attachment_kinds=edit.attachment_kinds,
                score=edit.score,
            )

    def _react(self, change: ReactionChange) -> None:
        known = self._ring.get(change.id)
        if known is not None:
            before = 0 if change.clear else known.reactions
            self._ring[change.id] = replace(known, reactions=max(0, before + change.delta))

    def _delete(self, deletion: Deletion) -> None:
        for id_ in deletion.ids:
            self._ring.pop(id_, None)
            self._today.remove(deletion.guild_id, deletion.channel_id, id_)

    def forget(self, guild_id: int, author_id: int, until_id: int) -> None:
        """Takes a member out of the feed, with all that they said up to an id."""
        for message in list(self._ring.values()):
            if message.guild_id != guild_id or message.id > until_id:
                continue
            if message.author.id == author_id:
                del self._ring[message.id]
                self._today.remove(guild_id, message.channel_id, message.id)
            elif any(one.id == author_id for one in message.mentioned):
                others = tuple(one for one in message.mentioned if one.id != author_id)
                self._ring[message.id] = replace(message, mentioned=others)
        self._changed()

    def _hide(self, place: Literal["guild_id", "channel_id"], place_id: int) -> None:
        for message in list(self._ring.values()):
            if getattr(message, place) == place_id:
                del self._ring[message.id]

    def _changed(self) -> None:
        self.revision += 1
        self._snapshot = None


def _is_newer(known: Message, other: Message) -> bool:
    return _edited(known) > _edited(other)


def _edited(one: Message | MessageEdit) -> datetime:
    return one.edited_at or created_at(one.id)


class _Rate:
    """Counts by second, for the last minute."""

    def __init__(self) -> None:
        self._seconds: deque[list[int]] = deque()

    def add(self, timestamp: float) -> None:
        second = int(timestamp)
        if self._seconds and self._seconds[-1][0] >= second:
            self._seconds[-1][1] += 1
            return
        self._seconds.append([second, 1])
        while self._seconds[0][0] <= second - _MINUTE:
            self._seconds.popleft()

    def of_minute_before(self, timestamp: float) -> int:
        return sum(count for second, count in self._seconds if second > timestamp - _MINUTE)
