"""Opening, refusing and closing the database file."""

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from guildwatch.store import Store, StoreError, check_integrity
from guildwatch.store.backup import BACKUPS_KEPT
from guildwatch.store.database import open_database
from guildwatch.store.migration import Migration, packaged


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return int(version)


def change(path: Path, script: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()


async def test_file_and_folder_are_for_their_owner_only(path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say()])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes.keys() >= {"guildwatch.db", "guildwatch.db-wal"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_closed_store_is_one_file_with_its_tombstones(path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say()])
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == ["guildwatch.db", "tombstones.txt"]


async def test_what_was_stored_is_there_again_after_reopening(path, say):
    message = say("still here")
    async with Store.open(path) as store:
        await store.messages.apply([message])
    async with Store.open(path) as store:
        assert await store.messages.by_ids([message.id]) == {message.id: message}


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_database_of_a_newer_program_is_refused_and_left_alone(path, read_only):
    async with Store.open(path):
        pass
    change(path, "PRAGMA user_version = 999")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer guildwatch.*999.*update guildwatch"):
        async with Store.open(path, read_only=read_only):
            pass
    assert path.read_bytes() == before


async def test_a_reader_does_not_update_an_older_database(path):
    async with Store.open(path):
        pass
    change(path, "PRAGMA user_version = 0")
    with pytest.raises(StoreError, match="older guildwatch"):
        async with Store.open(path, read_only=True):
            pass


async def test_somebody_elses_database_is_refused_and_left_alone(path):
    path.parent.mkdir()
    change(path, "CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a guildwatch database"):
        async with Store.open(path):
            pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"Dear diary, " * 500, b"SQLite format 3\0" + b"\xff" * 4096])
async def test_a_file_that_is_no_database_is_refused_and_left_alone(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"cannot be opened as a guildwatch database"):
            async with Store.open(path, read_only=read_only):
                pass
    assert path.read_bytes() == content


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"cannot be written.*--data-dir"):
        async with Store.open(tmp_path / "file" / "guildwatch.db"):
            pass


async def test_reading_without_a_database_is_one_sentence_and_creates_nothing(path):
    with pytest.raises(StoreError, match="There is no database"):
        async with Store.open(path, read_only=True):
            pass
    assert not path.parent.exists()


async def test_a_writer_elsewhere_is_one_sentence(path):
    async with Store.open(path):
        pass
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("PRAGMA locking_mode = EXCLUSIVE")
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreError, match="in use by another program"):
            async with open_database(path, read_only=False, busy_seconds=0.05):
                pass
    finally:
        blocker.close()


async def test_a_reader_works_beside_the_writer_and_cannot_write(path, say):
    async with Store.open(path) as writer, Store.open(path, read_only=True) as reader:
        message = say("seen at once")
        await writer.messages.apply([message])
        assert await reader.messages.latest() == [message]
        with pytest.raises(StoreError, match="reading only"):
            await reader.messages.apply([say()])


async def test_after_an_unclean_end_everything_committed_is_there(path, tmp_path, say):
    copy = tmp_path / "copy" / "guildwatch.db"
    copy.parent.mkdir()
    messages = [say(f"number {n}") for n in range(300)]
    async with Store.open(path) as store:
        await store.messages.apply(messages[:200])
        async with store.messages._database.transaction() as transaction:
            await transaction.execute("DELETE FROM messages WHERE id < ?", (messages[9].id,))
            for name in ("guildwatch.db", "guildwatch.db-wal"):
                shutil.copy(path.with_name(name), copy.with_name(name))
    async with Store.open(copy) as store:
        assert await store.messages.latest(limit=999) == messages[:200]


KILLED = """
import asyncio, sys
from contextlib import closing
from pathlib import Path
from guildwatch.model import Author, Message
from guildwatch.store import Store

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        number = 0
        while True:
            batch = [Message(number + n + 1, 1, 10, Author(7, "Bea"), "word " * 50)
                     for n in range(100)]
            number += 100
            await store.messages.apply(batch, watermarks={10: number})
            print(number, flush=True)

asyncio.run(main())
"""


async def test_a_kill_leaves_whole_batches(path):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 1500:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    process.wait()
    async with Store.open(path) as store:
        edges = await store.messages.edges(10)
        messages = await store.messages.latest(limit=10**6)
        assert edges is not None
        assert edges[1] % 100 == 0
        assert len(messages) == edges[1] >= 1500
        assert await store.messages.watermarks() == {10: edges[1]}
        assert len(await store.messages.search(1, "word", limit=10**6)) == edges[1]


async def test_a_durable_transaction_waits_for_the_disk_and_the_next_one_does_not(path):
    async with open_database(path, read_only=False) as database:
        for durable, level in ((True, 2), (False, 1), (True, 2)):
            async with database.transaction(durable=durable) as transaction:
                assert [tuple(one) for one in await transaction.rows("PRAGMA synchronous")] == [
                    (level,)
                ]
        with pytest.raises(StoreError):
            async with database.transaction(durable=True) as transaction:
                await transaction.execute("INSERT INTO nowhere VALUES (1)")
        async with database.writer() as connection:
            assert [
                tuple(one) for one in await connection.execute_fetchall("PRAGMA synchronous")
            ] == [(1,)]


async def test_a_cancelled_batch_leaves_nothing_and_the_store_goes_on(store, say):
    batches = [[say() for _ in range(50)] for _ in range(20)]
    for turns, batch in enumerate(batches):
        task = asyncio.ensure_future(store.messages.apply(batch))
        for _ in range(turns * 3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        there = await store.messages.by_ids([message.id for message in batch])
        assert len(there) in (0, 50)
    assert (await store.messages.apply([say()])).new == 1


def one_more(script: str) -> list[Migration]:
    scripts = packaged()
    return [*scripts, Migration(scripts[-1].number + 1, script)]


async def test_a_failing_migration_rolls_back_whole(path):
    async with Store.open(path):
        pass
    broken = one_more("CREATE TABLE half (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);")
    with pytest.raises(StoreError):
        async with open_database(path, read_only=False, migrations=broken):
            pass
    assert version_of(path) == packaged()[-1].number
    async with Store.open(path) as store:
        assert not await store.messages._database.rows(
            "SELECT 1 FROM sqlite_schema WHERE name = 'half'"
        )


async def test_what_the_first_version_forgot_of_edited_messages_is_found_again(path):
    async with open_database(path, read_only=False, migrations=packaged()[:1]):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO messages (id, guild_id, channel_id, author_id, text, kind) "
            "VALUES (5, 1, 10, 7, 'the old goose', 'default')"
        )
        connection.execute("UPDATE messages SET text = 'the new goose' WHERE id = 5")
    async with Store.open(path) as store:
        assert [hit.message.id for hit in await store.messages.search(1, "goose")] == [5]
    assert await check_integrity(path, full=True) == []


async def test_a_migration_keeps_a_copy_of_what_was_before(path, say):
    message = say("precious")
    async with Store.open(path) as store:
        await store.messages.apply([message])
    more = one_more("DELETE FROM messages; CREATE TABLE other (a INTEGER) STRICT;")
    async with open_database(path, read_only=False, migrations=more):
        pass
    (copy,) = (path.parent / "backups").iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert version_of(path) == more[-1].number
    async with Store.open(copy) as store:
        assert await store.messages.latest() == [message]


async def test_only_the_last_copies_are_kept(path):
    async with Store.open(path):
        pass
    migrations = list(packaged())
    for _ in range(BACKUPS_KEPT + 2):
        migrations.append(Migration(migrations[-1].number + 1, "SELECT 1;"))
        async with open_database(path, read_only=False, migrations=migrations):
            pass
    versions = sorted(version_of(one) for one in (path.parent / "backups").iterdir())
    assert versions == [one.number for one in migrations[-BACKUPS_KEPT - 1 : -1]]


async def test_an_index_of_a_newer_sqlite_is_made_anew(path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("findable")])
    change(path, "UPDATE messages_fts_config SET v = 5 WHERE k = 'version'")
    async with Store.open(path) as store:
        assert len(await store.messages.search(1, "findable")) == 1
