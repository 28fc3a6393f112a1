"""Closing gaps, whatever happens in between."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.capture import Backfill, HistoryError, HistoryRefusedError
from guildwatch.model import (
    Author,
    ChannelClosed,
    ChannelKind,
    Deletion,
    MessageEdit,
)

SWEEP = 999.0  # seconds between two requests of the sweep, which most tests do not wait for


@asynccontextmanager
async def filling(parts, past, *, days=7, reread_hours=48, pause=None, sweeping=False, beat=60.0):
    async def no_pause(seconds):
        if seconds == SWEEP and not sweeping:
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    backfill = Backfill(
        past,
        parts.store,
        parts.roster,
        parts.intake,
        days=days,
        reread_hours=reread_hours,
        clock=parts.clock,
        pause=pause or no_pause,
        sweep_interval=SWEEP,
        beat=beat,
    )
    task = asyncio.create_task(backfill.run())
    try:
        yield backfill
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def settled(backfill):
    async with asyncio.timeout(60):
        while backfill.progress.channels_left or backfill.progress.channel_id:
            await asyncio.sleep(0.001)


async def fill(parts, past, **options):
    """Reads all gaps of the guild, once."""
    async with filling(parts, past, **options) as backfill:
        backfill.interrupt()
        backfill.request(1)
        await settled(backfill)
    return backfill


async def texts(parts):
    return [one.text for one in await parts.store.messages.latest(limit=10_000)]


async def test_nothing_is_read_before_the_guilds_picture_is_fresh(parts, past):
    async with filling(parts, past) as backfill:
        await parts.roster.choose_tracking(77, tracked=True)
        for _ in range(20):
            await asyncio.sleep(0)
        assert past.asked == []
        assert backfill.progress.channels_left == 0


async def test_pages_go_on_from_the_watermark_and_move_it(parts, past, make):
    past.put(*(make.message(n) for n in range(250)))
    await fill(parts, past)

    assert len(await texts(parts)) == 250
    assert (await parts.store.messages.watermarks())[make.GENERAL] == make.id(249)
    assert not parts.intake.frontier.is_open(make.GENERAL)


async def test_a_crash_in_the_midst_costs_a_second_reading_and_no_message(parts, past, make):
    past.put(*(make.message(n) for n in range(250)))

    async def pause_then_crash(_seconds):
        if len([one for one in past.asked if one[0] == make.GENERAL]) == 2:
            await asyncio.Event().wait()

    async with filling(parts, past, pause=pause_then_crash) as backfill:
        backfill.request(make.GUILD)
        while backfill.progress.messages < 200:
            await asyncio.sleep(0.001)
        # Live messages go on while the gap is open; then the power fails.
        parts.intake.offer(make.message(300, "live"))
        await parts.intake.drain()
    assert (await parts.store.messages.watermarks())[make.GENERAL] == make.id(199)

    past.put(make.message(300, "live"))
    parts.intake.frontier.open_all()
    await fill(parts, past)
    assert len(await texts(parts)) == 251


async def test_oldest_gaps_come_first(parts, past, make):
    long_ago = make.NOON - timedelta(days=3)
    await parts.store.messages.apply(
        [make.message(0, at=long_ago, place=make.SIDE), make.message(0)],
        watermarks={make.SIDE: make.id(0, long_ago), make.GENERAL: make.id(0)},
    )
    await fill(parts, past)
    assert [place for place, _ in past.asked] == [make.SIDE, make.GENERAL]


async def test_an_edit_that_overtakes_its_page_is_not_lost(parts, past, make):
    past.put(make.message(1, "as it was"))

    async def edited():
        edit = MessageEdit(make.id(1), make.GUILD, make.GENERAL, "edited", parts.clock())
        parts.intake.offer(edit)
        await parts.intake.drain()  # there is nothing to change yet

    past.meanwhile = edited
    await fill(parts, past)
    assert await texts(parts) == ["edited"]


async def test_a_deletion_that_overtakes_its_page_wins_in_store_and_feed(parts, past, make):
    past.put(make.message(1, "deleted"), make.message(2, "stays"))

    async def deleted():
        parts.intake.offer(Deletion(make.GUILD, make.GENERAL, (make.id(1),)))
        await parts.intake.drain()

    past.meanwhile = deleted
    await fill(parts, past)
    assert await texts(parts) == ["stays"]
    assert [one.text for one in parts.pulse.recent] == ["stays"]


async def test_a_message_that_comes_live_while_a_page_is_read_is_not_taken_for_deleted(
    parts, past, make
):
    past.put(make.message(1, "old"), make.message(9, "known"))
    await parts.store.messages.apply([make.message(9, "known")])

    async def said():
        for number in (5, 12):  # ids may come out of order by some milliseconds
            parts.intake.offer(make.message(number, f"live {number}"))
        await parts.intake.drain()

    past.meanwhile = said
    await fill(parts, past)
    assert await texts(parts) == ["old", "live 5", "known", "live 12"]


async def test_a_channel_that_is_ignored_while_its_page_is_read_is_not_stored(parts, past, make):
    past.put(make.message(1))

    async def ignored():
        await parts.roster.choose_tracking(make.GENERAL, tracked=False)

    past.meanwhile = ignored
    await fill(parts, past)
    assert await texts(parts) == []


async def test_a_channel_that_closes_while_its_page_is_read_stays_empty(parts, past, make):
    past.put(make.message(1, "too late"))

    async def closed():
        parts.intake.offer(ChannelClosed(make.GUILD, make.GENERAL))
        await parts.roster.drop_channel(make.GENERAL)
        await parts.intake.drain()

    past.meanwhile = closed
    await fill(parts, past)
    assert await texts(parts) == []


async def test_a_gap_that_opens_again_while_it_is_read_is_read_again(parts, past, make):
    past.put(make.message(1))
    frontier = parts.intake.frontier

    async def lost():
        frontier.open(make.GENERAL)
        past.put(make.message(2, "came between"))

    past.meanwhile = lost
    await fill(parts, past)
    assert await texts(parts) == ["hello", "came between"]
    assert not frontier.is_open(make.GENERAL)


async def test_what_was_deleted_within_the_reread_stretch_is_found_and_nothing_older(
    parts, past, make
):
    old = make.message(0, "old", at=make.NOON - timedelta(hours=60))
    late = [make.message(n, f"late {n}") for n in range(3)]
    mark = {make.GENERAL: late[-1].id}
    await parts.store.messages.apply([old, *late], watermarks=mark)
    past.put(late[1])
    await fill(parts, past)
    assert await texts(parts) == ["old", "late 1"]


async def test_history_without_texts_overwrites_none(parts, past, make):
    await parts.store.messages.apply(
        [make.message(1, "kept")], watermarks={make.GENERAL: make.id(1)}
    )
    past.put(make.message(1, ""))
    await fill(parts, past)
    assert await texts(parts) == ["kept"]


async def test_a_quiet_channel_costs_no_request(parts, past, make):
    place = make.channel(last_message_id=make.id(0, make.NOON - timedelta(days=30)))
    await parts.roster.put_guild(make.guild(place), make.BOT_MEMBER)
    await fill(parts, past)
    assert past.asked == []
    assert make.GENERAL in await parts.store.messages.watermarks()


async def test_the_bots_own_posts_are_passed_over(parts, past, make):
    past.put(make.message(1, "report", author=Author(make.BOT, "Watcher", is_bot=True)))
    await fill(parts, past)
    assert await texts(parts) == []
    assert (await parts.store.messages.watermarks())[make.GENERAL] == make.id(1)


async def test_names_known_from_live_messages_are_kept(parts, past, make):
    await parts.store.messages.apply([make.message(1, author=replace(make.ADA, name="Countess"))])
    past.put(make.message(2))
    await fill(parts, past)
    names = await parts.store.guilds.author_names(make.GUILD, [make.ADA.id])
    assert names == {make.ADA.id: "Countess"}


async def test_archived_threads_are_found_and_read(parts, past, make):
    thread = make.channel(
        make.THREAD, ChannelKind.PUBLIC_THREAD, parent_id=make.GENERAL, archived=True
    )
    past.threads = (thread,)
    past.put(make.message(1, "in the thread", place=make.THREAD))
    await fill(parts, past)
    assert await texts(parts) == ["in the thread"]
    assert parts.roster.channel(make.THREAD) == thread


async def test_a_channel_that_is_gone_takes_its_messages_along(parts, past, make):
    await parts.store.messages.apply([make.message(1)])
    past.gone = {make.GENERAL}
    await fill(parts, past)
    await parts.intake.drain()
    assert await texts(parts) == []
    assert parts.roster.channel(make.GENERAL) is None


async def test_a_thread_that_was_never_saved_and_is_gone_takes_its_messages_along(
    parts, past, make
):
    """A kill came between its first message and the saving of the guild's picture."""
    await parts.store.messages.apply(
        [make.message(1, "gone", place=make.THREAD), make.message(2, "elsewhere", place=77)]
    )
    past.gone = {make.THREAD}
    await fill(parts, past)
    await parts.intake.drain()
    assert await texts(parts) == ["elsewhere"]


async def test_failures_are_told_and_tried_again_later_and_later(parts, past, make):
    past.put(make.message(1))
    past.failures = [HistoryError("Discord is away.")] * 3
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)
        await asyncio.sleep(0)

    backfill = await fill(parts, past, pause=pause)
    assert await texts(parts) == ["hello"]
    assert sorted(one for one in pauses if one > 1) == [2.0, 2.0, 4.0]
    assert backfill.progress.trouble == ""


async def test_what_is_refused_is_a_known_gap_until_the_right_to_read_it_comes(parts, past, make):
    await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)
    past.put(make.message(1))
    past.failures = [HistoryRefusedError("Grant Read Message History.")]
    day = (make.NOON - timedelta(days=1), make.NOON + timedelta(days=1))
    async with filling(parts, past) as backfill:
        backfill.request(make.GUILD)
        await settled(backfill)
        (gap,) = await parts.store.gaps.between([make.GENERAL], *day)
        assert gap.reason == "Grant Read Message History."
        assert await texts(parts) == []

        await parts.roster.put_bot(replace(make.BOT_MEMBER, role_ids=frozenset({50})))
        await settled(backfill)
        assert await texts(parts) == ["hello"]
        assert await parts.store.gaps.between([make.GENERAL], *day) == []


async def test_a_refusal_that_nothing_told_to_be_over_is_tried_again_later(parts, past, make):
    await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)
    past.put(make.message(1))
    past.failures = [HistoryRefusedError("Grant Read Message History.")]
    async with filling(parts, past, beat=0.01) as backfill:
        backfill.request(make.GUILD)
        await settled(backfill)
        assert await texts(parts) == []
        parts.clock.now += timedelta(minutes=20)
        await settled(backfill)
        assert await texts(parts) == ["hello"]


async def test_a_page_that_reads_as_empty_and_is_not_closes_no_gap(parts, past, make):
    first, last = make.message(1), make.message(2, "the newest")
    past.put(first, last)
    channel = make.channel(last_message_id=last.id)
    await parts.roster.put_guild(make.guild(channel), make.BOT_MEMBER)
    past.blanks = 2
    await fill(parts, past)
    assert await texts(parts) == ["hello", "the newest"]


async def test_a_newest_message_that_was_deleted_keeps_no_gap_open(parts, past, make):
    past.put(make.message(1))
    channel = make.channel(last_message_id=make.id(2))
    await parts.roster.put_guild(make.guild(channel), make.BOT_MEMBER)
    backfill = await fill(parts, past)
    assert await texts(parts) == ["hello"]
    assert backfill.progress.trouble == ""


async def test_shed_edits_are_read_again(parts, past, make):
    stored = [make.message(n, f"number {n}") for n in range(5)]
    past.put(*stored)
    async with filling(parts, past) as backfill:
        backfill.request(make.GUILD)
        await settled(backfill)
        past.put(make.message(2, "edited", edited_at=parts.clock()))
        parts.intake.doubt(make.GENERAL, make.id(2))
        await settled(backfill)
        assert (await texts(parts))[2] == "edited"
        assert past.asked[-2:] == [(make.GENERAL, make.id(2) - 1), (make.GENERAL, make.id(4))]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 2)),
        st.tuples(st.just("edit"), st.integers(0, 30)),
        st.tuples(st.just("delete"), st.integers(0, 30)),
        st.tuples(st.just("cut"), st.integers(0, 3)),
        st.tuples(st.just("crash"), st.just(0)),
    ),
    max_size=30,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ACTS)
async def test_whatever_is_missed_the_store_has_in_the_end_what_discord_has(
    parts, past, make, acts
):
    """Acts are heard live unless the line is cut; then the gap is read."""
    await wiped(parts, past)
    deaf, number = 0, 0
    backfill = await fill(parts, past)
    for act, value in acts:
        events = []
        known = sorted(past.messages)
        parts.clock.now += timedelta(seconds=1)
        if act == "say":
            number += 1
            one = make.message(number, f"number {number}", at=parts.clock.now)
            past.put(one)
            events.append(one)
        elif act == "edit" and known:
            one = past.messages[known[value % len(known)]]
            past.put(replace(one, text=f"{one.text} again", edited_at=parts.clock.now))
            events.append(
                MessageEdit(one.id, 1, one.channel_id, f"{one.text} again", parts.clock.now)
            )
        elif act == "delete" and known:
            one = past.messages.pop(known[value % len(known)])
            events.append(Deletion(1, one.channel_id, (one.id,)))
        elif act == "cut":
            deaf = value
        elif act == "crash":
            await fill(parts, past)
        if deaf:
            deaf -= 1
            if not deaf:
                await fill(parts, past)
        else:
            for event in events:
                parts.intake.offer(event)
            await parts.intake.drain()
    await fill(parts, past)

    expected = [past.messages[one].text for one in sorted(past.messages)]
    assert await texts(parts) == expected
    assert backfill.progress.trouble == ""


async def wiped(parts, past):
    """Each example has its own channel's worth of nothing."""
    stored = await parts.store.messages.latest(limit=10_000)
    if stored:
        await parts.store.messages.apply([Deletion(1, 10, tuple(one.id for one in stored))])
    past.messages.clear()
