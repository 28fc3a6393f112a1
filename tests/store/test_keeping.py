"""The ledger, settings, cached conversations, gaps and calibration."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from guildwatch.model import (
    Deletion,
    Gap,
    GuildSettings,
    LedgerEntry,
    LedgerState,
    MessageEdit,
    Part,
    Period,
    PeriodKind,
)

MIDNIGHT = datetime(2024, 3, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(guild_id=1, days=0, **fields):
    start = MIDNIGHT + days * DAY
    return LedgerEntry(guild_id, Period(PeriodKind.DAY, start, start + DAY, "UTC"), **fields)


async def test_the_ledger_knows_where_it_ended_and_what_is_open(store):
    assert await store.ledger.last_end(1) is None
    done, open_entry, other = entry(), entry(days=1), entry(guild_id=2)
    for one in (open_entry, done, other):
        await store.ledger.add(one)
    await store.ledger.update(replace(done, state=LedgerState.CLOSED, reason="silent"))
    assert await store.ledger.last_end(1) == open_entry.period.end
    assert await store.ledger.last_end(1, PeriodKind.WEEK) is None
    assert await store.ledger.open_entries() == [other, open_entry]
    assert [one.reason for one in await store.ledger.recent()] == ["", "silent", ""]
    assert await store.ledger.recent(limit=1) == [open_entry]


async def test_adding_an_entry_again_keeps_how_far_it_was(store):
    failed = entry(
        state=LedgerState.FAILED,
        reason="Discord could not be reached.",
        failures=3,
        next_try=MIDNIGHT + timedelta(microseconds=1),
    )
    await store.ledger.add(failed)
    await store.ledger.add(entry())
    assert await store.ledger.open_entries() == [failed]


async def test_parts_keep_their_order_and_take_their_message_ids(store):
    due = entry()
    await store.ledger.add(due)
    glance, thread = Part("glance", "n1", 10), Part("thread", "n2", 10)
    for part in (glance, thread, replace(glance, attempted_at=MIDNIGHT, message_id=5)):
        await store.ledger.save_part(due, part)
    assert await store.ledger.parts(due) == [
        Part("glance", "n1", 10, MIDNIGHT, 5),
        thread,
    ]
    assert await store.ledger.parts(entry(days=1)) == []


async def test_settings_are_the_defaults_until_somebody_chooses(store):
    assert await store.settings.one(1) == GuildSettings(1)
    for chosen in (
        GuildSettings(1, 10, None, time(7, 30), "Asia/Kolkata", 5, MIDNIGHT),
        GuildSettings(1, None, 6, time(0, 0)),
    ):
        await store.settings.save(chosen)
        assert await store.settings.one(1) == chosen
    assert await store.settings.all() == {1: chosen}


async def test_a_cached_conversation_goes_with_any_of_its_messages(store, say):
    first, second, _ = said = [say(), say(), say()]
    await store.messages.apply(said)
    ids = [one.id for one in said]
    await store.conversations.keep("a", 1, 10, ids[:2], '{"points": []}')
    await store.conversations.keep("b", 1, 10, ids[1:], "edited")
    await store.conversations.keep("c", 1, 10, ids[:1], "untouched")
    assert await store.conversations.cached("a") == '{"points": []}'
    await store.messages.apply([replace(second, reactions=5)])
    assert await store.conversations.cached("a") is not None
    await store.messages.apply([Deletion(1, 10, (second.id,))])
    assert await store.conversations.cached("a") is None
    assert await store.conversations.cached("b") is None
    assert await store.conversations.cached("c") == "untouched"
    await store.messages.apply([MessageEdit(first.id, 1, 10, "new", MIDNIGHT)])
    assert await store.conversations.cached("c") is None


async def test_a_conversation_with_a_deleted_message_is_not_kept(store, say):
    message = say()
    await store.messages.apply([message, Deletion(1, 10, (message.id,))])
    await store.conversations.keep("a", 1, 10, [message.id], "too late")
    assert await store.conversations.cached("a") is None


async def test_what_was_told_of_an_earlier_wording_is_not_kept(store, say):
    first, second = said = [say(), say()]
    await store.messages.apply(said)
    read = {one.id: one.wording for one in said}
    await store.conversations.keep("before", 1, 10, read, "told")
    assert await store.conversations.cached("before") == "told"
    await store.messages.apply([MessageEdit(second.id, 1, 10, "I take it back", MIDNIGHT)])
    await store.conversations.keep("after", 1, 10, read, "told")
    assert await store.conversations.cached("after") is None
    await store.conversations.keep("gone", 1, 10, {first.id: first.wording, 7: 7}, "told")
    assert await store.conversations.cached("gone") is None


async def test_keeping_a_conversation_again_replaces_it(store):
    for result in ("one", "two"):
        await store.conversations.keep("a", 1, 10, [5, 5, 6], result)
    assert await store.conversations.cached("a") == "two"


async def test_gaps_are_told_where_they_touch_a_span_until_they_are_closed(store):
    hour = timedelta(hours=1)
    gap = Gap(10, MIDNIGHT, MIDNIGHT + hour, "was offline")
    other = Gap(11, MIDNIGHT + hour, MIDNIGHT + 2 * hour, "no access")
    for one in (other, replace(gap, reason="?"), gap):
        await store.gaps.note(one)
    span = (MIDNIGHT, MIDNIGHT + DAY)
    assert await store.gaps.between([10, 11], *span) == [gap, other]
    assert await store.gaps.between([11], *span) == [other]
    assert await store.gaps.between([10], MIDNIGHT + hour, MIDNIGHT + DAY) == []
    await store.gaps.close(10, *span)
    assert await store.gaps.between([10, 11], *span) == [other]


async def test_calibration_is_kept_by_model(store):
    assert await store.calibration.load("gemma3:27b") is None
    await store.calibration.save("gemma3:27b", 3.5)
    await store.calibration.save("gemma3:27b", 3.6)
    assert await store.calibration.load("gemma3:27b") == 3.6
