"""How often the file is written anew, what is cleaned in between, and how much room all takes."""

import pytest

from guildwatch.model import Deletion
from guildwatch.store import Store
from guildwatch.store.upkeep import Allowance

MB, GB = 10**6, 10**9


class Watch:
    """A clock that stands until it is moved; in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch():
    return Watch()


def test_small_files_are_rewritten_as_often_as_it_is_needed(watch):
    allowance = Allowance(watch)
    for _ in range(50):
        assert allowance.wait(20 * MB) == 0
        allowance.spend(20 * MB)
        watch.now += 5


def test_a_burst_is_followed_by_rests(watch):
    allowance = Allowance(watch)
    for _ in range(2):
        assert allowance.wait(500 * MB) == 0
        allowance.spend(500 * MB)
    assert allowance.wait(500 * MB) == pytest.approx(500)
    watch.now += 200
    assert allowance.wait(500 * MB) == pytest.approx(300)
    watch.now += 300
    assert allowance.wait(500 * MB) == 0


@pytest.mark.parametrize("size", [int(1.6 * GB), 40 * GB])
def test_a_large_file_is_rewritten_once_a_day(watch, size):
    allowance = Allowance(watch)
    for _ in range(3):
        assert allowance.wait(size) == 0
        allowance.spend(size)
        assert allowance.wait(size) == pytest.approx(86_400)
        watch.now += 86_400.1


async def test_until_the_file_may_be_rewritten_index_and_log_are_clean(path, say):
    word = "mnbvcxzlkjhgfdsaqwerty"
    said = [say(f"{word} first"), *(say(f"filler {number}") for number in range(500))]
    async with Store.open(path) as store:
        await store.messages.apply(said)
        await store.messages.apply([Deletion(1, 10, (said[0].id,))])
        assert not await store._upkeep.clean(rewriting=False)
        files = b"".join(one.read_bytes() for one in path.parent.iterdir())
        assert word[8:].encode() not in files
        assert await store.tidy()
        assert await store._upkeep.clean(rewriting=False)


async def test_room_is_given_back_after_retention_and_told(path, say, tmp_path):
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 300) for _ in range(2000)])
        await store.tidy()
        full = await store.sizes()
        assert full.database > 3 * MB
        assert full.tombstones > 0
        last = (await store.messages.latest(limit=1))[0]
        await store.retention.expire(10, last.created_at)
        assert (await store.sizes()).free > 2 * MB
        await store.tidy()
        small = await store.sizes()
        assert small.free < MB / 10
        assert small.database < full.database / 10
        assert small.backups == 0
        (path.parent / "backups").mkdir()
        (path.parent / "backups" / "one.db").write_bytes(b"12345")
        assert (await store.sizes()).backups == 5
