"""Reading one channel's past into the store, page by page, and finding what changed unseen."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from guildwatch.capture.history import History, HistoryPage, HistoryRefusedError
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


class Reader:
    """Brings pages of history into the store, and deletes there what they lack.

    Between two requests it lets `interval` seconds pass. `messages` counts what was new.
    """

    def __init__(
        self,
        history: History,
        store: Store,
        roster: Roster,
        intake: Intake,
        *,
        clock: Clock,
        pause: Pause,
        interval: float,
    ) -> None:
        self.messages = 0
        self._history = history
        self._store = store
        self._roster = roster
        self._intake = intake
        self._clock = clock
        self._pause = pause
        self._interval = interval

    async def read_on(self, channel: Channel, after: int) -> None:
        """Reads everything after an id, until it meets the live stream or is not wanted any more.

        Raises `HistoryError`; what was read until then is kept.
        """
        page = await self._read_page(channel, after)
        while page is not None and not page.is_last:
            page = await self._read_page(channel, page.reached)

    async def read_again(self, channel: Channel, ids: Collection[int]) -> None:
        """Reads single messages again, with as few pages as hold them. Raises `HistoryError`."""
        left = sorted(ids)
        while left:
            page = await self._read_page(channel, left[0] - 1)
            if page is None or page.is_last:
                return
            left = [one for one in left if one > page.reached]

    async def is_gone(self, channel: Channel) -> bool:
        """Whether the channel or thread was deleted. Raises `HistoryError`."""
        await self._pause(self._interval)
        return not await self._history.has_channel(channel.id)

    async def archived_threads(self, channel: Channel, since: datetime) -> tuple[Channel, ...]:
        """The channel's archived threads. Raises `HistoryError`."""
        await self._pause(self._interval)
        return await self._history.archived_threads(channel, since=since)

    async def _read_page(self, channel: Channel, after: int) -> HistoryPage | None:
        """Keeps one page; None when the channel is not tracked any more, then it is left out."""
        await self._pause(self._interval)
        edges = await self._store.messages.edges(channel.id)
        with self._intake.witness(channel.id) as seen:
            page = await self._history.page(channel, after=after)
            lost = await self._lost(channel, page, after, edges[1] if edges else 0, seen)
            others = [one for one in page.messages if one.author.id != self._roster.bot_id]
            named = await self._named(channel.guild_id, others)
        if not self._roster.is_tracked(channel.id):
            return None
        batch = _batch(channel, named, lost, seen)
        applied = await self._intake.keep(batch, {channel.id: page.reached})
        self.messages += applied.new
        for one in page.unreadable:
            await self._store.gaps.note(_gap(channel.id, one))
        return page

    async def _lost(
        self,
        channel: Channel,
        page: HistoryPage,
        after: int,
        ceiling: int,
        seen: Sequence[Captured],
    ) -> list[int]:
        """The ids of stored messages that the page should hold and does not.

        Only what was stored before the page was asked for (up to `ceiling`) can be missed.
        """
        until = min(ceiling, max(ceiling, page.reached) if page.is_last else page.reached)
        if until <= after:
            return []
        stored = await self._store.messages.between(
            channel.guild_id,
            created_at(after),
            created_at(until) + _MOMENT,
            channel_ids={channel.id},
        )
        there = {one.id for one in page.messages} | set(page.unreadable)
        there |= {one.id for one in seen if isinstance(one, Message)}
        missing = [
            one.id
            for one in stored
            if after < one.id <= until and not one.is_deleted and one.id not in there
        ]
        return await self._confirmed(channel, page, missing)

    async def _confirmed(
        self, channel: Channel, page: HistoryPage, missing: Sequence[int]
    ) -> list[int]:
        """Asks again where a missing message does not prove that it was deleted.

        Without Read Message History a page is empty and no error; and a message that has only
        just come live may not have reached history yet.
        """
        if missing and not page.messages and await self._history.has_message(channel, missing[-1]):
            raise HistoryRefusedError(
                f"The history of #{channel.name} reads as empty and is not. "
                "Grant the bot Read Message History there."
            )
        young = first_id_at(self._clock() - _YOUNG)
        return [
            one
            for one in missing
            if one < young or not await self._history.has_message(channel, one)
        ]

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
