"""Days of chat, made up or out of exports, moved to one date, and a day's course with a model."""

import json
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from guildwatch.digest import Digester
from guildwatch.language import Ollama, Priority
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Guild,
    LedgerEntry,
    LedgerState,
    Message,
    MessageEdit,
    Period,
    PeriodKind,
    Progress,
    Report,
    Role,
    created_at,
    first_id_at,
)
from guildwatch.report import Ahead, ReportWriter
from guildwatch.store import Store
from support.scripted_ollama import NAME

START = datetime(2026, 11, 21, tzinfo=UTC)
DAY = Period(PeriodKind.DAY, START, START + timedelta(days=1), "UTC")
GUILD = 1000
_NOUNS = """
editor save umlaut build release crash driver texture shader server login theme music font level
boss quest market trade wiki plugin socket thread cache index query backup branch merge
""".split()  # noqa: SIM905 - easier to read
_VERBS = ["breaks", "loads", "vanishes", "freezes", "compiles", "renders", "connects", "resets"]


@dataclass(frozen=True)
class Talk:
    """A guild, and what was said in it on the day, oldest first."""

    guild: Guild
    messages: list[Message]


def made_up(count: int, *, channels: int = 6, people: int = 40, seed: int = 7) -> Talk:
    """So many messages: conversations of a few people each, side by side, with some chatter."""
    dice = random.Random(seed)
    names = [f"{dice.choice(_NOUNS)}{number}" for number in range(people)]
    said: list[tuple[float, int, int, str]] = []
    while len(said) < count:
        at = dice.uniform(600, 85_000)
        channel = 1 + dice.randrange(channels)
        cast = dice.sample(range(people), dice.randint(2, 4))
        subject = dice.sample(_NOUNS, 3)
        for number in range(min(dice.randint(2, 14), count - len(said))):
            at += dice.expovariate(1 / 70)
            who = cast[number % len(cast)]
            said.append((min(at, 86_390), channel, who, _sentence(dice, subject, number)))
    said.sort()
    messages = [
        Message(
            first_id_at(START + timedelta(seconds=at)) + number % 4096,
            GUILD,
            channel,
            Author(100 + who, names[who]),
            text,
        )
        for number, (at, channel, who, text) in enumerate(said)
    ]
    return Talk(_guild({one + 1: f"channel-{one + 1}" for one in range(channels)}), messages)


def _sentence(dice: random.Random, subject: Sequence[str], number: int) -> str:
    one, other = dice.sample(subject, 2)
    if number == 0:
        return f"Does anybody know why the {one} {dice.choice(_VERBS)} after the {other} update?"
    if dice.random() < 0.25:
        return dice.choice(("thanks", "yes", "hm, no idea", "same here", "lol"))
    return (
        f"I think the {one} {dice.choice(_VERBS)} because the {other} is version "
        f"{dice.randint(1, 9)}.{dice.randint(0, 20)}, try the {dice.choice(_NOUNS)} instead"
    )


def exported(folder: Path) -> Talk:
    """The exports in a folder, each moved so that its first message is early on the day."""
    messages, channels = [], {}
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        channel = int(document["channel"]["id"])
        channels[channel] = document["channel"]["name"]
        raws = document["messages"]
        moved = START + timedelta(seconds=60) - created_at(int(raws[0]["id"]))
        ids = {
            int(raw["id"]): first_id_at(created_at(int(raw["id"])) + moved) + int(raw["id"]) % 4096
            for raw in raws
        }
        for raw in raws:
            author = Author(int(raw["author"]["id"]), raw["author"]["name"], raw["author"]["isBot"])
            target = raw.get("reference", {}).get("messageId")
            messages.append(
                Message(
                    ids[int(raw["id"])],
                    GUILD,
                    channel,
                    author,
                    raw["content"],
                    reply_to=ids.get(int(target)) if target else None,
                )
            )
    messages.sort(key=lambda message: message.id)
    of_day = [one for one in messages if one.created_at < DAY.end]
    return Talk(_guild(channels), of_day)


def _guild(channels: dict[int, str]) -> Guild:
    return Guild(
        GUILD,
        "Pixel Forge",
        owner_id=1,
        roles=(Role(GUILD, "@everyone", 0),),
        channels=tuple(
            Channel(id_, GUILD, name, ChannelKind.TEXT) for id_, name in channels.items()
        ),
    )


@dataclass(frozen=True)
class Gap:
    """Nothing that is said from `start` on comes before `end`; only of these channels, if named."""

    start: datetime
    end: datetime
    channel_ids: frozenset[int] | None = None

    def holds(self, message: Message, now: datetime) -> bool:
        """Whether a message has not come yet."""
        is_here = self.channel_ids is None or message.channel_id in self.channel_ids
        return is_here and self.start <= message.created_at < self.end and now < self.end


class Course:
    """The day as it goes by: the clock, the store, the model, and what digests ahead.

    `gap` is a while in which nothing is heard; at the moments `edits` somebody changes a message of
    which something was told.
    """

    def __init__(self, talk: Talk, store: Store, model: Ollama | None) -> None:
        self.talk = talk
        self.store = store
        self.now = START
        digester = Digester(model, cache=store.conversations, homes=store.homes, costs=store.costs)
        self.writer = ReportWriter(store, digester, clock=lambda: self.now)
        self.ahead = Ahead(
            store,
            digester,
            self.writer,
            self,
            sources=self._sources,
            next_due=lambda _guild: DAY.end,
            clock=lambda: self.now,
        )
        self.gap: Gap | None = None
        self.edits: list[datetime] = []
        self.edited: list[int] = []
        self._said = 0
        self._held: list[Message] = []

    def guilds(self) -> list[Guild]:
        return [self.talk.guild]

    async def _sources(self, guild: Guild) -> frozenset[int]:
        return frozenset(channel.id for channel in guild.channels)

    async def begin(self) -> None:
        """Make the guild known, and that its reports are owed from the day's start on."""
        await self.store.guilds.save(self.talk.guild)
        before = replace(DAY, start=START - timedelta(days=1), end=START)
        await self.store.ledger.add(LedgerEntry(GUILD, before, LedgerState.CLOSED, "before"))

    async def go_on(self) -> None:
        """Begin where a store ends that was left in the middle of the day."""
        (last,) = await self.store.messages.latest(limit=1)
        self._said = sum(message.id <= last.id for message in self.talk.messages)
        self.now = last.created_at

    async def until(self, moment: time | None, *, step: timedelta = timedelta(minutes=1)) -> None:
        """Let it go by to a time of day, None for its end; each `step` somebody looks."""
        end = DAY.end if moment is None else datetime.combine(START.date(), moment, UTC)
        while self.now < end:
            self.now = min(end, self.now + step)
            if self.now < DAY.end:
                await self._store_said()
                await self._edit()
                await self.ahead.look()
        await self._store_said()

    async def _store_said(self) -> None:
        first = self._said
        messages = self.talk.messages
        while self._said < len(messages) and messages[self._said].created_at <= self.now:
            self._said += 1
        come = [*self._held, *messages[first : self._said]]
        gap = self.gap
        is_held = [gap is not None and gap.holds(one, self.now) for one in come]
        self._held = [one for one, held in zip(come, is_held, strict=True) if held]
        come = [one for one, held in zip(come, is_held, strict=True) if not held]
        for start in range(0, len(come), 500):
            await self.store.messages.apply(come[start : start + 500])

    async def _edit(self) -> None:
        while self.edits and self.edits[0] <= self.now:
            at = self.edits.pop(0)
            kept = await self.store.conversations.resting_on(0, 1 << 62)
            told = sorted({id_ for ids in kept.values() for id_ in ids})
            if not told:
                return
            await self.edit(random.Random(at.timestamp()).choice(told))

    async def edit(self, id_: int) -> None:
        """Somebody adds some words to a message."""
        one = (await self.store.messages.by_ids([id_]))[id_]
        text = f"{one.text}, or try the wiki of version {len(self.edited)}.5"
        edit = MessageEdit(id_, one.guild_id, one.channel_id, text, self.now)
        self.edited.append(id_)
        await self.store.messages.apply([edit])

    async def report(
        self,
        priority: Priority = Priority.SCHEDULED,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """The report of the whole day."""
        return await self.writer.write(
            self.talk.guild,
            DAY,
            source_ids=await self._sources(self.talk.guild),
            priority=priority,
            on_progress=on_progress,
        )


@asynccontextmanager
async def course(talk: Talk, folder: Path, url: str | None) -> AsyncIterator[Course]:
    """The day on a store in a folder, with the model at a URL."""
    async with Store.open(folder / "guildwatch.db", clock=lambda: START) as store:
        if url is None:
            yield await _begun(Course(talk, store, None))
            return
        async with Ollama(url, NAME, 8192, "10m", measured=store.calibration) as model:
            yield await _begun(Course(talk, store, model))


async def _begun(course: Course) -> Course:
    await course.begin()
    return course
