"""A sandbox Discord with one guild, and everything of guildwatch that listens to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from guildwatch.capture import Backfill, Intake, Pulse, Roster
from guildwatch.discord.connection import Connection
from guildwatch.discord.history import RestHistory
from guildwatch.discord.line import Line
from guildwatch.discord.listeners import Listeners
from guildwatch.model import Guild, Message
from guildwatch.mood import Vader
from guildwatch.sandbox import SandboxClock, Server, World
from guildwatch.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def until(is_so: Callable[[], bool]) -> None:
    """Lets everything go on until it is so; the network takes its own time."""
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.002)


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def no_commands(_client: object) -> None:
    return


@dataclass
class Watch:
    """A running guildwatch, without console, commands and reports."""

    store: Store
    roster: Roster
    pulse: Pulse
    intake: Intake
    backfill: Backfill
    listeners: Listeners
    connection: Connection
    greeted: list[int]

    until = staticmethod(until)

    async def quiet(self) -> None:
        """Connected, everything written, and no gap left that can be closed."""
        await until(self.is_quiet)

    def is_quiet(self) -> bool:
        return (
            self.connection.connected_since is not None
            and bool(self.roster.guilds())
            and all(self.roster.bot_member(one.id) for one in self.roster.guilds())
            and self.intake.backlog == 0
            and not self.intake._writing.locked()
            and self.backfill.progress.channels_left == 0
        )

    async def stored(self, channel_id: int) -> dict[int, Message]:
        """What is stored of a channel and not deleted."""
        stored = await self.store.messages.latest(limit=10**6)
        return {one.id: one for one in stored if one.channel_id == channel_id}

    async def texts(self, channel_id: int) -> list[str]:
        return [one.text or "" for one in (await self.stored(channel_id)).values()]

    def shown(self, channel_id: int) -> list[str]:
        """What the screen shows of a channel."""
        return [one.text or "" for one in self.pulse.recent if one.channel_id == channel_id]


@dataclass
class Town:
    """The world outside: a guild with two people and a channel."""

    clock: SandboxClock
    world: World
    folder: Path
    ada: int = 0
    ben: int = 0
    guild: int = 0
    general: int = 0
    server: Server = field(init=False)
    until = staticmethod(until)

    @asynccontextmanager
    async def watching(self, **options) -> AsyncIterator[Watch]:
        """Guildwatch runs while this lasts; then it stops as it should."""
        async with Store.open(self.folder / "guildwatch.db") as store:
            watch = await self._built(store, **options)
            tasks = [
                asyncio.create_task(one.run())
                for one in (watch.connection, watch.backfill, watch.intake)
            ]
            try:
                yield watch
            finally:
                for task in tasks[:2]:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
                await watch.intake.drain()
                tasks[2].cancel()
                with suppress(asyncio.CancelledError):
                    await tasks[2]

    async def _built(
        self,
        store: Store,
        *,
        days: int = 7,
        bound: int = 20_000,
        pause: Callable[[float], Awaitable[None]] = no_pause,
        interval: float = 0.25,
    ) -> Watch:
        roster = Roster(store, clock=self.clock)
        await roster.load()
        pulse = Pulse(lambda _guild_id: "UTC", clock=self.clock)
        await pulse.load(store, [one.id for one in roster.guilds()])
        intake = Intake(store, Vader(), pulse, bound=bound)
        line = Line()
        backfill = Backfill(
            RestHistory(line),
            store,
            roster,
            intake,
            days=days,
            clock=self.clock,
            pause=pause,
            interval=interval,
        )
        greeted: list[int] = []

        async def welcome(guild: Guild) -> None:
            greeted.append(guild.id)

        listeners = Listeners(roster, intake, backfill, welcome=welcome, pause=no_pause)
        connection = Connection(
            self.server.token,
            self.server.url,
            line,
            hear=listeners.hear,
            install=no_commands,
            clock=self.clock,
            pause=no_pause,
        )
        return Watch(store, roster, pulse, intake, backfill, listeners, connection, greeted)


@asynccontextmanager
async def founded(folder: Path) -> AsyncIterator[Town]:
    clock = SandboxClock(NOON, 60.0)
    town = Town(clock, World(clock), folder)
    world = town.world
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    town.ada = world.add_user("ada", display_name="Ada")
    town.ben = world.add_user("ben")
    town.guild = world.add_guild("Lighthouse", owner=town.ada)
    world.add_member(town.guild, town.ben, nick="Benny")
    town.general = world.add_channel(town.guild, "general")
    world.invite_bot(town.guild)
    async with Server(world, limited=False) as server:
        town.server = server
        yield town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(tmp_path) as town:
        yield town


@pytest.fixture
async def watch(town: Town) -> AsyncIterator[Watch]:
    async with town.watching() as watch:
        await watch.quiet()
        yield watch


@dataclass
class Scene:
    """A town that is watched, and a channel of one test's own in it."""

    town: Town
    watch: Watch
    channel: int = 0

    async def said(self, text: str, channel: int = 0, by: int = 0, **more: object) -> int:
        """Somebody says something, and it is shown."""
        channel = channel or self.channel
        id_ = self.town.world.say(by or self.town.ada, channel, text, **more)
        await until(lambda: any(one.id == id_ for one in self.watch.pulse.recent))
        return id_

    def reactions(self) -> int:
        """How many the screen shows at the channel's messages."""
        recent = self.watch.pulse.recent
        return sum(one.reactions for one in recent if one.channel_id == self.channel)

    async def new_channel(self, name: str, **more: object) -> int:
        id_ = self.town.world.add_channel(self.town.guild, name, **more)
        await until(lambda: self.watch.roster.channel(id_) is not None)
        await self.watch.quiet()
        return id_


# One connection for many tests: hikari takes a quarter of a second to close one.
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with founded(tmp_path_factory.mktemp("town")) as town, town.watching() as watch:
        await watch.quiet()
        yield Scene(town, watch)


@pytest_asyncio.fixture(loop_scope="module")
async def scene(shared: Scene, request: pytest.FixtureRequest) -> Scene:
    scene = Scene(shared.town, shared.watch)
    scene.channel = await scene.new_channel(request.node.name[:90])
    return scene
