"""What keeps reports back: rights that lack, steps that hang, clocks that are wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from guildwatch.model import (
    Guild,
    GuildSettings,
    GuildwatchError,
    LedgerEntry,
    LedgerState,
    PeriodKind,
)
from guildwatch.schedule import BlockedError, Patience

DAY, SPAN = PeriodKind.DAY, PeriodKind.SPAN


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


class Door:
    """A permission that lacks or not, and how often somebody tried."""

    def __init__(self, scene) -> None:
        self.scene = scene
        self.is_open = False
        self.tried = 0
        scene.before_check = self

    async def __call__(self, entry: LedgerEntry) -> None:
        self.tried += 1
        if not self.is_open:
            raise BlockedError("I lack *Embed Links* there.")

    def open(self) -> None:
        self.is_open = True
        self.scene.revision += 1


async def test_a_report_waits_for_a_permission_as_long_as_it_takes(scene):
    door = Door(scene)
    async with scene.running() as runner:
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
        assert (entry.state, entry.failures) == (LedgerState.FAILED, 0)
        assert entry.reason == "I lack *Embed Links* there."
        assert entry.report_id is not None  # the operator can read it
        assert runner.state(1).waiting == 1
        door.open()
        await scene.until_quiet()
    assert [period.end.day for period in scene.posted] == [5]


async def test_a_start_tries_at_once_what_waited_for_a_permission(scene):
    door = Door(scene)
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
    door.is_open = True  # while nobody was there to notice
    async with scene.running():
        await scene.until_quiet()
    assert [period.end.day for period in scene.posted] == [5]


async def test_it_is_looked_at_again_when_the_picture_changes_or_after_an_hour(scene):
    door = Door(scene)
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        assert door.tried == 1
        await scene.go_to(2026, 5, 5, 1, 59)
        assert door.tried == 1
        await scene.go_to(2026, 5, 5, 2)
        assert door.tried == 2
        scene.revision += 1
        await scene.until(lambda: door.tried == 3)
        await scene.until_quiet()
        assert door.tried == 3


async def test_two_weeks_without_a_permission_cost_one_report_and_not_fourteen(scene):
    door = Door(scene)
    async with scene.running():
        for day in range(5, 19):
            await scene.go_to(2026, 5, day, 3)
        assert scene.posted == []
        assert len(scene.written) == 1
        door.open()
        await scene.until_quiet()
        entries = await scene.ledger()
        await scene.go_to(2026, 5, 19, 1)
    whole, after = scene.posted
    assert (whole.kind, whole.start, whole.end) == (SPAN, utc(2026, 5, 4), utc(2026, 5, 18))
    assert (after.kind, after.end) == (DAY, utc(2026, 5, 19))
    days = [entry for entry in entries if entry.period.kind is DAY]
    assert {entry.reason for entry in days} == {
        f"rolled up into 1:span:{int(whole.end.timestamp())}"
    }
    assert len(days) == 14


async def test_what_is_posted_in_part_is_not_rolled_up(scene):
    posting = asyncio.Event()

    async def stop_after_the_first_part(entry: LedgerEntry) -> None:
        if not posting.is_set():
            await scene.kept.save_part(entry, scene.part())
            posting.set()
            await asyncio.Event().wait()

    scene.before_post = stop_after_the_first_part
    async with scene.running():
        scene.now = utc(2026, 5, 5, 1)
        async with asyncio.timeout(60):
            await posting.wait()
    async with scene.running():
        await scene.go_to(2026, 5, 10, 9)
    assert [(one.kind, one.start.day, one.end.day) for one in scene.posted] == [
        (DAY, 4, 5),
        (SPAN, 5, 10),
    ]


@pytest.mark.parametrize("step", ["before_write", "before_post", "before_check"])
async def test_a_step_that_hangs_is_stopped_and_tried_again(scene, step: str):
    scene.patience = Patience(write=0.3, post=0.3)  # what does not hang must fit, too

    async def hang(entry: LedgerEntry) -> None:
        await asyncio.Event().wait()

    setattr(scene, step, hang)
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        (entry,) = await scene.ledger()
        assert (entry.state, entry.failures) == (LedgerState.FAILED, 1)
        assert "was stopped" in entry.reason
        setattr(scene, step, scene.nothing)
        await scene.go_to(2026, 5, 5, 1, 1)
    assert [period.end.day for period in scene.posted] == [5]


async def test_a_guild_whose_writer_always_hangs_holds_up_no_other(scene):
    scene.members = [Guild(1, "One"), Guild(2, "Two")]
    scene.patience = Patience(write=0.05)

    async def hang(entry: LedgerEntry) -> None:
        if entry.guild_id == 1:
            await asyncio.Event().wait()

    scene.before_write = hang
    async with scene.running():
        for day in (5, 6, 7):
            await scene.go_to(2026, 5, day, 1)
        states = [entry.state for entry in await scene.ledger(2)]
    assert states == [LedgerState.POSTED] * 3


async def test_whoever_it_concerns_hears_once_that_a_report_is_given_up(scene):
    async def refuse(entry: LedgerEntry) -> None:
        if entry.period.end == utc(2026, 5, 5):
            raise GuildwatchError("The disk is full.")

    scene.before_write = refuse
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        while (entry := (await scene.ledger())[0]).next_try is not None:
            scene.now = entry.next_try
            await scene.until_quiet()
    async with scene.running():
        await scene.go_to(2026, 5, 7, 1)
    assert scene.given_up == ["The disk is full."]
    assert [period.end.day for period in scene.posted] == [6, 7]


async def test_what_a_clock_that_was_ahead_made_due_is_told_in_its_time(scene):
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
    scene.ahead = timedelta(days=3)  # the machine starts with a wrong clock, at 15:00 in truth
    scene.now = utc(2026, 5, 8, 15)
    async with scene.running():
        assert [period.end.day for period in scene.posted] == [5, 6, 7, 8]
        scene.ahead = timedelta()
        await scene.go_to(2026, 5, 5, 15, 5)
        for day in (6, 7, 8, 9):
            await scene.go_to(2026, 5, day, 1)
        entries = await scene.ledger()
    for earlier, later in pairwise(entries):
        assert later.period.start == earlier.period.end
    assert [(one.period.start, one.period.end) for one in entries[1:3]] == [
        (utc(2026, 5, 5), utc(2026, 5, 5, 15)),
        (utc(2026, 5, 5, 15), utc(2026, 5, 6)),
    ]
    assert all(entry.state is LedgerState.POSTED for entry in entries)


async def test_what_a_clock_that_was_ahead_rolled_up_ends_with_its_post(scene):
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
    scene.ahead = timedelta(days=20)
    scene.now = utc(2026, 5, 27, 15)
    async with scene.running():
        await scene.until_quiet()
        scene.ahead = timedelta()
        await scene.go_to(2026, 5, 7, 15, 5)
        await scene.go_to(2026, 5, 8, 1)
        entries = await scene.ledger()
    days = [entry for entry in entries if entry.period.kind is DAY]
    (span,) = [entry for entry in entries if entry.period.kind is SPAN]
    assert span.period.end == utc(2026, 5, 7, 15)
    assert [(one.period.start.day, one.period.end.day, one.reason) for one in days] == [
        (4, 5, ""),
        (5, 6, span.rolled_up_into),
        (6, 7, span.rolled_up_into),
        (7, 7, span.rolled_up_into),
        (7, 8, ""),
    ]


async def test_a_clock_put_back_by_mistake_leaves_what_was_posted_and_says_so(scene):
    async with scene.running() as runner:
        await scene.go_to(2026, 5, 7, 1)
        before = await scene.ledger()
        scene.ahead = timedelta(days=-2)
        await scene.go_to(2026, 5, 5, 1)
        assert await scene.ledger() == before
        assert "set the clock right" in runner.state(1).trouble
        (incident,) = await scene.store.incidents.going_on()
        assert incident.kind == "clock"
        scene.ahead = timedelta()
        await scene.go_to(2026, 5, 8, 1)
        assert runner.state(1).trouble == ""
        assert await scene.store.incidents.going_on() == []
    assert [period.end.day for period in scene.posted] == [5, 6, 7, 8]


async def test_a_choice_noted_by_a_clock_that_was_ahead_hides_no_day(scene):
    async with scene.running():
        scene.now = utc(2030, 1, 1)
        await scene.store.settings.save(GuildSettings(1, since=scene.now))
        scene.now = utc(2026, 5, 4, 11)
        await scene.until_quiet()
        for day in (5, 6, 7):
            await scene.go_to(2026, 5, day, 1)
    assert [period.end.day for period in scene.posted] == [5, 6, 7]


async def test_a_clock_put_back_makes_nobody_try_a_closed_door_again_and_again(scene):
    door = Door(scene)
    async with scene.running():
        await scene.go_to(2026, 5, 5, 5)
        scene.ahead = timedelta(hours=-2)
        await scene.go_to(2026, 5, 5, 3)
        tried = door.tried
        for _ in range(3):
            await scene.until_quiet()
    assert door.tried == tried


async def test_a_day_of_a_roll_up_that_was_posted_too_early_is_told_from_its_post_on(scene):
    async with scene.running():
        pass
    scene.ahead = timedelta(hours=38)
    scene.now = utc(2026, 5, 12, 9)  # in truth it is the 10th, 19:00
    async with scene.running():
        assert [(one.kind, one.end.day) for one in scene.posted] == [(SPAN, 12)]
        scene.ahead, scene.now = timedelta(hours=10), utc(2026, 5, 11, 5)  # mended half
        await scene.until_quiet()
        scene.ahead, scene.now = timedelta(), utc(2026, 5, 10, 19)
        await scene.until_quiet()
        await scene.go_to(2026, 5, 12, 1)
    assert scene.posted[1].start == utc(2026, 5, 10, 19)
    assert all(one.end == two.start for one, two in pairwise(scene.posted[1:]))


async def test_days_that_a_clock_ahead_found_silent_are_looked_at_again(scene):
    async with scene.running():
        await scene.go_to(2026, 5, 5, 1)
        scene.ahead, scene.silent = timedelta(days=3), True
        for day in (8, 9, 10, 11):  # in truth the 5th to the 8th
            await scene.go_to(2026, 5, day, 1)
        scene.ahead, scene.silent = timedelta(), False
        await scene.go_to(2026, 5, 8, 1)  # people did speak until then
    assert [one.end.day for one in scene.posted] == [5, 6, 7, 8]
