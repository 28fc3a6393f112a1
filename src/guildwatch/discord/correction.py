"""Bringing what is out of one post in line with what its report says now: one edit a message.

Discord limits edits (see `edits`). So what has nothing left to say is deleted, and nothing is
edited that need not be.
"""

import logging
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import cast

import hikari

from guildwatch.discord import buttons, embeds
from guildwatch.discord.edits import Amended, Edits, Outcome, away
from guildwatch.discord.errors import UNANSWERED
from guildwatch.discord.fields import Raw, mappings
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, Parts
from guildwatch.discord.posting import patiently
from guildwatch.discord.shown import detail_content, glance_content, has_picture
from guildwatch.model import LedgerEntry, Part
from guildwatch.report import Post

_log = logging.getLogger(__name__)


class Correction:
    """Edits and deletes the messages of one post; what is done is in the ledger before the next."""

    def __init__(
        self, line: Line, parts: Parts, entry: LedgerEntry, post: Post, edits: Edits
    ) -> None:
        self._line = line
        self._parts = parts
        self._entry = entry
        self._post = post
        self._edits = edits

    async def make(self) -> Amended:
        """Do what is to be done; raises AwayError where Discord does not answer."""
        try:
            await self._mend_glance()
            await self._mend_details()
        finally:
            await self._edits.close()
        return self._edits.amended

    async def _mend_glance(self) -> None:
        part = self._parts.part(GLANCE)
        if part is None or part.message_id is None or part.gone:
            return  # who removed it meant all of it
        had_picture = await self._has_picture(part)
        # A chart is never drawn anew, so that of another report shows what only that one may tell.
        is_same = part.report_id is not None and part.report_id == self._parts.report_id
        picture = had_picture and self._post.keeps_chart and is_same
        content = glance_content(self._post, picture=picture)
        if content == part.content:
            return
        embed = embeds.revised_glance(self._post, picture=picture, stamp=self._entry.period.end)
        row = buttons.row(
            self._entry.mark, self._post.language, with_details=bool(self._post.thread)
        )
        await self._edit(
            part, content, embeds_=[embed], component=row, drop_files=had_picture and not picture
        )

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
            raise away() from error
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
        embeds_: Sequence[hikari.Embed] | hikari.UndefinedType = hikari.UNDEFINED,
        component: hikari.api.ComponentBuilder | hikari.UndefinedType = hikari.UNDEFINED,
        drop_files: bool = False,
    ) -> None:
        message_id = part.message_id or 0
        outcome = Outcome.GONE
        if not part.gone:
            outcome = await self._edits.edit(
                part.channel_id,
                message_id,
                words=words,
                embeds=embeds_,
                component=component,
                drop_files=drop_files,
            )
        if outcome is Outcome.DONE:
            await self._parts.confirm(part.name, part.channel_id, message_id, content)
        elif outcome is Outcome.GONE:
            _log.info("part %s of the post %s is not there any more", part.name, self._entry.key)
            await self._parts.lost(part.name, content)

    async def _delete(self, part: Part) -> None:
        outcome = Outcome.GONE
        if not part.gone:
            outcome = await self._edits.delete(part.channel_id, part.message_id or 0)
        if outcome is not Outcome.LEFT:
            await self._parts.removed(part.name)


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
