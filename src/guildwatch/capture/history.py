"""What backfill needs of whoever can read the past: pages of messages, and archived threads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from guildwatch.model import Channel, GuildwatchError, Message

Between: TypeAlias = Callable[[], Awaitable[None]]
"""A wait between two requests."""


class HistoryError(GuildwatchError):
    """The past cannot be read for now; it is worth another try later."""


class HistoryRefusedError(HistoryError):
    """Discord does not let the bot read there; another try is of use once that has changed."""


class ChannelGoneError(HistoryError):
    """The channel or thread does not exist any more."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The messages of a channel after some id, oldest first.

    `reached` is the id up to which it tells everything. `is_last` says that there was nothing
    beyond it when it was read. `unreadable` are ids of messages that nothing could be made of.
    """

    messages: tuple[Message, ...]
    reached: int
    is_last: bool
    unreadable: tuple[int, ...] = ()


class History(Protocol):
    """Reads the past. Every method may raise `HistoryError` or one derived from it."""

    async def page(self, channel: Channel, *, after: int, limit: int = 100) -> HistoryPage:
        """The first `limit` (at most 100) messages with an id greater than `after`."""
        ...

    async def has_message(self, channel: Channel, message_id: int) -> bool:
        """Whether a message is there, asked for it alone."""
        ...

    async def has_channel(self, channel_id: int) -> bool:
        """Whether a channel or thread is there, be it readable or not."""
        ...

    async def archived_threads(
        self,
        channel: Channel,
        *,
        since: datetime,
        every_private: bool = False,
        between: Between | None = None,
    ) -> tuple[Channel, ...]:
        """The channel's threads that were archived at `since` or later.

        Of private ones those that the bot is in, or all where it may ask for `every_private`.
        `between` is awaited before each further request.
        """
        ...
