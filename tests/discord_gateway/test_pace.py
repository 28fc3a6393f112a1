"""Reading the past keeps within Discord's limits, whatever there is to read."""

import asyncio
from datetime import timedelta

import pytest

from guildwatch.sandbox import Server, Trouble

HISTORY = "/channels/{channel_id}/messages"
ARCHIVED = "/channels/{channel_id}/threads/archived/public"


async def short_pause(seconds):
    """Real pauses, but for the long ones after failures and between the sweep's requests."""
    await asyncio.sleep(min(seconds, 0.03))


@pytest.mark.long
async def test_a_gap_of_3000_messages_in_30_channels_breaks_no_limit_while_live_ones_come(town):
    world = town.world
    channels = [world.add_channel(town.guild, f"channel-{n}") for n in range(30)]
    said = {one: [] for one in channels}
    for n in range(3_000):
        place = channels[n % 30]
        said[place].append(world.say(town.ada, place, f"number {n}"))
    async with Server(world, limited=True) as server:
        town.server = server
        async with town.watching(pause=short_pause, interval=0.03) as watch:
            live = []
            await watch.until(lambda: watch.backfill.progress.messages > 0)
            while watch.backfill.progress.channels_left:
                live.append(world.say(town.ada, town.general, f"live {len(live)}"))
                await asyncio.sleep(0.02)
            await watch.quiet()

            for place in channels:
                assert list(await watch.stored(place)) == said[place]
            assert len(live) > 100
            assert list(await watch.stored(town.general)) == live
            assert world.log.violations == []
            assert [one for one in world.log if one.status == 429] == []
            assert watch.backfill.progress.estimated == 0


async def test_long_lists_of_archived_threads_are_paged_with_pauses_too(town):
    world = town.world
    threads = []
    for n in range(130):
        threads.append(world.open_thread(town.ada, town.general, f"{n}", first_text="a post"))
        world.archive(threads[-1])
        town.clock.jump_to(town.clock() + timedelta(seconds=1))
    pauses = []

    async def counted(seconds):
        pauses.append(seconds)
        await asyncio.sleep(0)

    async with town.watching(pause=counted, interval=0.25) as watch:
        await watch.until(lambda: len(world.log.of("GET", HISTORY)) >= 131)
        await watch.quiet()
        pages = len(world.log.of("GET", ARCHIVED))
        asked = [one for one in world.log if one.method == "GET" and "/channels/" in one.route]
        assert pages == 2
        assert pauses.count(0.25) >= len(asked)
        for thread in threads:
            assert await watch.texts(thread) == ["a post"]


async def test_while_discord_fails_everywhere_it_asks_less_and_less(town):
    for n in range(8):
        town.world.add_channel(town.guild, f"channel-{n}")
    rule = town.server.faults.strike(Trouble.ERROR, "GET", HISTORY, times=None, status=404)
    pauses = []

    async def counted(seconds):
        pauses.append(seconds)
        await asyncio.sleep(0)

    async with town.watching(pause=counted) as watch:
        await watch.until(lambda: rule.seen > 40)
        assert max(pauses) >= 30.0
        assert pauses.count(30.0) > 10  # between two requests, whichever channel they are for
        town.server.faults.rules.clear()
        await watch.quiet()
        assert watch.backfill.progress.trouble == ""
