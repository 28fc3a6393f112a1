"""A member asks the whole program to forget them, or to keep nothing of them."""

import json
import logging
from pathlib import Path

import pytest

from runtime.test_absence import a_day_passes, has_settled, heard, posted, shown, watching
from support.asking import in_the_end
from support.program import until
from support.town import Town

NAME = "Zedrick Quux"
WORD = "xylotype"
TALK = (
    f"The {WORD} release moves to Tuesday because two crashes on Windows are left.",
    "Can somebody reproduce the crashes with the installer from yesterday?",
    "I can: it happens when the graphics driver is older than expected.",
)


def talk(town: Town) -> int:
    """Ada, Zedrick and Cleo talk; gives Zedrick's id."""
    world, guild = town.world, town.world.channel(town.general).guild_id
    zed, cleo = world.add_user("zed", display_name=NAME), world.add_user("cleo")
    for person in (zed, cleo):
        world.add_member(guild, person)
    for number in range(18):
        who = (zed, town.ada, cleo)[number % 3]
        to = f"<@{zed}> " if number % 3 == 1 else ""
        world.say(who, town.general, f"{to}{TALK[number % 3]} ({number})")
    return zed


async def agree(town: Town, who: int, command: str, label: str) -> str:
    answer = await town.world.command(who, town.general, command)
    (message,) = answer.messages
    (row,) = message["components"]
    button = next(one for one in row["components"] if one["label"] == label)
    await town.world.press(who, int(message["id"]), button["custom_id"])
    told = await answer.wait_for(lambda one: "Erased" in one.text, timeout=60)
    return told.text


def found_in(folder: Path) -> set[str]:
    """The files that have the member's name or their word."""
    words = (NAME.encode(), WORD.encode())
    files = (one for one in folder.rglob("*") if one.is_file())
    return {one.name for one in files if any(word in one.read_bytes() for word in words)}


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "label"),
    [("privacy optout", "Opt out and erase"), ("privacy forgetme", "Erase it")],
)
async def test_no_file_and_no_post_has_anything_of_them_and_history_brings_nothing_back(
    town: Town, address: dict[str, str], caplog: pytest.LogCaptureFixture, command: str, label: str
) -> None:
    caplog.set_level(logging.INFO)
    folder = Path(address["GUILDWATCH_DATA_DIR"])
    async with watching(town, address) as parts:
        await has_settled(town, parts)
        zed = talk(town)
        await until(lambda: heard(parts, 18))
        asked = {"public": True}
        await in_the_end(await town.world.command(town.ada, town.general, "summary now", asked))
        a_day_passes(town)
        await posted(town, parts)
        public = shown(town, town.reports) + shown(town, town.general)
        assert WORD in public
        assert "guildwatch.db" in " ".join(found_in(folder))
        told = await agree(town, zed, command, label)
        assert "6 messages" in told
        assert "2 posts edited" in told
        public = shown(town, town.reports) + shown(town, town.general)
        assert WORD not in public
        assert NAME not in public
        assert WORD not in json.dumps([one.text for one in parts.pulse.recent])
    assert found_in(folder) == set()
    async with watching(town, address) as parts:
        await has_settled(town, parts)
        town.world.say(town.ada, town.general, "a new day")
        await until(lambda: heard(parts, 19))
        (guild,) = parts.roster.guilds()
        assert await parts.store.messages.search(guild.id, WORD) == []
        assert await parts.store.messages.search(guild.id, "Windows") == []
    assert found_in(folder) == set()
    assert NAME not in caplog.text
    assert WORD not in caplog.text
