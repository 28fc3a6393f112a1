"""What is purged is gone with all that rests on it, and history does not bring it back."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta

from guildwatch.model import (
    Activity,
    Author,
    Channel,
    ChannelCount,
    ChannelKind,
    Coverage,
    Deletion,
    Digest,
    EngineUse,
    Gap,
    Guild,
    GuildSettings,
    LedgerEntry,
    MessageEdit,
    MoodSummary,
    Part,
    Period,
    PeriodKind,
    Point,
    PointKind,
    Report,
    Topic,
    first_id_at,
)
from guildwatch.store import Store

GUILD, CHANNEL, THREAD, LONE = 1, 10, 12, 11
START = datetime(2024, 3, 5, tzinfo=UTC)
END = START + timedelta(days=1)
NOON = START + timedelta(hours=12)
PICTURE = Guild(
    GUILD,
    "Place",
    owner_id=7,
    channels=(
        Channel(CHANNEL, GUILD, "general", ChannelKind.TEXT),
        Channel(THREAD, GUILD, "thread", ChannelKind.PUBLIC_THREAD, CHANNEL),
        Channel(LONE, GUILD, "lone", ChannelKind.TEXT),
    ),
)


def report_on(*messages) -> Report:
    """A report with a point for each of these messages."""
    points = tuple(Point(f"told {one.text}", PointKind.FACT, (one.id,)) for one in messages)
    places = {one.id: one.channel_id for one in messages}
    return Report(
        GUILD,
        "Place",
        Period(PeriodKind.DAY, START, END, "UTC"),
        Coverage(len(messages), len(messages), 2, 1, {}),
        Digest("", (), (Topic("title", points, (CHANNEL,), 3, 2),), (), 1, {}, EngineUse("x")),
        MoodSummary(0.1, "positive", 0.5, 0.5, 0.0, 0),
        Activity(len(messages), 1, (ChannelCount(CHANNEL, "general", len(messages)),), ()),
        tuple(sorted(set(places.values()))),
        places,
        END,
    )


def told(report: Report) -> list[str]:
    return [point.text for topic in report.digest.topics for point in topic.points]


async def texts(store):
    return sorted(one.text for one in await store.messages.latest())


async def test_a_channel_goes_with_its_threads_and_leaves_the_others(store, say):
    await store.guilds.save(PICTURE)
    said = [say("general"), say("thread", channel_id=THREAD), say("lone", channel_id=LONE)]
    await store.messages.apply(said)
    await store.messages.apply([say("imported", at=START - timedelta(hours=1))], imported=True)
    await store.conversations.keep("key", GUILD, CHANNEL, [said[0].id], "{}")
    report_id = await store.reports.save(report_on(*said))
    assert await store.purging.purge(GUILD, channel_ids=[CHANNEL]) == 3
    assert await texts(store) == ["lone"]
    assert await store.conversations.cached("key") is None
    report = await store.reports.load(report_id)
    assert told(report) == ["told lone"]
    assert report.activity.messages == 1
    assert sum(hour.messages for hour in await store.activity.hours(GUILD, START, END)) == 1
    assert await store.messages.search(GUILD, "general") == []


async def test_what_was_kept_long_enough_before_leaves_the_reports_too(store, say):
    said = [say("general"), say("lone", channel_id=LONE)]
    await store.messages.apply(said)
    report_id = await store.reports.save(report_on(*said))
    await store.retention.expire(CHANNEL, END)
    await store.retention.expire(LONE, END)
    await store.purging.purge(GUILD, channel_ids=[CHANNEL])
    assert told(await store.reports.load(report_id)) == ["told lone"]
    await store.purging.purge(GUILD)
    assert told(await store.reports.load(report_id)) == []


async def test_deleting_what_was_kept_long_enough_before_corrects_the_reports(store, say):
    said = [say("one"), say("two")]
    await store.messages.apply(said)
    report_id = await store.reports.save(report_on(*said))
    await store.retention.expire(CHANNEL, END)
    await store.messages.apply([Deletion(GUILD, CHANNEL, (said[0].id,))])
    assert told(await store.reports.load(report_id)) == ["told two"]


async def test_only_what_was_sent_before_goes(store, say):
    early, late = say("early", at=NOON - timedelta(hours=1)), say("late", at=NOON)
    await store.messages.apply([early, late])
    assert await store.purging.purge(GUILD, before=NOON) == 1
    assert await texts(store) == ["late"]


async def test_no_channels_is_nothing_and_not_everything(store, say):
    await store.messages.apply([say("stays")])
    assert await store.purging.purge(GUILD, channel_ids=[]) == 0
    assert await texts(store) == ["stays"]


async def test_history_does_not_bring_it_back_and_an_import_on_purpose_may(store, say):
    old, deleted = say("old"), say("deleted")
    await store.messages.apply([old, deleted, Deletion(GUILD, CHANNEL, (deleted.id,))])
    await store.purging.purge(GUILD, before=END)
    edit = MessageEdit(old.id, GUILD, CHANNEL, "edited", END)
    assert (await store.messages.apply([old, edit])).new == 0
    await store.messages.apply([say("newer", at=END)])
    assert await texts(store) == ["newer"]
    await store.messages.apply([old, deleted], imported=True)
    assert await texts(store) == ["newer", "old"]
    assert sum(hour.messages for hour in await store.activity.hours(GUILD, START, END)) == 1


async def test_a_backup_put_back_is_purged_and_what_was_imported_since_stays(path, say):
    old = say("old")
    async with Store.open(path) as store:
        await store.messages.apply([old])
    before, after = path.with_name("before"), path.with_name("after")
    shutil.copy(path, before)
    async with Store.open(path) as store:
        await store.purging.purge(GUILD)
        await store.messages.apply([old], imported=True)
    shutil.copy(path, after)
    before.replace(path)
    async with Store.open(path) as store:
        assert await texts(store) == []
    after.replace(path)
    async with Store.open(path) as store:
        assert await texts(store) == ["old"]
    file = path.with_name("tombstones.txt")
    file.write_bytes(file.read_bytes().partition(b"\n")[2])  # it is another file from now on
    async with Store.open(path) as store:
        assert await texts(store) == ["old"]


async def test_an_interrupted_purge_is_finished_at_the_next_start(path, say):
    copy = path.parent.with_name("copy") / path.name
    async with Store.open(path) as store:
        await store.messages.apply([say(f"word {number}") for number in range(1300)])
        report_id = await store.reports.save(report_on(*await store.messages.latest(limit=3)))
        purge = asyncio.ensure_future(store.purging.purge(GUILD))
        while len(await store.messages.latest(limit=9999)) == 1300:
            await asyncio.sleep(0)
        shutil.copytree(path.parent, copy.parent)
        purge.cancel()
    async with Store.open(copy) as store:
        assert await texts(store) == []
        assert told(await store.reports.load(report_id)) == []


async def test_nothing_is_left_of_a_forgotten_guild_but_that_it_does_not_come_back(path, say):
    word, name = "mnbvcxzlkjhgfdsaqwerty", "poiuytrewqlkjhgfdsamnb"
    author = Author(7, name)
    mine, deleted = say(word, author=author), say("deleted", author=author)
    other = say("other", guild_id=2, channel_id=20)
    async with Store.open(path) as store:
        await store.guilds.save(PICTURE)
        await store.guilds.save(Guild(2, "Other", owner_id=7))
        await store.messages.apply([mine, deleted, other], watermarks={CHANNEL: 5, 20: 6})
        await store.messages.apply([Deletion(GUILD, CHANNEL, (deleted.id,))])
        await store.reports.save(report_on(mine))
        entry = LedgerEntry(GUILD, Period(PeriodKind.DAY, START, END, "UTC"))
        await store.ledger.save_part(entry, Part("glance", "n", CHANNEL))
        await store.settings.save(GuildSettings(GUILD, CHANNEL))
        await store.gaps.note(Gap(CHANNEL, START, END, "was offline"))
        await store.guilds.choose_tracking(CHANNEL, True)
        await store.retention.choose(GUILD, None, 3)
        await store.breaks.save({CHANNEL: START}, ())
        await store.purging.forget_guild(GUILD)
        await store.tidy()
        content = b"".join(one.read_bytes() for one in path.parent.iterdir())
        assert word.encode() not in content
        assert name[4:].encode() not in content
        kept = {"floors"}
        for (table,) in await store.messages._database.rows(
            "SELECT name FROM pragma_table_list WHERE schema = 'main'"
        ):
            columns = await store.messages._database.rows(
                "SELECT name FROM pragma_table_info(?) WHERE name = 'guild_id'", (table,)
            )
            if columns and table not in kept:
                assert not await store.messages._database.rows(
                    f"SELECT 1 FROM {table} WHERE guild_id = {GUILD}"
                ), table
        assert await store.messages.watermarks() == {20: 6}
        assert await store.breaks.all() == {}
        assert await store.guilds.one(GUILD) is None
        await store.messages.apply([mine, deleted])
        await store.messages.apply([deleted], imported=True)
        assert await texts(store) == ["other"]
        again = say("again", id=first_id_at(datetime(2083, 1, 1, tzinfo=UTC)))
        await store.messages.apply([again])
        assert await texts(store) == ["again", "other"]
