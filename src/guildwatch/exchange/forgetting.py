"""Takes a member out of the store, the archive and what is on the screens."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from guildwatch.exchange.archive import Archive
from guildwatch.model import GuildwatchError
from guildwatch.store import Erased, Store

_LOOK = 0.5  # seconds between looks at how far the posts are
_EVER = (1 << 63) - 1

Begun = Callable[[], Awaitable[None]]
"""Called once it is certain that the work will be done, if need be at the next start."""

Forget = Callable[[int, int, int], None]
"""Takes a member (guild, author) out of what is shown, up to an id."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done to forget a member.

    So many texts of `messages` and `points` of reports were taken out, so many `posts` in Discord
    edited (`waiting` are still to be) and so many files of the `archive` written anew.
    """

    messages: int = 0
    points: int = 0
    posts: int = 0
    waiting: int = 0
    archived: int = 0


class AtWorkError(GuildwatchError):
    """Somebody asks again before what they asked is done."""


class Forgetter:
    """Does what members ask for about their own data, in some guilds at once.

    `shown` takes them out of what is shown from memory. For at most `patience` seconds it is waited
    for until posts are edited, which others do.
    """

    def __init__(
        self,
        store: Store,
        archive: Archive,
        shown: Forget,
        *,
        patience: float = 40.0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._archive = archive
        self._shown = shown
        self._patience = patience
        self._pause = pause
        self._at_work: set[int] = set()

    @contextmanager
    def turn(self, member_id: int) -> Iterator[None]:
        """Work for a member, one thing at a time: it reads all that is stored of a guild.

        Raises AtWorkError while something else is done for them.
        """
        if member_id in self._at_work:
            raise AtWorkError("I am still at what you asked for before. Ask again in a minute.")
        self._at_work.add(member_id)
        try:
            yield
        finally:
            self._at_work.discard(member_id)

    async def opt_out(
        self, guild_ids: Collection[int], member_id: int, begun: Begun | None = None
    ) -> Forgotten:
        """Keeps nothing of a member from now on, and takes out what there is."""
        await self._store.rights.promise_opt_out(guild_ids, member_id)
        await _told(begun)
        erased = Erased()
        for guild_id in sorted(guild_ids):
            erased += await self._store.rights.opt_out(guild_id, member_id)
            self._shown(guild_id, member_id, _EVER)
        return await self._finished(erased)

    async def opt_in(self, guild_ids: Collection[int], member_id: int, until_id: int) -> None:
        """Keeps what a member says from the moment of an id on."""
        for guild_id in sorted(guild_ids):
            await self._store.rights.opt_in(guild_id, member_id, until_id)

    async def forget(
        self,
        guild_ids: Collection[int],
        member_id: int,
        until_id: int,
        begun: Begun | None = None,
    ) -> Forgotten:
        """Takes out everything of a member up to the moment of an id."""
        await self._store.rights.promise_forget(guild_ids, member_id, until_id)
        await _told(begun)
        erased = Erased()
        for guild_id in sorted(guild_ids):
            erased += await self._store.rights.forget(guild_id, member_id, until_id)
            self._shown(guild_id, member_id, until_id)
        return await self._finished(erased)

    async def _finished(self, erased: Erased) -> Forgotten:
        archived = await self._archive.catch_up()
        waiting = set(erased.report_ids)
        left = self._patience
        while waiting := await self._to_be_edited(waiting):
            if left <= 0:
                break
            await self._pause(_LOOK)
            left -= _LOOK
        posts = len(erased.report_ids)
        return Forgotten(
            erased.messages, erased.points, posts - len(waiting), len(waiting), archived
        )

    async def _to_be_edited(self, report_ids: Collection[int]) -> set[int]:
        changes = self._store.amendments.changes
        return {one for one in report_ids if await changes(one)}


async def _told(begun: Begun | None) -> None:
    if begun is not None:
        await begun()
