"""What a model told before: where it is kept, and how it is found again."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.writing.drafts import Account, kept_text, recalled
from guildwatch.digest.writing.pack import Unit
from guildwatch.digest.writing.portions import NOTHING_TOLD, Tellings

_UNTRUE = '{"untrue": true}'


class Cache(Protocol):
    """Where told conversations are kept; what rests on a changed message vanishes from it.

    Who may read only the `readable` channels gets nothing that was written among others' messages:
    a model that reads several conversations in one call may mix them up.
    """

    async def resting_on(
        self, first_id: int, last_id: int, readable: Collection[int] | None = None
    ) -> Mapping[str, Sequence[int]]:
        """The keys of what rests on messages of these ids, both included, each with those ids."""

    async def cached(self, key: str, readable: Collection[int] | None = None) -> str | None:
        """The text kept under a key, or None."""

    async def keep(
        self,
        key: str,
        guild_id: int,
        channel_id: int,
        message_ids: Mapping[int, int],
        result: str,
        *,
        among: Collection[int] = (),
    ) -> None:
        """Keep a text that rests on these messages, each given with its wording (`Line`).

        Not where one of them was edited or deleted since it was read. `among` are the channels of
        all that was read with them.
        """


class Memory:
    """The accounts of one model under one version of the prompts, in a cache if there is one.

    What it recalls is for readers of the `readable` channels, None for who reads them all.
    """

    def __init__(self, cache: Cache | None, asked: str, readable: Collection[int] | None) -> None:
        self._cache = cache
        self._asked = asked
        self.readable = readable
        self._hopeless: set[Unit] = set()

    async def tellings(self, message_ids: Collection[int]) -> Tellings:
        """What was told before of any of these messages."""
        if self._cache is None or not message_ids:
            return NOTHING_TOLD
        first, last = min(message_ids), max(message_ids)
        known = await self._cache.resting_on(first, last, self.readable)
        return Tellings(known, self.key)

    async def recall(self, unit: Unit) -> Account | None:
        """What the model said of exactly these lines before, checked again, or None.

        Where nothing of it held, it is not worth asking again: see `is_hopeless`.
        """
        key, cache = self.key(unit.lines), self._cache
        text = await cache.cached(key, self.readable) if cache else None
        if text == _UNTRUE:
            self._hopeless.add(unit)
        return await asyncio.to_thread(recalled, text, unit) if text is not None else None

    def is_hopeless(self, unit: Unit) -> bool:
        """Whether it is known, since it was recalled, that the model cannot tell these lines."""
        return unit in self._hopeless

    async def keep(self, unit: Unit, account: Account | None, asked: Sequence[Unit]) -> None:
        """Keeps what was told of a unit in a call about all of `asked`; None: nothing true."""
        if self._cache is None:
            return
        text = _UNTRUE if account is None else kept_text(account)
        first = unit.lines[0]
        read = {line.id: line.wording for line in unit.lines}
        key = self.key(unit.lines)
        among = {line.channel_id for each in asked for line in each.lines}
        await self._cache.keep(key, first.guild_id, first.channel_id, read, text, among=among)

    def key(self, lines: Sequence[Line]) -> str:
        """What the telling of these lines is kept under: what they say, and who was asked how."""
        content = "".join(f"{line.id} {line.name}: {line.text}\n" for line in lines)
        return hashlib.sha256(
            f"{self._asked}\n{content}".encode("utf-8", "surrogatepass")
        ).hexdigest()
