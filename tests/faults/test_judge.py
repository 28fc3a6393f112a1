"""The judgement notices what it is there to notice: each kind of damage, done by hand."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from guildwatch.sandbox.messages import Draft
from support.faults.history import Stage, settled, staged
from support.faults.judge import Verdict, judge
from support.faults.nursery import Nursery


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Stage]:
    """A day that was listened to and reported, with nothing amiss."""
    async with Nursery() as nursery, staged(3, nursery, tmp_path / "told") as stage:
        await stage.start()
        assert await stage.until(stage.is_calm, 60)
        await stage.live(60)
        stage.jump_to_due()
        verdict = await settled(stage)
        assert verdict.is_clean, str(verdict)
        assert verdict.posts
        yield stage


def judged(stage: Stage) -> Verdict:
    return judge(stage.folder, stage.truth, stage.places)


def tamper(stage: Stage, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(stage.folder / "data" / "guildwatch.db")) as database:
        database.execute(sql, values)
        database.commit()


@pytest.mark.long
async def test_it_notices_every_kind_of_damage(told: Stage) -> None:
    world = told.world
    gone = next(one for one in told.truth.said.values() if one.gone_at)
    kept = [id_ for place in told.places for id_ in told.truth.alive_in(place.channels[0])]

    tamper(told, "DELETE FROM messages WHERE id = ?", kept[0])
    assert any(str(kept[0]) in one for one in judged(told).lost)

    tamper(told, "UPDATE messages SET text = 'something else' WHERE id = ?", kept[1])
    assert any(str(kept[1]) in one for one in judged(told).lost)

    tamper(told, "UPDATE messages SET text = ? WHERE id = ?", gone.texts[-1], gone.id)
    assert any(str(gone.id) in one and "its row" in one for one in judged(told).left)

    log = told.folder / "data" / "logs" / "guildwatch.log"
    log.write_text(f"{log.read_text()}\nread {gone.texts[-1]}\n")
    assert any(log.name in one for one in judged(told).left)

    place, channel, glance = _glance(told)
    link = f"https://discord.com/channels/{place}/{gone.channel_id}/{gone.id}"
    cites = world.put(world.bot.id, channel, Draft(content=f"• so it was [↗]({link})"))
    repeats = world.put(world.bot.id, channel, Draft(content=f"• Ada: “{gone.texts[-1]}”"))
    for post in (cites, repeats):
        assert any(f"the post {post.id}" in one for one in judged(told).left)

    world.put(world.bot.id, channel, Draft(embeds=world.kept_messages[glance].embeds))
    assert any("2 glances" in one for one in judged(told).duplicated)

    tamper(told, "DELETE FROM ledger WHERE guild_id = ? AND state = 'posted'", place)
    assert any("not in the ledger" in one for one in judged(told).periods)


def _glance(stage: Stage):
    for place in stage.places:
        channel = stage.world.channels[place.reports]
        for id_ in channel.message_ids:
            message = stage.world.kept_messages[id_]
            if message.embeds and message.embeds[0].get("timestamp"):
                return place.guild_id, channel, id_
    raise AssertionError("nothing was posted")
