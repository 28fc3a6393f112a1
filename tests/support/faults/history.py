"""One history: a community's life and a string of faults from one seed, and what is left of it."""

import asyncio
import json
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from guildwatch.sandbox import CommandError, RefusedError, Server, World
from support.faults import judge
from support.faults.judge import Verdict
from support.faults.life import Life
from support.faults.model import Model
from support.faults.nursery import Child, Nursery
from support.faults.page import Page
from support.faults.program import BROKEN, FAILED, Order
from support.faults.town import settle
from support.faults.troubles import ANY_PLACE, Troubles
from support.faults.truth import Truth

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
_STOP_SECONDS = 90.0
_SETTLE_SECONDS = 150.0
_CLEAN_SECONDS = 120.0
_LOOK = 0.1


@dataclass
class Outcome:
    """What became of a history; `kinds` are the faults that it had, `seconds` real ones."""

    seed: int
    kinds: list[str]
    verdict: Verdict
    acts: dict[str, int]
    starts: int
    kills: int
    exits: list[int]
    seconds: float
    trail: list[str] = field(default_factory=list)


class Timed(list[str]):
    """A list that remembers when each was added."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[tuple[float, str]] = []

    def append(self, text: str) -> None:
        super().append(text)
        self.moments.append((time.monotonic(), text))


class Stage:
    """A sandbox, the program on it, and all that a trouble may do to both."""

    def __init__(self, seed: int, folder: Path, nursery: Nursery, server: Server, model: Model):
        self._began = time.monotonic()
        self.random = Random(f"{seed}: life")
        self.chance = Random(f"{seed}: troubles")
        self.moments = Random(f"{seed}: moments")
        self.folder = folder
        self.server = server
        self.world = server.world
        self.model = model
        self.page = Page(folder / "page")
        self.truth = Truth(self.world)
        self.places = settle(self.world, self.random)
        self.life = Life(self.world, self.places, self.truth, self.random, self.note)
        self.zone = ZoneInfo(self.chance.choice(_ZONES))
        self.kinds: list[str] = []
        self.trail: list[str] = []
        self.exits: list[int] = []
        self.starts = 0
        self.kills = 0
        self.started_at: list[float] = []
        self.broken: list[str] = []
        self._nursery = nursery
        self._with_model = self.chance.random() < 0.5
        self._child: Child | None = None
        self._wanted = False
        self._watching: asyncio.Task[None] | None = None

    def note(self, words: str) -> None:
        """Write into the trail what happened when."""
        self.trail.append(
            f"{time.monotonic() - self._began:7.2f}  {self.world.clock():%d %H:%M:%S}  {words}"
        )

    async def start(self) -> None:
        """Start the program; it is started again by itself if it gives up on Discord."""
        self._wanted = True
        await self._fork()

    async def kill(self) -> None:
        """End the program as a power cut does."""
        await self._end(signal.SIGKILL)
        self.kills += 1

    async def stop(self) -> None:
        """End the program as an operator does; it must end by itself, and well."""
        code = await self._end(signal.SIGTERM)
        if code not in (0, FAILED, -signal.SIGTERM):  # asked before it could hear it, it just ends
            self.broken.append(f"asked to stop, it ended with {code}")

    async def sleep(self, seconds: float, acts: int) -> None:
        """The machine sleeps: the program stands still, its lines die, and the time goes on."""
        if self._child is not None and self._child.is_alive:
            self._child.send(signal.SIGSTOP)
            self.server.go_away()
            self.jump(seconds)
            await self.live(acts, longest=0.002)
            await self.pause(1)
            self.server.come_back()
            self._child.send(signal.SIGCONT)

    def die(self) -> None:
        """End the program this very instant, from within a request of its own."""
        if self._child is not None and self._child.is_alive:
            self._wanted = False
            self.kills += 1
            self._child.send(signal.SIGKILL)
            self.note("killed within a request")

    async def ask(self, command: str, options: Mapping[str, object]) -> bool:
        """A guild's owner asks the bot for something; whether it did it."""
        place = self.random.choice(self.places)
        told = self.page.told()
        if not self.is_calm() or told.guilds < len(self.places):
            return False
        where = place.reports
        chosen = options.get("channel")
        if chosen is ANY_PLACE:
            chosen = self.random.choice((*place.channels, *place.categories))
        options = {**options, **({"channel": chosen} if chosen else {})}
        self.note(f"asked for {command} {options}")
        try:
            answer = await self.world.command(place.owner, where, command, options)
        except (CommandError, RefusedError, TimeoutError) as error:
            self.note(f"no answer: {error}")
            if isinstance(chosen, int):
                self.truth.unsure.add(chosen)
            return False
        if isinstance(chosen, int) and "ollow" in answer.text:
            self.truth.choices[chosen] = command.endswith("track")
            self.truth.unsure.discard(chosen)
        return True

    async def gone(self) -> None:
        """Wait until the program that was told to die has."""
        if self._child is not None:
            await self._child.code()

    @property
    def is_alive(self) -> bool:
        """Whether the program runs."""
        return self._child is not None and self._child.is_alive

    async def live(self, acts: int, *, longest: float = 0.02) -> None:
        """People act, with small pauses."""
        for _ in range(acts):
            self.life.act()
            if self.random.random() < 0.3:
                await self.pause(longest)

    async def pause(self, longest: float) -> None:
        """Wait for a random while of real time."""
        await asyncio.sleep(self.moments.random() * longest)

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds, so long at most; whether it does."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(_LOOK / 2)
        return True

    def is_calm(self) -> bool:
        """Whether the program has caught up with everything and owes nothing at this moment."""
        told = self.page.told()
        here = [one for one in self.places if self._is_watched(one.guild_id)]
        quiet = not (told.backlog or told.behind or told.left or told.ready)
        return self.is_alive and min(told.guilds, told.planned) >= len(here) and quiet

    def jump_to_due(self, days: int = 1) -> None:
        """Let the clock go just beyond the report's time of some day to come."""
        now = self.world.clock().astimezone(self.zone)
        midnight = datetime.combine(now.date() + timedelta(days=days), datetime.min.time())
        due = midnight.replace(tzinfo=self.zone)
        self.jump((due - now).total_seconds() + 4)

    def jump(self, seconds: float) -> None:
        """Let the clock jump."""
        self.page.jump(seconds)
        self.note(f"the clock jumped by {seconds / 3600:.2f} h")

    def _is_watched(self, guild_id: int) -> bool:
        guild = self.world.guild(guild_id)
        return self.world.bot.id in guild.members and guild.available

    async def _fork(self) -> None:
        environ = {
            "GUILDWATCH_DISCORD__TOKEN": self.server.token,
            "GUILDWATCH_DISCORD__API_URL": self.server.url,
            "GUILDWATCH_REPORT__ZONE": str(self.zone),
            "GUILDWATCH_STORAGE__KEEP_DAYS": "365",
            "GUILDWATCH_STORAGE__LEFT_DAYS": "365",
            "GUILDWATCH_STORAGE__BACKFILL_DAYS": "60",
            "GUILDWATCH_OLLAMA__HOST": self.model.url,
            "GUILDWATCH_OLLAMA__MODEL": self.model.name,
        }
        order = Order(str(self.folder), str(self.folder / "page"), environ, self._with_model)
        self.page.forget()
        self.started_at.append(time.monotonic())
        child = self._child = await self._nursery.fork(order)
        self.starts += 1
        self._watching = asyncio.create_task(self._watch(child))

    async def _watch(self, child: Child) -> None:
        """Start the program again when it ended unasked, as a service does."""
        code = await child.code()
        if not self._wanted:
            return
        self.exits.append(code)
        self.note(f"it ended by itself with {code}")
        if code == BROKEN:
            self.broken.append("it ended by an error that nobody expected")
        await asyncio.sleep(0.3)
        if self._wanted and child is self._child:
            await self._fork()

    async def _end(self, number: signal.Signals) -> int:
        self._wanted = False
        if self._child is None:
            return 0
        self._child.send(number)
        self.note(f"ended with {number.name}")
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                return await self._child.code()
        except TimeoutError:
            self.broken.append(f"{number.name} did not end it within {_STOP_SECONDS:g} s")
            self._child.send(signal.SIGKILL)
            return await self._child.code()


async def play(seed: int, nursery: Nursery, folder: Path, *, rounds: int = 4) -> Outcome:
    """Live a history in this folder (made anew), and judge it."""
    began = time.monotonic()
    async with staged(seed, nursery, folder) as stage:
        await stage.start()
        await _happen(stage, Troubles(stage), rounds)
        verdict = await settled(stage)
    (folder / "trail.txt").write_text("\n".join([*stage.trail, str(verdict)]))
    return Outcome(
        seed=seed,
        kinds=sorted(set(stage.kinds)),
        verdict=verdict,
        acts=stage.life.kinds,
        starts=stage.starts,
        kills=stage.kills,
        exits=stage.exits,
        seconds=time.monotonic() - began,
        trail=stage.trail,
    )


@asynccontextmanager
async def staged(seed: int, nursery: Nursery, folder: Path) -> AsyncIterator[Stage]:
    """A sandbox and its people, in a folder made anew; the program is still to be started."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    page = Page(folder / "page")
    page.jump(Random(f"{seed}: start").uniform(0, 360) * 86_400)
    async with _served(page) as (server, model):
        stage = Stage(seed, folder, nursery, server, model)
        try:
            yield stage
        finally:
            if stage.is_alive:
                await stage.kill()


@asynccontextmanager
async def _served(page: Page) -> AsyncIterator[tuple[Server, Model]]:
    world = World(page.now, timer=page.timer)
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    world.log.violations = Timed()
    async with Server(world, heartbeat=2.0) as server, Model() as model:
        yield server, model


async def _happen(stage: Stage, troubles: Troubles, rounds: int) -> None:
    await stage.pause(1.5)
    for _ in range(rounds):
        await stage.live(stage.random.randint(5, 25))
        trouble = troubles.choose()
        stage.note(f"now: {trouble.__name__.strip('_').replace('_', ' ')}")
        await trouble()
        stage.truth.look()
    await stage.live(10)


async def settled(stage: Stage) -> Verdict:
    """Heal everything, let it catch up, and compare; then stop it and compare the files."""
    stage.life.recover()
    stage.life.invite()
    if not stage.is_alive:
        await stage.start()
    stage.note("all is well again")
    verdict = Verdict()
    if not await _caught_up(stage):
        verdict.broken.append(
            f"it did not catch up within {_SETTLE_SECONDS:g} s: {stage.page.told()}"
        )
    stage.note(f"caught up: {stage.page.told()}")
    verdict = await _judged(stage, verdict)
    await stage.stop()
    stage.note("judged, now by its files")
    final = judge.judge(stage.folder, stage.truth, stage.places)
    final.broken += [*verdict.broken, *stage.broken]
    final.violations += judge.violations(stage.world, stage.started_at)
    return final


async def _caught_up(stage: Stage) -> bool:
    """Whether it catches up; where only a next try is waited for, the clock goes there."""
    end = time.monotonic() + _SETTLE_SECONDS
    calm = 0
    while time.monotonic() < end:
        await asyncio.sleep(_LOOK)
        told = stage.page.told()
        calm = calm + 1 if stage.is_calm() else 0
        if calm >= 5 and not told.open:
            return True
        ahead = told.next_try - stage.world.clock().timestamp()
        if calm >= 5 and ahead > 0:
            stage.jump(ahead + 0.2)
    return False


async def _judged(stage: Stage, verdict: Verdict) -> Verdict:
    """Compare until nothing is amiss: files are cleaned, and older messages compared, after it."""
    end = time.monotonic() + _CLEAN_SECONDS
    while True:
        found = await asyncio.to_thread(judge.judge, stage.folder, stage.truth, stage.places)
        if found.is_clean or time.monotonic() > end:
            found.broken += verdict.broken
            return found
        await asyncio.sleep(0.5)


def written(outcome: Outcome) -> str:
    """An outcome as a line of JSON."""
    return json.dumps(
        {
            "seed": outcome.seed,
            "kinds": outcome.kinds,
            "verdict": outcome.verdict.as_dict(),
            "acts": outcome.acts,
            "starts": outcome.starts,
            "kills": outcome.kills,
            "exits": outcome.exits,
            "seconds": round(outcome.seconds, 1),
        }
    )
