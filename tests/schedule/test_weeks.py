"""Weeks and months beside days: when they are due, and what becomes of them when they are not."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from guildwatch.model import LedgerState, PeriodKind

DAY, WEEK, MONTH, SPAN = PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.SPAN


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def told(scene, kind):
    return [(period.start, period.end) for period in scene.posted if period.kind is kind]


async def days_pass(scene, days, hour=1):
    for _ in range(days):
        scene.now = (scene.now + timedelta(days=1)).replace(hour=hour, minute=0)
        await scene.until_quiet()


async def test_a_week_is_told_on_its_weekday_and_begins_with_the_one_that_is_running(scene):
    async with scene.running() as runner:
        await scene.choose(weekly=0)  # on Monday, 4 May, at ten
        await scene.until_quiet()
        assert runner.state(1).dues[WEEK] == utc(2026, 5, 11)
        await days_pass(scene, 15)
    assert told(scene, WEEK) == [
        (utc(2026, 5, 4), utc(2026, 5, 11)),
        (utc(2026, 5, 11), utc(2026, 5, 18)),
    ]
    assert len(told(scene, DAY)) == 15


async def test_of_what_is_due_at_one_moment_the_day_comes_first_then_week_then_month(scene):
    scene.now = utc(2026, 5, 26, 10)
    async with scene.running():
        await scene.choose(weekly=0, monthly=True)
        await days_pass(scene, 5)
        scene.posted.clear()
        await days_pass(scene, 1)  # to Monday, 1 June
    assert [period.kind for period in scene.posted] == [DAY, WEEK, MONTH]
    assert {period.end for period in scene.posted} == {utc(2026, 6, 1)}
    assert scene.posted[2].start == utc(2026, 5, 1)


async def test_weeks_that_lie_wholly_in_what_was_missed_are_told_with_it(scene):
    async with scene.running():
        await scene.choose(weekly=0)
        await scene.go_to(2026, 5, 6, 1)
        scene.posted.clear()
    async with scene.running():
        await scene.go_to(2026, 5, 26, 9)
        entries = await scene.ledger()
    assert told(scene, SPAN) == [(utc(2026, 5, 6), utc(2026, 5, 26))]
    assert told(scene, WEEK) == [(utc(2026, 5, 4), utc(2026, 5, 11))]
    assert told(scene, DAY) == []
    weeks = [entry for entry in entries if entry.period.kind is WEEK]
    assert [entry.reason[:14] for entry in weeks] == ["", "rolled up into", "rolled up into"]


async def test_what_was_switched_off_is_recorded_and_goes_on_with_the_running_week(scene):
    async with scene.running():
        await scene.choose(weekly=0)
        await days_pass(scene, 8)
        await scene.choose(weekly=None)
        await days_pass(scene, 16)  # two Mondays
        await scene.choose(weekly=0)
        await days_pass(scene, 6)
        weeks = [one for one in await scene.ledger() if one.period.kind is WEEK]
    assert [(one.state, one.reason) for one in weeks] == [
        (LedgerState.POSTED, ""),
        (LedgerState.CLOSED, "not asked for"),
        (LedgerState.CLOSED, "not asked for"),
        (LedgerState.POSTED, ""),
    ]
    for earlier, later in pairwise(weeks):
        assert later.period.start == earlier.period.end


async def test_another_weekday_makes_one_longer_week(scene):
    async with scene.running():
        await scene.choose(weekly=0)
        await days_pass(scene, 12)  # to a Saturday
        await scene.choose(weekly=4)
        await days_pass(scene, 8)
    assert told(scene, WEEK) == [
        (utc(2026, 5, 4), utc(2026, 5, 11)),
        (utc(2026, 5, 11), utc(2026, 5, 22)),
    ]


async def test_of_the_time_away_nothing_is_owed_and_one_reason_says_so(scene):
    async with scene.running():
        await scene.store.guilds.save(scene.members[0])
        await scene.choose(weekly=0)
        await scene.go_to(2026, 5, 5, 1)
        members, scene.members = scene.members, []
        await scene.store.guilds.mark_left(1, scene.now)
        await scene.until_quiet()
        scene.now = utc(2026, 5, 9, 1)
    async with scene.running():  # a restart in between changes nothing
        scene.now = utc(2026, 5, 20, 12)
        await scene.until_quiet()
        await scene.store.guilds.save(members[0])
        scene.members = members
        await scene.until_quiet()
        await days_pass(scene, 6)
        entries = await scene.ledger()
    days = [one for one in entries if one.period.kind is DAY]
    away = [one for one in days if one.reason == "away"]
    assert told(scene, SPAN) == []
    assert (away[0].period.start, away[-1].period.end) == (utc(2026, 5, 5), utc(2026, 5, 20))
    assert [start.day for start, _ in told(scene, DAY)] == [4, 20, 21, 22, 23, 24, 25]
    assert told(scene, WEEK) == [(utc(2026, 5, 18), utc(2026, 5, 25))]
    for earlier, later in pairwise(days):
        assert later.period.start == earlier.period.end
