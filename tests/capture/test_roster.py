"""The picture of the guilds: saved by what changed, and by itself once there is room again."""

import asyncio
import sqlite3
from dataclasses import replace

from guildwatch.capture import Roster
from guildwatch.model import ChannelKind, GuildLeft


async def test_what_could_not_be_saved_is_saved_by_itself_later(parts, make, tmp_path):
    pauses = asyncio.Event()

    async def pause(_seconds):
        await pauses.wait()

    roster = Roster(parts.store, clock=parts.clock, pause=pause)
    task = asyncio.create_task(roster.run())
    blocker = sqlite3.connect(tmp_path / "guildwatch.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")  # nobody else can write now
    other = replace(make.guild(replace(make.channel(70), guild_id=2)), id=2, name="Harbour")
    saving = asyncio.create_task(roster.put_guild(other, None))
    await saving
    assert await parts.store.guilds.one(2) is None
    blocker.execute("COMMIT")
    blocker.close()
    pauses.set()
    async with asyncio.timeout(60):
        while await parts.store.guilds.one(2) is None:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_flood_of_changes_waits_for_one_save_and_not_in_line(parts, make, tmp_path):
    blocker = sqlite3.connect(tmp_path / "guildwatch.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    first = asyncio.create_task(parts.roster.put_channel(make.channel(700)))
    await asyncio.sleep(0)
    async with asyncio.timeout(60):  # one after the other they would wait four minutes
        for number in range(701, 750):
            await parts.roster.put_channel(make.channel(number))
    assert not first.done()
    blocker.execute("COMMIT")
    blocker.close()
    await first
    saved = await parts.store.guilds.one(make.channel(700).guild_id)
    assert {one.id for one in saved.channels} >= set(range(700, 750))


async def test_one_changed_thread_of_a_big_guild_is_saved_alone(parts, make, tmp_path):
    threads = [
        make.channel(1_000 + n, ChannelKind.PUBLIC_THREAD, parent_id=make.GENERAL)
        for n in range(3_000)
    ]
    await parts.roster.put_guild(make.guild(make.channel(), *threads), make.BOT_MEMBER)
    with sqlite3.connect(tmp_path / "guildwatch.db") as reader:
        reader.execute("CREATE TABLE written (id INTEGER)")
        reader.execute(
            "CREATE TRIGGER w AFTER UPDATE ON channels BEGIN "
            "INSERT INTO written VALUES (new.id); END"
        )
    await parts.roster.put_channel(replace(threads[5], name="renamed", archived=True))
    await parts.roster.drop_channel(threads[6].id)
    await parts.roster.put_role(make.GUILD, replace(make.EVERYONE, name="all"))
    with sqlite3.connect(tmp_path / "guildwatch.db") as reader:
        written = {row[0] for row in reader.execute("SELECT id FROM written")}
    assert written <= {threads[5].id, threads[6].id}
    stored = await parts.store.guilds.one(make.GUILD)
    assert stored.channel(threads[5].id).name == "renamed"
    assert stored.channel(threads[6].id).archived
    assert stored.roles[0].name == "all"


async def test_threads_of_a_channel_that_closes_and_opens_are_known_again(parts, make):
    thread = make.channel(make.THREAD, ChannelKind.PUBLIC_THREAD, parent_id=make.SIDE)
    await parts.roster.put_guild(
        make.guild(make.channel(), make.channel(make.SIDE), thread), make.BOT_MEMBER
    )
    await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)
    assert parts.roster.channel(make.THREAD) is None
    await parts.roster.put_channel(make.channel(make.SIDE))
    assert parts.roster.channel(make.THREAD) == replace(thread, archived=True)
    assert parts.roster.is_tracked(make.THREAD)


async def test_a_guild_that_came_back_stays_though_its_leaving_is_told_late(parts, make):
    await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)
    await parts.roster.drop_guild(make.GUILD)
    assert await parts.store.guilds.all() == []
    await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)
    await parts.store.messages.apply([GuildLeft(make.GUILD)])
    assert [one.id for one in await parts.store.guilds.all()] == [make.GUILD]
    assert await parts.store.retention.left() == {}
