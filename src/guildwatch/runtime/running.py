"""Runs the parts side by side and stops them in stages, each with its time-out."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Collection, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from guildwatch.model import GuildwatchError
from guildwatch.runtime.parts import Parts

_log = logging.getLogger(__name__)
_STAGE_SECONDS = 10.0


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[None]:
    """Everything runs while this lasts.

    A part that fails for good ends it with its error. At the end no new work is begun, then
    nothing more is received, then what was received is written, and only then does the caller
    close the store. Each of the three has ten seconds.
    """
    await parts.runner.look_back()
    try:
        async with asyncio.TaskGroup() as group:
            work = [group.create_task(one, name=name) for name, one in _work(parts).items()]
            connection = group.create_task(parts.connection.run(), name="connection")
            intake = group.create_task(parts.intake.run(), name="intake")
            try:
                yield
            finally:
                await _end(work)
                await _end([connection])
                if parts.intake.trouble:
                    await _end([intake])  # it waits for the store; the last try is made at once
                await _within(parts.intake.drain(), "what was received to be written")
                await _end([intake])
    except* GuildwatchError as errors:
        raise _first(errors) from errors


def _work(parts: Parts) -> dict[str, Coroutine[Any, Any, None]]:
    """What goes about things by itself, and what an operator is told that stopping waits for."""
    work = {
        "status": parts.heartbeat.run(),
        "trouble watch": parts.troubles.run(),
        "expiry": parts.expiry.run(),
        "archive": parts.archive.run(),
        "schedule": parts.runner.run(),
        "history": parts.backfill.run(),
        "roster": parts.roster.run(),
        "posts to be edited": parts.posting.amender.run(),
        "posts' readers": parts.posting.drift.run(),
        "hints": parts.pasted.run(),
    }
    if parts.model_watch is not None:
        work["model watch"] = parts.model_watch.run()
        work["digesting ahead"] = parts.ahead.run()
    return work


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    _, slow = await asyncio.wait(tasks, timeout=_STAGE_SECONDS)
    for task in slow:
        _log.error("Stopping: waited %g s in vain for %s", _STAGE_SECONDS, task.get_name())


async def _within(work: Awaitable[None], what: str) -> None:
    try:
        async with asyncio.timeout(_STAGE_SECONDS):
            await work
    except TimeoutError:
        _log.error("Stopping: waited %g s in vain for %s", _STAGE_SECONDS, what)
    except GuildwatchError as error:
        _log.error("Stopping: waited in vain for %s: %s", what, error)


def _first(errors: BaseExceptionGroup[GuildwatchError]) -> GuildwatchError:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
