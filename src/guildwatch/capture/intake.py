"""The one road from the listeners into the store: offered, written in batches, then shown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias, TypeGuard

from guildwatch.capture.frontier import Frontier
from guildwatch.capture.pulse import Pulse
from guildwatch.capture.screen import Open, Screen
from guildwatch.capture.waiting import Doubts, Waiting
from guildwatch.model import (
    Author,
    Captured,
    ChannelClosed,
    Deletion,
    Gap,
    GuildLeft,
    Message,
    MessageEdit,
    ReactionChange,
    created_at,
)
from guildwatch.mood import Scorer
from guildwatch.store import Applied, OddRowError, Store, StoreError

_log = logging.getLogger(__name__)

Pause: TypeAlias = Callable[[float], Awaitable[None]]
"""A wait of some seconds."""

_BATCH = 500  # at 200 rows a transaction costs as much as its rows; beyond 500 nothing is gained
_MOMENT = timedelta(milliseconds=1)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while the store cannot write
_MOST_WITNESSED = 10_000  # events about one channel while one page of its history is fetched


class Intake:
    """Takes what happens, scores it, and writes it in the order in which it happened.

    Past `bound` waiting events messages are not taken: they are counted in `shed`, and the gap
    that they leave is read again from history. Of an edit or a reaction the id is kept, to be read
    again; of a deletion the ids. Where there is no room for even these, the channel is read again
    as after an interruption. `trouble` is a sentence while the store cannot be written, else empty.
    """

    def __init__(
        self,
        store: Store,
        scorer: Scorer,
        pulse: Pulse,
        *,
        screen: Screen | None = None,
        bound: int = 20_000,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.frontier = Frontier()
        self.shed = 0
        self.trouble = ""
        self._store = store
        self._scorer = scorer
        self._pulse = pulse
        self._screen = screen or Open()
        self._bound = bound
        self._pause = pause
        self._waiting = Waiting(bound)
        self._offered = asyncio.Event()
        self._writing = asyncio.Lock()
        self._doubts = Doubts()
        self._witnesses: dict[int, list[Captured]] = {}
        self._watchers: list[Callable[[], None]] = []

    @property
    def backlog(self) -> int:
        """How many events wait to be written."""
        return len(self._waiting)

    @property
    def gaps(self) -> int:
        """In how many channels something was shed that has not been read again yet."""
        return self.frontier.shed_channels

    def offer(self, event: Captured) -> bool:
        """Takes an event if there is room for it; never waits. False: it will be read again."""
        if self._witnesses:
            self._tell_witness(event)
        if self._waiting.is_full and not isinstance(event, ChannelClosed | GuildLeft):
            return self._squeeze(event)
        self._waiting.add(event)
        self._offered.set()
        return True

    async def run(self) -> None:
        """Writes what is offered, until it is cancelled; what was being written then stays."""
        while True:
            if not self._waiting:
                self._offered.clear()
                await self._offered.wait()
            await self._write_waiting(is_patient=True)
            if self.gaps and self.backlog < self._bound // 2:
                self._tell_watchers()

    async def drain(self) -> None:
        """Writes all that still waits, at the end.

        Raises `StoreError` at the first failure; what is left is read from history at the start.
        """
        while self._waiting or self._writing.locked():  # locked: run() still has some in hand
            await self._write_waiting(is_patient=False)

    async def keep(self, batch: Sequence[Captured], watermarks: Mapping[int, int]) -> Applied:
        """Writes what was read from history, beside the live stream, and shows it."""
        async with self._writing:
            return await self._write(batch, watermarks, is_patient=True)

    @contextmanager
    def witness(self, channel_id: int) -> Iterator[list[Captured]]:
        """What is offered about a channel's messages while its history is being read.

        A page may be older than an edit that overtakes it and finds nothing to change yet.
        """
        seen = self._witnesses[channel_id] = []
        try:
            yield seen
        finally:
            del self._witnesses[channel_id]

    def doubt(self, channel_id: int, message_id: int) -> None:
        """Notes that a message has changed in a way that was not told: it is read again."""
        self._note_doubts(channel_id, {message_id})
        self._tell_watchers()

    def take_stale(self, channel_id: int) -> set[int]:
        """The ids of messages of a channel that have changed unseen; they are handed over."""
        return self._doubts.take(channel_id)

    def give_back_stale(self, channel_id: int, ids: set[int]) -> None:
        """Takes back ids that could not be read again."""
        if not self._doubts.note(channel_id, ids):
            self.frontier.open(channel_id)

    def when_shed(self, tell: Callable[[], None]) -> None:
        """Has `tell` called once there is room again after something was shed."""
        self._watchers.append(tell)

    def _squeeze(self, event: Captured) -> bool:
        """Takes what there is still room for; False when it has to be read again."""
        match event:
            case Message():
                self.shed += 1
                self.frontier.shed(event.channel_id)
            case MessageEdit() | ReactionChange():
                self._note_doubts(event.channel_id, {event.id})
            case Deletion():
                if self._waiting.squeeze(event):
                    return True
                self.frontier.open(event.channel_id)
        return False

    def _note_doubts(self, channel_id: int, ids: set[int]) -> None:
        if self._doubts.note(channel_id, ids):
            self.frontier.shed(channel_id)
        else:
            self.frontier.open(channel_id)

    def _tell_witness(self, event: Captured) -> None:
        if not isinstance(event, Message | MessageEdit | Deletion):
            return
        seen = self._witnesses.get(event.channel_id)
        if seen is None:
            return
        if len(seen) < _MOST_WITNESSED:
            seen.append(event)
        else:
            self.frontier.open(event.channel_id)  # the page may overwrite it: read once more

    def _tell_watchers(self) -> None:
        for tell in self._watchers:
            tell()

    async def _write_waiting(self, *, is_patient: bool) -> None:
        async with self._writing:
            batch = self._waiting.take(_BATCH)
            try:
                if batch:
                    await self._write(batch, None, is_patient=is_patient)
            except BaseException:  # else what comes later would move the watermark past it
                self._waiting.put_back(batch)
                raise

    async def _write(
        self, batch: Sequence[Captured], watermarks: Mapping[int, int] | None, *, is_patient: bool
    ) -> Applied:
        """Scores, writes, shows; `watermarks` None means live: the channels without a gap."""
        batch = [self._cleared(event) for event in batch]
        scored = await self._score(batch)
        wait = _FIRST_PAUSE
        while True:
            try:
                marks = self._live_watermarks(batch) if watermarks is None else watermarks
                applied = await self._apply(scored, marks)
                break
            except StoreError as error:
                self._note_trouble(error)
                if not is_patient:
                    raise
                await self._pause(wait)
                wait = min(2 * wait, _LONGEST_PAUSE)
        self._note_relief()
        self._show(list(kept_of(scored, applied)), live=watermarks is None)
        return applied

    def _cleared(self, event: Captured) -> Captured:
        """An event as it may be kept; without its words where nobody can tell what is in them."""
        try:
            return self._screen.cleared(event)
        except Exception:  # noqa: BLE001 - one odd text must not stop what all others say
            _log.exception("A text could not be looked through, and is not kept")
        return replace(event, text="") if isinstance(event, Message | MessageEdit) else event

    def _show(self, kept: Sequence[Captured], *, live: bool) -> None:
        """Tells who looks on; what is stored is stored, whatever becomes of that."""
        try:
            self._pulse.saw(kept, live=live)
            self._screen.heard(kept)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("%d events are stored, but could not be shown", len(kept))

    async def _apply(self, batch: Sequence[Captured], marks: Mapping[int, int]) -> Applied:
        """Writes a batch; where that fails for another reason than the store, event by event."""
        try:
            return await self._store.messages.apply(batch, watermarks=marks)
        except Exception as error:  # noqa: BLE001 - told below, and tried again without the odd event
            _raise_trouble(error)
            _log.exception("A batch of %d events could not be written at once", len(batch))
        return await self._apply_singly(batch, marks)

    async def _apply_singly(self, batch: Sequence[Captured], marks: Mapping[int, int]) -> Applied:
        total = await self._store.messages.apply((), watermarks=marks)
        for event in batch:
            try:
                one = await self._store.messages.apply((event,))
            except Exception as error:  # noqa: BLE001 - one odd event must not stop the others
                _raise_trouble(error)
                _log.exception("This cannot be written, and is left out: %s", type(event).__name__)
                await self._note_left_out(event)
                continue
            total += one
        return total

    async def _note_left_out(self, event: Captured) -> None:
        if isinstance(event, Message):
            start = created_at(event.id)
            reason = "a message that could not be stored"
            await self._store.gaps.note(Gap(event.channel_id, start, start + _MOMENT, reason))

    def _live_watermarks(self, batch: Sequence[Captured]) -> dict[int, int]:
        marks: dict[int, int] = {}
        for event in batch:
            if isinstance(event, Message) and not self.frontier.is_open(event.channel_id):
                marks[event.channel_id] = max(event.id, marks.get(event.channel_id, 0))
        return marks

    async def _score(self, batch: Sequence[Captured]) -> Sequence[Captured]:
        talk = [(place, event) for place, event in enumerate(batch) if _is_scorable(event)]
        texts = [event.text or "" for _, event in talk]
        try:
            scores = await asyncio.to_thread(self._scorer.scores, texts) if texts else []
        except Exception:  # noqa: BLE001 - the mood of a batch is not worth the batch
            _log.exception("%d messages could not be scored", len(texts))
            return batch
        scored = list(batch)
        for (place, event), score in zip(talk, scores, strict=True):
            scored[place] = replace(event, score=score)
        return scored

    def _note_trouble(self, error: StoreError) -> None:
        if not self.trouble:
            _log.error("Nothing can be saved, %d events wait: %s", self.backlog, error)
        self.trouble = str(error)

    def _note_relief(self) -> None:
        if self.trouble:
            _log.info("Saving works again.")
        self.trouble = ""


def _raise_trouble(error: Exception) -> None:
    """Raises an error that is the store's own, not an odd event's."""
    if isinstance(error, StoreError) and not isinstance(error, OddRowError):
        raise error


def kept_of(batch: Iterable[Captured], applied: Applied) -> Iterator[Captured]:
    """A batch without messages and names of people who do not want to be kept."""
    for event in batch:
        if isinstance(event, Message) and event.id in applied.unkept:
            continue
        if applied.opted_out and isinstance(event, Message | MessageEdit):
            named = (one for one in event.mentioned if not _wants_out(event, one, applied))
            yield replace(event, mentioned=tuple(named))
        else:
            yield event


def _wants_out(event: Message | MessageEdit, person: Author, applied: Applied) -> bool:
    return (event.guild_id, person.id) in applied.opted_out


def _is_scorable(event: Captured) -> TypeGuard[Message | MessageEdit]:
    match event:
        case Message(text=str(), kind=kind, author=author):
            return kind.is_talk and not author.is_bot
        case MessageEdit(is_talk=is_talk):
            return is_talk
    return False
