"""The ledger of one post's parts: what was tried, what is known to have gone out."""

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Protocol

from guildwatch.model import Clock, LedgerEntry, Part

GLANCE = "glance"
THREAD = "thread"


class OpenedThreads(Protocol):
    """Where it is noted which archived threads were opened and are to be closed again."""

    async def note_opened(self, thread_id: int) -> None:
        """Note that a thread is about to be opened."""
        ...

    async def note_closed(self, thread_id: int) -> None:
        """Note that nothing of that is left to do."""
        ...


class PartStore(OpenedThreads, Protocol):
    """The store's ledger, as far as parts need it."""

    async def parts(self, entry: LedgerEntry) -> list[Part]:
        """All parts noted for an entry."""
        ...

    async def save_part(self, entry: LedgerEntry, part: Part) -> None:
        """Keep a part as it is now."""
        ...

    async def opened(self) -> list[int]:
        """The threads that were opened for an edit and are still to be closed."""
        ...


def detail(number: int) -> str:
    """The name of the thread's message with this number (from 1)."""
    return f"{THREAD}/{number}"


def nonce_of(entry: LedgerEntry, name: str) -> str:
    """A nonce of 24 characters for one part of one post: the same at every try.

    Discord takes at most 25, and answers the same nonce for another text with the first message
    (https://docs.discord.com/developers/resources/message#create-message).
    """
    return blake2b(f"{entry.key}:{name}".encode(), digest_size=12).hexdigest()


class Parts:
    """What the ledger knows about the parts of one entry's post, kept as it changes.

    `report_id` is the stored report that is posted. `restored` tells that the database was put back
    to a state from before this post may have been made, so that of every part without an id nobody
    knows whether it went out.
    """

    def __init__(
        self,
        ledger: PartStore,
        entry: LedgerEntry,
        clock: Clock,
        *,
        report_id: int | None = None,
        restored: bool = False,
    ) -> None:
        self._ledger = ledger
        self._entry = entry
        self._clock = clock
        self._report_id = report_id
        self._restored = restored
        self._parts: dict[str, Part] = {}

    async def load(self) -> None:
        """Read what earlier tries noted."""
        self._parts = {part.name: part for part in await self._ledger.parts(self._entry)}

    @property
    def report_id(self) -> int | None:
        """The stored report that is posted, None where none is named."""
        return self._report_id

    @property
    def is_made_elsewhere(self) -> bool:
        """Whether the post was begun by somebody whose notes we do not have."""
        return self._restored

    def made_elsewhere(self) -> None:
        """Note that it was: another guildwatch posts with this token."""
        self._restored = True

    def message_id(self, name: str) -> int | None:
        """The id of the message that Discord confirmed for this part."""
        part = self._parts.get(name)
        return part.message_id if part is not None else None

    def message_ids(self) -> frozenset[int]:
        """The ids of all messages that are known to be parts of this post."""
        ids = (part.message_id for part in self._parts.values())
        return frozenset(id_ for id_ in ids if id_ is not None)

    def in_doubt_since(self, name: str) -> datetime | None:
        """From when on (UTC) the part may have gone out without anybody noting it; None if never.

        A period's post is not made before its end.
        """
        part = self._parts.get(name)
        if part is not None and part.message_id is not None:
            return None
        if self._restored:
            return self._entry.period.end
        return part.attempted_at if part is not None else None

    def tried(self, name: str) -> Part | None:
        """The part, where it went out or may have gone out by our own doing."""
        part = self._parts.get(name)
        gone = part is not None and (part.attempted_at or part.message_id) is not None
        return part if gone else None

    async def attempt(self, name: str, channel_id: int) -> str:
        """Note that this part is about to be posted; gives the nonce to post it with."""
        part = self._parts.get(name) or self._new(name, channel_id)
        part = replace(part, report_id=self._report_id, content=None)
        await self._keep(replace(part, channel_id=channel_id, attempted_at=self._clock()))
        return part.nonce

    async def confirm(
        self, name: str, channel_id: int, message_id: int, content: str | None = None
    ) -> None:
        """Note the message that this part became, and the hash of what it shows if that is known.

        Also after an edit, from when on it shows this report.
        """
        part = self._parts.get(name) or self._new(name, channel_id)
        part = replace(part, report_id=self._report_id, content=content)
        await self._keep(replace(part, channel_id=channel_id, message_id=message_id))

    async def lost(self, name: str, content: str) -> None:
        """Note that somebody took the part's message away, and the hash of what it would show.

        It keeps its place: nobody wants it back.
        """
        await self._keep(replace(self._parts[name], gone=True, content=content))

    async def removed(self, name: str) -> None:
        """Note that the part has nothing left to say, and that its message was taken away."""
        await self._keep(replace(self._parts[name], gone=True, content=None))

    async def refused(self, name: str) -> None:
        """Note that Discord surely did not take it, so that no doubt is left."""
        await self._keep(replace(self._parts[name], attempted_at=None))

    def details(self) -> list[Part]:
        """The messages of the details that are out, in their order; some may have been lost."""
        return [one for one in self._places() if one.message_id is not None]

    def detail_names(self, count: int) -> list[str]:
        """The names of the first messages of the details, so many of them.

        The name of one that was removed is not given again: Discord remembers nonces.
        """
        numbers = map(_number, filter(_is_detail, self._parts))
        last = max(numbers, default=0)
        names = [one.name for one in self._places()]
        more = max(0, count - len(names))
        return (names + [detail(last + 1 + number) for number in range(more)])[:count]

    @property
    def shown_report(self) -> int | None:
        """The stored report that the glance shows, None where none is out or that is not known."""
        glance = self._parts.get(GLANCE)
        out = glance is not None and glance.message_id is not None
        return glance.report_id if glance is not None and out else None

    def part(self, name: str) -> Part | None:
        """The part of this name, None when nothing of it was noted."""
        return self._parts.get(name)

    def _places(self) -> list[Part]:
        details = (one for one in self._parts.values() if _is_detail(one.name))
        there = (one for one in details if one.content is not None or not one.gone)
        return sorted(there, key=lambda one: _number(one.name))

    def _new(self, name: str, channel_id: int) -> Part:
        return Part(name, nonce_of(self._entry, name), channel_id)

    async def _keep(self, part: Part) -> None:
        await self._ledger.save_part(self._entry, part)
        self._parts[part.name] = part


def _is_detail(name: str) -> bool:
    return name.startswith(f"{THREAD}/")


def _number(name: str) -> int:
    return int(name.rpartition("/")[2])
