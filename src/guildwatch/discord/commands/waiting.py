"""Showing somebody who waits how far their answer is, by editing it a few times."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import lightbulb

from guildwatch.discord.commands.replies import edit
from guildwatch.model import Progress

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

PAUSES = (1.5, 5.0, 10.0, 20.0, 40.0)
"""Seconds before each edit; the last one repeats, so that 14 minutes are some 25 edits."""

NEXT = "Another summary is being written; yours is next."
"""One is written at a time for a guild; whose turn it is hears of progress at once."""


async def with_progress(
    context: lightbulb.Context,
    work: Callable[[Callable[[Progress], None]], Awaitable[_Result]],
) -> _Result:
    """What the work gives; while it lasts, the deferred answer says how far it is."""
    latest: list[Progress] = []

    def note(progress: Progress) -> None:
        latest[:] = [progress]

    telling = asyncio.create_task(_tell(context, latest))
    try:
        return await work(note)
    finally:
        telling.cancel()
        (ended,) = await asyncio.gather(telling, return_exceptions=True)
        if isinstance(ended, Exception):
            _log.warning("the progress could not be shown to the end: %s", ended)


async def _tell(context: lightbulb.Context, latest: list[Progress]) -> None:
    told = ""
    pauses = iter(PAUSES)
    while True:
        await asyncio.sleep(next(pauses, PAUSES[-1]))
        text = sentence(latest[0]) if latest else NEXT
        if text != told:
            await edit(context, text)
            told = text


def sentence(progress: Progress) -> str:
    """`Reading 1,204 messages… 3 of 11 conversations, about 40 s.`; never the unchecked preview."""
    steps = f" {progress.done} of {progress.total} conversations" if progress.total else ""
    left = f", about {_rounded(progress.seconds_left)}" if progress.seconds_left else ""
    return f"{progress.doing}…{steps}{left if steps else ''}" + ("." if steps else "")


def _rounded(seconds: float) -> str:
    if seconds < 90:
        return f"{max(5, round(seconds / 5) * 5)} s"
    return f"{round(seconds / 60)} min"
