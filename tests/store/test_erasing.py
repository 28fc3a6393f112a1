"""Deleted text leaves the files."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from guildwatch.model import (
    Channel,
    ChannelClosed,
    ChannelKind,
    Deletion,
    Guild,
    Message,
    MessageEdit,
)
from guildwatch.store import Store
from guildwatch.store.database import open_database
from guildwatch.store.upkeep import Upkeep


def on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def words(count: int) -> list[str]:
    """Words that share nothing, so that even the index's shortened forms give them away."""
    source = random.Random(7)
    return ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=24)) for _ in range(count)]


def traces(path: Path, gone: list[str]) -> list[str]:
    content = on_disk(path)
    return [word for word in gone if word[-12:].encode() in content]


def open_files() -> Iterator[Path]:
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed just now
            yield link.readlink()


async def test_deleted_and_edited_text_is_nowhere_in_the_files(path, say):
    source = random.Random(3)
    vocabulary = words(3000)
    said = [say(f"{word} " + "filler " * source.randint(0, 100)) for word in vocabulary]
    word_of = dict(zip((one.id for one in said), vocabulary, strict=True))
    source.shuffle(said)  # pages are split, which leaves stale copies of rows behind
    gone, edited = said[::10], said[5::50]
    async with Store.open(path) as store:
        for first in range(0, len(said), 200):
            await store.messages.apply(said[first : first + 200])
        for first in range(0, len(gone), 50):
            ids = tuple(one.id for one in gone[first : first + 50])
            await store.messages.apply([Deletion(1, 10, ids)])
        await store.messages.apply(
            [MessageEdit(one.id, 1, 10, "else", one.created_at) for one in edited]
        )
        lost = [word_of[one.id] for one in gone + edited]
        kept = [word_of[one.id] for one in said[1:100:10]]
        assert traces(path, lost) != []
        assert await store.tidy()
        assert traces(path, lost) == []
        assert traces(path, kept) == kept
        assert len(await store.messages.search(1, kept[0])) == 1


async def test_the_title_of_a_deleted_post_is_nowhere_in_the_files(path, say):
    title, topic, kept = words(3)
    post = Channel(11, 1, title, ChannelKind.PUBLIC_THREAD, 10, topic=topic)
    async with Store.open(path) as store:
        await store.guilds.save(Guild(1, kept, channels=(post,)))
        await store.messages.apply([say("hello", channel_id=11)])
        await store.messages.apply([ChannelClosed(1, 11)])
        assert await store.tidy()
        assert traces(path, [title, topic, kept]) == [kept]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux which files are open")
async def test_the_file_is_written_anew_through_a_file_beside_it(path, say):
    seen: set[Path] = set()
    async with Store.open(path.with_name("it's") / path.name) as store:
        messages = [say("word " * 200) for _ in range(3000)]
        await store.messages.apply(messages)
        await store.messages.apply([Deletion(1, 10, (messages[0].id,))])
        tidying = asyncio.create_task(store.tidy())
        while not tidying.done():
            seen.update(open_files())
            await asyncio.sleep(0)
    assert {one.parent for one in seen if "etilqs" in one.name} == {path.with_name("it's")}


async def test_it_happens_by_itself_soon_after_the_deletion(path, say):
    (word,) = words(1)
    message: Message = say(f"the secret is {word}")
    async with Store.open(path) as store:
        await store.messages.apply([message])
        await store.messages.apply([Deletion(1, 10, (message.id,))])
        upkeep = Upkeep(store.messages._database, store._bury, quiet=0)
        running = asyncio.ensure_future(upkeep.run())
        async with asyncio.timeout(60):
            while traces(path, [word]):
                await asyncio.sleep(0.01)
        running.cancel()


async def test_cleaning_twice_at_once_is_cleaning_once(store, say):
    message = say()
    await store.messages.apply([message])
    await store.messages.apply([Deletion(1, 10, (message.id,))])
    assert await asyncio.gather(store.tidy(), store.tidy()) == [True, True]
    assert await store.tidy()


async def test_it_is_done_at_the_latest_when_the_store_closes(path, say):
    (word,) = words(1)
    message = say(f"the secret is {word}")
    async with Store.open(path) as store:
        await store.messages.apply([message])
        await store.messages.apply([Deletion(1, 10, (message.id,))])
    assert traces(path, [word]) == []


async def test_a_reader_in_the_way_only_delays_it(path, say):
    (word,) = words(1)
    message = say(f"the secret is {word}")
    async with Store.open(path) as store:
        await store.messages.apply([message])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN")
        other.execute("SELECT * FROM messages").fetchall()
        await store.messages.apply([Deletion(1, 10, (message.id,))])
        assert not await store.tidy()
        other.close()
        assert await store.tidy()
        assert traces(path, [word]) == []


async def test_a_failing_cleaning_is_told_and_does_not_end_the_upkeep(path, say, caplog):
    calls = asyncio.Queue[Deletion]()

    async def bury(deletion: Deletion) -> None:
        await calls.put(deletion)
        raise OSError

    async with Store.open(path) as store:
        await store.messages.apply([say()])
        async with open_database(path, read_only=False) as database:
            async with database.transaction() as transaction:
                await transaction.execute(
                    "INSERT INTO channels (id, guild_id, name, kind, known, closed) "
                    "VALUES (10, 1, '', 0, 0, 1)"
                )
            upkeep = Upkeep(database, bury, quiet=0)
            running = asyncio.ensure_future(upkeep.run())
            async with asyncio.timeout(60):
                await calls.get()
                upkeep.wake()
                await calls.get()
            running.cancel()
    assert "Cleaning up after deletions failed" in caplog.text


@pytest.fixture(autouse=True)
def _no_temporary_files(tmp_path, monkeypatch):
    """SQLite would put text that it sorts or packs here."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
    yield
    assert list(folder.iterdir()) == []
