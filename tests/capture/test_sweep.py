"""The slow second look: everything has its turn, whatever comes in between."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.capture import HistoryRefusedError
from guildwatch.capture.history import HistoryError
from guildwatch.capture.reading import Reader
from guildwatch.capture.sweep import Sweep
from guildwatch.model import Deletion


def nobody_rests(_channel_id):
    return False


@pytest.fixture
def sweeping(parts, past, make):
    async def new():
        """A sweep as it is after a start."""
        reader = Reader(past, parts.store, parts.roster, parts.intake, clock=parts.clock)
        sweep = Sweep(reader, parts.store, parts.roster, parts.intake.frontier, parts.clock)
        await sweep.load()
        for channel_id in (make.GENERAL, make.SIDE):
            parts.intake.frontier.close(channel_id, parts.intake.frontier.token(channel_id))
        return sweep

    return new


async def step(parts, sweep):
    """One turn; gives whose it was, None when everything is done."""
    parts.clock.now += timedelta(seconds=3)
    channel = sweep.next(nobody_rests)
    if channel is not None:
        await sweep.step(channel)
    return channel.id if channel else None


async def stored(parts, past, *messages):
    past.put(*messages)
    marks = {one.channel_id: one.id for one in messages}
    await parts.store.messages.apply(messages, watermarks=marks)


async def test_channels_take_turns_even_when_every_run_is_short(parts, past, make, sweeping):
    await stored(parts, past, *(make.message(n) for n in range(300)))
    await stored(parts, past, *(make.message(n, place=make.SIDE) for n in range(400, 700)))
    sweep = await sweeping()
    for channel_id in (make.GENERAL, make.SIDE):
        await sweep.begin(channel_id, until=make.id(1_000))
    turns = []
    for _ in range(4):
        sweep = await sweeping()  # stopped and started again after each turn
        turns.append(await step(parts, sweep))
    assert turns == [make.GENERAL, make.SIDE] * 2
    assert sweep.progress.messages_left == 200


async def test_a_gap_every_night_only_moves_the_end_of_the_round(parts, past, make, sweeping):
    await stored(parts, past, *(make.message(n) for n in range(500)))
    sweep = await sweeping()
    await sweep.begin(make.GENERAL, until=make.id(1_000))
    for _ in range(5):
        await step(parts, sweep)
        await sweep.begin(make.GENERAL, until=make.id(1_000))
    starts = [after + 1 for _, after in past.asked]
    assert starts == [make.id(n) for n in (0, 100, 200, 300, 400)]
    past.asked.clear()
    while await step(parts, sweep):
        pass
    assert [after + 1 for _, after in past.asked] == [make.id(n) for n in (0, 100, 200, 300, 400)]


async def test_it_jumps_to_where_something_is_stored(parts, past, make, sweeping):
    past.put(*(make.message(n) for n in range(1, 900)))
    await stored(parts, past, make.message(0), make.message(950), make.message(951))
    sweep = await sweeping()
    await sweep.begin(make.GENERAL, until=make.id(1_000))
    while await step(parts, sweep):
        pass
    assert [after + 1 for _, after in past.asked] == [make.id(0), make.id(950)]


async def test_what_was_kept_long_enough_does_not_come_back(parts, past, make, sweeping):
    """Between an imported message and the oldest live one lies what has expired."""
    old = make.message(0, "imported")
    past.put(old, *(make.message(n, "expired") for n in range(1, 50)))
    await parts.store.messages.apply([old], imported=True)
    await stored(parts, past, make.message(60, "kept"))
    sweep = await sweeping()
    await sweep.begin(make.GENERAL, until=make.id(1_000))
    while await step(parts, sweep):
        pass
    latest = await parts.store.messages.latest()
    assert [one.text for one in latest] == ["imported", "kept"]


async def test_nothing_stored_is_nothing_to_do(parts, past, make, sweeping):
    sweep = await sweeping()
    await sweep.begin(make.GENERAL, until=make.id(1_000))
    assert await step(parts, sweep) is None


async def test_a_channel_with_an_open_gap_waits(parts, past, make, sweeping):
    await stored(parts, past, make.message(0))
    sweep = await sweeping()
    await sweep.begin(make.GENERAL, until=make.id(1_000))
    parts.intake.frontier.open(make.GENERAL)
    assert await step(parts, sweep) is None
    assert sweep.progress.channels_left == 1


async def test_what_is_refused_lets_the_others_go_on(parts, past, make, sweeping):
    await stored(parts, past, make.message(0))
    await stored(parts, past, make.message(1, place=make.SIDE))
    sweep = await sweeping()
    for channel_id in (make.GENERAL, make.SIDE):
        await sweep.begin(channel_id, until=make.id(1_000))
    past.failures = [HistoryRefusedError("Grant it.")]
    with pytest.raises(HistoryError):
        await step(parts, sweep)
    assert await step(parts, sweep) == make.SIDE


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.integers(0, 400), unique=True, min_size=1, max_size=120),
    st.lists(st.sampled_from(["step", "step", "gap", "stop"]), max_size=25),
    st.lists(st.integers(0, 400), max_size=10),
)
async def test_a_round_finds_whatever_was_deleted_before_its_last_gap(
    parts, past, make, sweeping, numbers, acts, deleted
):
    """A deletion that nobody heard is followed by a gap; then the round must go over it."""
    everything = await parts.store.messages.latest(limit=10_000)
    await parts.store.messages.apply([Deletion(1, 10, tuple(one.id for one in everything))])
    past.messages.clear()
    base = make.NOON - timedelta(days=1) + timedelta(seconds=parts.clock.now.timestamp() % 80_000)
    parts.clock.now += timedelta(seconds=977)
    messages = [make.message(n, f"number {n}", at=base) for n in sorted(numbers)]
    await stored(parts, past, *messages)
    sweep = await sweeping()
    await sweep.begin(make.GENERAL, until=make.id(10**6))
    for act in acts:
        if act == "step":
            await step(parts, sweep)
        elif act == "stop":
            sweep = await sweeping()
        else:
            if deleted:
                past.messages.pop(make.id(deleted.pop(), base), None)
            await sweep.begin(make.GENERAL, until=make.id(10**6))
    for _ in range(60):
        if await step(parts, sweep) is None:
            break
    latest = await parts.store.messages.latest(limit=10_000)
    assert [one.id for one in latest] == sorted(past.messages)
