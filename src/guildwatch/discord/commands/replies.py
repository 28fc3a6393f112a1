"""Answering an interaction: within its time, inert, and in one sentence when it fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import hikari
import lightbulb

from guildwatch.discord.errors import UNANSWERED, RefusalError

_log = logging.getLogger(__name__)

FAILED = "Something went wrong on my side; it is in the operator's log."

_GONE = (hikari.NotFoundError, hikari.UnauthorizedError, hikari.ComponentStateConflictError)
"""How Discord answers once an interaction's 15 minutes are over, or it never knew of it; and how
hikari does once the connection was closed because the program stops."""


async def edit(
    context: lightbulb.Context,
    text: str | None = None,
    *,
    embeds: list[hikari.Embed] | None = None,
) -> None:
    """Put this in the place of the one answer that was deferred."""
    with noting_lateness(context):
        await context.interaction.edit_initial_response(text, embeds=embeds or [])


@contextmanager
def noting_lateness(context: lightbulb.Context) -> Iterator[None]:
    """Notes an answer that comes when its interaction is over, which nobody can mend."""
    try:
        yield
    except _GONE:
        _log.warning("the answer to /%s came too late", context.command_data.qualified_name)


async def answer(
    context: lightbulb.Context,
    text: str | None = None,
    *,
    embeds: list[hikari.Embed] | None = None,
) -> None:
    """Answer the asker alone, or where the answer was deferred, in its place."""
    if context.initial_response_sent.is_set():
        await edit(context, text, embeds=embeds)
        return
    try:
        await context.respond(text or hikari.UNDEFINED, embeds=embeds or [], ephemeral=True)
    except _GONE:
        _log.warning("/%s was answered too late", context.command_data.qualified_name)


async def answer_failure(failure: lightbulb.exceptions.ExecutionPipelineFailedException) -> bool:
    """Tell the asker what their command came to; what they cannot mend goes to the log."""
    cause = failure.causes[0]
    if isinstance(cause, RefusalError):
        await answer(failure.context, str(cause))
        return True
    name = failure.context.command_data.qualified_name
    _log.error("/%s failed", name, exc_info=cause)
    try:
        await answer(failure.context, FAILED)
    except UNANSWERED as error:
        _log.warning("the failure of /%s could not be told: %s", name, error)
    return True
