"""The past, read through Discord's REST API one request at a time."""

from collections.abc import AsyncIterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import cast

import hikari

from guildwatch.capture import (
    Between,
    ChannelGoneError,
    HistoryError,
    HistoryPage,
    HistoryRefusedError,
)
from guildwatch.discord import payloads
from guildwatch.discord.errors import REFUSED, UNANSWERED, NotConnectedError
from guildwatch.discord.fields import OddPayloadError, Raw, mapping, name, snowflake
from guildwatch.discord.line import Line
from guildwatch.model import Channel, ChannelKind, Message

_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE = 10003, 10008
_THREADS_A_PAGE = 100  # hikari's, and the most that Discord gives


class RestHistory:
    """Reads pages of messages and lists archived threads. Raises only `HistoryError`s."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def page(self, channel: Channel, *, after: int, limit: int = 100) -> HistoryPage:
        """The first messages after an id; what nothing can be made of is told by its id."""
        with _translated(channel.name):
            found = await self._line.reader.fetch_messages(channel.id, after=after).limit(limit)
        return _page(channel, cast("Sequence[Raw]", found), after, limit)

    async def has_message(self, channel: Channel, message_id: int) -> bool:
        """Whether a message is there, asked for it alone."""
        with _translated(channel.name):
            try:
                await self._line.reader.fetch_message(channel.id, message_id)
            except hikari.NotFoundError as error:
                if error.code != _UNKNOWN_MESSAGE:
                    raise
                return False
        return True

    async def has_channel(self, channel_id: int) -> bool:
        """Whether a channel or thread is there, be it readable or not."""
        try:
            with _translated(str(channel_id)):
                await self._line.reader.fetch_channel(channel_id)
        except ChannelGoneError:
            return False
        except HistoryRefusedError:
            return True
        return True

    async def archived_threads(
        self,
        channel: Channel,
        *,
        since: datetime,
        every_private: bool = False,
        between: Between | None = None,
    ) -> tuple[Channel, ...]:
        """The threads that were archived since: public ones, and private ones the bot is in.

        `every_private` asks for all private ones, which takes Manage Threads.
        """
        breath = between or _no_wait
        with _translated(channel.name):
            rest = self._line.rest
            found = await _listed(rest.fetch_public_archived_threads(channel.id), since, breath)
            if channel.kind is ChannelKind.TEXT:
                await breath()
                if every_private:
                    private = rest.fetch_private_archived_threads(channel.id)
                    found += await _listed(private, since, breath)
                else:
                    # These come by id, not by the time of their archiving.
                    joined = rest.fetch_joined_private_archived_threads(channel.id)
                    found += await _listed(joined, since, breath, by_time=False)
        return tuple(found)


async def _listed(
    threads: AsyncIterable[hikari.GuildThreadChannel],
    since: datetime,
    between: Between,
    *,
    by_time: bool = True,
) -> list[Channel]:
    """Those archived since then; hikari asks for a page whenever it is out of threads."""
    found: list[Channel] = []
    seen = 0
    async for thread in threads:
        seen += 1
        if thread.metadata.archive_timestamp >= since:
            found.append(_thread(thread))
        elif by_time:
            break
        if seen % _THREADS_A_PAGE == 0:
            await between()
    return found


async def _no_wait() -> None:
    return


def _page(channel: Channel, found: Sequence[Raw], after: int, limit: int) -> HistoryPage:
    messages: list[Message] = []
    unreadable: list[int] = []
    reached = after
    for raw in map(mapping, found):
        id_ = snowflake(raw.get("id")) or 0
        reached = max(reached, id_)
        try:
            messages.append(payloads.message(raw, channel.guild_id))
        except OddPayloadError:
            unreadable.append(id_)
    messages.sort(key=lambda message: message.id)
    return HistoryPage(
        tuple(messages), reached, len(found) < limit, tuple(filter(None, unreadable))
    )


def _thread(thread: hikari.GuildThreadChannel) -> Channel:
    return Channel(
        id=int(thread.id),
        guild_id=int(thread.guild_id),
        name=name(thread.name),
        kind=ChannelKind(int(thread.type)),
        parent_id=int(thread.parent_id),
        archived=True,
        member_ids=frozenset({int(thread.member.user_id)} if thread.member else ()),
        last_message_id=int(thread.last_message_id) if thread.last_message_id else None,
        applied_tag_ids=_tag_ids(thread),
    )


def _tag_ids(thread: hikari.GuildThreadChannel) -> tuple[int, ...]:
    """The tags of a forum's post; hikari has them only in public threads."""
    if isinstance(thread, hikari.GuildPublicThread):
        return tuple(map(int, thread.applied_tag_ids))
    return ()


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Turns what hikari raises into what backfill understands."""
    try:
        yield
    except hikari.NotFoundError as error:
        if error.code == _UNKNOWN_CHANNEL:
            raise ChannelGoneError(f"#{name} was deleted.") from error
        raise HistoryError(f"Discord does not find the history of #{name}.") from error
    except hikari.ForbiddenError as error:
        raise HistoryRefusedError(
            f"Discord does not let the bot read the history of #{name}. "
            "Grant it View Channel and Read Message History there, or ignore the channel."
        ) from error
    except hikari.BadRequestError as error:
        raise HistoryRefusedError(
            f"Discord does not give the history of #{name}: {error.message}."
        ) from error
    except hikari.UnauthorizedError as error:
        raise HistoryError(REFUSED) from error
    except (*UNANSWERED, hikari.HikariError, NotConnectedError) as error:
        raise HistoryError(f"The history of #{name} cannot be read now: {error}") from error
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        raise HistoryError(
            f"The history of #{name} came in a form that is not Discord's."
        ) from error
