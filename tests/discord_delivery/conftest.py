"""A small town on the sandbox, a real store and roster, and hikari's own REST client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hikari
import pytest

from guildwatch.audience import Permissions
from guildwatch.capture import Roster
from guildwatch.digest import Digester
from guildwatch.discord import payloads
from guildwatch.discord.allowed import AllowedSources
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.drift import Drift
from guildwatch.discord.line import Line
from guildwatch.discord.notices import Notices
from guildwatch.discord.poster import poster_client
from guildwatch.discord.publish import Publisher
from guildwatch.discord.raw import raw_client
from guildwatch.discord.troubles import Troubles
from guildwatch.model import (
    GuildSettings,
    LedgerEntry,
    Overwrite,
    Period,
    PeriodKind,
)
from guildwatch.report import Charts, Post, ReportWriter
from guildwatch.sandbox import render
from guildwatch.sandbox.faults import Faults
from guildwatch.sandbox.server import Server
from guildwatch.sandbox.world import World
from guildwatch.store import Store

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
BOT_RIGHTS = int(
    Permissions.VIEW_CHANNEL
    | Permissions.SEND_MESSAGES
    | Permissions.EMBED_LINKS
    | Permissions.ATTACH_FILES
    | Permissions.READ_MESSAGE_HISTORY
    | Permissions.CREATE_PUBLIC_THREADS
    | Permissions.SEND_MESSAGES_IN_THREADS
    | Permissions.MENTION_EVERYONE  # so that nothing but our own care keeps a ping away
)


class Hand:
    """A clock or timer that stands still until it is moved."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@dataclass
class Town:
    world: World
    faults: Faults
    store: Store
    clock: Hand
    timer: Hand
    line: Line
    url: str = ""
    guild_id: int = 0
    mara: int = 0
    jonas: int = 0
    tiff: int = 0
    team: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)

    async def pause(self, seconds):
        """Stands for real seconds."""
        self.pauses.append(seconds)

    def __post_init__(self):
        self.roster = Roster(self.store, clock=self.clock)
        self.delivery = Delivery(
            self.line,
            self.store.ledger,
            self.roster,
            facts=self.store.facts,
            incidents=self.store.incidents,
            clock=self.clock,
            pause=self.pause,
        )
        self.notices = Notices(self.line, self.roster, clock=self.clock)
        self.troubles = Troubles(self.notices, self.store.incidents)
        self.drift = Drift(
            self.line,
            self.store,
            self.roster,
            AllowedSources(self.line, self.store, self.roster, clock=self.clock),
            self.store.incidents,
            is_connected=lambda: True,
            clock=self.clock,
            zone="UTC",
            pause=self.pause,
            steady=self.timer,
        )
        self.publisher = Publisher(
            self.line,
            store=self.store,
            roster=self.roster,
            writer=ReportWriter(
                self.store, Digester(None, cache=None, clock=self.clock), clock=self.clock
            ),
            charts=Charts(["false"]),
            delivery=self.delivery,
            notices=self.notices,
            troubles=self.troubles,
            standing=self.drift,
        )

    def build(self):
        world = self.world
        self.mara, self.jonas = world.add_user("mara"), world.add_user("jonas")
        self.guild_id = world.add_guild("Pixel Forge", self.mara)
        self.team = world.add_role(self.guild_id, "team")
        self.tiff = world.add_user("tiff")
        world.add_member(self.guild_id, self.jonas)
        world.add_member(self.guild_id, self.tiff, roles=[self.team])
        closed = (
            Overwrite(self.guild_id, False, 0, int(Permissions.VIEW_CHANNEL)),
            Overwrite(self.team, False, int(Permissions.VIEW_CHANNEL), 0),
        )
        for name in ("general", "support", "daily-summary"):
            self.channels[name] = world.add_channel(self.guild_id, name)
        self.channels["staff"] = world.add_channel(self.guild_id, "staff", overwrites=closed)
        world.invite_bot(self.guild_id, BOT_RIGHTS)
        bot_role = next(iter(self.bot.role_ids))
        world.set_overwrites(
            self.channels["staff"],
            (*closed, Overwrite(bot_role, False, int(Permissions.VIEW_CHANNEL), 0)),
        )

    @property
    def bot(self):
        return self.world.member(self.guild_id, self.world.bot.id)

    @property
    def guild(self):
        guild = self.roster.guild(self.guild_id)
        assert guild is not None
        return guild

    async def look(self):
        """What the gateway would have told the roster by now."""
        raw = render.gateway_guild(self.world, self.world.guild(self.guild_id), joining=True)
        bot = payloads.member(render.member(self.world, self.bot), self.guild_id)
        self.roster.bot_id = self.world.bot.id
        await self.roster.put_guild(payloads.guild(raw, self.world.bot.id), bot)

    async def listen(self):
        """Everything said so far, as the intake would have stored it."""
        said = [
            payloads.message(raw, self.guild_id)
            for channel_id in self.channels.values()
            for raw in self.world.messages(channel_id)
        ]
        await self.store.messages.apply(said)

    async def settle(self, **chosen):
        await self.roster.save_settings(GuildSettings(self.guild_id, **chosen))

    async def deny(self, name, rights, channel=None):
        """Take rights from the bot in a channel."""
        bot_role = next(iter(self.bot.role_ids))
        place = self.channels[name]
        self.world.set_overwrites(place, [Overwrite(bot_role, False, 0, int(rights))])
        await self.look()

    def later(self, **span):
        self.clock.now += timedelta(**span)

    def posted(self, place="daily-summary"):
        """What stands in a channel, by its name or id."""
        return self.world.messages(self.channels.get(place, place))

    def told(self, user_id):
        """What the bot wrote to somebody."""
        return [one["content"] for one in self.world.messages(self.world.open_dm(user_id))]


@asynccontextmanager
async def opened_line(server, patience=30.0):
    timeouts = hikari.impl.HTTPTimeoutSettings(total=patience)
    settings = hikari.impl.HTTPSettings(timeouts=timeouts)
    app = hikari.impl.RESTApp(url=server.url, http_settings=settings, max_retries=0)
    await app.start()
    try:
        async with app.acquire(server.token, hikari.TokenType.BOT) as rest:
            reader = raw_client(app, server.token, server.url)
            poster = poster_client(app, server.token, server.url)
            reader.start()
            poster.start()
            line = Line()
            line.open(rest, reader=reader, poster=poster)
            yield line
            await reader.close()
            await poster.close()
    finally:
        await app.close()


@pytest.fixture
def patience() -> float:
    """How many seconds a request may take."""
    return 30.0


@pytest.fixture
def limited() -> bool:
    """Whether Discord's rate limits hold; they run on the timer, which stands still."""
    return True


@pytest.fixture
async def town(tmp_path: Path, patience: float, limited: bool) -> AsyncIterator[Town]:
    clock, timer = Hand(MIDNIGHT - timedelta(hours=12)), Hand(1000.0)
    world = World(clock, timer=timer)
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    faults = Faults()
    async with (
        Server(world, faults=faults, limited=limited) as server,
        Store.open(tmp_path / "guildwatch.db") as store,
        opened_line(server, patience) as line,
    ):
        town = Town(world, faults, store, clock, timer, line, server.url)
        town.build()
        await town.look()
        yield town


@pytest.fixture
def entry(town: Town) -> LedgerEntry:
    """The day that ends at midnight; it is midnight now."""
    start = MIDNIGHT - timedelta(days=1)
    return LedgerEntry(town.guild_id, Period(PeriodKind.DAY, start, MIDNIGHT, "UTC"))


@pytest.fixture
def post(town: Town) -> Post:
    return Post(
        title="Saturday, 21 November · Pixel Forge",
        description="Release 2.4 moves to Tuesday. @everyone",
        colour=0x5B8DEF,
        footer="Read 12 of 12 messages",
        thread_name="Details · 21 Nov",
        thread=(
            f"**Release** @everyone <@{town.mara}> <https://example.org/1>",
            "**Map editor** saves",
        ),
    )
