"""The real program as a child that was forked from a process which had imported everything.

Its wiring is the real one; only the clock, the pace and the charts' command are its own. So a
start costs a tenth of a second instead of two, and SIGKILL is as real as ever.
"""

import asyncio
import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from guildwatch.config import Paths, load
from guildwatch.model import GuildwatchError
from guildwatch.runtime.assembly import assemble
from guildwatch.runtime.lock import sole_writer
from guildwatch.runtime.log import logging_to
from guildwatch.runtime.pace import Pace
from guildwatch.runtime.parts import Parts
from guildwatch.runtime.running import running
from guildwatch.runtime.stop import stopped_by_signal
from support.faults.page import Page, Told

BEAT = 0.1
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060f80f0001040100"
    "7bcd7d5a0000000049454e44ae426082"
)
ENDED, FAILED, BROKEN = 0, 1, 70
"""Exit codes: stopped as asked, ended with a sentence of ours, ended by what nobody expected."""


@dataclass(frozen=True)
class Order:
    """What a child is to run on: its folder, the page it shares, its settings."""

    folder: str
    page: str
    environ: dict[str, str]
    with_model: bool


def live(order: Order) -> int:
    """Runs the program until it is stopped; gives its exit code."""
    folder = Path(order.folder)
    with (folder / "stderr.txt").open("a") as complaints:
        os.dup2(complaints.fileno(), 1)
        os.dup2(complaints.fileno(), 2)
    sys.executable = str(_painter(folder))
    try:
        asyncio.run(_appliance(order))
    except GuildwatchError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return FAILED
    except BaseException:  # noqa: BLE001 - whatever it was, the parent reads of it
        traceback.print_exc()
        sys.stderr.flush()
        return BROKEN
    return ENDED


def _painter(folder: Path) -> Path:
    """Draws every chart alike: the program drawing them itself would take a second each."""
    painter = folder / "paint"
    picture = folder / "chart.png"
    if not painter.exists():
        picture.write_bytes(_PICTURE)
        painter.write_text(f"#!/bin/sh\ncat > /dev/null\nexec cat {picture}\n")
        painter.chmod(0o700)
    return painter


async def _appliance(order: Order) -> None:
    paths = Paths.choose(
        config_file=Path(order.folder) / "config.toml",
        data_dir=Path(order.folder) / "data",
        environ={},
    )
    config = load(paths.config_file, order.environ)
    paths.prepare()
    page = Page(Path(order.page))
    stop = asyncio.Event()
    with (
        sole_writer(paths.lock),
        logging_to(paths.log_dir, "DEBUG", echo=False),
        stopped_by_signal(stop),
    ):
        async with (
            assemble(
                config,
                paths,
                clock=page.now,
                pace=Pace(tick=0.1, history=0.05, sweep=0.1),
                with_model=order.with_model,
            ) as parts,
            running(parts),
        ):
            telling = asyncio.create_task(_tell(page, parts))
            await stop.wait()
            telling.cancel()


async def _tell(page: Page, parts: Parts) -> None:
    beat = page.told().beat
    while True:
        beat += 1
        page.tell(await _state(page, parts, beat))
        await asyncio.sleep(BEAT)


async def _state(page: Page, parts: Parts, beat: int) -> Told:
    is_up = parts.connection.connected_since is not None
    guilds = [one for one in parts.roster.guilds() if one.is_joined]
    known = [one for one in guilds if is_up and parts.roster.bot_member(one.id) is not None]
    entries = await parts.store.ledger.open_entries()
    now = page.now()
    ready = [one for one in entries if one.next_try is None or one.next_try <= now]
    tries = [each.next_try.timestamp() for each in entries if each.next_try is not None]
    return Told(
        beat=beat,
        guilds=len(known),
        planned=sum(parts.runner.next_due(one.id) is not None for one in known),
        backlog=parts.intake.backlog,
        behind=sum(parts.backfill.is_behind(one.id) for one in guilds),
        left=parts.backfill.progress.channels_left,
        open=len(entries),
        ready=len(ready),
        next_try=min(tries, default=0.0),
    )
