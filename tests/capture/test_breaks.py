"""Where gaps begin: what changed while nobody listened is found, however quiet a channel was."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.capture import Backfill, HistoryError
from guildwatch.capture.reading import Reader
from guildwatch.model import ChannelKind


class Life:
    """Guildwatch from one start to its crash, again and again over the same store."""

    def __init__(self, parts, past, **options):
        self.parts, self.past, self.options = parts, past, options
        self.parts.roster.bot_id = 99

    async def __aenter__(self):
        self.sweeping = asyncio.Event()

        async def pause(seconds):
            if seconds == 999.0:
                await self.sweeping.wait()
            await asyncio.sleep(0)

        more = {"days": 7, "reread_hours": 48, **self.options}
        self.backfill = Backfill(
            self.past,
            self.parts.store,
            self.parts.roster,
            self.parts.intake,
            clock=self.parts.clock,
            pause=pause,
            sweep_interval=999.0,
            **more,
        )
        self.task = asyncio.create_task(self.backfill.run())
        self.backfill.interrupt()  # READY
        self.backfill.request(1)  # GUILD_CREATE
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def settled(self):
        async with asyncio.timeout(60):
            while self.backfill.progress.channels_left or self.backfill.progress.channel_id:
                await asyncio.sleep(0.001)

    async def swept(self):
        self.sweeping.set()
        async with asyncio.timeout(60):
            while self.backfill.progress.sweep.channels_left:
                await asyncio.sleep(0.001)


def pass_time(parts, **span):
    parts.clock.now += timedelta(**span)


async def texts(parts):
    return [one.text for one in await parts.store.messages.latest(limit=10_000)]


async def said_and_heard(parts, past, *messages):
    """Messages that came live while everything was well."""
    past.put(*messages)
    for one in messages:
        parts.intake.offer(one)
    await parts.intake.drain()


async def test_an_edit_while_down_in_a_channel_quiet_for_days_is_found_at_once(parts, past, make):
    async with Life(parts, past) as life:
        await life.settled()
        one = make.message(1, "as it was", at=parts.clock.now)
        await said_and_heard(parts, past, one)
        pass_time(parts, hours=20)
        # Another channel is lively, so the newest message is no sign of where the gap began.
        await said_and_heard(
            parts, past, make.message(2, "here", at=parts.clock.now, place=make.SIDE)
        )
        await life.backfill.note_heard()
    past.put(replace(one, text="corrected", edited_at=parts.clock.now))
    pass_time(parts, hours=100)
    past.put(make.message(3, "much later", at=parts.clock.now, place=make.SIDE))

    async with Life(parts, past) as life:
        await life.settled()
        assert "corrected" in await texts(parts)


async def test_a_crash_while_a_gap_is_read_does_not_move_its_beginning(parts, past, make):
    async with Life(parts, past) as life:
        await life.settled()
        one = make.message(1, "as it was", at=parts.clock.now)
        await said_and_heard(parts, past, one)
        await life.backfill.note_heard()
    past.put(replace(one, text="corrected", edited_at=parts.clock.now))
    pass_time(parts, hours=100)
    past.failures = [HistoryError("Discord is away.")] * 2
    async with Life(parts, past) as life:
        while past.failures:
            await asyncio.sleep(0.001)
        # Both channels failed; meanwhile live messages came, and it was noted that they are kept.
        await said_and_heard(parts, past, make.message(2, "live", at=parts.clock.now))
        past.failures = [HistoryError("Discord is away.")] * 50
        await life.backfill.note_heard()
    past.failures = []
    pass_time(parts, hours=100)

    async with Life(parts, past) as life:
        await life.settled()
        assert await texts(parts) == ["corrected", "live"]


async def test_what_is_older_than_the_reread_stretch_is_found_by_the_sweep(parts, past, make):
    async with Life(parts, past) as life:
        await life.settled()
        old = [make.message(n, f"old {n}", at=parts.clock.now) for n in range(3)]
        await said_and_heard(parts, past, *old)
        pass_time(parts, days=10)
        await said_and_heard(parts, past, make.message(9, "new", at=parts.clock.now))
        await life.backfill.note_heard()
    past.put(replace(old[0], text="corrected", edited_at=parts.clock.now))
    del past.messages[old[2].id]
    async with Life(parts, past) as life:
        await life.settled()
        assert await texts(parts) == ["old 0", "old 1", "old 2", "new"]
        assert life.backfill.progress.sweep.messages_left > 0
        await life.swept()
        assert await texts(parts) == ["corrected", "old 1", "new"]


async def test_what_came_while_listening_needs_no_sweep(parts, past, make):
    async with Life(parts, past) as life:
        await said_and_heard(parts, past, make.message(1, at=parts.clock.now))
        await life.settled()
        assert life.backfill.progress.sweep.channels_left == 0


async def test_a_channel_that_came_to_be_while_down_is_read_from_its_first_message(
    parts, past, make
):
    async with Life(parts, past) as life:
        await life.settled()
        await life.backfill.note_heard()
    pass_time(parts, days=1)
    new = make.channel(make.id(0, parts.clock.now), name="new")
    past.put(make.message(1, "the very first", at=parts.clock.now, place=new.id))
    pass_time(parts, days=20)
    async with Life(parts, past) as life:
        await parts.roster.put_channel(new)
        await life.settled()
        assert await texts(parts) == ["the very first"]


async def test_an_old_channel_that_opens_is_read_some_days_back(parts, past, make):
    opened = make.channel(50, name="opened")
    past.put(make.message(1, "too old", at=make.NOON - timedelta(days=9), place=50))
    past.put(make.message(2, "young", at=make.NOON - timedelta(days=5), place=50))
    async with Life(parts, past) as life:
        await life.settled()
        await parts.roster.put_channel(opened)
        await life.settled()
        assert await texts(parts) == ["young"]


async def test_access_that_was_lost_and_came_back_is_a_gap(parts, past, make):
    async with Life(parts, past) as life:
        await life.settled()
        one = make.message(1, "deleted unseen", at=parts.clock.now)
        await said_and_heard(parts, past, one, make.message(2, "stays", at=parts.clock.now))
        nobody = replace(make.EVERYONE, permissions=0)
        await parts.roster.put_role(make.GUILD, nobody)
        del past.messages[one.id]
        past.put(make.message(3, "unheard", at=parts.clock.now))
        await parts.roster.put_role(make.GUILD, make.EVERYONE)  # before anybody looks
        await life.settled()
        assert await texts(parts) == ["stays", "unheard"]


async def test_access_lost_for_weeks_and_over_a_restart_keeps_its_beginning(parts, past, make):
    nobody = replace(make.EVERYONE, permissions=0)
    async with Life(parts, past) as life:
        await life.settled()
        one = make.message(1, "deleted unseen", at=parts.clock.now)
        await said_and_heard(parts, past, one)
        await parts.roster.put_role(make.GUILD, nobody)
        await life.backfill.note_heard()
    del past.messages[one.id]
    pass_time(parts, days=10)
    async with Life(parts, past) as life:
        await life.settled()
        await life.backfill.note_heard()
        await parts.roster.put_role(make.GUILD, make.EVERYONE)
        await life.settled()
        assert await texts(parts) == []


async def test_a_channel_ignored_while_it_is_read_has_a_gap_when_it_is_tracked_again(
    parts, past, make
):
    past.put(*(make.message(n, f"number {n}") for n in range(150)))

    async def ignored():
        await parts.roster.choose_tracking(make.GENERAL, tracked=False)

    past.meanwhile = ignored
    async with Life(parts, past) as life:
        await life.settled()
        assert await texts(parts) == []
        await parts.roster.choose_tracking(make.GENERAL, tracked=None)
        await life.settled()
        assert len(await texts(parts)) == 150


async def test_one_channel_that_fails_holds_up_no_other(parts, past, make):
    past.put(make.message(1, "mine"), make.message(1, "theirs", place=make.SIDE))
    page = past.page

    async def failing(place, **more):
        if place.id == make.GENERAL:
            raise HistoryError("This one always fails.")
        return await page(place, **more)

    past.page = failing
    async with Life(parts, past) as life:
        async with asyncio.timeout(60):
            while await texts(parts) != ["theirs"]:
                await asyncio.sleep(0.001)
        assert not life.backfill.is_behind(make.GUILD)


async def test_an_archived_thread_that_was_spoken_in_while_down_is_read(parts, past, make):
    thread = make.channel(
        make.THREAD,
        ChannelKind.PUBLIC_THREAD,
        parent_id=make.GENERAL,
        archived=True,
        last_message_id=make.id(1),
    )
    past.threads = (thread,)
    past.put(make.message(1, "old", place=make.THREAD))
    async with Life(parts, past) as life:
        await life.settled()
        await life.backfill.note_heard()
    pass_time(parts, days=5)
    new = make.message(2, "new", at=parts.clock.now, place=make.THREAD)
    past.put(new)
    past.threads = (replace(thread, last_message_id=new.id),)
    pass_time(parts, days=5)
    async with Life(parts, past) as life:
        await life.settled()
        assert await texts(parts) == ["old", "new"]


async def test_a_channel_missing_from_the_picture_is_asked_about_even_after_a_crash(
    parts, past, make
):
    past.put(make.message(1, "in it", place=make.SIDE))
    async with Life(parts, past) as life:
        await life.settled()
    past.gone.add(make.SIDE)
    # The new picture was saved, and then the program ended before it had asked.
    await parts.store.guilds.save(make.guild(make.channel()))
    await parts.roster.load()
    async with Life(parts, past) as life:
        await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)
        await life.settled()
        await parts.intake.drain()
        assert await texts(parts) == []


async def test_where_a_banned_member_spoke_is_read_again(parts, past, make):
    async with Life(parts, past) as life:
        await life.settled()
        theirs, other = make.message(1, "spam"), make.message(2, "fine")
        await said_and_heard(parts, past, theirs, other)
        pass_time(parts, days=3)
        await said_and_heard(parts, past, make.message(3, "now", at=parts.clock.now))
        del past.messages[theirs.id]
        life.backfill.recheck_author(make.GUILD, make.ADA.id)
        async with asyncio.timeout(60):
            while await texts(parts) != ["fine", "now"]:
                await asyncio.sleep(0.001)


async def test_many_young_ones_that_vanish_are_not_asked_for_one_by_one(parts, past, make):
    alone = []
    has_message = past.has_message

    async def counted(place, message_id):
        alone.append(message_id)
        return await has_message(place, message_id)

    past.has_message = counted
    async with Life(parts, past) as life:
        await life.settled()
        young = [make.message(n, f"young {n}", at=parts.clock.now) for n in range(100)]
        await said_and_heard(parts, past, *young)
        past.messages.clear()
        past.put(make.message(200, "newest", at=parts.clock.now))
        life.backfill.interrupt()
        life.backfill.request(1)
        await life.settled()
        assert await texts(parts) == ["newest"]  # a newer one is there: that proves it
        assert alone == []

        past.messages.clear()
        await said_and_heard(
            parts, past, *(make.message(300 + n, "late", at=parts.clock.now) for n in range(100))
        )
        past.messages.clear()
        life.backfill.interrupt()
        life.backfill.request(1)
        async with asyncio.timeout(60):
            while not life.backfill.progress.trouble:
                await asyncio.sleep(0.001)
        pass_time(parts, minutes=2)
        await life.settled()
        assert await texts(parts) == []


@pytest.mark.parametrize("is_late", [True, False])
async def test_a_young_message_is_deleted_only_if_history_lacks_it_at_a_second_look(
    parts, past, make, is_late
):
    young = make.message(1, "young", at=parts.clock.now)
    await parts.store.messages.apply([young])
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)
        past.put(*([young] if is_late else []))

    reader = Reader(past, parts.store, parts.roster, parts.intake, clock=parts.clock, pause=pause)
    past.put(old := make.message(0, "old", at=parts.clock.now - timedelta(hours=1)))
    await reader.read_page(make.channel(), old.id - 1)
    assert await texts(parts) == (["old", "young"] if is_late else ["old"])
    assert len(pauses) == 1


async def test_a_channel_that_was_never_followed_has_no_open_gap(parts, past, make):
    category = make.channel(make.CATEGORY, ChannelKind.CATEGORY)
    reports = make.channel(50, name="daily-summary")
    picture = make.guild(make.channel(), make.channel(make.SIDE), category, reports)
    await parts.roster.put_guild(picture, make.BOT_MEMBER)
    for _ in range(2):
        async with Life(parts, past) as life:
            await life.settled()
            await life.backfill.note_heard()
            assert await parts.store.breaks.all() == {}


async def test_a_gap_that_was_closed_is_closed_after_a_stop_too(parts, past, make):
    async with Life(parts, past) as life:
        await life.settled()
        assert await parts.store.breaks.all() != {}
    assert await parts.store.breaks.all() == {}
