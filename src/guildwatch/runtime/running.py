"""Runs the parts side by side and stops them in stages, each with its time-out."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from guildwatch.model import GuildwatchError
from guildwatch.runtime.parts import Parts

_log = logging.getLogger(__name__)
_STAGE_SECONDS = 10.0


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[None]:
    """Everything runs while this lasts.

    A part that fails for good ends it with its error. At the end no new work is begun, what was
    received is written, and only then does the caller close the store.
    """
    stages = [
        ("expiry", parts.expiry.run()),
        ("schedule", parts.runner.run()),
        ("history", parts.backfill.run()),
        ("connection", parts.connection.run()),
        ("intake", parts.intake.run()),
    ]
    if parts.model_watch is not None:
        stages.insert(0, ("model watch", parts.model_watch.run()))
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work, name=name) for name, work in stages]
            try:
                yield
            finally:
                for task in tasks:
                    if task.get_name() == "intake":
                        await _within(parts.intake.drain(), "what was received to be written")
                    task.cancel()
                    await _within(_ended(task), f"the {task.get_name()} to stop")
    except* GuildwatchError as errors:
        raise _first(errors) from errors


async def _ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])


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
