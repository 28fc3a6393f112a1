"""Bringing what is out of one post in line with what its report says now: one edit a message.

Discord's rules for that: a message in an archived thread cannot be edited (50083) but deleted
(https://docs.discord.com/developers/topics/threads), and messages older than an hour only so many
times (30046). So what has nothing left to say is deleted, and nothing is edited that need not be.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import cast

import hikari

from guildwatch.capture import Pause
from guildwatch.discord import buttons, embeds
from guildwatch.discord.errors import GARBLED, UNANSWERED, AwayError
from guildwatch.discord.fields import Raw, mappings
from guildwatch.discord.limits import LimitedError
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, Parts
from guildwatch.discord.posting import patiently, reason_of
from guildwatch.discord.shown import detail_content, glance_content, has_picture
from guildwatch.model import LedgerEntry, Part
from guildwatch.report import Post

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
    says in a sentence what only a person can mend, empty where nothing is.
    """

    wait: float = 0.0
    blocked: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every part says what it should."""
        return not self.wait and not self.blocked


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


class Correction:
    """Edits and deletes the messages of one post; each step is noted in the ledger as it is done.

    What Discord limits or refuses in one channel does not keep it from the others.
    """

    def __init__(
        self, line: Line, parts: Parts, entry: LedgerEntry, post: Post, pause: Pause
    ) -> None:
        self._line = line
        self._parts = parts
        self._entry = entry
        self._post = post
        self._pause = pause
        self._closed: set[int] = set()
        self._opened: set[int] = set()
        self._wait = 0.0
        self._blocked = ""
        self._is_first = True

    async def make(self) -> Amended:
        """Do what is to be done; raises AwayError where Discord does not answer."""
        try:
            await self._mend_glance()
            await self._mend_details()
        finally:
            for thread_id in self._opened:
                await self._archive(thread_id)
        return Amended(self._wait, self._blocked)

    async def _mend_glance(self) -> None:
        part = self._parts.part(GLANCE)
        if part is None or part.message_id is None or part.gone:
            return  # who removed it meant all of it
        picture = await self._has_picture(part)
        content = glance_content(self._post, picture=picture)
        if content == part.content:
            return
        embed = embeds.revised_glance(self._post, picture=picture, stamp=self._entry.period.end)
        row = buttons.row(
            self._entry.mark, self._post.language, with_details=bool(self._post.thread)
        )
        await self._edit(part, content, embed=embed, component=row)

    async def _has_picture(self, part: Part) -> bool:
        """Whether the glance shows a chart; of one that nobody noted Discord is asked."""
        if part.content is not None:
            return has_picture(part.content)
        try:
            raw = await patiently(
                lambda: self._line.reader.fetch_message(part.channel_id, part.message_id or 0)
            )
        except hikari.ClientHTTPResponseError:
            return False
        except UNANSWERED as error:
            raise _away() from error
        return any(embed.get("image") for embed in mappings(cast("Raw", raw).get("embeds")))

    async def _mend_details(self) -> None:
        places, thread = self._parts.details(), self._post.thread
        contents = [detail_content(words) for words in thread]
        meant = assigned([part.content for part in places], contents)
        for part, number in zip(places, meant, strict=True):
            if number is None:
                await self._delete(part)
        for part, number in zip(places, meant, strict=True):
            if number is not None and part.content != contents[number]:
                await self._edit(part, contents[number], words=thread[number])

    async def _edit(
        self,
        part: Part,
        content: str,
        *,
        words: str | hikari.UndefinedType = hikari.UNDEFINED,
        embed: hikari.Embed | hikari.UndefinedType = hikari.UNDEFINED,
        component: hikari.api.ComponentBuilder | hikari.UndefinedType = hikari.UNDEFINED,
    ) -> None:
        """Change one message; its files, flags and all that is not named stay as they are."""

        async def change() -> None:
            await self._line.poster.edit_message(
                part.channel_id,
                part.message_id or 0,
                words,
                embed=embed,
                component=component,
                mentions_everyone=False,
                user_mentions=False,
                role_mentions=False,
            )

        if part.gone:
            await self._parts.lost(part.name, content)
        elif await self._done(part, change, content):
            await self._parts.confirm(part.name, part.channel_id, part.message_id or 0, content)

    async def _delete(self, part: Part) -> None:
        async def remove() -> None:
            await self._line.poster.delete_message(part.channel_id, part.message_id or 0)

        if part.gone or await self._done(part, remove, None):
            await self._parts.removed(part.name)

    async def _done(
        self, part: Part, act: Callable[[], Awaitable[None]], content: str | None
    ) -> bool:
        """Whether it is done; a channel that takes no more of it is left alone from then on."""
        if part.channel_id in self._closed:
            return False
        try:
            await self._acted(part, act)
        except _GoneError:
            _log.info("part %s of the post %s is not there any more", part.name, self._entry.key)
            if content is None:
                return True
            await self._parts.lost(part.name, content)
            return False
        except _WaitError as error:
            self._wait = max(self._wait, error.seconds)
        except _RefusedError as error:
            self._blocked = f"Discord refuses to change a post: {error}."
        else:
            return True
        self._closed.add(part.channel_id)
        return False

    async def _acted(self, part: Part, act: Callable[[], Awaitable[None]]) -> None:
        if not self._is_first:
            await self._pause(_SPACED)
        self._is_first = False
        try:
            await _asked(act)
        except _RefusedError as error:
            if error.code != _ARCHIVED:
                raise
            await _asked(lambda: self._set_archived(part.channel_id, archived=False))
            self._opened.add(part.channel_id)
            await _asked(act)

    async def _set_archived(self, thread_id: int, *, archived: bool) -> None:
        await self._line.poster.edit_channel(thread_id, archived=archived)

    async def _archive(self, thread_id: int) -> None:
        """Close a thread again that was opened for this; Discord does it too, only later."""
        try:
            await _asked(lambda: self._set_archived(thread_id, archived=True))
        except (AwayError, _GoneError, _WaitError, _RefusedError) as error:
            _log.info("the thread %d stays open until Discord archives it: %s", thread_id, error)


def assigned(shown: Sequence[str | None], meant: Sequence[str]) -> list[int | None]:
    """Which of the meant contents each of the shown messages is to have; None: it is to go.

    In their order, with as few edits as that takes. What is left over of the meant contents are
    the last ones, as messages can be added only at the end.
    """
    found: list[int | None] = []
    for _, begin, end, first, last in SequenceMatcher(None, shown, meant, False).get_opcodes():
        at_end = begin == end == len(shown) or (end == len(shown) and last == len(meant))
        if last - first > end - begin and not at_end:
            return [number if number < len(meant) else None for number in range(len(shown))]
        kept = range(first, last)[: end - begin]
        found += [*kept, *([None] * (end - begin - len(kept)))]
    return found


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
        raise _away() from error
    except (*UNANSWERED, *GARBLED) as error:
        raise _away() from error


def _away() -> AwayError:
    return AwayError("Discord does not answer, so a post that has to be edited waits.")
