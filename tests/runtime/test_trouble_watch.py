"""What is wrong becomes an incident: not for a moment's trouble, and not lost to a full disk."""

from datetime import UTC, datetime, timedelta

import pytest

from guildwatch.runtime.trouble_watch import Trouble, TroubleWatch
from guildwatch.store import Store, StoreError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)
AWAY = Trouble("discord", "Discord does not answer.", patience=FIVE)


class Day:
    """A clock to be moved, what is wrong, and a store that may be full."""

    def __init__(self, store):
        self.now = NOON
        self.wrong = []
        self.is_full = False
        self.store = store
        self.minutes = 0
        self.slept = 0.0
        self.watch = self.new_watch()

    def new_watch(self):
        return TroubleWatch(
            lambda: self.wrong,
            self,
            clock=lambda: self.now,
            wall=lambda: self.minutes * 60.0 + self.slept,
            steady=lambda: self.minutes * 60.0,
        )

    async def pass_by(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.minutes += minutes
        await self.watch.look()
        return [one.sentence for one in self.watch.going_on]

    async def _ask(self, question):
        if self.is_full:
            question.close()
            raise StoreError("The disk is full.")
        return await question

    async def begin(self, *what, since):
        return await self._ask(self.store.incidents.begin(*what, since=since))

    async def end(self, *what, at):
        return await self._ask(self.store.incidents.end(*what, at=at))

    async def going_on(self):
        return await self._ask(self.store.incidents.going_on())

    async def recent(self):
        return await self.store.incidents.recent()


@pytest.fixture
async def day(tmp_path):
    async with Store.open(tmp_path / "guildwatch.db") as store:
        yield Day(store)


async def test_a_moments_trouble_is_no_incident(day):
    day.wrong = [AWAY]
    assert await day.pass_by(0) == []
    day.wrong = []
    assert await day.pass_by(9) == []
    assert await day.recent() == []


async def test_what_lasts_is_one_incident_from_its_beginning_to_its_end(day):
    day.wrong = [AWAY]
    await day.pass_by(0)
    assert await day.pass_by(6) == ["Discord does not answer."]
    await day.pass_by(60)
    day.wrong = []
    assert await day.pass_by(1) == []
    (one,) = await day.recent()
    assert (one.first_at, one.ended_at) == (NOON, NOON + timedelta(minutes=67))
    assert one.times == 1


async def test_what_a_full_disk_cannot_take_is_told_meanwhile_and_written_afterwards(day):
    day.is_full = True
    day.wrong = [Trouble("store", "The disk is full.")]
    assert await day.pass_by(0) == ["The disk is full."]
    assert await day.pass_by(90) == ["The disk is full."]
    day.wrong = []
    assert await day.pass_by(1) == []
    day.is_full = False
    assert await day.pass_by(10) == []
    (one,) = await day.recent()
    assert (one.first_at, one.ended_at) == (NOON, NOON + timedelta(minutes=91))


async def test_what_a_killed_run_left_ends_with_the_next_one_or_goes_on(day):
    day.wrong = [AWAY, Trouble("model", "No model.")]
    await day.pass_by(0)
    await day.pass_by(6)
    await day.store.incidents.begin(7, "report", "7:day:1", "It was given up.")
    day.watch = day.new_watch()
    day.wrong = [AWAY]
    await day.pass_by(1)
    assert await day.pass_by(1) == ["Discord does not answer.", "It was given up."]
    ended = [one.kind for one in await day.recent() if one.ended_at]
    assert ended == ["model"]
    away = next(one for one in await day.recent() if one.kind == "discord")
    assert away.first_at == NOON


async def test_a_machine_that_slept_is_told_once(day):
    await day.pass_by(0)
    day.slept = 7200.0
    (told,) = await day.pass_by(1)
    assert "went ahead by 120 min" in told
    assert await day.pass_by(1) == []
    assert len(await day.recent()) == 1


async def test_troubles_without_number_take_bounded_room(day):
    day.is_full = True
    day.wrong = [Trouble("schedule", "Odd.", guild) for guild in range(1000)]
    assert len(await day.pass_by(0)) == 200
