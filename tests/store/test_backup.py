"""Backups: taken beside a writer, verified, whole or not there; automatic ones expire."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guildwatch.model import created_at
from guildwatch.store import DamagedError, Store, StoreError, back_up, expire_backups
from guildwatch.store.backup import back_up_automatically, trim_backups
from guildwatch.store.integrity import check_integrity


def texts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM messages ORDER BY id")]


def overwritten(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


async def test_a_backup_is_one_private_file_that_holds_everything(path, tmp_path, say):
    messages = [say(f"number {n}") for n in range(300)]
    target = tmp_path / "copy.db"
    async with Store.open(path) as store:
        await store.messages.apply(messages)
        summary = await back_up(path, target)
    assert (summary.messages, summary.newest) == (300, created_at(messages[-1].id))
    assert summary.size == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir() if file.name != "data"] == ["copy.db"]
    async with Store.open(target, read_only=True) as copy:
        assert await copy.messages.latest(limit=999) == messages
        assert len(await copy.messages.search(1, "number", limit=999)) == 300


async def test_it_is_taken_while_somebody_writes_and_holds_whole_batches(path, tmp_path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 300) for _ in range(3000)])
        copying = asyncio.create_task(back_up(path, tmp_path / "copy.db"))
        written = 0
        while not copying.done():
            await store.messages.apply([say("more") for _ in range(50)])
            written += 1
        summary = await copying
        await store.messages.apply([say("after")])
    assert written > 3
    assert (summary.messages - 3000) % 50 == 0
    assert summary.messages < 3000 + 50 * written


async def test_a_file_that_is_there_stays_unless_told_otherwise(path, tmp_path, say):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    async with Store.open(path):
        with pytest.raises(StoreError, match=r"is there already.*--force"):
            await back_up(path, target)
        assert target.read_text() == "precious"
        await back_up(path, target, force=True)
        with pytest.raises(StoreError, match="the database itself"):
            await back_up(path, path, force=True)
        with pytest.raises(StoreError, match="SQLite keeps its own"):
            await back_up(path, path.with_name("guildwatch.db-wal"), force=True)
        with pytest.raises(StoreError, match="files of its own there"):
            await back_up(path, path.with_name("tombstones.txt"), force=True)
        with pytest.raises(StoreError, match="not a plain file"):
            await back_up(path, tmp_path, force=True)
    assert texts(target) == []


@pytest.mark.parametrize("place", ["none/copy.db", "x" * 300, "file/copy.db"])
async def test_a_place_that_takes_nothing_is_one_sentence(path, tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    async with Store.open(path):
        with pytest.raises(StoreError, match=r"cannot be written \(.*\): name another file\.$"):
            await back_up(path, tmp_path / place)


async def test_a_damaged_database_gives_no_backup(path, tmp_path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 200) for _ in range(500)])
    overwritten(path, path.stat().st_size // 2, os.urandom(8192))
    with pytest.raises(DamagedError, match=r"is damaged"):
        await back_up(path, tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


async def test_a_search_index_that_does_not_fit_is_made_anew_in_the_backup(path, tmp_path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("findable")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM messages_fts_data WHERE id > 10")
        connection.commit()
    await back_up(path, tmp_path / "copy.db")
    assert await check_integrity(tmp_path / "copy.db", full=True) == []
    async with Store.open(tmp_path / "copy.db", read_only=True) as copy:
        assert [hit.message.text for hit in await copy.messages.search(1, "findable")] == [
            "findable"
        ]


async def test_a_backup_that_is_cancelled_leaves_nothing(path, tmp_path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 300) for _ in range(3000)])
        for hundredths in range(8):
            await cancelled(path, tmp_path / "copy.db", after=hundredths / 100)
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


async def test_it_leaves_nothing_at_whichever_of_its_steps_it_is_cancelled(path, tmp_path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("a short one")])
        for thousandths in range(100):
            await cancelled(path, tmp_path / "copy.db", after=thousandths / 5000)
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


async def cancelled(path: Path, target: Path, *, after: float) -> None:
    copying = asyncio.create_task(back_up(path, target))
    await asyncio.wait([copying], timeout=after)
    copying.cancel()
    await asyncio.wait([copying])
    if not copying.cancelled():
        target.unlink()


FULL = """
import asyncio, resource, sys
from pathlib import Path
from guildwatch.store import StoreError, back_up
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    asyncio.run(back_up(Path(sys.argv[1]), Path(sys.argv[2])))
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of this kind are POSIX")
async def test_a_full_disk_is_one_sentence_and_leaves_nothing(path, tmp_path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 200) for _ in range(500)])
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(tmp_path / "copy.db")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert "could not be copied" in ended.stdout
    assert ended.stdout.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


KILLED = """
import asyncio, sys
from pathlib import Path
from guildwatch.store import back_up
print(flush=True)
while True:
    asyncio.run(back_up(Path(sys.argv[1]), Path(sys.argv[2]), force=True))
"""


async def test_a_kill_leaves_the_old_backup_or_the_new_one(path, tmp_path, say):
    target = tmp_path / "copy.db"
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 100) for _ in range(1000)])
        await back_up(path, target)
        for pause in (0.02, 0.05, 0.09, 0.14):
            process = subprocess.Popen(
                [sys.executable, "-c", KILLED, path, target], stdout=subprocess.PIPE
            )
            assert process.stdout is not None
            process.stdout.readline()
            await asyncio.sleep(pause)  # the moment is what is tried
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
            assert len(texts(target)) == 1000
        for part in tmp_path.glob(".copy.db.*"):
            os.utime(part, (0, 0))
        await back_up(path, target, force=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "data"]


async def test_the_last_automatic_ones_are_kept_and_expire_by_their_age(path, say):
    folder = path.parent / "backups"
    async with Store.open(path):
        before = [await back_up_automatically(path, "replaced", kept=9) for _ in range(3)]
        middle = datetime.now(UTC)
        after = [await back_up_automatically(path, "version-1", kept=9) for _ in range(2)]
    (folder / "mine.db").write_text("an operator's own")
    part = folder / ".guildwatch-x.part"
    part.write_text("half")
    os.utime(part, (0, 0))
    trim_backups(folder, 4)
    assert not before[0].exists()
    assert await expire_backups(folder, middle) == 3
    assert sorted(folder.iterdir()) == sorted([*after, folder / "mine.db"])
    assert await expire_backups(path.parent / "none", middle + timedelta(days=1)) == 0
