"""A deletion that corrects a posted report asks, in the same breath, for its post to be edited."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guildwatch.model import (
    Author,
    ChannelClosed,
    Deletion,
    Digest,
    EngineUse,
    LedgerEntry,
    LedgerState,
    Message,
    MessageEdit,
    Part,
    Period,
    PeriodKind,
    Point,
    PointKind,
    Topic,
    first_id_at,
)
from guildwatch.store import Store
from guildwatch.store.tombstones import TOMBSTONES, Mark, Tombstone, Tombstones
from support.reports import empty_report

DAY = Period(
    PeriodKind.DAY, datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC), "UTC"
)
FIRST = first_id_at(DAY.start + timedelta(hours=9))
ENTRY = LedgerEntry(1, DAY, LedgerState.POSTED)
NOW = DAY.end + timedelta(hours=1)


def say(number, text="the tournament is in December"):
    return Message(FIRST + number, 1, 10, Author(5, "Ada"), text)


def report_on(*ids):
    points = tuple(Point("Ada: “December”", PointKind.FACT, (one,), quoted=True) for one in ids)
    digest = Digest("", (), (Topic("December", points, (10,), 9, 3),), (), 9, {}, EngineUse("x"))
    return replace(
        empty_report(1, DAY),
        digest=digest,
        source_ids=(10,),
        message_channels=dict.fromkeys(ids, 10),
    )


@pytest.fixture
async def store(tmp_path):
    async with Store.open(tmp_path / "guildwatch.db") as store:
        await store.messages.apply([say(1), say(2), say(3)])
        yield store


async def posted(store, report, **more):
    report_id = await store.reports.save(report)
    entry = replace(ENTRY, report_id=report_id, **more)
    await store.ledger.update(entry)
    await store.ledger.save_part(
        entry, Part("glance", "n", 20, DAY.end, 77, report_id=report_id, content="c")
    )
    return report_id


async def due(store):
    return {one.report_id: one.changes for one in await store.amendments.due(NOW)}


async def test_a_deletion_asks_for_the_post_to_be_edited_and_another_one_asks_again(store):
    report_id = await posted(store, report_on(FIRST + 1, FIRST + 2))
    assert await due(store) == {}
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    assert await due(store) == {report_id: 1}
    (first,) = await store.amendments.due(NOW)
    await store.messages.apply([Deletion(1, 10, (FIRST + 2,))])
    assert not await store.amendments.done(first)
    assert await due(store) == {report_id: 2}
    (second,) = await store.amendments.due(NOW)
    assert await store.amendments.done(second)
    assert await due(store) == {}


async def test_a_report_that_nobody_posted_asks_for_nothing(store):
    await store.reports.save(report_on(FIRST + 1))
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    assert await due(store) == {}


@pytest.mark.parametrize("state", [LedgerState.WRITTEN, LedgerState.POSTING, LedgerState.FAILED])
async def test_a_report_on_its_way_counts_before_the_first_part_is_out(store, state):
    report_id = await store.reports.save(report_on(FIRST + 1))
    await store.ledger.update(replace(ENTRY, state=state))
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    assert await due(store) == {report_id: 1}


async def test_lost_words_come_before_lost_counts(store):
    counted = await posted(store, report_on(FIRST + 2))
    other = replace(DAY, kind=PeriodKind.SPAN)
    worded = await store.reports.save(replace(report_on(FIRST + 1), period=other))
    await store.ledger.update(replace(ENTRY, period=other, report_id=worded))
    report = await store.reports.load(counted)
    activity = replace(report.activity, messages=9, people=2)
    await store.reports.save(replace(report, activity=activity))
    async for amendment in _all(store):
        await store.amendments.done(amendment)
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    assert [one.report_id for one in await store.amendments.due(NOW)] == [worded, counted]


async def _all(store):
    for one in await store.amendments.due(NOW):
        yield one


async def test_a_deleted_channel_and_a_purge_ask_too_and_expiry_does_not(store):
    report_id = await posted(store, report_on(FIRST + 1, FIRST + 2, FIRST + 3))
    await store.retention.expire(10, NOW)
    assert await due(store) == {}
    await store.messages.apply([say(1), say(2), say(3)])
    await store.messages.apply([ChannelClosed(1, 10)])
    assert await due(store) == {report_id: 1}
    assert (await store.reports.load(report_id)).digest.topics == ()


async def test_what_the_file_of_tombstones_says_after_a_restore_asks_too(tmp_path):
    path = tmp_path / "guildwatch.db"
    async with Store.open(path) as store:
        await store.messages.apply([say(1), say(2)])
        report_id = await posted(store, report_on(FIRST + 1, FIRST + 2))
    old = path.read_bytes()
    async with Store.open(path) as store:
        await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    path.write_bytes(old)
    async with Store.open(path) as store:
        assert await due(store) == {report_id: 1}
        assert len((await store.reports.load(report_id)).digest.topics[0].points) == 1


async def test_a_failed_edit_waits_until_it_is_due_or_something_else_goes(store):
    report_id = await posted(store, report_on(FIRST + 1, FIRST + 2))
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    (one,) = await store.amendments.due(NOW)
    await store.amendments.put_off(one, NOW + timedelta(hours=1))
    assert await due(store) == {}
    assert [each.failures for each in await store.amendments.due(NOW + timedelta(hours=2))] == [1]
    await store.messages.apply([Deletion(1, 10, (FIRST + 2,))])
    assert await due(store) == {report_id: 2}


async def test_an_edit_is_looked_at_again_and_one_that_changes_no_word_is_not(store):
    report_id = await posted(store, report_on(FIRST + 1))
    await store.messages.apply([MessageEdit(FIRST + 1, 1, 10, say(1).text, NOW)])
    await store.messages.apply([MessageEdit(FIRST + 2, 1, 10, "something else", NOW)])
    assert await store.amendments.rechecks() == []
    await store.messages.apply([MessageEdit(FIRST + 1, 1, 10, "in January", NOW)])
    (recheck,) = await store.amendments.rechecks()
    assert (recheck.report_id, recheck.message_ids) == (report_id, {FIRST + 1})

    def nothing(report, edited, messages):
        assert [one.text for one in messages if one.id in edited] == ["in January"]
        return report

    assert not await store.amendments.settle(recheck, nothing)
    assert await store.amendments.rechecks() == []
    assert await due(store) == {}


async def test_what_was_edited_while_a_report_was_written_is_looked_at_again(store):
    await store.messages.apply([MessageEdit(FIRST + 1, 1, 10, "in January", DAY.end)])
    report_id = await posted(store, report_on(FIRST + 1, FIRST + 2))
    (recheck,) = await store.amendments.rechecks()
    assert (recheck.report_id, recheck.message_ids) == (report_id, {FIRST + 1})


async def test_a_channel_that_is_deleted_takes_what_had_been_kept_long_enough(store):
    report_id = await posted(store, report_on(FIRST + 1, FIRST + 2))
    await store.retention.expire(10, NOW)
    await store.messages.apply([ChannelClosed(1, 10)])
    assert await points(store, report_id) == []
    assert await due(store) == {report_id: 1}


async def test_nothing_stays_in_the_file_of_an_expired_message_that_is_deleted(store, tmp_path):
    report_id = await posted(store, report_on(FIRST + 1))
    await store.retention.expire(10, NOW)
    assert await store.tidy()
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    assert await points(store, report_id) == []
    assert await store.tidy()
    assert b"December" not in b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))


@pytest.mark.parametrize("mark", [Mark.AUTHOR, Mark.OPT_OUT])
async def test_forgetting_somebody_reaches_what_had_been_kept_long_enough(tmp_path, mark):
    path = tmp_path / "guildwatch.db"
    async with Store.open(path) as store:
        other = replace(say(3, "another matter"), author=Author(6, "Bo"))
        await store.messages.apply([say(1), say(2), other])
        report_id = await posted(store, report_on(FIRST + 1, FIRST + 2, FIRST + 3))
        await store.retention.expire(10, NOW)
        await store.messages.apply([Deletion(1, 10, (FIRST + 2,))])  # the receipts are kept anew
    with Tombstones.open(path.with_name(TOMBSTONES)) as file:
        await file.append([Tombstone(mark, FIRST + 9, 1, author_id=5)])
    async with Store.open(path) as store:
        assert await points(store, report_id) == [(FIRST + 3,)]
        assert await due(store) == {report_id: 3}


async def test_a_report_that_an_answer_shows_is_corrected_and_its_answer_to_be_edited(store):
    answer = await store.answers.keep(report_on(FIRST + 1, FIRST + 2), 30, 99)
    listed = await store.reports.save(report_on(FIRST + 1, FIRST + 2))
    assert answer.report_id != listed
    await store.messages.apply([Deletion(1, 10, (FIRST + 1,))])
    assert await due(store) == {answer.report_id: 1}
    assert await points(store, answer.report_id) == [(FIRST + 2,)]
    assert [one.id for one in await store.reports.overview()] == [listed]
    found = await store.reports.of_period(1, DAY.start, DAY.end)
    assert found.id == listed
    await store.answers.drop(answer)
    assert await due(store) == {}


async def points(store, report_id):
    report = await store.reports.load(report_id)
    return [point.message_ids for topic in report.digest.topics for point in topic.points]
