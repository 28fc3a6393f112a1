"""Everything that is asked in a town with hidden channels is answered as if they never existed.

The same town is founded twice, the second time without what is hidden from those who ask; their
answers, suggestions and files must be the same to the byte.
"""

import json
import re
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from commands.conftest import Town, open_town
from guildwatch.audience import Permissions
from guildwatch.model import GuildSettings
from guildwatch.sandbox.errors import RefusedError
from guildwatch.sandbox.options import CommandError
from support.talk import TALK

_PICTURE = re.compile(r"http://127\.0\.0\.1:\d+/attachments/\d+/\d+/")
PLACES = (("general", "general"), ("support", "support"), ("staff", "staff"), ("vault", "staff"))
ASKED = (
    ("help", {}),
    ("mystats", {"days": 7}),
    ("privacy notice", {}),
    ("privacy notice", {"post": True}),
    ("summary now", {"hours": 24}),
    ("summary now", {}),
    ("summary now", {"hours": 24, "public": True}),
    ("summary day", {"date": "today"}),
    ("summary day", {"date": "2026-11-20"}),
    ("summary day", {}),
    ("summary day", {"public": True}),
    ("summary week", {}),
    ("summary month", {}),
    ("channels list", {}),
    ("settings show", {}),
    ("settings changes", {}),
    ("settings gates", {}),
    ("settings reports", {}),
    ("settings limits", {}),
    ("setsummary", {}),
)


def founded(town: Town, *, is_whole: bool, seed: int) -> None:
    """Two who ask: `jonas`, and `ada`, who manages the server; both see what is open."""
    dice = Random(seed)
    town.build()
    world, guild = town.world, town.guild_id
    town.ada = world.add_user("ada")
    managing = world.add_role(guild, "managing", int(Permissions.MANAGE_GUILD))
    world.add_member(guild, town.ada, roles=[managing])
    office = world.add_category(guild, "office", overwrites=town.closed)
    vault = world.add_channel(guild, "vault", parent=office, overwrites=town.closed)
    hush = world.open_thread(town.tiff, town.channels["general"], "hush", private=True)
    world.add_to_thread(hush, world.bot.id)
    town.channels |= {"vault": vault, "hush": hush}
    people = (town.mara, town.tiff, town.jonas, town.ada)
    for _ in range(dice.randint(30, 60)):
        town.clock.now += timedelta(minutes=dice.randint(1, 50))
        place, subject = dice.choice((*PLACES, ("hush", "staff")))
        who = dice.choice(people[:2] if subject == "staff" else people)
        text = (
            f"{dice.choice(TALK[subject])} ({dice.randint(2, 90)}) @{dice.choice(['tiff', 'Bo'])}"
        )
        world.say(who, town.channels[place], text)
    town.clock.now += timedelta(hours=dice.randint(0, 20))
    if not is_whole:
        for name in ("hush", "vault", "staff"):
            world.delete_channel(town.channels.pop(name))
        world.delete_channel(office)


async def answered(town: Town, *, seed: int) -> list[tuple[object, ...]]:
    """What both are answered, after others have set and asked for their own."""
    dice = Random(seed)
    await town.listen()
    await town.desk.roster.save_settings(
        GuildSettings(town.guild_id, names=dice.random() < 0.6, min_people=dice.choice((1, 1, 2)))
    )
    for place in ("staff", "vault"):
        if (channel := town.channels.get(place)) is not None:
            await town.ask(town.mara, "settings keep", {"days": 3, "channel": channel})
            await town.ask(town.mara, "channels ignore", {"channel": channel})
            await town.ask(town.mara, "channels track", {"channel": channel})
            await town.ask(town.tiff, "summary now", {"hours": 24, "channel": channel})
    await town.ask(town.mara, "settings keep", {"days": 20})
    await town.ask(town.tiff, "summary week")
    told: list[tuple[object, ...]] = []
    for who in (town.jonas, town.ada):
        days = await town.offered(who, "summary day", "date", "")
        told.append((who, "dates", tuple(days)))
        for command, options in ASKED:
            with suppress(RefusedError, CommandError):  # Discord itself shows it to admins alone
                answer = await town.ask(who, command, options)
                told.append((who, command, str(options), _shown(answer.messages)))
    return told


def _shown(messages: list[dict[str, object]]) -> str:
    """All that is seen, less ids and moments of the answer itself and where its picture lies."""
    own = {"id", "timestamp", "edited_timestamp", "interaction", "interaction_metadata", "nonce"}
    told = json.dumps([{k: v for k, v in one.items() if k not in own} for one in messages])
    return _PICTURE.sub("", told)


async def compare(folder, seed: int) -> int:
    """How many answers were the same in both towns; all of them."""
    told = []
    for is_whole in (True, False):
        place = folder / f"{seed}-{is_whole}"
        place.mkdir()
        found = partial(founded, is_whole=is_whole, seed=seed)
        async with open_town(place, found) as town:
            told.append(await answered(town, seed=seed))
    for one, other in zip(*told, strict=True):
        assert one == other
    return len(told[0])


async def test_what_is_asked_in_a_town_tells_nothing_of_its_hidden_channels(tmp_path):
    assert await compare(tmp_path, 2) > 30


@pytest.mark.long
async def test_what_is_asked_in_many_towns_tells_nothing_of_their_hidden_channels(tmp_path):
    assert sum([await compare(tmp_path, seed) for seed in range(3, 13)]) > 300
