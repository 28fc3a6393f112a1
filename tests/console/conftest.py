"""The console over real parts: a store on disk, a small community, a clock that is set."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget

from guildwatch.audience import Permissions
from guildwatch.capture import BackfillProgress, Intake, Pulse, Roster
from guildwatch.config import load
from guildwatch.console import Console, View
from guildwatch.console.places import Places
from guildwatch.digest import Digester
from guildwatch.language import Completion, Priority
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Deletion,
    Guild,
    Incident,
    LedgerEntry,
    Member,
    Message,
    MessageEdit,
    Overwrite,
    Progress,
    Role,
    first_id_at,
)
from guildwatch.mood import Vader
from guildwatch.report import ReportWriter, day_period
from guildwatch.schedule import PostOutcome, Runner
from guildwatch.store import Store

NOON = datetime(2026, 11, 21, 12, 4, tzinfo=UTC)
FORGE, OWLS, BOT = 1000, 2000, 9
GENERAL, SUPPORT, STAFF, UMLAUT, PERCH = 1101, 1102, 1103, 1104, 2101
EVERYBODY = int(Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY)
PEOPLE = ("Mara", "jonas", "Tiff", "Kenji")


vader = cache(Vader)  # its lexicons take half a second to read


def forge() -> Guild:
    hidden = (Overwrite(FORGE, is_member=False, allow=0, deny=int(Permissions.VIEW_CHANNEL)),)
    channels = (
        Channel(1100, FORGE, "Community", ChannelKind.CATEGORY),
        Channel(GENERAL, FORGE, "general", ChannelKind.TEXT, 1100, 0),
        Channel(SUPPORT, FORGE, "support", ChannelKind.TEXT, 1100, 1),
        Channel(UMLAUT, FORGE, "The umlaut", ChannelKind.PUBLIC_THREAD, SUPPORT),
        Channel(1105, FORGE, "Team", ChannelKind.CATEGORY, position=1),
        Channel(STAFF, FORGE, "staff", ChannelKind.TEXT, 1105, 2, overwrites=hidden),
    )
    return Guild(FORGE, "Pixel Forge", BOT, (Role(FORGE, "@everyone", EVERYBODY),), channels)


def owls() -> Guild:
    channels = (Channel(PERCH, OWLS, "perch", ChannelKind.TEXT),)
    return Guild(OWLS, "Night Owls", BOT, (Role(OWLS, "@everyone", EVERYBODY),), channels)


@dataclass
class Discord:
    """How it stands with Discord, and with the reading of history."""

    connected_since: datetime | None = NOON - timedelta(hours=5)
    trouble: str = ""
    progress: BackfillProgress = field(default_factory=lambda: BackfillProgress(0, 0, None, ""))
    going_on: list[Incident] = field(default_factory=list)
    doing: Progress | None = None
    pending: int = 0


@dataclass
class Model:
    """A language model that writes a piece whenever the test lets it."""

    name: str = "gemma3:27b"
    context: int = 8192
    trouble: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    pieces: asyncio.Queue[str | Exception] = field(default_factory=asyncio.Queue)

    def fits(self, text: str) -> int:
        return len(text) // 4 + 1

    async def complete(self, prompt: Any, *, priority: Priority, on_text: Any = None) -> Completion:
        text = ""
        while (piece := await self.pieces.get()) != "":
            if isinstance(piece, Exception):
                raise piece
            text += piece
            on_text(text)
        return Completion(text, self.answer, 10, 10, 0.5)


class Scene:
    """One data folder, the parts on it, and what happens in its guilds."""

    forge = staticmethod(forge)
    owls = staticmethod(owls)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON
        self.discord = Discord()
        self.model: Model | None = None
        self.environ: dict[str, str] = {}
        self.guilds = [forge()]
        self.view: View
        self._serial = 0

    @asynccontextmanager
    async def parts(self) -> AsyncIterator["Scene"]:
        """The parts, with the guilds in them; Intake and Runner do what the test asks."""
        zone_of: Callable[[int], str] = lambda _guild: "UTC"  # noqa: E731 - a stand-in is enough
        async with Store.open(self.folder / "guildwatch.db", clock=self.clock) as store:
            roster = Roster(store, clock=self.clock)
            for guild in self.guilds:
                await roster.put_guild(guild, Member(guild.id, BOT, "Watcher"))
            pulse = Pulse(zone_of, clock=self.clock)
            await pulse.load(store, [guild.id for guild in self.guilds])
            self.view = View(
                config=load(self.folder / "config.toml", self._config()),
                config_file=self.folder / "config.toml",
                environ=self.environ,
                log_file=self.folder / "guildwatch.log",
                store=store,
                roster=roster,
                pulse=pulse,
                intake=Intake(store, vader(), pulse),
                backfill=self.discord,
                ahead=self.discord,
                writer=ReportWriter(store, Digester(self.model, cache=None), clock=self.clock),
                runner=self._runner(store, roster),
                connection=self.discord,
                model=self.model,
                incidents=self.discord,
                clock=self.clock,
            )
            yield self

    def write_config(self, text: str) -> None:
        """What the operator's file says."""
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def _config(self) -> dict[str, str]:
        return {"GUILDWATCH_REPORT__ZONE": "UTC"} | self.environ

    def _runner(self, store: Store, roster: Roster) -> Runner:
        async def write(_entry: LedgerEntry) -> int | None:
            return None

        async def post(_entry: LedgerEntry) -> PostOutcome:
            return PostOutcome()

        return Runner(
            store, roster, time=time(0), zone="UTC", write=write, post=post, clock=self.clock
        )

    def clock(self) -> datetime:
        return self.now

    def message(
        self, text: str, channel: int = GENERAL, who: str = "Mara", ago: float = 0, **fields: Any
    ) -> Message:
        """Something said so many minutes ago."""
        self._serial += 1
        moment = self.now - timedelta(minutes=ago)
        guild_id = OWLS if channel == PERCH else FORGE
        author = Author(100 + PEOPLE.index(who) if who in PEOPLE else 200 + self._serial, who)
        fields = {"author": author} | fields
        return Message(first_id_at(moment) + self._serial, guild_id, channel, text=text, **fields)

    async def say(
        self, text: str, channel: int = GENERAL, who: str = "Mara", **how: Any
    ) -> Message:
        """Something is said: it goes the whole road into store and pulse."""
        message = self.message(text, channel, who, **how)
        await self.happen(message)
        return message

    async def happen(self, *events: Message | MessageEdit | Deletion) -> None:
        for event in events:
            self.view.intake.offer(event)
        await self.view.intake.drain()

    async def day(self) -> list[Message]:
        """A morning with a bug, a decision and good humour, after a week of ups and downs."""
        moods = ("wonderful, I love it", "this is horrible and sad", "an ordinary day", "great!")
        past = [
            self.message(moods[back % 4], who=PEOPLE[back % 4], ago=back * 1440.0)
            for back in range(12, 0, -1)
        ]
        said = [
            ("good morning everyone", GENERAL, "Tiff", 183),
            ("My saves vanish when the map's name has an umlaut, any idea?", SUPPORT, "jonas", 130),
            ("Found it: the editor encodes the save path as latin-1.", SUPPORT, "Mara", 121),
            (
                "We decided: release 2.4 moves to Tuesday, the save path is fixed first.",
                UMLAUT,
                "Mara",
                90,
            ),
            ("Great, saves with an umlaut work now in your build, thank you!", UMLAUT, "jonas", 61),
            ("one new account, two odd posts, I removed both", STAFF, "Kenji", 40),
            ("the lighthouse theme leads, 22 votes 🗼", GENERAL, "Tiff", 12),
            ("I am sad that leftovers lost", GENERAL, "Kenji", 3),
        ]
        today = [self.message(text, at, who, ago) for text, at, who, ago in said]
        await self.happen(*past, *today)
        return today

    async def keep_report(self, days_ago: int, guild: Guild | None = None) -> int:
        """Writes and stores the report of a day, as the schedule would."""
        date = (self.now - timedelta(days=days_ago)).date()
        report = await ReportWriter(
            self.view.store, Digester(None, cache=None), clock=self.clock
        ).write(
            guild or self.guilds[0],
            day_period(date, "UTC"),
            source_ids=None,
            priority=Priority.SCHEDULED,
        )
        return await self.view.store.reports.save(report)

    @asynccontextmanager
    async def console(self, width: int = 120, height: int = 36) -> AsyncIterator["Terminal"]:
        """The real console on these parts, in a terminal of that size."""
        app = Console(self.view)
        app.animation_level = "none"
        async with app.run_test(size=(width, height), notifications=True) as pilot:
            terminal = Terminal(pilot, width)
            places = app.screen.query_one(Places)
            await terminal.until(lambda: places.cursor_node or not self.guilds)
            yield terminal
        assert app._exception is None
        assert app.return_code in (0, None)


class Terminal:
    """What the operator sees and types."""

    def __init__(self, pilot: Pilot[int], width: int) -> None:
        self.pilot = pilot
        self.app = pilot.app
        self._width = width

    async def press(self, *keys: str) -> None:
        """Types these keys; unlike the pilot's own it waits for the screen, not for an idle CPU."""
        for key in keys:
            name, char = (_character_to_key(key), key) if len(key) == 1 else (key, None)
            self.app.post_message(Key(name, char))
            await self.pilot.pause(0)
            await self.until(lambda: self.app.screen.size and self.app.screen._compositor.size)

    async def paste(self, text: str) -> None:
        """Puts a text where the cursor is; typing it takes a tenth of a second a key."""
        assert self.app.focused is not None
        self.app.focused.post_message(Paste(text))
        await self.pilot.pause(0)

    async def click(self, words: str) -> None:
        """Clicks on the first place where this can be read."""
        row = next(at for at, row in enumerate(self.rows) if words in row)
        column = cell_len(self.rows[row].partition(words)[0])
        await self.pilot.click(offset=(column, row))

    async def focus(self, widget: Widget) -> None:
        """Puts the cursor there, as a click would."""
        widget.focus()
        await self.until(lambda: self.app.focused is widget)

    async def resize(self, width: int, height: int) -> None:
        self._width = width
        await self.pilot.resize_terminal(width, height)
        await self.until(
            lambda: all(
                strip.cell_length == width for strip in self.app.screen._compositor.render_strips()
            )
        )

    async def shows(self, *words: str) -> None:
        """Waits until all of this can be read on the screen."""
        await self.until(lambda: all(word in self.text for word in words), lambda: self.text)

    async def hides(self, *words: str) -> None:
        """Waits until none of this can be read on the screen any more."""
        await self.until(lambda: not any(word in self.text for word in words), lambda: self.text)

    async def until(
        self, holds: Callable[[], object], told: Callable[[], str] = lambda: "it never happened"
    ) -> None:
        try:
            async with asyncio.timeout(60):
                while not holds():  # a screen tells nobody that it was drawn
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pytest.fail(told(), pytrace=False)

    @property
    def rows(self) -> list[str]:
        """The lines of the screen; every one fills it exactly, or the terminal would be torn."""
        strips = self.app.screen._compositor.render_strips()
        assert {strip.cell_length for strip in strips} <= {self._width}
        return [strip.text for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    def row_with(self, words: str) -> str:
        return next(row for row in self.rows if words in row)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)
