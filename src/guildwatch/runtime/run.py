"""The appliance: everything on one data folder, with or without the console, until stopped."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from guildwatch.config import Config, Paths, make_private, variables
from guildwatch.console import Console, View
from guildwatch.model import Clock, GuildwatchError, utc_now
from guildwatch.runtime.assembly import assemble
from guildwatch.runtime.lock import sole_writer
from guildwatch.runtime.log import logging_to
from guildwatch.runtime.parts import Parts
from guildwatch.runtime.running import running
from guildwatch.runtime.stop import in_time, stopped_by_signal

_log = logging.getLogger(__name__)


class UnexpectedError(GuildwatchError):
    """A fault of our own."""


def run(config: Config, paths: Paths, *, with_console: bool) -> int:
    """Runs until the operator or a signal stops it, or a part fails; gives the exit code.

    Stopping takes `LONGEST_STOP` seconds at most. Raises a `GuildwatchError` when it cannot start.
    """
    with in_time() as begin_to_stop:
        return asyncio.run(_run(config, paths, begin_to_stop, with_console=with_console))


async def _run(
    config: Config, paths: Paths, begin_to_stop: Callable[[], None], *, with_console: bool
) -> int:
    config.discord.read_token()
    paths.prepare()
    open_places = make_private(paths)
    with (
        sole_writer(paths.lock),
        logging_to(
            paths.log_dir,
            config.log.level,
            echo=not with_console,
            redact=config.discord.redactor(),
        ) as log_file,
    ):
        _log.info("Started on %s", paths.data_dir)
        for sentence in open_places:
            _log.warning("%s", sentence)
        stop = asyncio.Event()
        with _told_to_the_log(log_file), stopped_by_signal(stop):
            async with assemble(config, paths, clock=utc_now) as parts, running(parts):
                try:
                    code = await _attend(
                        config, paths, parts, log_file, stop, with_console=with_console
                    )
                finally:
                    begin_to_stop()
        _log.info("Stopped")
    return code


@contextmanager
def _told_to_the_log(log_file: Path) -> Iterator[None]:
    """Logs what ends the program; what nobody expected becomes a sentence that points there."""
    try:
        yield
    except GuildwatchError as error:
        _log.info("Ended: %s", error)
        raise
    except Exception as error:
        _log.exception("Ended by an error that nobody expected")
        raise UnexpectedError(
            f"guildwatch ended by an error that nobody expected ({type(error).__name__}). "
            f"Nothing that was written is lost; the details are in {log_file}."
        ) from error


async def _attend(
    config: Config,
    paths: Paths,
    parts: Parts,
    log_file: Path,
    stop: asyncio.Event,
    *,
    with_console: bool,
) -> int:
    if with_console:
        return await show_console(config, paths, parts, log_file, clock=utc_now, stop=stop)
    _tell(f"guildwatch runs headless; its log is {log_file}")
    await stop.wait()
    return 0


def _tell(sentence: str) -> None:
    with suppress(OSError):  # nobody reads it any more
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201


async def show_console(
    config: Config, paths: Paths, parts: Parts, log_file: Path, *, clock: Clock, stop: asyncio.Event
) -> int:
    """Shows the console until the operator quits or `stop` is set; gives the exit code."""
    view = View(
        config=config,
        config_file=paths.config_file,
        environ=variables(os.environ),
        log_file=log_file,
        store=parts.store,
        roster=parts.roster,
        pulse=parts.pulse,
        intake=parts.intake,
        backfill=parts.backfill,
        writer=parts.writer,
        ahead=parts.ahead,
        runner=parts.runner,
        connection=parts.connection,
        model=parts.model_watch,
        incidents=parts.troubles,
        clock=clock,
    )
    console = Console(view)
    async with asyncio.TaskGroup() as group:
        closing = group.create_task(_close_when(stop, console))
        await console.run_async()
        closing.cancel()
    return console.return_code or 0


async def _close_when(stop: asyncio.Event, console: Console) -> None:
    await stop.wait()
    console.exit()
