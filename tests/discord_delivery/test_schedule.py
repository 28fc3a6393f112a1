"""The schedule's runner posts a day through the publisher: once, through stops and outages."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import time, timedelta

import pytest

from guildwatch.model import LedgerState
from guildwatch.sandbox.faults import Trouble
from guildwatch.schedule import Runner

MESSAGES = "/channels/{channel_id}/messages"

TALK = (
    "The release of version 2.4 moves to Tuesday because two crashes on Windows are left.",
    "Can somebody reproduce the crashes with the installer from yesterday evening?",
    "I can: it happens when the graphics driver is older than the game expects.",
    "Then Mara builds a candidate tonight and everybody tests the driver check tomorrow.",
)


@pytest.fixture
async def talk(town):
    """Entered into the schedule at noon; then a lively afternoon; then it is after midnight."""
    async with running(town) as runner:
        await until(lambda: runner.next_due(town.guild_id))
    for number in range(18):
        town.later(minutes=2)
        author = (town.mara, town.jonas, town.tiff)[number % 3]
        town.world.say(author, town.channels["general"], TALK[number % len(TALK)])
    await town.listen()
    town.later(hours=12)
    return town


@asynccontextmanager
async def running(town):
    runner = Runner(
        town.store,
        town.roster,
        time=time(),
        zone="UTC",
        write=town.publisher.write,
        post=town.publisher.post,
        clock=town.clock,
        tick=0.01,
    )
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds):
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)


async def states(town):
    return [entry.state for entry in await town.store.ledger.recent()]


async def settled(town):
    async with asyncio.timeout(60):
        while not all(state.is_final for state in await states(town)):
            town.later(minutes=2)
            await asyncio.sleep(0.01)


async def test_a_day_is_posted_once_and_no_second_run_repeats_it(talk):
    async with running(talk):
        await until(talk.posted)
        await settled(talk)
    async with running(talk) as again:
        await until(lambda: again.next_due(talk.guild_id))

    assert len(talk.posted()) == 1
    assert (await states(talk))[0] is LedgerState.POSTED


async def test_a_program_stopped_in_the_middle_of_a_post_goes_on_where_it_was(talk):
    talk.faults.strike(Trouble.DROP_AFTER, "POST", MESSAGES, times=None)
    async with running(talk):
        await until(talk.posted)
    talk.faults.rules.clear()
    talk.timer.now += 3600

    async with running(talk):
        await settled(talk)

    (glance,) = talk.posted()
    assert "thread" in glance


async def test_an_outage_of_discord_gives_no_report_up(talk):
    talk.faults.offline = True
    async with running(talk):
        for _ in range(40):
            talk.clock.now += timedelta(minutes=61)
            await asyncio.sleep(0.02)
        talk.faults.offline = False
        await until(talk.posted)

    assert LedgerState.CLOSED not in (await states(talk))[:1]
