"""A damaged file is noticed, said in one sentence, and the way out is named."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys

import pytest

from guildwatch.store import DamagedError, Store, StoreError, back_up
from guildwatch.store.database import open_database
from guildwatch.store.integrity import check_integrity

PAGE = 4096


@pytest.fixture
async def filled(path, say):
    async with Store.open(path) as store:
        await store.messages.apply([say("word " * 100) for _ in range(500)])
    return path


def ruin(path, page):
    """Overwrites a page's header with what none has."""
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(b"\xff" * 100)


def root_of(path, table):
    connection = sqlite3.connect(path)
    ((page,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
    connection.close()
    return page - 1


def mark_unclean(path):
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO facts VALUES ('open_since', 1)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("full", [False, True])
async def test_a_sound_file_has_nothing_wrong(filled, full):
    assert await check_integrity(filled, full=full) == []
    async with Store.open(filled):
        assert await check_integrity(filled, full=full) == []


async def test_a_ruined_page_is_found_by_either_check(filled):
    ruin(filled, root_of(filled, "reports"))
    assert await check_integrity(filled)
    assert await check_integrity(filled, full=True)


async def test_a_row_that_refers_to_nothing_and_words_nobody_said_are_found_by_the_full_check(
    filled,
):
    connection = sqlite3.connect(filled)
    connection.execute("INSERT INTO receipts (message_id, report_id) VALUES (1, 99)")
    connection.commit()
    assert await check_integrity(filled) == []
    assert await check_integrity(filled, full=True) == [
        "row None of receipts refers to a row of reports that is not there"
    ]
    connection.execute("DELETE FROM receipts")
    connection.execute("INSERT INTO messages_fts (rowid, text) VALUES (5, 'nobody')")
    connection.commit()
    connection.close()
    assert await check_integrity(filled, full=True) == [
        "the search index does not fit the messages"
    ]


async def test_damage_that_the_sentence_would_quote_is_told_without_it(filled):
    content = filled.read_bytes()
    filled.write_bytes(content.replace(b"written_at    INTEGER", b"written_at    INT\xa1GER", 1))
    assert await check_integrity(filled) == ["a text in it is none any more"]
    with pytest.raises(DamagedError, match="restore"):
        async with Store.open(filled):
            pass
    with pytest.raises(DamagedError, match="a text in it is none any more"):
        await back_up(filled, filled.with_name("copy.db"))


async def test_a_message_that_is_no_text_any_more_is_damage_and_not_quoted(filled):
    content = filled.read_bytes()
    filled.write_bytes(content.replace(b"word word", b"wo\xffd word"))
    async with Store.open(filled) as store:
        with pytest.raises(DamagedError, match="a text in it is none") as raised:
            await store.messages.latest(limit=999)
    assert "word" not in str(raised.value)


async def test_what_is_not_there_cannot_be_checked(path):
    with pytest.raises(StoreError, match="no database at"):
        await check_integrity(path)


async def test_a_file_that_was_not_closed_is_checked_at_the_start(filled):
    mark_unclean(filled)
    async with Store.open(filled):
        pass
    mark_unclean(filled)
    ruin(filled, root_of(filled, "reports"))
    with pytest.raises(StoreError, match=r"guildwatch\.db is damaged.*guildwatch restore"):
        async with Store.open(filled):
            pass


async def test_one_that_was_closed_is_not(filled):
    ruin(filled, root_of(filled, "calibration"))
    async with Store.open(filled) as store:
        assert await store.messages.latest()


async def test_the_newest_sound_backup_is_named(filled):
    folder = filled.with_name("backups")
    folder.mkdir()
    names = ["guildwatch-20260101T000000000000-version-1.db"]
    names += ["guildwatch-20270101T000000000000-version-2.db"]
    names += ["guildwatch-20280101T000000000000-replaced-damaged.db", "other.txt"]
    for name in names:
        (folder / name).touch()
    ruin(filled, root_of(filled, "messages"))
    mark_unclean(filled)
    with pytest.raises(StoreError, match=rf"guildwatch restore \S*{names[1]}"):
        async with Store.open(filled):
            pass


async def test_a_file_that_was_cut_off_is_refused_at_once(filled):
    os.truncate(filled, filled.stat().st_size // 2)
    with pytest.raises(StoreError, match="damaged"):
        async with Store.open(filled):
            pass


async def test_damage_met_while_running_is_one_sentence_and_noticed_at_the_next_start(filled):
    ruin(filled, root_of(filled, "reports"))
    with pytest.raises(StoreError, match=r"is damaged \(.*malformed\).*guildwatch restore"):
        async with Store.open(filled) as store:
            await store.reports.overview()
    with pytest.raises(StoreError, match="is damaged"):
        async with Store.open(filled):
            pass


async def test_another_error_on_the_way_out_is_no_unclean_end(path):
    with pytest.raises(ZeroDivisionError):
        async with Store.open(path):
            raise ZeroDivisionError
    async with open_database(path, read_only=True) as database:
        assert not await database.rows("SELECT * FROM facts WHERE name = 'open_since'")


KILLED = """
import asyncio, sys
from pathlib import Path
from guildwatch.store import Store

async def main():
    async with Store.open(Path(sys.argv[1])):
        print("open", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_kill_leads_to_a_check(path, caplog):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()
    caplog.set_level("INFO")
    for checks in (1, 1):
        async with Store.open(path):
            pass
        assert caplog.text.count("was not closed the last time") == checks


async def test_a_full_disk_is_said_and_what_was_there_can_be_used(filled, say, tmp_path):
    async with open_database(filled, read_only=False) as database:
        async with database.writer() as connection:
            ((pages,),) = await connection.execute_fetchall("PRAGMA page_count")
            await connection.execute(f"PRAGMA max_page_count = {pages}")
        rows = [("m" * 3000 + str(number),) for number in range(99)]
        with pytest.raises(StoreError, match=rf"disk is full: make room on .*{filled.parent}"):
            async with database.transaction() as transaction:
                await transaction.many("INSERT INTO calibration VALUES (?, 1.0)", rows)
        assert await database.rows("SELECT * FROM calibration") == []
        async with database.writer() as connection:
            await connection.execute("PRAGMA max_page_count = 1000000")
        async with database.transaction() as transaction:
            await transaction.execute("INSERT INTO calibration VALUES ('second', 1.0)")
        assert len(await database.rows("SELECT * FROM calibration")) == 1


LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from guildwatch.model import Author, Deletion, Message
from guildwatch.store import Store, StoreError

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def batch(first):
    return [Message(first + n, 1, 10, Author(7, "Bea"), "word " * 100) for n in range(200)]

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    path = Path(sys.argv[1])
    async with Store.open(path) as store:
        await store.messages.apply(batch(1))
        limit(path.stat().st_size + 100_000)
        stored = 200
        while True:
            try:
                await store.messages.apply(batch(stored + 1))
            except StoreError as error:
                print(error)
                break
            stored += 200
        limit(path.with_name("tombstones.txt").stat().st_size + 1)
        try:
            await store.messages.apply([Deletion(1, 10, (1,))])
        except StoreError as error:
            print(error)
        limit(resource.RLIM_INFINITY)
        assert len(await store.messages.latest(limit=10**6)) == stored
        await store.messages.apply([Deletion(1, 10, (1,))])
        await store.messages.apply(batch(stored + 1))
        print(stored + 199 == len(await store.messages.latest(limit=10**6)))

asyncio.run(main())
"""


def test_a_file_that_may_not_grow_is_said_and_the_batch_can_be_written_later(path):
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    first, second, whole = ended.stdout.splitlines()
    assert "guildwatch.db could not be written (disk I/O error)" in first
    assert "has room" in first
    assert "tombstones.txt" in second
    assert whole == "True"
    assert path.with_name("tombstones.txt").read_bytes().endswith(b"\nd 1\n")


async def test_a_database_held_by_another_program_is_said_and_can_be_used_later(filled):
    async with open_database(filled, read_only=False, busy_seconds=0.05) as database:
        other = sqlite3.connect(filled, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for durable in (True, False):
            with pytest.raises(StoreError, match="in use by another program"):
                async with database.transaction(durable=durable) as transaction:
                    await transaction.execute("DELETE FROM messages")
        other.execute("ROLLBACK")
        other.close()
        async with database.transaction() as transaction:
            assert await transaction.execute("DELETE FROM messages") == 500


async def test_a_file_that_may_only_be_read_is_said(filled, tmp_path):
    async with open_database(filled, read_only=False) as database:
        async with database.writer() as connection:
            await connection.execute("PRAGMA query_only = 1")
        with pytest.raises(StoreError, match=r"mend the permissions.*reading only"):
            async with database.transaction() as transaction:
                await transaction.execute("DELETE FROM messages")


@pytest.mark.skipif(not shutil.which("chattr"), reason="makes the file unchangeable with chattr")
async def test_a_file_system_that_may_only_be_read_is_said_at_the_start(filled):
    if subprocess.run(["chattr", "+i", filled], capture_output=True, check=False).returncode:
        pytest.skip("this file system or user cannot make a file unchangeable")
    try:
        with pytest.raises(StoreError, match=r"cannot be written|could not be opened"):
            async with Store.open(filled):
                pass
    finally:
        subprocess.run(["chattr", "-i", filled], check=True)
