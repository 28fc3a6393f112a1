"""A point of a report is opened: its messages, and the conversations that they belonged to."""

from dataclasses import replace
from itertools import pairwise

import pytest

from guildwatch.model import (
    Deletion,
    Digest,
    EngineUse,
    Home,
    Point,
    PointKind,
    ReasonKind,
    Topic,
)
from guildwatch.report import day_period
from support.reports import empty_report

FORGE, GENERAL, SUPPORT = 1000, 1101, 1102
HOSTILE = (
    "\x1b[31mred\x1b[0m [bold]loud[/bold] \u202egnp.exe\u202c Z"
    + "\u0300\u0321\u0336" * 40
    + "algo\n<@&1> second line"
)


@pytest.fixture
async def forge(scene):
    """A guild with nothing told yet."""
    async with scene.parts():
        yield scene


async def tell(scene, *cited):
    """Keeps a report of today with one point that rests on these messages."""
    ids = tuple(one.id for one in cited)
    report = empty_report(FORGE, day_period(scene.now.date(), "UTC"))
    point = Point("Saves vanished.", PointKind.FACT, ids)
    topic = Topic("Lost saves", (point,), (SUPPORT,), 3, 2)
    digest = Digest("", (), (topic,), (), 3, {}, EngineUse("extractive"))
    told = replace(
        report, digest=digest, message_channels={one.id: one.channel_id for one in cited}
    )
    return await scene.view.store.reports.save(told)


async def talk(scene, lines=3):
    """Lines of one conversation in #support, each because of the one before."""
    said = [
        await scene.say(f"line number {at}", SUPPORT, ("Mara", "jonas")[at % 2], ago=lines - at)
        for at in range(lines)
    ]
    homes = [Home(said[0].id, said[0].id, ReasonKind.NEW)]
    homes += [
        Home(one.id, said[0].id, ReasonKind.REPLY, before.id) for before, one in pairwise(said)
    ]
    await scene.view.store.homes.keep({SUPPORT: homes})
    return said


async def open_point(terminal):
    await terminal.press("2")
    await terminal.shows("Saves vanished.")
    await terminal.press("enter")
    await terminal.shows("esc Back")
    await terminal.press("enter")
    await terminal.shows("Receipts", "esc Back")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_point_opens_to_its_messages_and_why_each_is_in_the_conversation(forge, size):
    said = await talk(forge)
    await tell(forge, said[1])
    async with forge.console(*size) as terminal:
        await open_point(terminal)
        await terminal.shows("● Sat 21 Nov 12:02 · #support · jonas", "line number 1")
        await terminal.shows("12:01 Mara: line number 0", "begins something new")
        await terminal.shows("● 12:02 jonas: line number 1", "answers Mara, 12:01", "c Copy link")
        assert f"discord.com/channels/{FORGE}/{SUPPORT}" in terminal.text
        await terminal.press("c")
        link = f"https://discord.com/channels/{FORGE}/{SUPPORT}/{said[1].id}"
        await terminal.until(lambda: terminal.app.clipboard == link)
        await terminal.press("escape")
        await terminal.shows("Lost saves")
        await terminal.hides("line number 1")


async def test_a_click_opens_a_point_too(forge):
    await tell(forge, *(await talk(forge))[:2])
    async with forge.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Saves vanished.")
        await terminal.click("Saves vanished.")
        await terminal.shows("line number 0", "line number 1", "Its conversation")


async def test_of_a_long_conversation_only_the_neighbours_are_shown(forge):
    said = await talk(forge, 200)
    await tell(forge, said[100])
    async with forge.console() as terminal:
        await open_point(terminal)
        await terminal.shows("line number 97", "line number 103", "⋯")
        assert "line number 96" not in terminal.text
        assert "line number 104" not in terminal.text


async def test_what_is_deleted_while_it_is_open_goes_from_the_screen(forge):
    said = await talk(forge)
    await tell(forge, said[1])
    async with forge.console() as terminal:
        await open_point(terminal)
        await terminal.shows("line number 1", "line number 2")
        await forge.happen(Deletion(FORGE, SUPPORT, (said[1].id, said[2].id)))
        await terminal.shows("This message was deleted since.", "not in the report any more")
        await terminal.hides("line number 1", "line number 2", "Saves vanished.")


async def test_what_is_no_longer_kept_is_said(forge):
    gone = forge.message("never stored", SUPPORT, ago=5)
    await tell(forge, gone)
    async with forge.console() as terminal:
        await open_point(terminal)
        await terminal.shows("This message is no longer kept.")
        assert "Not separated" not in terminal.text


async def test_without_homes_the_channel_is_separated_now(forge):
    first = await forge.say("my saves vanish, any idea?", SUPPORT, "jonas", ago=6)
    second = await forge.say("jonas: in which folder?", SUPPORT, "Mara", ago=5)
    await tell(forge, second)
    async with forge.console() as terminal:
        await open_point(terminal)
        await terminal.shows("jonas: my saves vanish", "Its conversation", "begins something new")
        assert first.id != second.id


async def test_hostile_words_do_nothing_but_stand_there(forge):
    message = await forge.say(HOSTILE, SUPPORT, "jonas", ago=5)
    await tell(forge, message)
    async with forge.console(80, 24) as terminal:
        await open_point(terminal)
        await terminal.shows("[bold]loud[/bold]", "second line")
        assert not set("\x1b\u202e\u202c") & set(terminal.text)
        assert terminal.text.count("\u0336") < 10
