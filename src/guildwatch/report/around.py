"""What a statement rests on as it stands in the store: its messages, amid their conversations."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from guildwatch.digest import Context
from guildwatch.digest.separation.separate import separate
from guildwatch.digest.transcript.clean import clean
from guildwatch.model import Guild, Home, Message, Period, PeriodKind, created_at
from guildwatch.store import Store

_BEFORE, _AFTER = timedelta(hours=12), timedelta(hours=2)  # that far lines join a conversation
_MOST_BEFORE, _MOST_AFTER = 600, 100  # lines of a busy channel


@dataclass(frozen=True, slots=True)
class Around:
    """The messages `ids`, those near them in the same conversations, and why each is in its own.

    A message that is not kept is in neither mapping, one that is deleted only in `messages`, one
    that was not separated has no home. Those that the reasons speak of are among `messages`.
    """

    ids: tuple[int, ...]
    messages: Mapping[int, Message]
    homes: Mapping[int, Home]

    def is_there(self, id_: int) -> bool:
        """Whether the message is kept and not deleted."""
        message = self.messages.get(id_)
        return message is not None and not message.is_deleted


async def around(
    store: Store, guild: Guild, ids: Sequence[int], reach: int, before: Around | None = None
) -> Around:
    """These messages of a guild with up to `reach` lines on each side. Raises StoreError.

    Where no home was noted (only what a model is told ahead has one noted) the channel is separated
    now as a report would do it. `before` is the answer of a moment ago, which spares that.
    """
    homes = await store.homes.around(ids, reach)
    if before is not None and before.ids == tuple(ids):
        homes = {**before.homes, **homes}
        return replace(before, messages=await _messages(store, ids, homes), homes=homes)
    there = await store.messages.by_ids(ids)
    for one in ids:
        if one not in homes and one in there and not there[one].is_deleted:
            homes |= await _separated(store, guild, there[one], reach)
    return Around(tuple(ids), await _messages(store, ids, homes), homes)


async def _messages(
    store: Store, ids: Collection[int], homes: Mapping[int, Home]
) -> dict[int, Message]:
    because = (home.because_id for home in homes.values() if home.because_id)
    return await store.messages.by_ids({*ids, *homes, *because})


async def _separated(store: Store, guild: Guild, cited: Message, reach: int) -> dict[int, Home]:
    """The homes of a message and its neighbours; none of what is no talk of people."""
    start, end = cited.created_at - _BEFORE, cited.created_at + _AFTER
    messages = await store.messages.between(guild.id, start, end, channel_ids=(cited.channel_id,))
    at = next((at for at, one in enumerate(messages) if one.id == cited.id), 0)
    near = messages[max(0, at - _MOST_BEFORE) : at + _MOST_AFTER]
    return await asyncio.to_thread(_homes_near, near, guild, cited.id, reach)


def _homes_near(
    messages: Sequence[Message], guild: Guild, cited_id: int, reach: int
) -> dict[int, Home]:
    channels = {one.id: one for one in guild.channels}
    authors = {one.author.id: one.author.name for one in messages}
    first, last = (created_at(messages[at].id) for at in (0, -1))
    period = Period(PeriodKind.SPAN, first, last, "UTC")
    lines = clean(messages, Context(guild.name, channels, authors, period)).lines
    threads = {one.id for one in guild.channels if one.kind.is_thread}
    for conversation in separate(lines, threads=threads):
        ids = [line.id for line in conversation.lines]
        if cited_id in ids:
            at = ids.index(cited_id)
            chosen = ids[max(0, at - reach) : at + reach + 1]
            return {one: conversation.homes[one] for one in chosen}
    return {}
