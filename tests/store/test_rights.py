"""Who opted out or was forgotten leaves no trace, and does not come back by any way."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.model import (
    Activity,
    Author,
    ChangedBy,
    ChangeSource,
    Digest,
    EngineUse,
    Feedback,
    LedgerEntry,
    LedgerState,
    MemberCount,
    MessageEdit,
    Part,
    Period,
    PeriodKind,
    Point,
    PointKind,
    ReactionChange,
    Topic,
    Verdict,
)
from guildwatch.store import Store
from guildwatch.store.tombstones import Mark, Tombstone, Tombstones, read_tombstones
from store.conftest import ANN, CHANNEL, GUILD, NOON
from support.reports import empty_report

ZED = Author(9, "Zedrick Quux")
BEA = Author(7, "Bea")
WORD = "xylotypography"
DAY = Period(PeriodKind.DAY, NOON.replace(hour=0), NOON.replace(hour=0) + timedelta(days=1), "UTC")
EVER = 1 << 62


def told(points, top=()):
    topic = Topic(f"{ZED.name} and the letters", tuple(points), (CHANNEL,), 9, 3)
    digest = Digest(
        f"{ZED.name} asked Bea", (points[0].message_ids), (topic,), (), 9, {}, EngineUse("x")
    )
    ids = {one for point in points for one in point.message_ids}
    return replace(
        empty_report(GUILD, DAY),
        digest=digest,
        activity=Activity(3, 2, (), tuple(top)),
        source_ids=(CHANNEL,),
        message_channels=dict.fromkeys(ids, CHANNEL),
    )


@pytest.fixture
async def lived(store, say):
    """A store in which Zedrick said, reported on, and was told of, beside Bea."""
    theirs = [say(f"{WORD} {n}", author=ZED, score=0.5) for n in range(3)]
    reply = say(f"<@{ZED.id}> that is fine", author=BEA, mentioned=(ZED, ANN))
    await store.messages.apply([*theirs, reply])
    points = [
        Point(f"{ZED.name} likes {WORD}.", PointKind.FACT, (theirs[0].id,)),
        Point(f"Bea told {ZED.name} that it is fine.", PointKind.FACT, (reply.id,)),
    ]
    top = [MemberCount(ZED.id, ZED.name, 3), MemberCount(BEA.id, "Bea", 1)]
    report_id = await store.reports.save(told(points, top))
    entry = LedgerEntry(GUILD, DAY, LedgerState.POSTED, report_id=report_id)
    await store.ledger.update(entry)
    part = Part("glance", "n", 20, DAY.end, 77, report_id=report_id, content="c")
    await store.ledger.save_part(entry, part)
    said = Feedback(77, GUILD, report_id, ZED.id, Verdict.WRONG, NOON, f"no {WORD}")
    await store.feedback.correct(said)
    await store.conversations.keep("k1", GUILD, CHANNEL, [theirs[0].id], f"about {WORD}")
    await store.conversations.keep("k2", GUILD, CHANNEL, [reply.id], f"with {ZED.name}")
    await store.questions.follow(GUILD, {theirs[1].id: CHANNEL})
    by = ChangedBy(ChangeSource.COMMAND, ZED.id)
    await store.record.note(GUILD, by, {}, {"language": "German"})
    await store.incidents.begin(GUILD, "odd", "x", f"{ZED.name} broke it.")
    return [*theirs, reply], report_id


async def everything(store, path, *words):
    """The words that are in any file of the folder, once the store has cleaned up."""
    assert await store.tidy()
    content = b"".join(file.read_bytes() for file in path.parent.glob("*") if file.is_file())
    return {word for word in words if word.encode() in content}


@pytest.mark.parametrize("way", ["opt out", "forget"])
async def test_no_file_has_a_word_or_the_name_of_who_wants_none_kept(store, path, lived, way):
    messages, report_id = lived
    assert await everything(store, path, WORD, ZED.name) == {WORD, ZED.name}
    if way == "opt out":
        erased = await store.rights.opt_out(GUILD, ZED.id)
    else:
        erased = await store.rights.forget(GUILD, ZED.id, EVER)
    assert await everything(store, path, WORD, ZED.name) == set()
    assert (erased.messages, erased.points, erased.report_ids) == (3, 1, {report_id})
    report = await store.reports.load(report_id)
    (topic,) = report.digest.topics
    assert [one.text for one in topic.points] == ["Bea told someone that it is fine."]
    assert [one.name for one in report.activity.top] == ["Bea"]
    kept = await store.messages.by_ids([one.id for one in messages])
    assert [one.author.id for one in kept.values()] == [0, 0, 0, BEA.id]
    assert [one.id for one in kept[messages[3].id].mentioned] == [ANN.id]
    assert await store.feedback.of_guild(GUILD) == []
    members = await store.activity.members(GUILD, DAY.start, DAY.end)
    assert [one.id for one in members] == [BEA.id]
    left = await store.holdings.of_member(GUILD, ZED.id)
    assert (left.name, left.messages, left.deleted, left.mentioning) == ("", (), (), {})
    assert (left.counts, left.citations, left.feedback, left.configured) == ((), (), (), ())


async def test_who_opted_out_is_only_counted_whatever_discord_tells(store, say):
    await store.rights.opt_out(GUILD, ZED.id)
    hidden = say(WORD, author=ZED, score=0.4, reactions=3)
    named = say("hello", author=BEA, mentioned=(ZED,))
    applied = await store.messages.apply([hidden, named])
    assert applied.new == 2
    assert applied.unkept == {hidden.id}
    edit = MessageEdit(hidden.id, GUILD, CHANNEL, WORD, NOON, score=0.4)
    again = MessageEdit(named.id, GUILD, CHANNEL, "hello you", NOON, mentioned=(ZED,))
    await store.messages.apply([edit, again, ReactionChange(hidden.id, GUILD, CHANNEL, 2)])
    row = (await store.messages.by_ids([hidden.id]))[hidden.id]
    assert (row.author.id, row.text, row.score, row.reactions) == (0, None, None, 0)
    assert (await store.messages.by_ids([named.id]))[named.id].mentioned == ()
    assert await store.rights.guilds_of(ZED.id) == {GUILD}
    names = await store.messages._database.rows("SELECT name FROM authors WHERE id = 9")
    assert names == []


async def test_opting_in_takes_what_comes_and_history_none_of_what_was(store, say):
    old = say(WORD, author=ZED)
    await store.messages.apply([old])
    await store.rights.opt_out(GUILD, ZED.id)
    during = say("during", author=ZED)
    await store.messages.apply([during])
    await store.rights.opt_in(GUILD, ZED.id, during.id)
    late = say("late", author=ZED)
    await store.messages.apply([old, during, late])
    await store.messages.apply([old, during, late], imported=True)
    assert [one.text for one in await store.messages.latest()] == ["late"]


async def test_nothing_comes_back_with_a_new_database_after_opting_in(path, say):
    old, late = say("old", author=ZED), say("late", author=ZED)
    async with Store.open(path) as store:
        await store.messages.apply([old])
        await store.rights.opt_out(GUILD, ZED.id)
        await store.rights.opt_in(GUILD, ZED.id, old.id)
    path.unlink()
    async with Store.open(path) as store:
        await store.messages.apply([old, late], imported=True)
        assert [one.text for one in await store.messages.latest()] == ["late"]


async def test_a_backup_put_back_loses_them_and_keeps_what_came_after(path, say):
    old, late = say(WORD, author=ZED), say("late", author=ZED)
    async with Store.open(path) as store:
        await store.messages.apply([old])
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    async with Store.open(path) as store:
        await store.rights.forget(GUILD, ZED.id, old.id)
        await store.messages.apply([late])
    backup.replace(path)
    async with Store.open(path) as store:
        await store.messages.apply([old, late])
        assert [one.text for one in await store.messages.latest()] == ["late"]
        assert await everything(store, path, WORD) == set()


async def test_a_report_that_was_in_the_writing_is_kept_without_them(store, say, lived):
    messages, _ = lived
    points = [Point(f"Bea told {ZED.name} something.", PointKind.FACT, (messages[3].id,))]
    late = told(points, [MemberCount(ZED.id, ZED.name, 3)])
    await store.rights.opt_out(GUILD, ZED.id)
    report = await store.reports.load(await store.reports.save(late))
    assert report.digest.topics[0].points[0].text == "Bea told someone something."
    assert report.activity.top == ()
    await store.conversations.keep("k", GUILD, CHANNEL, [messages[3].id], f"with {ZED.name}")
    assert await store.conversations.cached("k") is None


async def test_a_name_from_before_goes_too(store, path, say):
    former = replace(ZED, name="Wendelin Ypsilon")
    hello = say("hello", author=former)
    reply = say(f"<@{ZED.id}> fine", author=BEA, mentioned=(former,))
    await store.messages.apply([hello, reply])
    await store.reports.save(
        told([Point(f"Bea told {former.name} so.", PointKind.FACT, (reply.id,))])
    )
    await store.messages.apply([say("again", author=ZED)])
    await store.rights.forget(GUILD, ZED.id, EVER)
    assert await everything(store, path, former.name, ZED.name) == set()


async def test_other_guilds_and_other_people_are_untouched(store, say):
    here, there = say("here", author=ZED), say("there", author=ZED, guild_id=2, channel_id=20)
    await store.messages.apply([here, there, say("other", author=BEA)])
    await store.rights.opt_out(GUILD, ZED.id)
    assert sorted(one.text for one in await store.messages.latest()) == ["other", "there"]
    assert not await store.rights.has_opted_out(2, ZED.id)


async def test_what_was_ordered_and_not_done_is_done_before_anything_is_seen(path, say):
    file = path.with_name("tombstones.txt")
    async with Store.open(path) as store:
        await store.messages.apply([say(WORD, author=ZED) for _ in range(1200)])
    with Tombstones.open(file) as tombstones:
        await tombstones.append([Tombstone(Mark.OPT_OUT, 0, GUILD, author_id=ZED.id)])
    async with Store.open(path) as store:
        assert await store.messages.latest() == []
        assert await everything(store, path, WORD) == set()


KILLED = """
import asyncio, sys
from pathlib import Path
from guildwatch.model import Author, Message
from guildwatch.store import Store

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        said = [Message(n, 1, 10, Author(9, "Zed"), f"xylotypography {n}") for n in range(1, 6001)]
        await store.messages.apply(said)
        print("kept", flush=True)
        rights = store.rights
        store.messages.when_deleted(lambda ids: print(ids[-1], flush=True))
        await rights.opt_out(1, 9)
        print("done", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("lines", [1, 2, 5])
async def test_a_kill_in_the_middle_is_finished_at_the_next_start(path, lines):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    heard = [process.stdout.readline().strip() for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()
    marks = [one.mark for one in read_tombstones(path.with_name("tombstones.txt"))]
    assert heard[0] == "kept"
    assert lines == 1 or Mark.OPT_OUT in marks
    async with Store.open(path) as store:
        left = await store.messages.latest(limit=6000)
        assert (not left) is (Mark.OPT_OUT in marks)
        if Mark.OPT_OUT in marks:
            assert await everything(store, path, WORD, "Zed") == set()


async def test_capture_goes_on_while_somebody_is_taken_out(store, say):
    await store.messages.apply([say(WORD, author=ZED) for _ in range(3000)])
    erasing = asyncio.create_task(store.rights.opt_out(GUILD, ZED.id))
    written = 0
    while not erasing.done():
        await store.messages.apply([say("live", author=BEA), say("no", author=ZED)])
        written += 1
    assert (await erasing).messages >= 3000
    assert written >= 3
    assert {one.author.id for one in await store.messages.latest(limit=9000)} == {BEA.id}
