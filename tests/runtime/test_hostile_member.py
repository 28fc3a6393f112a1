"""A member who tries everything lives in a community for a day; the others notice nothing."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from guildwatch.config import Paths, load
from guildwatch.model import utc_now
from guildwatch.runtime.assembly import assemble
from guildwatch.runtime.log import logging_to
from guildwatch.runtime.parts import Pace
from guildwatch.runtime.running import running
from guildwatch.sandbox import SandboxClock, Server, World
from guildwatch.sandbox.events import Intent
from support.asking import in_the_end
from support.inertness import alive, unseen
from support.program import guildwatch
from support.walls import payloads

TALK = (
    ("ada", "the map editor loses saves when the name has an umlaut, any idea?"),
    ("bo", "the umlaut breaks the save path, the editor encodes it as latin-1"),
    ("ada", "great, with your build the map editor saves again, thank you!"),
    ("bo", "we decided: release 2.4 moves to Tuesday, the save path is fixed first"),
    ("cy", "which licence do we take for the sound pack?"),
    ("ada", "release on Tuesday is fine for me, I test the map editor tonight"),
    ("cy", "the texture loader crashes on Windows when the driver is older than March"),
    ("bo", "which driver is it? the texture loader wants at least version 31"),
    ("cy", "version 30, so that is why the texture loader crashes"),
    ("bo", "then the loader should say so instead of crashing, I write that check"),
    ("cy", "thank you, the check helps: it tells me to update the driver now"),
    ("ada", "the theme vote for the game jam ends tonight, the lighthouse leads"),
    ("bo", "I voted for the lighthouse theme too, it fits the game jam"),
    ("cy", "leftovers was a nice theme, a pity that it lost the vote"),
    ("ada", "the vote is closed: lighthouse is the theme of the game jam"),
    ("bo", "good, I announce the game jam's theme tomorrow morning"),
)
NAMES = (
    "[bold red]@everyone[/] <@&1> [x](http://e.example)",
    "\x1b]0;owned\x07\x1b[31m\x9b2J",
    "\u202e\u2067evil\u2069 a\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "=cmd|' /C calc'!A0\nMara: I am sad",
    "😂" * 32,
)


@dataclass(frozen=True)
class Lived:
    """What the others got, without ids and times, and all that the bot has posted."""

    answers: list[str]
    posted: list[dict[str, object]]
    sent: list[dict[str, object]]
    terminal: str
    log: str


class Neighbourhood:
    """Two guilds with the same talk; in the first one there may be somebody more."""

    def __init__(self, server: Server) -> None:
        self.server, self.world = server, server.world
        self.people = {name: self.world.add_user(name) for name in ("ada", "bo", "cy", "evil")}
        self.guilds = [self._found(name) for name in ("Lighthouse", "Owls")]
        self.rooms = {
            (guild, name): self.world.add_channel(guild, name)
            for guild in self.guilds
            for name in ("support", "corner", "daily-summary")
        }
        for guild in self.guilds:
            self.world.invite_bot(guild)

    def _found(self, name: str) -> int:
        guild = self.world.add_guild(name, owner=self.people["ada"])
        for other in ("bo", "cy"):
            self.world.add_member(guild, self.people[other])
        return guild

    def talk(self) -> None:
        for guild in self.guilds:
            for name, text in TALK:
                self.world.say(self.people[name], self.rooms[guild, "support"], text)

    def mischief(self) -> int:
        """All walls and all names; how many messages."""
        world, evil, guild = self.world, self.people["evil"], self.guilds[0]
        corner = self.rooms[guild, "corner"]
        world.add_member(guild, evil)
        for name in NAMES:
            world.rename_member(guild, evil, name[:32])
            world.open_thread(evil, corner, name[:100])
            world.add_role(guild, name[:100])
        walls = payloads()
        for raw in walls.values():
            raw |= {"id": str(world.ids.next()), "channel_id": str(corner), "guild_id": str(guild)}
            raw["author"] = {"id": str(evil), "username": NAMES[0], **raw["author"]}
            world.publish("MESSAGE_CREATE", raw, Intent.GUILD_MESSAGES)
        world.publish("MESSAGE_CREATE", {"content": NAMES[1]}, Intent.GUILD_MESSAGES)
        return len(walls)


@asynccontextmanager
async def neighbourhood() -> AsyncIterator[Neighbourhood]:
    world = World(SandboxClock())
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    async with Server(world) as server:
        yield Neighbourhood(server)


async def lived(folder: Path, *, hostile: bool) -> Lived:
    async with neighbourhood() as place:
        paths = Paths.choose(config_file=folder / "c.toml", data_dir=folder / "data", environ={})
        paths.prepare()
        environ = {
            "GUILDWATCH_DISCORD__TOKEN": place.server.token,
            "GUILDWATCH_DISCORD__API_URL": place.server.url,
            "GUILDWATCH_REPORT__ZONE": "UTC",
        }
        config = load(paths.config_file, environ)
        with logging_to(paths.log_dir, "DEBUG", echo=False) as log:
            async with (
                assemble(
                    config, paths, clock=utc_now, pace=Pace(tick=0.05, history=0.0),
                    with_model=False,
                ) as parts,
                running(parts),
            ):  # fmt: skip
                await _until(lambda: parts.connection.connected_since is not None)
                await _until(lambda: len(parts.roster.joined()) == 2)
                more = place.mischief() if hostile else 0
                day = utc_now().date()  # which may end meanwhile
                place.talk()
                wanted = 2 * len(TALK) + more
                await _until(lambda: len(parts.pulse.recent) >= wanted)
                await _until(lambda: not parts.backfill.is_behind(place.guilds[0]))
                answers = [await _asked(place, guild) for guild in place.guilds]
                if hostile:
                    await _asked(place, place.guilds[0], "corner")
            posted = [
                message
                for (_, name), room in place.rooms.items()
                if name != "daily-summary"
                for message in place.world.messages(room)
                if message["author"].get("bot")
            ]
            terminal = await _read(folder, paths, day)
        return Lived(answers, posted, list(_sent(place.world)), terminal, log.read_text())


def _sent(world: World) -> Iterator[dict[str, object]]:
    """Every message that the bot has sent or edited, as it was asked for."""
    for entry in world.log:
        body = entry.body if isinstance(entry.body, dict) else {}
        message = body.get("data") or body
        if isinstance(message, dict) and message.keys() & {"content", "embeds"}:
            yield message


async def _asked(place: Neighbourhood, guild: int, room: str = "support") -> str:
    channel = place.rooms[guild, room]
    answer = await place.world.command(
        place.people["ada"],
        channel,
        "summary now",
        {"public": True, "channel": channel},
        timeout=60,
    )
    await in_the_end(answer)
    return re.sub(r"\d{6,}|\d\d:\d\d", "#", answer.text)


async def _read(folder: Path, paths: Paths, day: date) -> str:
    """What the command line says of the guild with that member in it."""
    variables = {"GUILDWATCH_DATA_DIR": str(paths.data_dir), "GUILDWATCH_REPORT__ZONE": "UTC"}
    told = []
    for words in (
        ["report", "--guild", "Lighthouse", "--date", f"{day}"],
        ["search", "--guild", "Lighthouse", "the"],
        ["search", "--guild", "Lighthouse", "evil"],
        ["search", "--guild", "\x1b[31m\u202e"],
        ["status"],
        ["export", "--guild", "Lighthouse", "--out", str(folder / "out")],
    ):
        ended = await guildwatch(*words, **variables)
        told.append(ended.out + ended.err)
    return "\n".join(told)


async def _until(holds: object) -> None:
    async with asyncio.timeout(60):
        while not holds():  # the parts tell nobody
            await asyncio.sleep(0.02)


@pytest.mark.long
async def test_the_others_get_what_they_would_have_got_without_that_member(tmp_path: Path) -> None:
    without = await lived(tmp_path / "without", hostile=False)
    with_ = await lived(tmp_path / "with", hostile=True)

    assert "umlaut" in without.answers[0]
    assert with_.answers == without.answers
    assert len(with_.posted) == len(without.posted) + 1  # what was asked of the corner itself
    for message in with_.posted:
        assert message["mentions"] == []
        assert message["mention_everyone"] is False
        assert message.get("mention_roles", []) == []
        for text in _texts(message) if message["embeds"] else ():  # the welcome's markup is ours
            assert list(alive(text, links=["https://e.example/" + "a" * 60])) == []
    assert len(with_.sent) >= len(with_.posted)
    for message in with_.sent:
        allowed = message.get("allowed_mentions")
        assert isinstance(allowed, dict), message
        assert not any(allowed.get(kind) for kind in ("parse", "users", "roles")), message
    assert "umlaut" in with_.terminal
    assert list(unseen(with_.terminal)) == []
    assert list(unseen(with_.log.replace("\t", " "))) == []
    assert not re.search(r"^Mara: ", with_.log, re.MULTILINE)


def _texts(message: dict[str, object]) -> list[str]:
    embeds = message["embeds"]
    assert isinstance(embeds, list)
    words = [str(message["content"])]
    for embed in embeds:
        words += [embed.get("title", ""), embed.get("description", "")]
        words.append(embed.get("footer", {}).get("text", ""))
    return words
