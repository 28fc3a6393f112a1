"""A small town whose members ask the real bot on the sandbox."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import hikari
import lightbulb
import pytest

from guildwatch.audience import Permissions
from guildwatch.capture import KeepRules, Pulse, Roster
from guildwatch.digest import Digester
from guildwatch.discord import payloads
from guildwatch.discord.access import Access
from guildwatch.discord.allowance import Allowance
from guildwatch.discord.amending import Amender
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.commands import Desk, install
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.line import Line
from guildwatch.discord.notice import Disclosure
from guildwatch.discord.poster import poster_client
from guildwatch.discord.raw import raw_client
from guildwatch.exchange import Archive, Forgetter
from guildwatch.language import ModelError
from guildwatch.model import Limits, Overwrite
from guildwatch.report import Charts, ReportWriter
from guildwatch.report.recheck import Rechecker
from guildwatch.sandbox import render
from guildwatch.sandbox.faults import Faults
from guildwatch.sandbox.server import Server
from guildwatch.sandbox.world import World
from guildwatch.schedule import PostOutcome, Runner
from guildwatch.store import Store
from support.asking import in_the_end
from support.talk import TALK

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PNG = "import sys; sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n picture')"


class Hand:
    """A clock that stands still until it is moved."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


class Model:
    """A language model that answers nothing; while it `holds` it keeps everybody waiting."""

    name, context = "held", 32_768

    def __init__(self):
        self.holds = False

    def fits(self, text):
        return len(text) // 3

    async def complete(self, prompt, *, priority, on_text=None):
        while self.holds:
            if on_text is not None:
                on_text("thinking aloud")
            await asyncio.sleep(0.01)
        raise ModelError("unreachable", "The model does not answer.")


@dataclass
class Town:
    """`mara` owns the guild, `tiff` is in the team that reads #staff, `jonas` is in nothing."""

    world: World
    clock: Hand
    timer: Hand
    model: Model
    store: Store
    desk: Desk
    behind: set[int]
    line: Line
    faults: Faults
    seconds: float = 0.0
    lost: str = ""
    left: list[int] = field(default_factory=list)
    guild_id: int = 0
    mara: int = 0
    jonas: int = 0
    tiff: int = 0
    team: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    closed: tuple[Overwrite, ...] = ()
    client: lightbulb.Client | None = None

    def forget_menus(self):
        """As a start of the program does."""
        self.client._attached_menus.clear()

    def build(self):
        world = self.world
        self.mara, self.jonas, self.tiff = map(world.add_user, ("mara", "jonas", "tiff"))
        self.guild_id = world.add_guild("Pixel Forge", self.mara)
        self.team = world.add_role(self.guild_id, "team")
        world.add_member(self.guild_id, self.jonas)
        world.add_member(self.guild_id, self.tiff, roles=[self.team])
        world.invite_bot(self.guild_id)
        view = int(Permissions.VIEW_CHANNEL)
        bot_role = next(iter(world.member(self.guild_id, world.bot.id).role_ids))
        self.closed = (
            Overwrite(self.guild_id, False, 0, view),
            Overwrite(self.team, False, view, 0),
            Overwrite(bot_role, False, view, 0),
        )
        for name in ("general", "support", "daily-summary"):
            self.channels[name] = world.add_channel(self.guild_id, name)
        self.channels["staff"] = world.add_channel(self.guild_id, "staff", overwrites=self.closed)

    async def look(self):
        """What the gateway would have told the roster by now."""
        bot_id = self.world.bot.id
        raw = render.gateway_guild(self.world, self.world.guild(self.guild_id), joining=True)
        member = render.member(self.world, self.world.member(self.guild_id, bot_id))
        await self.desk.roster.put_guild(
            payloads.guild(raw, bot_id), payloads.member(member, self.guild_id)
        )

    async def talk(self):
        """Sixteen messages in each channel, a minute apart, kept as the intake would."""
        for place, texts in TALK.items():
            people = (self.mara, self.tiff, self.mara if place == "staff" else self.jonas)
            for number in range(16):
                self.clock.now += timedelta(minutes=1)
                author, text = people[number % 3], texts[number % 4]
                again = "" if number < 4 else " As I said before."
                self.world.say(author, self.channels[place], text + again)
        await self.listen()

    async def listen(self):
        for channel_id in self.channels.values():
            raws = self.world.messages(channel_id)
            await self.store.messages.apply([payloads.message(raw, self.guild_id) for raw in raws])

    async def ask(self, who, command, options=None, place="general"):
        """What somebody sees of the bot's answer."""
        answer = await self.world.command(who, self.channels[place], command, options)
        return await in_the_end(answer)

    def amender(self):
        """What edits answers, as it is after a start."""
        store, desk = self.store, self.desk
        delivery = Delivery(
            self.line,
            store.ledger,
            desk.roster,
            facts=store.facts,
            incidents=store.incidents,
            clock=self.clock,
        )
        return Amender(
            store,
            desk.roster,
            delivery,
            Rechecker(store),
            store.incidents,
            answers=desk.answers,
            is_connected=lambda: True,
            clock=self.clock,
            steady=lambda: self.seconds,
        )

    async def amend(self):
        """Let it look twice, some seconds apart."""
        amender = self.amender()
        await amender.look()
        self.seconds += 3
        await amender.look()

    async def offered(self, who, command, option, typed):
        """The choices that somebody is offered while they type."""
        found = await self.world.complete(who, self.channels["general"], command, option, typed)
        return [one["value"] for one in found]


async def nothing_due(entry):
    return PostOutcome(closed="silent")


@asynccontextmanager
async def open_town(
    folder: Path, found: Callable[[Town], None] = Town.build
) -> AsyncIterator[Town]:
    """A town as it is founded, with the bot in it, which keeps what it needs in a folder."""
    clock = Hand(NOW)
    timer, model = Hand(1000.0), Model()
    world = World(clock, timer=timer)
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    async with (
        Server(world, limited=False) as server,
        Store.open(folder / "guildwatch.db", clock=clock) as store,
    ):
        roster = Roster(store, clock=clock)
        digester = Digester(model, cache=None, clock=clock)
        behind: set[int] = set()
        line = Line()
        charts = Charts([sys.executable, "-I", "-S", "-c", PNG], cache=folder / "cache")
        feed = Pulse(lambda _: "Europe/Berlin", clock=clock)
        archive = Archive(
            folder / "archive", store, tombstones=folder / "tombstones.txt", clock=clock
        )
        desk = Desk(
            store=store,
            roster=roster,
            writer=ReportWriter(store, digester, clock=clock),
            charts=charts,
            runner=Runner(
                store,
                roster,
                time=time(),
                zone="Europe/Berlin",
                write=nothing_due,
                post=nothing_due,
                clock=clock,
            ),
            time=time(),
            zone="Europe/Berlin",
            keep=KeepRules(30, {}),
            is_behind=lambda _, channel_ids: not behind.isdisjoint(channel_ids),
            answers=PublicAnswers(line, store, charts),
            access=Access(
                store.gates,
                Allowance(lambda id_: Limits().lowered_by(roster.settings(id_)), clock=clock),
            ),
            forgetter=Forgetter(store, archive, feed.forget, patience=0),
            disclosure=Disclosure("gemma3:27b", "", archives=False, backup_days=30, left_days=30),
            clock=clock,
        )
        town = Town(world, clock, timer, model, store, desk, behind, line, server.faults)
        found(town)
        await town.look()
        bot = hikari.GatewayBot(
            world.token,
            banner=None,
            logs=None,
            suppress_optimization_warning=True,
            rest_url=server.url,
            intents=hikari.Intents.GUILDS,
        )
        client = lightbulb.client_from_app(bot)
        await install(client, desk)
        town.client = client
        await bot.start(check_for_updates=False)
        await client.start()
        reader = raw_client(bot, world.token, server.url)
        poster = poster_client(bot, world.token, server.url)
        reader.start()
        poster.start()
        line.open(bot.rest, reader=reader, poster=poster)
        try:
            yield town
        finally:
            await reader.close()
            await poster.close()
            await client.stop()
            await bot.close()


@pytest.fixture
async def empty_town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path) as town:
        yield town


@pytest.fixture
async def town(empty_town: Town) -> Town:
    await empty_town.talk()
    return empty_town
