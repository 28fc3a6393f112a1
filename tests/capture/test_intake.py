"""The road into the store, when all is well and when it is not."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from guildwatch.capture import Intake
from guildwatch.model import ChannelClosed, Deletion, MessageEdit, ReactionChange
from guildwatch.store import Store, StoreError


class Failing:
    """A store whose disk is full for some tries."""

    def __init__(self, store, failures):
        self.store = store
        self.failures = failures
        self.batches = []
        self.messages = self

    async def apply(self, batch, *, watermarks=None):
        if self.failures:
            self.failures -= 1
            raise StoreError("The disk is full. Free some space.")
        self.batches.append(list(batch))
        return await self.store.messages.apply(batch, watermarks=watermarks)


@asynccontextmanager
async def running(intake):
    task = asyncio.create_task(intake.run())
    try:
        yield
        await intake.drain()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def closed(intake, *channels):
    """No gap in these channels."""
    for one in channels:
        assert intake.frontier.close(one, intake.frontier.token(one))


async def stored(parts):
    return [one.text for one in await parts.store.messages.latest(limit=10_000)]


async def test_what_is_offered_is_written_in_batches_and_in_order(parts, make):
    watched = Failing(parts.store, 0)
    intake = Intake(watched, scorer(parts), parts.pulse)
    for number in range(1_200):
        assert intake.offer(make.message(number, f"number {number}"))
    async with running(intake):
        pass

    assert [len(batch) for batch in watched.batches] == [500, 500, 200]
    assert await stored(parts) == [f"number {number}" for number in range(1_200)]


def scorer(parts):
    return parts.intake._scorer


async def test_only_what_people_say_is_scored(parts, make):
    bot = make.message(2, "a wonderful day", author=make.ADA.__class__(6, "CI", is_bot=True))
    parts.intake.offer(make.message(1, "a wonderful day"))
    parts.intake.offer(bot)
    await parts.intake.drain()

    scores = [one.score for one in await parts.store.messages.latest()]
    assert scores[0] > 0.5
    assert scores[1] is None


async def test_while_the_disk_is_full_the_batch_is_kept_and_the_operator_told(parts, make):
    watched = Failing(parts.store, 3)
    pauses, told = [], []

    async def pause(seconds):
        pauses.append(seconds)
        told.append(intake.trouble)
        intake.offer(make.message(10 + len(pauses), "meanwhile"))

    intake = Intake(watched, scorer(parts), parts.pulse, pause=pause)
    intake.offer(make.message(1, "first"))
    async with running(intake):
        await asyncio.sleep(0)

    assert pauses == [0.5, 1.0, 2.0]
    assert told == ["The disk is full. Free some space."] * 3
    assert intake.trouble == ""
    assert await stored(parts) == ["first", "meanwhile", "meanwhile", "meanwhile"]


async def test_nothing_is_shown_that_is_not_saved(parts, make):
    seen = []

    async def pause(_seconds):
        seen.append(parts.pulse.seen)

    intake = Intake(Failing(parts.store, 2), scorer(parts), parts.pulse, pause=pause)
    intake.offer(make.message(1))
    async with running(intake):
        await asyncio.sleep(0)
    assert seen == [0, 0]
    assert parts.pulse.seen == 1


async def test_at_the_end_a_failing_store_is_told_and_the_events_stay(parts, make):
    intake = Intake(Failing(parts.store, 1), scorer(parts), parts.pulse)
    intake.offer(make.message(1))
    with pytest.raises(StoreError):
        await intake.drain()
    assert intake.backlog == 1
    await intake.drain()
    assert await stored(parts) == ["hello"]


async def test_a_cancelled_run_keeps_what_it_was_writing(parts, make):
    async def forever(_seconds):
        await asyncio.Event().wait()

    intake = Intake(Failing(parts.store, 1), scorer(parts), parts.pulse, pause=forever)
    intake.offer(make.message(1))
    task = asyncio.create_task(intake.run())
    while not intake.trouble:
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert intake.backlog == 1


async def test_one_event_that_cannot_be_written_costs_itself_alone(parts, make, caplog):
    odd = MessageEdit("not an id", make.GUILD, make.GENERAL, "x", make.NOON)
    for event in (make.message(1, "first"), odd, make.message(2, "second")):
        parts.intake.offer(event)
    await parts.intake.drain()

    assert await stored(parts) == ["first", "second"]
    assert "left out: MessageEdit" in caplog.text


async def test_a_scorer_that_fails_costs_the_scores_alone(parts, make, caplog):
    class Broken:
        name = "broken"

        def scores(self, texts):
            raise ZeroDivisionError

    intake = Intake(parts.store, Broken(), parts.pulse)
    intake.offer(make.message(1, "kept"))
    await intake.drain()
    assert await stored(parts) == ["kept"]


async def test_live_messages_move_the_watermark_only_where_there_is_no_gap(parts, make):
    closed(parts.intake, make.GENERAL)
    parts.intake.offer(make.message(1))
    parts.intake.offer(make.message(2, place=make.SIDE))
    await parts.intake.drain()
    assert await parts.store.messages.watermarks() == {make.GENERAL: make.id(1)}

    parts.intake.frontier.open(make.GENERAL)
    parts.intake.offer(make.message(3))
    await parts.intake.drain()
    assert await parts.store.messages.watermarks() == {make.GENERAL: make.id(1)}


async def test_past_the_bound_messages_are_counted_and_edits_remembered(parts, make):
    intake = Intake(parts.store, scorer(parts), parts.pulse, bound=2)
    closed(intake, make.GENERAL, make.SIDE)
    assert intake.offer(make.message(1))
    assert intake.offer(make.message(2))
    assert not intake.offer(make.message(3))
    assert not intake.offer(MessageEdit(make.id(1), make.GUILD, make.GENERAL, "new", make.NOON))
    assert not intake.offer(ReactionChange(make.id(2), make.GUILD, make.SIDE, 1))

    assert (intake.shed, intake.gaps, intake.backlog) == (1, 2, 2)
    assert intake.take_stale(make.GENERAL) == {make.id(1)}
    assert intake.take_stale(make.SIDE) == {make.id(2)}


async def test_there_is_always_room_for_a_deletion(parts, make):
    intake = Intake(parts.store, scorer(parts), parts.pulse, bound=1)
    for event in (
        make.message(1, "first"),
        Deletion(make.GUILD, make.GENERAL, (make.id(1),)),
        ChannelClosed(make.GUILD, make.SIDE),
    ):
        assert intake.offer(event)
    await intake.drain()
    assert await stored(parts) == []


async def test_a_flood_of_deletions_is_kept_as_ids_and_comes_after_what_it_deletes(parts, make):
    watched = Failing(parts.store, 0)
    intake = Intake(watched, scorer(parts), parts.pulse, bound=600)
    for number in range(600):
        assert intake.offer(make.message(number))
    for number in range(0, 600, 2):
        assert intake.offer(Deletion(make.GUILD, make.GENERAL, (make.id(number),)))
    assert intake.backlog == 601
    await intake.drain()
    assert len(await stored(parts)) == 300
    assert [one.id for one in parts.pulse.recent] == [make.id(one) for one in range(1, 600, 2)]
    assert len(watched.batches) == 2


async def test_where_even_the_ids_have_no_room_the_channel_is_read_again(parts, make):
    intake = Intake(parts.store, scorer(parts), parts.pulse, bound=1)
    closed(intake, make.GENERAL, make.SIDE)
    intake.offer(make.message(1))
    intake.offer(Deletion(make.GUILD, make.GENERAL, tuple(range(200_000))))
    assert not intake.frontier.is_open(make.GENERAL)
    assert not intake.offer(Deletion(make.GUILD, make.GENERAL, (make.id(1),)))
    assert intake.frontier.was_reopened(make.GENERAL)
    assert not intake.frontier.was_shed(make.GENERAL)  # so the hours before the gap are read too
    for number in range(60_000):
        intake.doubt(make.SIDE, number)
    assert len(intake.take_stale(make.SIDE)) == 50_000
    assert not intake.frontier.was_shed(make.SIDE)


async def test_a_million_events_that_nobody_writes_take_little_memory(parts, make):
    intake = Intake(parts.store, scorer(parts), parts.pulse)
    long = make.message(1, "x" * 4_000)
    edit = MessageEdit(make.id(1), make.GUILD, make.GENERAL, "y" * 4_000, make.NOON)
    with intake.witness(make.GENERAL) as seen:
        for _ in range(250_000):
            for event in (long, edit):
                intake.offer(event)
    assert intake.backlog == 2_000  # eight million letters
    assert len(seen) == 10_000
    assert intake.frontier.was_reopened(make.GENERAL)  # what was not witnessed is read again


async def test_the_store_on_disk_has_what_the_intake_wrote(parts, make, tmp_path):
    parts.intake.offer(make.message(1, "on disk"))
    await parts.intake.drain()
    async with Store.open(tmp_path / "guildwatch.db", read_only=True) as other:
        assert [one.text for one in await other.messages.latest()] == ["on disk"]


async def test_nothing_is_shown_of_who_opted_out(parts, make):
    await parts.store.rights.opt_out(make.GUILD, make.ADA.id)
    bea = replace(make.ADA, id=77, name="Bea")
    parts.intake.offer(make.message(1, "not for you"))
    parts.intake.offer(make.message(2, "hello", author=bea, mentioned=(make.ADA, bea)))
    await parts.intake.drain()
    (shown,) = parts.pulse.recent
    assert (shown.text, shown.mentioned) == ("hello", (bea,))
    assert parts.pulse.seen == 1


async def test_who_is_forgotten_leaves_what_is_shown(parts, make):
    bea = replace(make.ADA, id=77, name="Bea")
    parts.intake.offer(make.message(1, "mine"))
    parts.intake.offer(make.message(2, "hello", author=bea, mentioned=(make.ADA,)))
    await parts.intake.drain()
    before = parts.pulse.today()
    parts.pulse.forget(make.GUILD, make.ADA.id, 1 << 62)
    (shown,) = parts.pulse.recent
    assert (shown.text, shown.mentioned) == ("hello", ())
    assert parts.pulse.today() == before - 1


class Stumbling:
    """Looks at what is said, and fails at some of it."""

    def cleared(self, event):
        if "odd" in event.text:
            raise ZeroDivisionError
        return event

    def heard(self, kept):
        raise ZeroDivisionError


async def test_a_detector_that_fails_costs_the_odd_words_alone(parts, make, caplog):
    intake = Intake(parts.store, scorer(parts), parts.pulse, screen=Stumbling())
    for event in (make.message(1, "first"), make.message(2, "odd"), make.message(3, "third")):
        intake.offer(event)
    async with running(intake):
        pass

    assert await stored(parts) == ["first", "", "third"]
    assert "is not kept" in caplog.text
    assert "could not be shown" in caplog.text


async def test_a_message_that_cannot_be_written_is_told_as_a_gap(parts, make):
    odd = replace(make.message(2), reactions="many")
    for event in (make.message(1, "first"), odd, make.message(3, "third")):
        parts.intake.offer(event)
    await parts.intake.drain()

    assert await stored(parts) == ["first", "third"]
    (gap,) = await parts.store.gaps.between({make.GENERAL}, make.NOON, make.message(9).created_at)
    assert gap.start == odd.created_at


async def test_what_ends_the_writing_unforeseen_keeps_what_was_in_hand(parts, make):
    class Ending(Failing):
        async def apply(self, batch, *, watermarks=None):
            raise GeneratorExit

    intake = Intake(Ending(parts.store, 0), scorer(parts), parts.pulse)
    intake.offer(make.message(1))
    with suppress(GeneratorExit):
        await intake.drain()
    assert intake.backlog == 1
