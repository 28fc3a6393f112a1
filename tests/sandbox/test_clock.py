from datetime import UTC, datetime, timedelta

from guildwatch.sandbox import SandboxClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Timer:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_clock_runs_at_its_rate_from_its_start():
    timer = Timer()
    clock = SandboxClock(NOON, rate=1440, timer=timer)
    timer.now = 60
    assert clock() == NOON + timedelta(days=1)


def test_a_new_rate_counts_from_the_moment_it_is_set():
    timer = Timer()
    clock = SandboxClock(NOON, rate=60, timer=timer)
    timer.now = 1
    clock.rate = 0
    timer.now = 100
    assert clock() == NOON + timedelta(minutes=1)


def test_a_clock_goes_on_from_where_it_jumped_to():
    timer = Timer()
    clock = SandboxClock(NOON, rate=2, timer=timer)
    timer.now = 5
    clock.jump_to(NOON + timedelta(days=3))
    timer.now = 6
    assert clock() == NOON + timedelta(days=3, seconds=2)
