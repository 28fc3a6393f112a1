"""The ledger of one post's parts: what was tried, what is known to have gone out."""

from dataclasses import replace
from hashlib import blake2b
from typing import Protocol

from guildwatch.model import Clock, LedgerEntry, Part

GLANCE = "glance"
THREAD = "thread"


class PartStore(Protocol):
    """The store's ledger, as far as parts need it."""

    async def parts(self, entry: LedgerEntry) -> list[Part]:
        """All parts noted for an entry."""
        ...

    async def save_part(self, entry: LedgerEntry, part: Part) -> None:
        """Keep a part as it is now."""
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
    """What the ledger knows about the parts of one entry's post, kept as it changes."""

    def __init__(self, ledger: PartStore, entry: LedgerEntry, clock: Clock) -> None:
        self._ledger = ledger
        self._entry = entry
        self._clock = clock
        self._parts: dict[str, Part] = {}

    async def load(self) -> None:
        """Read what earlier tries noted."""
        self._parts = {part.name: part for part in await self._ledger.parts(self._entry)}

    def message_id(self, name: str) -> int | None:
        """The id of the message that Discord confirmed for this part."""
        part = self._parts.get(name)
        return part.message_id if part is not None else None

    def in_doubt(self, name: str) -> Part | None:
        """The part, where it was tried and nobody knows whether it went out."""
        part = self._parts.get(name)
        doubtful = part is not None and part.attempted_at is not None and part.message_id is None
        return part if doubtful else None

    def tried(self, name: str) -> Part | None:
        """The part, where it went out or may have gone out."""
        part = self._parts.get(name)
        gone = part is not None and (part.attempted_at or part.message_id) is not None
        return part if gone else None

    async def attempt(self, name: str, channel_id: int) -> str:
        """Note that this part is about to be posted; gives the nonce to post it with."""
        nonce = nonce_of(self._entry, name)
        await self._keep(Part(name, nonce, channel_id, attempted_at=self._clock()))
        return nonce

    async def confirm(self, name: str, message_id: int) -> None:
        """Note the message that this part became."""
        await self._keep(replace(self._parts[name], message_id=message_id))

    async def refused(self, name: str) -> None:
        """Note that Discord surely did not take it, so that no doubt is left."""
        await self._keep(replace(self._parts[name], attempted_at=None))

    async def _keep(self, part: Part) -> None:
        await self._ledger.save_part(self._entry, part)
        self._parts[part.name] = part
