"""Who posts a secret is told in private if the guild wants that; our own token is never kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.capture import Intake, Pulse
from guildwatch.discord import payloads
from guildwatch.discord.hints import Hints
from guildwatch.discord.pasted import POSTED, Pasted
from guildwatch.model import LANGUAGES, Deletion, MessageEdit
from guildwatch.mood import Vader
from guildwatch.sensitive import OwnToken

GITHUB = "ghp_" + "aB3x" * 9
OWN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


def pasted_of(town, token=OWN):
    hints = Hints(town.line, clock=town.clock)
    return Pasted(OwnToken(token), hints, town.store, town.roster, clock=town.clock)


@pytest.fixture
def pasted(town):
    return pasted_of(town)


@pytest.fixture
def intake(town, pasted):
    pulse = Pulse(lambda _guild_id: "UTC", clock=town.clock)
    return Intake(town.store, Vader(), pulse, screen=pasted)


@pytest.fixture
def say(town, intake, pasted):
    """Somebody says something, and whatever follows from it is done."""

    async def said(author_id, text, *, late=timedelta(), place="general"):
        id_ = town.world.say(author_id, town.channels[place], text)
        raw = next(
            one for one in town.world.messages(town.channels[place]) if int(one["id"]) == id_
        )
        town.clock.now += late
        await intake.keep([payloads.message(raw, town.guild_id)], {})
        await pasted.work()
        return id_

    return said


def link(town, id_, place="general"):
    return f"https://discord.com/channels/{town.guild_id}/{town.channels[place]}/{id_}"


async def test_nobody_is_told_anything_unless_the_guild_wants_it(town, say):
    await say(town.jonas, f"deploy with {GITHUB}")
    assert town.told(town.jonas) == []


async def test_the_author_alone_is_told_what_it_looks_like_and_where_but_not_the_secret(town, say):
    await town.settle(hints=True)
    id_ = await say(town.jonas, f"deploy with {GITHUB}")

    (told,) = town.told(town.jonas)
    assert "a token or a key (GitHub)" in told
    assert link(town, id_) in told
    assert "Delete the message" in told
    assert "revoke" in told
    assert GITHUB[:12] not in told
    assert town.told(town.mara) == []
    assert [one["content"] for one in town.posted("general")] == [f"deploy with {GITHUB}"]


async def test_ordinary_talk_brings_no_hint(town, say):
    await town.settle(hints=True)
    await say(town.jonas, "I forgot my password again, who can reset it?")
    assert town.told(town.jonas) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_told_in_the_language_of_the_guild(town, say, language):
    await town.settle(hints=True, language=language)
    await say(town.jonas, "my card is 4111 1111 1111 1111")
    (told,) = town.told(town.jonas)
    assert "4111" not in told
    assert ("the number of a payment card" in told) is (language == "en")
    assert "{" not in told


async def test_a_message_is_told_of_once_also_after_a_restart(town, say):
    await town.settle(hints=True)
    id_ = await say(town.jonas, f"deploy with {GITHUB}")
    (message,) = (await town.store.messages.by_ids([id_])).values()
    for again in (pasted_of(town), pasted_of(town)):
        again.heard([message])
        await again.work()
    assert len(town.told(town.jonas)) == 1


async def test_an_edit_that_adds_a_secret_is_told_of(town, say, intake, pasted):
    await town.settle(hints=True)
    id_ = await say(town.jonas, "deploy with what?")
    edit = MessageEdit(
        id_, town.guild_id, town.channels["general"], f"with {GITHUB}", town.clock.now
    )
    await intake.keep([edit], {})
    await pasted.work()
    assert len(town.told(town.jonas)) == 1


async def test_what_is_read_from_history_later_brings_no_hint(town, say):
    await town.settle(hints=True)
    await say(town.jonas, f"deploy with {GITHUB}", late=timedelta(minutes=6))
    assert town.told(town.jonas) == []


async def test_who_deleted_it_at_once_needs_no_hint(town, intake, pasted):
    await town.settle(hints=True)
    place = town.channels["general"]
    id_ = town.world.say(town.jonas, place, GITHUB)
    (raw,) = town.world.messages(place)
    await intake.keep([payloads.message(raw, town.guild_id)], {})
    await intake.keep([Deletion(town.guild_id, place, (id_,))], {})
    await pasted.work()
    assert town.told(town.jonas) == []


async def test_who_pastes_a_lot_is_told_three_times_an_hour(town, say):
    await town.settle(hints=True)
    for _ in range(6):
        await say(town.jonas, f"and {GITHUB}")
    await say(town.tiff, f"and {GITHUB}")
    assert len(town.told(town.jonas)) == 3
    assert len(town.told(town.tiff)) == 1
    town.clock.now += timedelta(hours=2)
    town.timer.now += 7200
    await say(town.jonas, f"and {GITHUB}")
    assert len(town.told(town.jonas)) == 4


async def test_nobody_hears_of_it_where_the_author_takes_no_direct_messages(town, say):
    town.world.guild(town.guild_id).system_channel_id = town.channels["general"]
    town.world.closed_dms.add(town.jonas)
    await town.settle(hints=True)
    await say(town.jonas, f"deploy with {GITHUB}")
    said = [one for name in town.channels for one in town.posted(name)]
    assert [one["author"]["id"] for one in said] == [str(town.jonas)]
    assert town.told(town.mara) == []
    assert await town.store.incidents.going_on() == []


async def test_our_own_token_is_never_stored_and_is_an_incident_without_it(town, say, tmp_path):
    split = f"{OWN[:30]}\u200b{OWN[30:]}"
    await say(town.jonas, f"use {OWN} or {split}, it works")
    await say(town.mara, OWN[-38:], late=timedelta(days=9), place="staff")

    (incident,) = await town.store.incidents.going_on()
    assert (incident.kind, incident.times) == (POSTED, 2)
    assert "#staff of Pixel Forge" in incident.sentence
    assert "Reset it in the Developer Portal" in incident.sentence
    assert OWN[-20:] not in incident.sentence
    texts = [one.text for one in await town.store.messages.latest()]
    assert texts == ["use [secret-removed] or [secret-removed], it works", "[secret-removed]"]
    for file in tmp_path.iterdir():
        if file.is_file():
            assert OWN[-20:].encode() not in file.read_bytes()
    assert town.told(town.jonas) == []


async def test_history_that_is_read_again_is_not_a_second_leak(town, say, intake, pasted):
    id_ = await say(town.jonas, f"use {OWN}")
    (raw,) = town.world.messages(town.channels["general"])
    for _ in range(3):
        await intake.keep([payloads.message(raw, town.guild_id)], {})
        await pasted.work()
    (incident,) = await town.store.incidents.going_on()
    assert incident.times == 1
    assert (await town.store.messages.by_ids([id_]))[id_].text == "use [secret-removed]"


async def test_with_a_new_token_the_incident_is_over(town, say):
    await say(town.jonas, f"use {OWN}")
    await pasted_of(town)._end_older()
    assert len(await town.store.incidents.going_on()) == 1
    await pasted_of(town, OWN.replace("Gabcde", "Hxyzab"))._end_older()
    assert await town.store.incidents.going_on() == []


async def test_bots_are_not_told(town, pasted, intake):
    await town.settle(hints=True)
    town.world.say(town.jonas, town.channels["general"], GITHUB)
    (raw,) = town.posted("general")
    message = payloads.message(raw, town.guild_id)
    await intake.keep([replace(message, author=replace(message.author, is_bot=True))], {})
    await pasted.work()
    assert town.told(town.jonas) == []


async def test_what_cannot_be_told_ends_nothing(town, say, caplog):
    """A part that fails ends the program, and at its next start the same message comes again."""
    await town.settle(hints=True)
    broken = Pasted(OwnToken(OWN), None, town.store, town.roster, clock=town.clock)
    id_ = await say(town.jonas, f"deploy with {GITHUB}")
    broken.heard([(await town.store.messages.by_ids([id_]))[id_]])
    running = asyncio.create_task(broken.run())
    async with asyncio.timeout(60):
        while "could not be told" not in caplog.text:
            await asyncio.sleep(0)
    assert not running.done()
    running.cancel()
