"""Answers that everybody in their channel sees: shown, and edited when their report changes."""

import asyncio
import logging
from typing import cast
from weakref import WeakValueDictionary

import hikari

from guildwatch.capture import Pause
from guildwatch.discord import embeds
from guildwatch.discord.charting import draw
from guildwatch.discord.edits import Amended, Edits, Outcome, away
from guildwatch.discord.errors import UNANSWERED
from guildwatch.discord.fields import Raw, mappings
from guildwatch.discord.line import Line
from guildwatch.discord.posting import patiently
from guildwatch.discord.shown import answer_content, has_picture, unknown_content
from guildwatch.model import Report
from guildwatch.report import Charts, Post, to_post
from guildwatch.store import Answer, Store

_log = logging.getLogger(__name__)

_COMING = "Here comes a summary…"


class PublicAnswers:
    """Shows reports in answers, each kept with its message, and edits them later.

    An interaction can be answered for fifteen minutes only; what everybody sees is a message of
    ours like any other, and edited as such.
    """

    def __init__(
        self, line: Line, store: Store, charts: Charts, *, pause: Pause = asyncio.sleep
    ) -> None:
        self._line = line
        self._store = store
        self._charts = charts
        self._pause = pause
        self._turns = WeakValueDictionary[int, asyncio.Lock]()

    async def show(self, interaction: hikari.CommandInteraction, report: Report) -> None:
        """Put a report in the place of the answer that was deferred.

        Raises what hikari raises; of an answer that surely came to nothing nothing is kept.
        """
        message_id = await _place(interaction)
        async with self._turn(message_id):
            answer = await self._store.answers.keep(report, int(interaction.channel_id), message_id)
            try:
                await self._show(interaction, answer)
            except hikari.ClientHTTPResponseError:
                await self._store.answers.drop(answer)
                raise

    async def amend(self, report_id: int) -> Amended:
        """Edit the answer that shows a report, if one does, so that it says what the report says.

        Raises AwayError when Discord does not answer.
        """
        answer = await self._store.answers.of_report(report_id)
        if answer is None:
            return Amended()
        async with self._turn(answer.message_id):
            # What it shows may have been noted only now.
            answer = await self._store.answers.of_report(report_id)
            return await self._amended(answer) if answer is not None else Amended()

    def _turn(self, message_id: int) -> asyncio.Lock:
        """Whose it is to change a message; there as long as somebody waits for it."""
        return self._turns.setdefault(message_id, asyncio.Lock())

    async def _show(self, interaction: hikari.CommandInteraction, answer: Answer) -> None:
        report, post = await self._told(answer)
        chart = await draw(self._charts, report) if post.thread else None
        await interaction.edit_initial_response(None, embeds=embeds.whole(post, chart=chart))
        content = answer_content(post, picture=chart is not None)
        await self._store.answers.shows(answer, content)

    async def _amended(self, answer: Answer) -> Amended:
        shown = answer.content or await self._found(answer)
        if shown is None:
            await self._store.answers.drop(answer)
            return Amended()
        _, post = await self._told(answer)
        picture = has_picture(shown) and post.keeps_chart
        content = answer_content(post, picture=picture)
        if content == shown:
            return Amended()
        edits = Edits(self._line, self._store.ledger, self._pause)
        try:
            outcome = await edits.edit(
                answer.channel_id,
                answer.message_id,
                embeds=embeds.whole(post, chart=None, picture=picture),
                drop_files=has_picture(shown) and not picture,
            )
        finally:
            await edits.close()
        if outcome is Outcome.DONE:
            await self._store.answers.shows(answer, content)
        elif outcome is Outcome.GONE:
            _log.info("the answer %d is not there any more", answer.message_id)
            await self._store.answers.drop(answer)
        return edits.amended

    async def _found(self, answer: Answer) -> str | None:
        """What is known of an answer that was not confirmed; None where it shows no report."""
        try:
            raw = await patiently(
                lambda: self._line.reader.fetch_message(answer.channel_id, answer.message_id)
            )
        except hikari.NotFoundError:
            return None
        except hikari.ClientHTTPResponseError:
            return unknown_content(picture=False)
        except UNANSWERED as error:
            raise away() from error
        shown = list(mappings(cast("Raw", raw).get("embeds")))
        if not shown:
            return None
        return unknown_content(picture=any(embed.get("image") for embed in shown))

    async def _told(self, answer: Answer) -> tuple[Report, Post]:
        report = await self._store.reports.load(answer.report_id)
        return report, to_post(report, zone=report.period.zone)


async def _place(interaction: hikari.CommandInteraction) -> int:
    """The id of the answer that was deferred; one that Discord has not yet is made by an edit.

    Raises what hikari raises where there can be no answer any more.
    """
    try:
        return int((await interaction.fetch_initial_response()).id)
    except hikari.NotFoundError:
        return int((await interaction.edit_initial_response(_COMING)).id)
