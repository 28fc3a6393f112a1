"""The demo and the sandbox: the real program, and a made-up community for it to listen to."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guildwatch.config import Config, Paths, load
from guildwatch.model import GuildwatchError, LedgerEntry, LedgerState
from guildwatch.runtime.assembly import assemble, language_model
from guildwatch.runtime.log import logging_to
from guildwatch.runtime.pace import Pace
from guildwatch.runtime.parts import Parts
from guildwatch.runtime.posted import posted_report
from guildwatch.runtime.run import show_console
from guildwatch.runtime.running import running
from guildwatch.runtime.stop import stopped_by_signal
from guildwatch.sandbox import CommandError, SandboxClock, Server, World
from guildwatch.sandbox.community import Arrival, Ends, Player, Story, load_story

_OLLAMA = "GUILDWATCH_OLLAMA__"
_DAY_SECONDS = 60.0
_FAST_DAY_SECONDS = 7.0
_POST_SECONDS = 60.0
_MODEL_POST_SECONDS = 3600.0
_LOOK_SECONDS = 0.05
_PACE = Pace(tick=0.05, history=0.02)  # loopback: nobody's limits but our own sandbox's


class DemoError(GuildwatchError):
    """The demo's day did not end with a report."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """A community on a Discord of its own, and the clock by which it lives."""

    clock: SandboxClock
    world: World
    server: Server
    story: Story
    player: Player


@asynccontextmanager
async def _stage(ends: Ends, seconds: float, port: int = 0) -> AsyncIterator[_Stage]:
    clock = SandboxClock()
    world = World(clock)
    server = Server(world, port=port)
    arrival = Arrival(world.log, lambda: server.gateway.connected > 0)
    story = load_story()
    player = Player(world, clock, story, ends=ends, takes=seconds, bot_is_ready=arrival)
    async with server:
        yield _Stage(clock, world, server, story, player)


async def run_demo(*, with_console: bool, fast: bool, model: str | None) -> int:
    """Lives the community's day with the real program; headless it prints the report's post.

    Raises `GuildwatchError` when no report comes, or when the model that was named is not there.
    """
    seconds = _FAST_DAY_SECONDS if fast or not with_console else _DAY_SECONDS
    with tempfile.TemporaryDirectory(prefix="guildwatch-demo-") as folder:
        paths = Paths.choose(
            config_file=Path(folder) / "config.toml", data_dir=Path(folder) / "data", environ={}
        )
        paths.prepare()
        async with _stage(Ends.MIDNIGHT, seconds) as stage:
            config = _demo_config(stage, paths, model)
            if model is not None:
                async with language_model(config, paths) as asked:
                    await asked.check()
            return await _live(stage, config, paths, model, with_console=with_console)


def _demo_config(stage: _Stage, paths: Paths, model: str | None) -> Config:
    environ = {
        "GUILDWATCH_DISCORD__TOKEN": stage.server.token,
        "GUILDWATCH_DISCORD__API_URL": stage.server.url,
        "GUILDWATCH_REPORT__ZONE": stage.story.zone,
    }
    if model is not None:
        asked = {name: text for name, text in os.environ.items() if name.startswith(_OLLAMA)}
        environ |= asked | {f"{_OLLAMA}MODEL": model}
    return load(paths.config_file, environ)


async def _live(
    stage: _Stage, config: Config, paths: Paths, model: str | None, *, with_console: bool
) -> int:
    stop = asyncio.Event()
    with (
        logging_to(
            paths.log_dir,
            config.log.level,
            echo=not with_console,
            redact=config.discord.redactor(),
        ) as log_file,
        stopped_by_signal(stop),
    ):
        async with (
            assemble(
                config, paths, clock=stage.clock, pace=_PACE, with_model=model is not None
            ) as parts,
            running(parts),
        ):
            if not with_console:
                await _day_and_report(stage, parts, patient=model is not None)
                print(posted_report(stage.world, _report_channel(stage)))  # noqa: T201
                return 0
            playing = asyncio.create_task(stage.player.play_day())
            try:
                return await show_console(
                    config, paths, parts, log_file, clock=stage.clock, stop=stop
                )
            finally:
                playing.cancel()


def _report_channel(stage: _Stage) -> int:
    return stage.player.town.places[f"#{stage.story.cast.report_channel}"]


async def _day_and_report(stage: _Stage, parts: Parts, *, patient: bool) -> None:
    """Plays the day and waits until its report is posted."""
    morning = stage.clock()
    await stage.player.play_day()
    entry = None
    with suppress(TimeoutError):
        async with asyncio.timeout(_MODEL_POST_SECONDS if patient else _POST_SECONDS):
            # The ledger is a table: nobody tells when it changes.
            while not (entry := await _told(parts, morning)) or not entry.state.is_final:  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_SECONDS)
    if entry is None or entry.state is not LedgerState.POSTED:
        reason = (entry.reason or f"it is {entry.state}") if entry else "none became due"
        raise DemoError(f"The day ended without a posted report: {reason}.")


async def _told(parts: Parts, morning: datetime) -> LedgerEntry | None:
    """The ledger's entry for the day that began with this morning."""
    recent = await parts.store.ledger.recent()
    return next((entry for entry in recent if entry.period.end > morning), None)


async def serve_sandbox(
    port: int, *, say: Callable[[str], None], note: Callable[[str], None]
) -> None:
    """Serves the sandbox until it is stopped; the day begins when a bot has come and settled in."""
    stop = asyncio.Event()
    with stopped_by_signal(stop):
        async with _stage(Ends.NOW, _DAY_SECONDS, port) as stage:
            say(f"GUILDWATCH_DISCORD__API_URL={stage.server.url}")
            say(f"GUILDWATCH_DISCORD__TOKEN={stage.server.token}")
            note("Start guildwatch run with these two in its environment; Ctrl-C ends the sandbox.")
            playing = asyncio.create_task(_play(stage, note))
            await stop.wait()
            playing.cancel()


async def _play(stage: _Stage, note: Callable[[str], None]) -> None:
    try:
        await stage.player.play_day()
    except (CommandError, TimeoutError) as error:
        note(f"The day is over, but the bot could not be asked for its report: {error}")
    else:
        note("The day is over. Its report is due at the next whole minute.")
