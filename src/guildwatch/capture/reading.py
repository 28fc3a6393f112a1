"""Reading one channel's past into the store, page by page, and finding what changed unseen."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from guildwatch.capture.history import (
    History,
    HistoryError,
    HistoryPage,
)
from guildwatch.capture.intake import Intake, Pause
from guildwatch.capture.roster import Roster
from guildwatch.model import (
    Author,
    Captured,
    Channel,
    Clock,
    Deletion,
    Gap,
    Message,
    MessageEdit,
    created_at,
    first_id_at,
)
from guildwatch.store import Store

_MOMENT = timedelta(milliseconds=1)
_YOUNG = timedelta(minutes=1)
_ASKED_ALONE = 5
_BEFORE_SECOND_LOOK = 5.0
"""Seconds in which what was only late arrives: a tombstone is never taken back."""


class Reader:
    """Brings pages of history into the store, and deletes there what they lack.

    `messages` counts what was new. `odd` are the messages of the channel read last that nothing
    could be made of.
    """

    def __init__(
        self,
        history: History,
        store: Store,
        roster: Roster,
        intake: Intake,
        *,
        clock: Clock,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.messages = 0
        self.odd: list[Gap] = []
        self._history = history
        self._store = store
        self._roster = roster
        self._intake = intake
        self._clock = clock
        self._pause = pause

    async def read_on(self, channel: Channel, after: int, floor: int = 0) -> None:
        """Reads everything after an id, until it meets the live stream or is not wanted any more.

        Up to `floor` only what is stored is compared, and nothing new taken: that was kept long
        enough. Raises `HistoryError`; what was read until then is kept.
        """
        page = await self.read_page(channel, after, floor)
        while page is not None and not page.is_last:
            page = await self.read_page(channel, page.reached, floor)
        if page is not None and await self._ends_too_early(channel, page):
            raise HistoryError(
                f"The history of #{channel.name} ends before its newest message; it is read again "
                "by itself."
            )

    async def _ends_too_early(self, channel: Channel, page: HistoryPage) -> bool:
        """Whether the message that Discord told as the newest lies beyond, and was not deleted."""
        newest = channel.last_message_id or 0
        return newest > page.reached and await self._history.has_message(channel, newest)

    async def read_again(self, channel: Channel, ids: Collection[int], floor: int = 0) -> None:
        """Reads single messages again, with as few pages as hold them. Raises `HistoryError`."""
        left = sorted(ids)
        while left:
            page = await self.read_page(channel, left[0] - 1, floor)
            if page is None or page.is_last:
                return
            left = [one for one in left if one > page.reached]

    async def read_page(self, channel: Channel, after: int, floor: int = 0) -> HistoryPage | None:
        """Keeps one page; None when the channel is not tracked any more, then it is left out."""
        edges = await self._store.messages.edges(channel.id)
        with self._intake.witness(channel.id) as seen:
            page = await self._history.page(channel, after=after)
            stored = await self._stored(channel, page, after, edges[1] if edges else 0)
            lost, undecided = await self._lost(channel, page, stored, seen)
            others = [one for one in page.messages if self._is_wanted(one, floor, stored)]
            named = await self._named(channel.guild_id, others)
        if not self._roster.is_tracked(channel.id):
            return None
        batch = _batch(channel, named, lost, seen)
        applied = await self._intake.keep(batch, {channel.id: page.reached})
        self.messages += applied.new
        await self._note_odd(channel, page)
        if undecided:
            raise HistoryError(
                f"{undecided} messages of #{channel.name} vanished within the last minute; "
                "they are looked for again by themselves."
            )
        return page

    async def note_odd(self) -> None:
        """Notes once more what nothing could be made of, after older gaps were forgotten."""
        for gap in self.odd:
            await self._store.gaps.note(gap)

    async def _note_odd(self, channel: Channel, page: HistoryPage) -> None:
        self.odd = [one for one in self.odd if one.channel_id == channel.id]
        self.odd += (_gap(channel.id, one) for one in page.unreadable)
        for one in page.unreadable:
            await self._store.gaps.note(_gap(channel.id, one))

    def _is_wanted(self, message: Message, floor: int, stored: Collection[int]) -> bool:
        is_own = message.author.id == self._roster.bot_id
        return not is_own and (message.id > floor or message.id in stored)

    async def _stored(
        self, channel: Channel, page: HistoryPage, after: int, ceiling: int
    ) -> set[int]:
        """The ids of the stored messages that the page should hold.

        Only what was stored before the page was asked for (up to `ceiling`) can be missed.
        """
        until = ceiling if page.is_last else min(ceiling, page.reached)
        if until <= after:
            return set()
        return await self._store.past.stored(channel.id, after=after, until=until)

    async def _lost(
        self,
        channel: Channel,
        page: HistoryPage,
        stored: Collection[int],
        seen: Sequence[Captured],
    ) -> tuple[list[int], int]:
        """The ids of stored messages that the page lacks, and how many it does not prove gone."""
        there = {one.id for one in page.messages} | set(page.unreadable)
        there |= {one.id for one in seen if isinstance(one, Message)}
        missing = sorted(one for one in stored if one not in there)
        return await self._confirmed(channel, page, missing)

    async def _confirmed(
        self, channel: Channel, page: HistoryPage, missing: Sequence[int]
    ) -> tuple[list[int], int]:
        """Asks again where a missing message does not prove that it was deleted.

        Without Read Message History a page is empty and no error. And a message that has only
        just come live may not have reached history yet, unless a newer one has; few of those are
        asked for alone, and where there are more the others wait until they are old enough.
        """
        if missing and not page.messages and await self._history.has_message(channel, missing[-1]):
            raise HistoryError(
                f"The history of #{channel.name} reads as empty and is not; it is asked for again. "
                "If that lasts, grant the bot Read Message History there."
            )
        newest = page.messages[-1].id if page.messages else 0
        proven = max(newest, first_id_at(self._clock() - _YOUNG))
        young = [one for one in missing if one >= proven]
        asked = young[-_ASKED_ALONE:]
        if gone := await self._absent(channel, asked):
            await self._pause(_BEFORE_SECOND_LOOK)
            gone = await self._absent(channel, gone)
        return [one for one in missing if one < proven] + gone, len(young) - len(asked)

    async def _absent(self, channel: Channel, ids: Sequence[int]) -> list[int]:
        return [one for one in ids if not await self._history.has_message(channel, one)]

    async def _named(self, guild_id: int, messages: Sequence[Message]) -> list[Message]:
        """The messages under the names that live ones told: history knows no nicknames."""
        people = {one.id for message in messages for one in (message.author, *message.mentioned)}
        names = await self._store.guilds.author_names(guild_id, people)

        def named(author: Author) -> Author:
            return replace(author, name=names.get(author.id) or author.name)

        return [
            replace(one, author=named(one.author), mentioned=tuple(map(named, one.mentioned)))
            for one in messages
        ]


def _gap(channel_id: int, message_id: int) -> Gap:
    sent = created_at(message_id)
    return Gap(channel_id, sent, sent + _MOMENT, "a message that Discord sent in an unknown form")


def _batch(
    channel: Channel, messages: Sequence[Message], lost: Sequence[int], seen: Sequence[Captured]
) -> list[Captured]:
    """The page, the deletions that it proves, and the edits that overtook it."""
    deleted = {id_ for one in seen if isinstance(one, Deletion) for id_ in one.ids}
    batch: list[Captured] = [one for one in messages if one.id not in deleted]
    if lost:
        batch.append(Deletion(channel.guild_id, channel.id, tuple(lost)))
    batch += [one for one in seen if isinstance(one, MessageEdit)]
    return batch
