"""A report is what it would be if the channels that its readers cannot read had never existed.

Random guilds, random talk of several days, random options, the real writer, every rendering: the
same guild is told of twice, once with all its channels and once without those outside of its
allowed sources, and the two must agree to the byte.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from guildwatch.audience import sources_for_channel_post, sources_for_member
from guildwatch.digest import Digester
from guildwatch.language import Priority
from guildwatch.model import (
    Author,
    Channel,
    Deletion,
    EngineUse,
    Guild,
    GuildSettings,
    Member,
    Message,
    Period,
    PeriodKind,
    Report,
    first_id_at,
)
from guildwatch.report import ReportWriter, to_json, to_markdown, to_post, to_text
from guildwatch.report.as_html import to_html
from guildwatch.report.narrowing import Narrower
from guildwatch.store import Store
from support.random_guilds import GUILD, PEOPLE, random_guild

START = datetime(2026, 11, 16, tzinfo=UTC)
DAYS = 3
SUBJECTS = ("map editor", "release", "tournament", "soundtrack", "shader", "login", "quest")
NAMES = ("Mara", "jonas", "Tiff", "Bo", "Sascha", "Yuki")
INSIDER = Author(106, "Petra")
LINES = (
    "Does anybody know why the {a} breaks after the {b} update?",
    "I think the {a} breaks because {b} {n} came out, try the older one",
    "We decided to move the {a} to {b} week {n}, everybody agreed on that",
    "The {a} build is at https://example.org/{n}/{a}, please test the {b}",
    "No idea about the {a}, but {b} works for me since version {n}",
    "That is wonderful, the {a} is the best thing since {b} {n}!",
    "This {a} is horrible, {b} crashed {n} times and I hate it",
    "The {a} crash is answered: it was the {b} driver, version {n} fixes it",
    "@Mara can you look at the {a}, the {b} is broken since {n}, and @Petra too?",
    "Thanks Yuki, the {a} was the reason, Petra saw the same with the {b} {n}",
)


class World:
    """A guild in a store, and its reports."""

    def __init__(
        self, store: Store, guild: Guild, said: list[Message], chosen: GuildSettings | None = None
    ) -> None:
        self.store, self.guild, self.said = store, guild, said
        self.chosen = chosen or GuildSettings(GUILD)
        self.writer = ReportWriter(store, Digester(None, cache=None), clock=self._now)

    def _now(self) -> datetime:
        return START + timedelta(days=DAYS)

    async def begin(self, gone: list[Message]) -> None:
        await self.store.guilds.save(self.guild)
        await self.store.settings.save(self.chosen)
        await self.store.messages.apply(self.said)
        for one in gone:
            await self.store.messages.apply([Deletion(GUILD, one.channel_id, (one.id,))])

    async def day(self, number: int, sources: frozenset[int]) -> Report:
        return await self._told(_day(number), sources, PeriodKind.DAY)

    async def week(self, sources: frozenset[int]) -> Report:
        whole = Period(PeriodKind.WEEK, START, START + timedelta(days=DAYS), "Europe/Berlin")
        return await self._told(whole, sources, PeriodKind.WEEK)

    async def _told(self, period: Period, sources: frozenset[int], kind: PeriodKind) -> Report:
        write = self.writer.write if kind is PeriodKind.DAY else self.writer.roll_up
        report = await write(self.guild, period, source_ids=sources, priority=Priority.SCHEDULED)
        await self.writer.keep(report)
        return report


def _day(number: int) -> Period:
    start = START + timedelta(days=number)
    return Period(PeriodKind.DAY, start, start + timedelta(days=1), "Europe/Berlin")


def talk(guild: Guild, dice: Random, allowed: frozenset[int] = frozenset()) -> list[Message]:
    """What is said in all the channels and threads; the insider writes in hidden ones alone."""
    places = [one for one in guild.channels if one.kind.has_messages and one.guild_id == guild.id]
    if not places:
        return []
    said: list[Message] = []
    for number in range(dice.randint(30, 160)):
        place = dice.choice(places)
        at = START + timedelta(seconds=dice.uniform(0, DAYS * 86_400))
        who = dice.randrange(len(NAMES))
        author = Author(100 + who, NAMES[who], is_bot=dice.random() < 0.05)
        if place.id not in allowed and dice.random() < 0.3:
            author = INSIDER
        a, b = dice.sample(SUBJECTS, 2)
        text = dice.choice(LINES).format(a=a, b=b, n=dice.randint(2, 40))
        if dice.random() < 0.1:
            text += f" <#{dice.choice(places).id}>"
        here = [one for one in said if one.channel_id == place.id]
        reply = dice.choice(here).id if here and dice.random() < 0.4 else None
        said.append(
            Message(
                first_id_at(at) + number,
                GUILD,
                place.id,
                author,
                text,
                reply_to=reply,
                reactions=dice.randint(0, 4),
                score=round(dice.uniform(-1, 1), 3) if dice.random() < 0.8 else None,
            )
        )
    return sorted(said, key=lambda one: one.id)


def without(guild: Guild, allowed: frozenset[int], target: Channel | None) -> Guild:
    kept = allowed | ({target.id} if target is not None else frozenset())
    parents = {one.parent_id for one in guild.channels if one.id in allowed and one.kind.is_thread}
    kept = frozenset(kept | (parents & allowed))
    return replace(guild, channels=tuple(one for one in guild.channels if one.id in kept))


def rendered(report: Report) -> dict[str, object]:
    """Everything that anybody may come to see of it, less how long it took."""
    engine = report.digest.engine
    plain = replace(
        report, digest=replace(report.digest, engine=EngineUse(engine.name, engine.model))
    )
    return {
        "post": to_post(plain, zone="Europe/Berlin"),
        "text": to_text(plain),
        "markdown": to_markdown(plain),
        "json": json.loads(to_json(plain)),
        "html": to_html(plain),
        "report": plain,
    }


def whom(guild: Guild, dice: Random) -> tuple[frozenset[int], Channel | None]:
    """The readers of a post, or one member who asks; what they may be told."""
    if dice.random() < 0.6:
        target = dice.choice(guild.channels)
        return sources_for_channel_post(guild, target), target
    roles = frozenset(role.id for role in guild.roles if dice.random() < 0.4)
    member = Member(GUILD, dice.choice((*PEOPLE, 999)), "somebody", roles)
    return sources_for_member(guild, member), None


def options(dice: Random) -> GuildSettings:
    """What admins may have chosen for their reports."""
    return GuildSettings(
        GUILD,
        names=dice.random() < 0.6,
        top=dice.random() < 0.8,
        board=dice.random() < 0.3,
        min_people=dice.choice((1, 1, 1, 2)),
    )


async def compare(seed: int, folder) -> bool:
    """Tell one guild's days and week in both worlds; whether anything was hidden and anything told.

    In the one world a report for others, who read everything, is kept of each day beforehand.
    """
    dice = Random(seed)
    guild = random_guild(seed)
    allowed, target = whom(guild, dice)
    chosen = options(dice)
    said = talk(guild, dice, allowed)
    gone = dice.sample(said, min(4, len(said)))
    everything = frozenset(one.id for one in guild.channels)
    inside = [one for one in said if one.channel_id in allowed]
    async with (
        Store.open(folder / f"all-{seed}.db") as whole,
        Store.open(folder / f"less-{seed}.db") as less,
    ):
        one = World(whole, guild, said, chosen)
        other = World(less, without(guild, allowed, target), inside, chosen)
        await one.begin(gone)
        await other.begin([message for message in gone if message.channel_id in allowed])
        for number in range(DAYS):
            await one.day(number, everything)
            assert rendered(await one.day(number, allowed)) == rendered(
                await other.day(number, allowed)
            )
        assert rendered(await one.week(allowed)) == rendered(await other.week(allowed))
    return len(inside) < len(said) and bool(inside)


async def test_some_random_guilds_are_told_as_if_nothing_were_hidden(tmp_path):
    telling = [await compare(seed, tmp_path) for seed in (12, 6, 220)]
    assert any(telling)


@pytest.mark.long
async def test_many_random_guilds_are_told_as_if_nothing_were_hidden(tmp_path):
    telling = [await compare(seed, tmp_path) for seed in range(100, 120)]
    assert sum(telling) > 5


@pytest.mark.endurance
async def test_very_many_random_guilds_are_told_as_if_nothing_were_hidden(tmp_path):
    assert any([await compare(seed, tmp_path) for seed in range(300, 1300)])


async def narrowed(seed: int, folder) -> bool:
    """A report that was posted, and then lost readers' channels: nothing of them is left in it."""
    dice = Random(seed)
    guild = random_guild(seed)
    said = talk(guild, dice)
    everything = frozenset(one.id for one in guild.channels)
    allowed, target = whom(guild, dice)
    async with (
        Store.open(folder / f"was-{seed}.db") as whole,
        Store.open(folder / f"now-{seed}.db") as less,
    ):
        world = World(whole, guild, said)
        other = World(
            less,
            without(guild, allowed, target),
            [one for one in said if one.channel_id in allowed],
        )
        await world.begin([])
        await other.begin([])
        was = await world.day(1, everything)
        now = await Narrower(whole).narrowed(was, guild, allowed)
        meant = await other.day(1, allowed)
    for field in ("coverage", "mood", "activity"):
        assert getattr(now, field) == getattr(meant, field)
    hidden = {one.id for one in said if one.channel_id not in allowed}
    shown = json.dumps(rendered(now)["json"]) + str(rendered(now)["html"]) + str(now)
    assert not any(str(id_) in shown for id_ in hidden)
    for channel in guild.channels:
        if channel.id not in allowed:
            assert f"{channel.name!r}" not in str(now)
    assert set(now.source_ids) <= allowed
    return bool(now.digest.topics) and was.digest != now.digest


async def test_what_is_left_of_a_narrowed_report_shows_nothing_of_closed_channels(tmp_path):
    assert any([await narrowed(seed, tmp_path) for seed in range(4)])


@pytest.mark.long
async def test_what_is_left_of_many_narrowed_reports_shows_nothing_of_closed_channels(tmp_path):
    assert sum([await narrowed(seed, tmp_path) for seed in range(500, 550)]) > 8
