"""Editing and deleting messages of our own, one after the other, as far as Discord lets us.

Discord's rules for that: a message in an archived thread cannot be edited (50083) but deleted
(https://docs.discord.com/developers/topics/threads), and messages older than an hour only so many
times (30046).
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import hikari

from guildwatch.capture import Pause
from guildwatch.discord.errors import GARBLED, UNANSWERED, AwayError
from guildwatch.discord.limits import LimitedError
from guildwatch.discord.line import Line
from guildwatch.discord.parts import OpenedThreads
from guildwatch.discord.posting import patiently, reason_of

_log = logging.getLogger(__name__)

_SPACED = 1.0
"""Seconds between two edits."""
_UNTOLD_WAIT = 600.0
"""Seconds until the next try where Discord does not say how long old messages stay limited."""
_ARCHIVED = 50083
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Amended:
    """How far it got.

    `wait` are the seconds for which Discord takes no more such edits, 0 where it does. `blocked`
    says in a sentence what only a person can mend, empty where nothing is. `is_elsewhere` tells
    that the post shows another report, of which nothing is known by that.
    """

    wait: float = 0.0
    blocked: str = ""
    is_elsewhere: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every part says what it should."""
        return not self.wait and not self.blocked


class Outcome(Enum):
    """What became of one message: done as asked, not there any more, or left as it is."""

    DONE = auto()
    GONE = auto()
    LEFT = auto()


class _GoneError(Exception):
    """The message, or the channel that it was in, is not there any more."""


class _WaitError(Exception):
    """Discord limits how often this may be done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _RefusedError(Exception):
    """Discord does not do it, and will not at a second try."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason)
        self.code = code


class Edits:
    """Edits and deletes of what belongs together.

    What Discord limits or refuses in one channel does not keep it from the others. All of it may be
    done twice. Raises AwayError where Discord does not answer. After the last one `close` is due.
    """

    def __init__(self, line: Line, threads: OpenedThreads, pause: Pause) -> None:
        self._line = line
        self._threads = threads
        self._pause = pause
        self._closed: set[int] = set()
        self._opened: set[int] = set()
        self._wait = 0.0
        self._blocked = ""
        self._is_first = True

    @property
    def amended(self) -> Amended:
        """How far it got until now."""
        return Amended(self._wait, self._blocked)

    async def edit(
        self,
        channel_id: int,
        message_id: int,
        *,
        words: str | hikari.UndefinedType = hikari.UNDEFINED,
        embeds: Sequence[hikari.Embed] | hikari.UndefinedType = hikari.UNDEFINED,
        component: hikari.api.ComponentBuilder | hikari.UndefinedType = hikari.UNDEFINED,
        drop_files: bool = False,
    ) -> Outcome:
        """Change one message; its files, flags and all that is not named stay as they are."""

        async def change() -> None:
            await self._line.poster.edit_message(
                channel_id,
                message_id,
                words,
                embeds=embeds,
                component=component,
                attachments=None if drop_files else hikari.UNDEFINED,
                mentions_everyone=False,
                user_mentions=False,
                role_mentions=False,
            )

        return await self._done(channel_id, change)

    async def delete(self, channel_id: int, message_id: int) -> Outcome:
        """Take one message away."""

        async def remove() -> None:
            await self._line.poster.delete_message(channel_id, message_id)

        return await self._done(channel_id, remove)

    async def close(self) -> None:
        """Close the threads again that were opened for this; one that stays open is noted."""
        for thread_id in self._opened:
            try:
                await close_thread(self._line, self._threads, thread_id)
            except AwayError as error:
                _log.info("the thread %d stays open for now: %s", thread_id, error)

    async def _done(self, channel_id: int, act: Callable[[], Awaitable[None]]) -> Outcome:
        """What became of it; a channel that takes no more is left alone from then on."""
        if channel_id in self._closed:
            return Outcome.LEFT
        try:
            await self._acted(channel_id, act)
        except _GoneError:
            return Outcome.GONE
        except _WaitError as error:
            self._wait = max(self._wait, error.seconds)
        except _RefusedError as error:
            self._blocked = f"Discord refuses to change a post: {error}."
        else:
            return Outcome.DONE
        self._closed.add(channel_id)
        return Outcome.LEFT

    async def _acted(self, channel_id: int, act: Callable[[], Awaitable[None]]) -> None:
        if not self._is_first:
            await self._pause(_SPACED)
        self._is_first = False
        try:
            await _asked(act)
        except _RefusedError as error:
            if error.code != _ARCHIVED:
                raise
            await self._threads.note_opened(channel_id)
            self._opened.add(channel_id)
            await _asked(lambda: _set_archived(self._line, channel_id, archived=False))
            await _asked(act)


async def close_thread(line: Line, threads: OpenedThreads, thread_id: int) -> None:
    """Archive a thread that was opened for an edit; Discord does it too, only much later.

    Raises AwayError where that is to be tried again; what is refused is not.
    """
    try:
        await _asked(lambda: _set_archived(line, thread_id, archived=True))
    except _WaitError as error:
        raise AwayError("Discord limits how often threads are changed.") from error
    except (_GoneError, _RefusedError) as error:
        _log.info("the thread %d stays as it is: %s", thread_id, error)
    await threads.note_closed(thread_id)


async def _set_archived(line: Line, thread_id: int, *, archived: bool) -> None:
    await line.poster.edit_channel(thread_id, archived=archived)


async def _asked(act: Callable[[], Awaitable[None]]) -> None:
    """Ask Discord for something that may be done twice, and sort out its answer."""
    try:
        await patiently(act)
    except hikari.NotFoundError as error:
        raise _GoneError from error
    except (hikari.BadRequestError, hikari.ForbiddenError) as error:
        raise _RefusedError(reason_of(error), int(error.code)) from error
    except LimitedError as error:
        raise _WaitError(error.seconds) from error
    except hikari.RateLimitTooLongError as error:
        raise _WaitError(error.retry_after) from error
    except hikari.HTTPResponseError as error:
        if error.status == _TOO_MANY:  # 30046, which tells no time
            raise _WaitError(_UNTOLD_WAIT) from error
        raise away() from error
    except (*UNANSWERED, *GARBLED) as error:
        raise away() from error


def away() -> AwayError:
    """What is said while Discord does not answer."""
    return AwayError("Discord does not answer, so a post that has to be edited waits.")
