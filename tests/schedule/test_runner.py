"""The runner through days, stops, crashes, failures and clocks that jump."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from guildwatch.model import (
    Guild,
    GuildwatchError,
    LedgerEntry,
    LedgerState,
    Period,
    PeriodKind,
)
from guildwatch.schedule import NotNowError, PostOutcome
from guildwatch.store import Ledger, Store
from support.reports import empty_report


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def days(periods) -> list[int]:
    return [period.end.day for period in periods]


class RefusedError(GuildwatchError): ...


async def refuse(entry: LedgerEntry) -> None:
    raise RefusedError("Discord refused the post; allow the bot to write there.")


async def test_a_new_guild_s_first_report_tells_the_whole_day_on_which_it_was_first_seen(scene):
    async with scene.running() as runner:
        assert runner.next_due(1) == utc(2026, 5, 5)
        assert scene.written == []
        await scene.go_to(2026, 5, 5, 0, 0, 3)
        (period,) = scene.posted
        assert (period.kind, period.start, period.end) == (
            PeriodKind.DAY,
            utc(2026, 5, 4),
            utc(2026, 5, 5),
        )
        assert [entry.state for entry in await scene.ledger()] == [LedgerState.POSTED]


async def test_a_week_of_days_is_posted_once_each_in_order(scene):
    async with scene.running():
        for day in range(4, 12):
            for hour in (0, 5, 11, 17, 23):
                await scene.go_to(2026, 5, day, hour)
    assert days(scene.posted) == [5, 6, 7, 8, 9, 10, 11]
    assert scene.written == scene.posted


async def test_a_guild_first_seen_before_a_stop_gets_the_report_it_was_owed(scene):
    async with scene.running():
        pass
    async with scene.running():
        await scene.go_to(2026, 5, 5, 9)
    assert days(scene.posted) == [5]


async def test_missed_days_are_made_up_for_oldest_first(scene):
    async with scene.running():
        pass
    async with scene.running():
        await scene.go_to(2026, 5, 7, 9)
    assert days(scene.posted) == [5, 6, 7]


async def test_more_than_three_missed_days_become_one_report_and_each_says_which(scene):
    async with scene.running():
        pass
    async with scene.running():
        await scene.go_to(2026, 5, 9, 9)
        (whole,) = scene.posted
        assert (whole.kind, whole.start, whole.end) == (
            PeriodKind.SPAN,
            utc(2026, 5, 4),
            utc(2026, 5, 9),
        )
        entries = await scene.ledger()
        (span,) = [entry for entry in entries if entry.state is LedgerState.POSTED]
        rest = [entry for entry in entries if entry is not span]
        assert {entry.reason for entry in rest} == {f"rolled up into {span.key}"}
        assert days(entry.period for entry in rest) == [5, 6, 7, 8, 9]
        await scene.go_to(2026, 5, 10, 9)
        assert days(scene.posted) == [9, 10]


async def test_a_changed_time_leaves_no_hole_and_no_overlap(scene):
    async with scene.running() as runner:
        await scene.go_to(2026, 5, 5, 8)
        await scene.choose(report_time=time(7))
        await scene.until_quiet()
        await scene.go_to(2026, 5, 6, 1)
        assert days(scene.posted) == [5]
        await scene.go_to(2026, 5, 6, 7)
        await scene.choose(zone="Asia/Tokyo")
        await scene.go_to(2026, 5, 8, 12)
        assert runner.next_due(1) == utc(2026, 5, 8, 22)
    for earlier, later in pairwise(scene.posted):
        assert later.start == earlier.end
    assert scene.posted[1].end == utc(2026, 5, 6, 7)
    assert scene.posted[-1].zone == "Asia/Tokyo"


async def test_a_silent_day_is_recorded_and_not_posted(scene):
    scene.silent = True
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
    assert (entry.state, entry.reason) == (LedgerState.CLOSED, "silent")
    assert scene.posted == []


async def test_a_report_without_a_channel_is_kept_and_closed_with_that_reason(scene):
    scene.outcome = PostOutcome(closed="no channel")
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
    assert (entry.state, entry.reason) == (LedgerState.CLOSED, "no channel")
    assert entry.report_id is not None


@pytest.mark.parametrize("step", ["before_write", "before_post"])
async def test_a_crash_within_a_step_is_taken_up_at_that_step(scene, step: str):
    entered = asyncio.Event()

    async def stand_still(entry: LedgerEntry) -> None:
        entered.set()
        await asyncio.Event().wait()

    setattr(scene, step, stand_still)
    async with scene.running():
        scene.now = utc(2026, 5, 5, 1)
        async with asyncio.timeout(60):
            await entered.wait()
        (entry,) = await scene.ledger()
        writing = step == "before_write"
        assert entry.state is (LedgerState.WRITING if writing else LedgerState.POSTING)
    setattr(scene, step, scene.nothing)
    async with scene.running():
        (entry,) = await scene.ledger()
    assert entry.state is LedgerState.POSTED
    assert days(scene.posted) == [5]
    assert days(scene.written) == ([5, 5] if writing else [5])


async def test_a_crash_between_the_steps_posts_what_was_written(scene):
    async with scene.running():
        scene.before_post = refuse
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
        assert entry.report_id is not None
    scene.before_post = scene.nothing
    async with scene.running():
        written = LedgerEntry(1, entry.period, LedgerState.WRITTEN, report_id=entry.report_id)
        await scene.store.ledger.update(written)
        await scene.until_quiet()
    assert days(scene.written) == [5]
    assert days(scene.posted) == [5]


async def test_a_failure_is_told_and_tried_again_after_a_minute_then_two(scene):
    scene.before_post = refuse
    async with scene.running() as runner:
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
        assert entry.state is LedgerState.FAILED
        assert entry.reason == "Discord refused the post; allow the bot to write there."
        assert entry.next_try == utc(2026, 5, 5, 1, 1)
        await scene.until(lambda: runner.state(1).waiting == 1)
        await scene.go_to(2026, 5, 5, 1, 1)
        (entry,) = await scene.ledger()
        assert entry.next_try == utc(2026, 5, 5, 1, 3)
        scene.before_post = scene.nothing
        await scene.go_to(2026, 5, 5, 1, 3)
        (entry,) = await scene.ledger()
    assert (entry.state, entry.reason) == (LedgerState.POSTED, "")
    assert days(scene.written) == [5]


async def test_what_fails_for_a_day_is_given_up_with_its_reason_and_the_next_day_told(scene):
    scene.before_write = refuse
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        while (entry := (await scene.ledger())[0]).next_try is not None:
            scene.now = entry.next_try
            await scene.until_quiet()
        assert entry.state is LedgerState.CLOSED
        assert entry.reason.startswith("given up: Discord refused the post")
        assert timedelta(hours=20) < scene.now - utc(2026, 5, 5, 1) < timedelta(hours=28)
        scene.before_write = scene.nothing
        await scene.go_to(2026, 5, 6, 12)
    assert days(scene.posted) == [6]


async def test_a_failed_guild_does_not_hold_up_another(scene):
    scene.members = [Guild(1, "One"), Guild(2, "Two")]
    entered = asyncio.Event()

    async def first_stands_still(entry: LedgerEntry) -> None:
        if entry.guild_id == 1:
            entered.set()
            await asyncio.Event().wait()

    scene.before_write = first_stands_still
    async with scene.running() as runner:
        scene.now = utc(2026, 5, 5, 1)
        async with asyncio.timeout(60):
            await entered.wait()
            while [e.state for e in await scene.ledger(2)] != [LedgerState.POSTED]:
                pass
        working = runner.state(1).working
        assert working is not None
        assert working.guild_id == 1


class SlowLedger:
    """A ledger whose list of open entries takes until what was being posted has been posted."""

    def __init__(self, ledger: Ledger, release: asyncio.Event) -> None:
        self.ledger = ledger
        self.release = release

    def __getattr__(self, name: str) -> object:
        return getattr(self.ledger, name)

    async def open_entries(self) -> list[LedgerEntry]:
        entries = await self.ledger.open_entries()
        if any(entry.state is LedgerState.POSTING for entry in entries):
            self.release.set()
            while await self.ledger.open_entries():
                pass
            await self.ledger.recent()  # time enough for the worker to have gone
        return entries


async def test_a_report_posted_while_the_ledger_is_looked_at_is_not_posted_twice(scene):
    release = asyncio.Event()

    async def wait_for_release(entry: LedgerEntry) -> None:
        await release.wait()

    scene.before_post = wait_for_release
    scene.open_ledger = lambda ledger: SlowLedger(ledger, release)
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        await scene.go_to(2026, 5, 6, 1)
    assert days(scene.posted) == [5, 6]


async def test_a_report_that_fails_for_an_hour_lets_the_next_one_pass(scene):
    async def refuse_first(entry: LedgerEntry) -> None:
        if entry.period.end == utc(2026, 5, 5):
            raise RefusedError("No.")

    scene.before_write = refuse_first
    async with scene.running():
        scene.now = utc(2026, 5, 6, 1)
        for minute in (0, 1, 3, 7, 15):
            await scene.go_to(2026, 5, 6, 1, minute)
            assert scene.posted == []
        await scene.go_to(2026, 5, 6, 1, 31)
        assert days(scene.posted) == [6]


async def test_a_bug_in_a_step_is_logged_and_tried_again(scene, caplog):
    async def stumble(entry: LedgerEntry) -> None:
        raise ZeroDivisionError

    scene.before_write = stumble
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
        assert entry.reason == "Unexpected ZeroDivisionError: see the log."
        assert "Traceback" in caplog.text
        scene.before_write = scene.nothing
        await scene.go_to(2026, 5, 5, 1, 1)
    assert days(scene.posted) == [5]


async def test_an_outage_of_days_gives_no_report_up(scene):
    async def away(entry: LedgerEntry) -> None:
        raise NotNowError("Discord cannot be reached; it is posted as soon as it is back.")

    scene.before_post = away
    async with scene.running():
        for hour in range(1, 23):
            await scene.go_to(2026, 5, 5 + hour // 12, hour)
        assert {entry.failures for entry in await scene.ledger()} == {0}
        scene.before_post = scene.nothing
        await scene.go_to(2026, 5, 6, 23)
    assert days(scene.posted) == [5, 6]


async def test_a_clock_put_back_repeats_nothing_and_posts_what_failed_in_its_time(scene):
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        scene.before_post = refuse
        await scene.go_to(2026, 5, 6, 1)
        scene.before_post = scene.nothing
        await scene.go_to(2026, 5, 5, 2)
        assert days(scene.posted) == [5]  # the other day is still to come by this clock
        await scene.go_to(2026, 5, 6, 2)
        assert days(scene.posted) == [5, 6]
        await scene.go_to(2026, 5, 5, 1)
        await scene.go_to(2026, 5, 7, 1)
    assert days(scene.posted) == [5, 6, 7]


async def test_what_was_sent_in_the_last_moment_is_waited_for(scene):
    async with scene.running():
        await scene.go_to(2026, 5, 5, 0, 0, 2)
        assert scene.posted == []
        await scene.go_to(2026, 5, 5, 0, 0, 3)
    assert days(scene.posted) == [5]


async def test_a_zone_that_does_not_exist_is_the_trouble_of_its_guild_alone(scene):
    scene.members = [Guild(1, "One"), Guild(2, "Two")]
    async with scene.running() as runner:
        await scene.choose(zone="Mars/Olympus")
        scene.now = utc(2026, 5, 4, 11)
        runner.wake()
        await scene.until(lambda: runner.state(1).trouble != "")
        assert "There is no time zone" in runner.state(1).trouble
        assert runner.state(2).trouble == ""


async def test_a_guild_that_was_left_gets_nothing_more(scene):
    async with scene.running() as runner:
        await scene.until_quiet()
        scene.members = []
        scene.now = utc(2026, 5, 5, 1)
        runner.wake()
        await scene.until_quiet()
        assert await scene.ledger() == []


async def test_the_day_on_which_a_guild_is_first_seen_is_owed_however_long_reading_takes(scene):
    scene.behind = {1}
    async with scene.running():
        scene.now = datetime(2026, 5, 5, 3, tzinfo=UTC)  # its history took until after midnight
        scene.behind = set()
        await scene.until_quiet()
    assert [(one.start.day, one.end.day) for one in scene.posted] == [(4, 5)]


async def test_what_became_due_while_the_bot_was_away_is_closed_before_it_is_seen_to_be_back(scene):
    async with scene.running():
        pass
    async with Store.open(scene.path, clock=lambda: scene.now) as store:
        await store.guilds.save(Guild(1, "One", owner_id=1))
        await store.guilds.mark_left(1, scene.now)
    scene.now = datetime(2026, 5, 20, 10, tzinfo=UTC)
    async with Store.open(scene.path, clock=lambda: scene.now) as store:
        await scene.runner_of(store).look_back()
        await store.guilds.save(Guild(1, "One", owner_id=1))
    async with scene.running():
        await scene.until_quiet()
        assert not scene.posted
        assert [one.reason for one in await scene.ledger()] == ["away"]


async def test_the_ledger_names_the_report_that_was_posted_where_another_one_was_written(scene):
    async with scene.running():
        other = await scene.store.reports.save(
            empty_report(1, Period(PeriodKind.DAY, utc(2026, 5, 1), utc(2026, 5, 2), "UTC"))
        )
        scene.outcome = PostOutcome(report_id=other)
        await scene.go_to(2026, 5, 5, 1)
        assert [one.report_id for one in await scene.ledger()] == [other]
