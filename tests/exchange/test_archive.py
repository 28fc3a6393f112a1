"""The archive: durable, nothing twice, read back by the import, and rid of what was deleted."""

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guildwatch.capture import Expiry, KeepRules, Spans
from guildwatch.exchange import Archive, ExchangeError, import_exports
from guildwatch.model import (
    Author,
    Channel,
    ChannelClosed,
    ChannelKind,
    Deletion,
    Guild,
    Message,
    first_id_at,
)
from guildwatch.store.tombstones import Mark, Title, Tombstone

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
ANN, BO = Author(100, "Ann"), Author(101, "Bo")
GUILD = Guild(
    1,
    "The / Harbour",
    owner_id=5,
    channels=(Channel(11, 1, "general", ChannelKind.TEXT), Channel(12, 1, "..", ChannelKind.TEXT)),
)
FIRST = first_id_at(NOON)


def said(number: int, text: str = "hello", **fields: object) -> Message:
    values: dict[str, object] = {"channel_id": 11, "author": ANN, "text": text}
    return Message(FIRST + (number << 22), 1, **(values | fields))  # type: ignore[arg-type]


@pytest.fixture
async def archive(store, tmp_path):
    await store.guilds.save(GUILD)
    return Archive(
        tmp_path / "archive",
        store,
        tombstones=store.path.with_name("tombstones.txt"),
        clock=lambda: NOON,
    )


def read(path: Path) -> list[str]:
    """The texts in a file, which must be a whole export."""
    root = json.loads(gzip.decompress(path.read_bytes()))
    assert root["messageCount"] == len(root["messages"])
    ids = [int(one["id"]) for one in root["messages"]]
    assert ids == sorted(set(ids))
    return [one["content"] for one in root["messages"]]


def files(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


async def test_a_file_a_month_and_channel_that_the_import_reads(store, scorer, archive, tmp_path):
    later = first_id_at(NOON + timedelta(days=30))
    messages = [said(1), said(2, channel_id=12), Message(later, 1, 11, ANN, "December")]
    await archive.keep(messages)
    assert files(tmp_path / "archive") == [
        "1 The _ Harbour/11 general/2026-11.json.gz",
        "1 The _ Harbour/11 general/2026-12.json.gz",
        "1 The _ Harbour/12 _/2026-11.json.gz",
    ]
    for file in (tmp_path / "archive").rglob("*"):  # and nobody else sees them
        assert file.stat().st_mode & 0o077 == 0
    summary = await import_exports([tmp_path / "archive"], store, scorer)
    assert (summary.new, summary.skipped) == (3, ())
    assert {one.id for one in await store.messages.latest()} == {one.id for one in messages}


async def test_what_comes_again_or_late_is_there_once_and_as_it_was_last(archive, tmp_path):
    await archive.keep([said(n, str(n)) for n in (5, 6)])
    await archive.keep([said(n, str(n)) for n in (7, 8)])
    await archive.keep([said(6, "six"), said(8, "8"), said(9, "9")])
    await archive.keep([said(n, str(n)) for n in (1, 2)])
    renamed = Guild(1, "Port", owner_id=5, channels=(Channel(11, 1, "talk", ChannelKind.TEXT),))
    await archive._store.guilds.save(renamed)
    again = Archive(
        tmp_path / "archive", archive._store, tombstones=tmp_path / "none", clock=lambda: NOON
    )
    await again.keep([said(10, "10")])
    (name,) = files(tmp_path / "archive")
    assert read(tmp_path / "archive" / name) == ["1", "2", "5", "six", "7", "8", "9", "10"]


async def test_a_deleted_message_leaves_the_archive_and_its_last_one_the_file(
    store, archive, tmp_path
):
    await archive.keep([said(1, "stays"), said(2, "secret"), said(3, "alone", channel_id=12)])
    store.messages.when_deleted(archive.wake)
    gone = (said(2).id, said(3).id, 4711)
    await store.messages.apply([Deletion(1, 11, gone)])  # none of them is stored any more
    await archive.catch_up()
    name = "1 The _ Harbour/11 general/2026-11.json.gz"
    assert read(tmp_path / "archive" / name) == ["stays"]
    assert files(tmp_path / "archive") == [
        "1 The _ Harbour/11 general/2026-11.json.gz",
        "heeded.txt",
    ]
    await archive.keep([said(4, "more")])
    assert read(tmp_path / "archive" / name) == ["stays", "more"]


async def test_it_takes_out_by_itself_what_was_deleted(store, archive, tmp_path):
    await archive.keep([said(1, "stays"), said(2, "secret")])
    store.messages.when_deleted(archive.wake)
    await store.messages.apply([Deletion(1, 11, (said(2).id,))])
    running = asyncio.create_task(archive.run())
    async with asyncio.timeout(60):
        while not (tmp_path / "archive" / "heeded.txt").exists():
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])
    assert read(tmp_path / "archive/1 The _ Harbour/11 general/2026-11.json.gz") == ["stays"]


async def test_what_was_deleted_while_it_was_archived_is_not_archived(store, archive, tmp_path):
    chunk = [said(1, "stays"), said(2, "secret")]
    await store.messages.apply(chunk)
    await store.messages.apply([Deletion(1, 11, (chunk[1].id,))])
    await archive.keep(chunk)  # as it was read before
    (name,) = files(tmp_path / "archive")
    assert read(tmp_path / "archive" / name) == ["stays"]


async def test_what_was_deleted_is_found_by_a_later_start(store, archive, tmp_path):
    await archive.keep([said(1, "stays"), said(2, "secret"), said(3, "later")])
    await store.messages.apply([Deletion(1, 11, (said(2).id,))])
    await archive.catch_up()
    await store.messages.apply([Deletion(1, 11, (said(3).id,))])
    fresh = Archive(
        tmp_path / "archive",
        store,
        tombstones=store.path.with_name("tombstones.txt"),
        clock=lambda: NOON,
    )
    await fresh.catch_up()
    assert read(tmp_path / "archive/1 The _ Harbour/11 general/2026-11.json.gz") == ["stays"]


async def test_who_is_forgotten_or_opts_out_leaves_it_too(archive, tmp_path):
    file = tmp_path / "other.txt"
    archive = Archive(tmp_path / "archive", archive._store, tombstones=file, clock=lambda: NOON)
    await archive.keep(
        [
            said(1, "mine", author=BO),
            said(2, "about her", mentioned=(BO, ANN)),
            said(3, "mine later", author=BO),
            said(4, "101"),
        ]
    )
    path = tmp_path / "archive/1 The _ Harbour/11 general/2026-11.json.gz"
    record = Tombstone(Mark.AUTHOR, said(2).id, 1, author_id=101)
    file.write_bytes(Title(7).line() + record.line())
    await archive.catch_up()
    assert read(path) == ["about her", "mine later", "101"]
    with file.open("ab") as end:
        end.write(Tombstone(Mark.OPT_OUT, 0, 1, author_id=101).line())
    await archive.catch_up()
    assert read(path) == ["about her", "101"]
    assert b'Bo"' not in gzip.decompress(path.read_bytes())


async def test_who_opted_in_again_is_archived_from_then_on(archive, store, tmp_path):
    old, late = said(1, "old", author=BO), said(3, "late", author=BO)
    await store.messages.apply([old, said(2)])
    await archive.keep([old, said(2)])
    await store.rights.opt_out(1, BO.id)
    assert await archive.catch_up() == 1
    await store.rights.opt_in(1, BO.id, old.id)
    await store.messages.apply([old, late])
    await archive.keep([late])
    (tmp_path / "archive" / "heeded.txt").unlink()  # all is heeded from the beginning
    await archive.catch_up()
    (file,) = (tmp_path / "archive").rglob("*.json.gz")
    assert read(file) == ["hello", "late"]


async def test_the_messages_of_a_deleted_channel_leave_it(store, archive, tmp_path):
    await archive.keep([said(1), said(2, channel_id=12)])
    await store.messages.apply([ChannelClosed(1, 11)])
    await archive.catch_up()
    assert "1 The _ Harbour/12 _/2026-11.json.gz" in files(tmp_path / "archive")
    assert not [name for name in files(tmp_path / "archive") if "11 general" in name]


async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(archive, tmp_path, caplog):
    await archive.keep([said(1)])
    path = tmp_path / "archive/1 The _ Harbour/11 general/2026-11.json.gz"
    path.write_bytes(path.read_bytes()[:100])
    fresh = Archive(tmp_path / "archive", archive._store, tombstones=path, clock=lambda: NOON)
    await fresh.keep([said(2, "new")])
    assert read(path) == ["new"]
    assert path.with_name("2026-11.json.gz.damaged").exists()
    assert "set aside" in caplog.text


async def test_retention_hands_over_what_it_removes_and_keeps_what_is_not_taken(
    store, archive, tmp_path
):
    old = [said(n, f"old {n}") for n in range(1200)]
    await store.messages.apply(
        [*old, Message(first_id_at(NOON + timedelta(days=40)), 1, 11, ANN, "new")]
    )
    expiry = Expiry(
        store,
        Spans(KeepRules(30, {})),
        clock=lambda: NOON + timedelta(days=41),
        archive=archive,
    )
    (tmp_path / "archive").write_text("in the way")
    await expiry.look()
    assert len(await store.messages.latest(limit=9999)) == 1201
    (tmp_path / "archive").unlink()
    await expiry.look()
    assert [one.text for one in await store.messages.latest()] == ["new"]
    (name,) = files(tmp_path / "archive")
    assert read(tmp_path / "archive" / name) == [one.text for one in old]


async def test_a_place_that_takes_nothing_raises_so_that_the_messages_stay(archive, tmp_path):
    (tmp_path / "archive").write_text("in the way")
    with pytest.raises(ExchangeError, match="cannot be written"):
        await archive.keep([said(1)])


KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from guildwatch.capture import Expiry, KeepRules, Spans
from guildwatch.exchange import Archive
from guildwatch.model import Author, Deletion, Message, first_id_at
from guildwatch.store import Store

FIRST = first_id_at(datetime(2026, 11, 5, 12, tzinfo=UTC))

async def main():
    folder = Path(sys.argv[1])
    async with Store.open(folder / "guildwatch.db") as store:
        archive = Archive(folder / "archive", store, tombstones=folder / "tombstones.txt",
                          clock=lambda: datetime.now(UTC))
        await archive.catch_up()
        edges = await store.messages.watermarks()
        number = edges.get(11, 0)
        while True:
            ids = [FIRST + (number + n + 1 << 22) for n in range(10)]
            chunk = [Message(one, 1, 11, Author(7, "Bea"), f"n{one} " * 20) for one in ids]
            await archive.keep(chunk)
            print("kept", number, flush=True)
            await store.messages.apply([Deletion(1, 11, (ids[3],))], watermarks={11: number + 10})
            await archive.catch_up()
            print("done", number, flush=True)
            number += 10

asyncio.run(main())
"""


@pytest.mark.long
async def test_a_kill_at_any_moment_loses_nothing_and_brings_nothing_back(tmp_path):
    kept, done = 0, 0
    for lines in (3, 8, 2, 12, 5):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(lines):
            word, number = process.stdout.readline().split()
            kept = max(kept, int(number) + 10)
            done = max(done, int(number) + 10) if word == "done" else done
        os.kill(process.pid, signal.SIGKILL)
        for line in process.stdout:
            word, number = line.split()
            kept = max(kept, int(number) + 10)
            done = max(done, int(number) + 10) if word == "done" else done
        process.stdout.close()
        process.wait()
        (path,) = (tmp_path / "archive").rglob("2026-11.json.gz")
        texts = read(path)
        there = {int(text.split()[0][1:]) - FIRST >> 22 for text in texts}
        assert {n for n in range(1, kept + 1) if n % 10 != 4} <= there
        assert not {n for n in range(1, done + 1) if n % 10 == 4} & there
