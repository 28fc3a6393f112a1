"""Our own failures: one row while it lasts, counted up, ended, and forgotten in the end."""

from datetime import UTC, datetime, timedelta

import pytest

from guildwatch.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Hand:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
async def incidents(path, clock):
    async with Store.open(path, clock=clock) as store:
        yield store.incidents


async def test_what_goes_on_is_one_incident_that_is_counted_up(incidents, clock):
    await incidents.begin(0, "store", "", "The disk is full.")
    clock.now += timedelta(minutes=5)
    await incidents.begin(0, "store", "", "The disk is still full.")
    (one,) = await incidents.going_on()
    assert (one.times, one.sentence) == (2, "The disk is still full.")
    assert (one.first_at, one.last_at) == (NOON, NOON + timedelta(minutes=5))
    assert one.ended_at is None


async def test_what_is_over_goes_on_no_more_and_a_new_one_is_another(incidents, clock):
    await incidents.begin(7, "report", "7:day:1", "It was given up.")
    clock.now += timedelta(hours=1)
    await incidents.end(7, "report", "7:day:1")
    assert await incidents.going_on() == []
    clock.now += timedelta(hours=1)
    await incidents.begin(7, "report", "7:day:1", "It was given up again.")
    newer, older = await incidents.recent()
    assert older.ended_at == NOON + timedelta(hours=1)
    assert newer.ended_at is None


async def test_what_fails_side_by_side_is_told_apart(incidents):
    await incidents.begin(1, "history", "10", "No right to read #general.")
    await incidents.begin(1, "history", "11", "No right to read #staff.")
    await incidents.end(1, "history", "10")
    assert [one.subject for one in await incidents.going_on()] == ["11"]


async def test_what_comes_and_goes_all_the_time_does_not_fill_the_store(incidents):
    for number in range(1_010):
        await incidents.begin(0, "store", str(number), "Locked.")
        await incidents.end(0, "store", str(number))
    kept = await incidents.recent(2_000)
    assert len(kept) <= 1_001
    assert kept[0].subject == "1009"


async def test_what_is_old_is_forgotten_though_nobody_ended_it(incidents, clock):
    await incidents.begin(0, "store", "old", "Nobody is left to end this.")
    clock.now += timedelta(days=91)
    await incidents.begin(0, "store", "new", "Now.")
    assert [one.subject for one in await incidents.recent()] == ["new"]
