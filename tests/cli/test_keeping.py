"""Backup, restore, export, purge and forget as an operator uses them, on a data folder."""

import asyncio
import gzip
import json
import os
import signal
import sqlite3
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildwatch.cli import main
from guildwatch.exchange import Archive
from guildwatch.model import Author, Channel, ChannelKind, Deletion, Guild, Message, first_id_at
from guildwatch.runtime.lock import sole_writer
from guildwatch.store import Store
from support.program import Ended, guildwatch, started

FIRST = first_id_at(datetime(2026, 3, 5, 12, tzinfo=UTC))
DAY = 86_400_000 << 22
NOW = datetime(2026, 5, 1, tzinfo=UTC)
GUILD = Guild(
    1,
    "Harbour",
    owner_id=5,
    channels=(
        Channel(11, 1, "general", ChannelKind.TEXT),
        Channel(12, 1, "trips", ChannelKind.TEXT),
        Channel(13, 1, "bus", ChannelKind.PUBLIC_THREAD, 12),
    ),
)
ANN = Author(100, "Ann")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def ask(
    tmp_path: Path,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Awaitable[Ended]]:
    """The program in this process: a new one takes a second to start."""
    monkeypatch.setenv("GUILDWATCH_REPORT__ZONE", "UTC")
    monkeypatch.setenv("GUILDWATCH_CONFIG", str(tmp_path / "config.toml"))

    async def run(*words: str, folder: Path = data) -> Ended:
        capsys.readouterr()
        code = await asyncio.to_thread(main, ["--data-dir", str(folder), *words])
        return Ended(code, *capsys.readouterr())

    return run


async def fill(data: Path, *messages: Message) -> None:
    async with Store.open(data / "guildwatch.db") as store:
        await store.guilds.save(GUILD)
        await store.messages.apply(messages)


def said(number: int, text: str, channel_id: int = 11, day: int = 0) -> Message:
    return Message(FIRST + day * DAY + (number << 22), 1, channel_id, ANN, text)


def texts(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return [
            text
            for (text,) in connection.execute(
                "SELECT text FROM messages WHERE text IS NOT NULL ORDER BY id"
            )
        ]


def everything(folder: Path) -> Iterator[bytes]:
    return (file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_a_backup_is_taken_beside_the_writer_and_said(ask, data, tmp_path):
    await fill(data, said(1, "hello"), said(2, "there"))
    async with Store.open(data / "guildwatch.db") as store:
        await store.messages.apply([said(3, "written meanwhile")])
        with sole_writer(data / "guildwatch.lock"):
            ended = await guildwatch("--data-dir", str(data), "backup", str(tmp_path / "copy.db"))
    assert ended.code == 0
    assert "verified. It has 3 messages of 1 guild, the last of 2026-03-05 12:00 UTC" in ended.out
    assert texts(tmp_path / "copy.db") == ["hello", "there", "written meanwhile"]
    again = await ask("backup", str(tmp_path / "copy.db"))
    assert (again.code, again.out) == (1, "")
    assert "is there already" in again.err
    assert (await ask("backup", "--force", str(tmp_path / "copy.db"))).code == 0


async def test_what_was_deleted_since_is_not_in_the_restored_database(ask, data, tmp_path):
    await fill(data, said(1, "stays"), said(2, "swordfish"), said(3, "word " * 5000))
    assert (await ask("backup", str(tmp_path / "copy.db"))).code == 0
    assert b"swordfish" in (tmp_path / "copy.db").read_bytes()
    async with Store.open(data / "guildwatch.db") as store:
        await store.messages.apply([Deletion(1, 11, (said(2, "").id,)), said(4, "newer")])
    ended = await ask("restore", str(tmp_path / "copy.db"))
    assert ended.code == 0, ended.err
    assert "It has 2 messages of 1 guild" in ended.out
    assert "Deleted or purged since, and so left out: 1 message." in ended.err
    assert sorted(file.name for file in data.iterdir() if file.is_file()) == [
        "guildwatch.db", "guildwatch.lock", "tombstones.txt",
    ]  # fmt: skip
    assert texts(data / "guildwatch.db") == ["stays", "word " * 5000]
    assert not any(b"swordfish" in content for content in everything(data))
    (old,) = (data / "backups").iterdir()
    assert str(old) in ended.err
    assert texts(old)[-1] == "newer"
    async with Store.open(data / "guildwatch.db") as store:
        assert await store.facts.moment("restored_at") is not None


async def test_a_restored_database_takes_the_place_of_a_damaged_one(ask, data, tmp_path):
    await fill(data, *(said(n, "word " * 200) for n in range(300)))
    await ask("backup", str(tmp_path / "copy.db"))
    with (data / "guildwatch.db").open("r+b") as file:
        file.write(b"nonsense" * 1000)
    (data / "guildwatch.db-wal").write_bytes(b"what a crash left")
    ended = await ask("restore", str(tmp_path / "copy.db"))
    assert ended.code == 0, ended.err
    assert len(texts(data / "guildwatch.db")) == 300
    kept = sorted(file.name for file in (data / "backups").iterdir())
    assert [name.split("-", 2)[2] for name in kept] == [
        "replaced-damaged.db", "replaced-damaged.db-wal",
    ]  # fmt: skip


async def test_a_backup_is_restored_where_nothing_was(ask, data, tmp_path):
    await fill(data, said(1, "hello"))
    await ask("backup", str(tmp_path / "copy.db"))
    (tmp_path / "copy.db").chmod(0o400)
    ended = await ask("restore", str(tmp_path / "copy.db"), folder=tmp_path / "new")
    assert (ended.code, ended.err) == (0, "")
    assert texts(tmp_path / "new" / "guildwatch.db") == ["hello"]
    assert not (tmp_path / "new" / "backups").exists()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE recipes (name TEXT)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def broken(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(20_000))


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.unlink(), "There is no database at"),
        (lambda path: path.write_bytes(b""), "is not a guildwatch database"),
        (lambda path: path.write_bytes(b"Dear diary" * 999), "is damaged"),
        (lambda path: (path.unlink(), foreign(path)), "is not a guildwatch database"),
        (newer, "written by a newer guildwatch (its version is 999"),
        (broken, "is damaged"),
        (cut, "is damaged"),
    ],
    ids=["missing", "empty", "text", "foreign", "newer", "broken", "cut"],
)
async def test_what_is_no_sound_backup_is_refused_in_one_sentence(ask, data, tmp_path, harm, told):
    await fill(data, *(said(n, "word " * 200) for n in range(300)))
    copy = tmp_path / "copy.db"
    await ask("backup", str(copy))
    harm(copy)
    before = (data / "guildwatch.db").read_bytes()
    ended = await ask("restore", str(copy))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("guildwatch: ")
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert str(copy) in ended.err
    assert (data / "guildwatch.db").read_bytes() == before
    assert not [*data.glob("*restoring*")]


@pytest.mark.parametrize("words", [["restore", "copy.db"], ["purge", "--guild", "1", "--yes"]])
async def test_it_is_refused_while_guildwatch_runs(ask, data, tmp_path, words):
    await fill(data, said(1, "hello"))
    await ask("backup", str(tmp_path / "copy.db"))
    with sole_writer(data / "guildwatch.lock"):
        ended = await ask(*(str(tmp_path / one) if one == "copy.db" else one for one in words))
    assert ended.code == 1
    assert "Another guildwatch" in ended.err
    assert ended.err.count("\n") == 1
    assert texts(data / "guildwatch.db") == ["hello"]


async def test_a_restore_is_refused_while_somebody_reads(ask, data, tmp_path):
    await fill(data, said(1, "hello"))
    await ask("backup", str(tmp_path / "copy.db"))
    async with Store.open(data / "guildwatch.db") as store:
        await store.messages.apply([said(2, "only in the log")])
        with closing(sqlite3.connect(data / "guildwatch.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM messages").fetchall()
            await store.messages.apply([said(3, "behind the reader")])
            ended = await ask("restore", str(tmp_path / "copy.db"))
    assert ended.code == 1
    assert "Another program is reading" in ended.err
    assert texts(data / "guildwatch.db") == ["hello", "only in the log", "behind the reader"]


@pytest.mark.parametrize(
    "pauses",
    [(0, 0.02), pytest.param((0.005, 0.01, 0.03, 0.05, 0.08), marks=pytest.mark.long)],
)
async def test_a_killed_restore_leaves_the_old_database_or_the_new_one(ask, data, tmp_path, pauses):
    old, new = [f"old {n}" for n in range(400)], [f"new {n} " * 50 for n in range(400)]
    await fill(data, *(said(n, text) for n, text in enumerate(new)))
    await ask("backup", str(tmp_path / "copy.db"))
    for pause in pauses:
        for file in data.iterdir():
            if file.is_file():
                file.unlink()
        await fill(data, *(said(n, text) for n, text in enumerate(old)))
        words = ("--data-dir", str(data), "restore", str(tmp_path / "copy.db"))
        async with started(*words) as process:
            while process.returncode is None and not [*data.glob("*restoring*")]:
                await asyncio.sleep(0.001)
            await asyncio.sleep(pause)  # the moment is what is tried
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.communicate()
        assert texts(data / "guildwatch.db") in (old, new)
        async with Store.open(data / "guildwatch.db") as store:
            assert len(await store.messages.latest(limit=999)) == 400
    assert (await ask("restore", str(tmp_path / "copy.db"))).code == 0
    assert texts(data / "guildwatch.db") == new
    assert not [*data.glob("*restoring*")]


async def test_damage_that_a_check_finds_comes_with_a_way_out_that_works(ask, data):
    await fill(data, *(said(n, f"number {n} " * 50) for n in range(400)))
    kept = data / "backups" / "guildwatch-20260301T000000000000-version-1.db"
    assert (await ask("backup", str(data / "copy.db"))).code == 0
    kept.parent.mkdir()
    (data / "copy.db").rename(kept)
    with (data / "guildwatch.db").open("r+b") as file:
        file.seek(file.seek(0, os.SEEK_END) // 8192 * 4096)
        file.write(b"\xff" * 4096)
    ended = await ask("status", "--check")
    assert ended.code == 1
    assert f"guildwatch restore {kept}" in ended.err
    assert (await ask("restore", str(kept), "--yes")).code == 0
    assert "sound" in (await ask("status", "--check")).out


async def test_an_export_comes_back_by_an_import(ask, data, tmp_path):
    await fill(data, said(1, "first"), said(2, "second", day=1), said(3, "third", 13, day=1))
    async with Store.open(data / "guildwatch.db"):  # as beside a running program
        ended = await ask(
            "export", "--guild", "Harbour", "--from", "2026-03-06", "--out", str(tmp_path / "out")
        )
    assert ended.code == 0, ended.err
    assert ended.out.startswith("2 messages in 3 files")
    names = sorted(one.name for one in (tmp_path / "out").iterdir())
    assert names == [
        "Harbour - general [11] (after 2026-03-06).json",
        "Harbour - trips - bus [13] (after 2026-03-06).json",
        "Harbour - trips [12] (after 2026-03-06).json",
    ]
    assert (await ask("import", str(tmp_path / "out"), folder=tmp_path / "other")).code == 0
    assert texts(tmp_path / "other" / "guildwatch.db") == ["second", "third"]


async def test_a_purge_says_how_much_and_asks_somebody(ask, data):
    await fill(data, said(1, "one"), said(2, "two", 12), said(3, "three", 13, day=2))
    ended = await ask("purge", "--guild", "1")
    assert ended.code == 1
    assert "Harbour: 3 messages in 3 channels, 3 days (2026-03-05 to 2026-03-07)." in ended.err
    assert "say --yes" in ended.err
    assert len(texts(data / "guildwatch.db")) == 3


async def test_a_purge_takes_a_channel_with_its_threads_and_exports_them_first(ask, data, tmp_path):
    await fill(data, said(1, "stays"), said(2, "tunafish", 12), said(3, "codfish", 13))
    await ask("backup", str(tmp_path / "copy.db"))
    archive = tmp_path / "fish.zip"
    ended = await ask(
        "purge", "--guild", "1", "--channel", "12", "--archive", str(archive), "--yes"
    )
    assert ended.code == 0, ended.err
    assert "2 messages in 2 channels" in ended.err
    assert "2 messages exported" in ended.out
    assert "2 messages deleted; the database had 0." in ended.out
    assert texts(data / "guildwatch.db") == ["stays"]
    assert not any(b"fish" in content for content in everything(data))
    with zipfile.ZipFile(archive) as zipped:
        exported = [json.loads(zipped.read(name)) for name in zipped.namelist()]
    assert sorted(one["content"] for root in exported for one in root["messages"]) == [
        "codfish", "tunafish",
    ]  # fmt: skip
    assert (await ask("restore", str(tmp_path / "copy.db"))).code == 0
    assert texts(data / "guildwatch.db") == ["stays"]
    again = await ask("purge", "--guild", "1", "--archive", str(archive), "--yes")
    assert again.code == 1
    assert "is there already" in again.err


async def test_a_purge_before_a_day_leaves_the_day(ask, data):
    await fill(data, said(1, "one"), said(2, "two", day=1), said(3, "three", day=2))
    ended = await ask("purge", "--guild", "1", "--before", "2026-03-06", "--yes")
    assert ended.code == 0, ended.err
    assert texts(data / "guildwatch.db") == ["two", "three"]
    assert (
        "Nothing was deleted"
        in (await ask("purge", "--guild", "1", "--before", "2026-03-06", "--yes")).out
    )


async def archived(data: Path, *messages: Message) -> None:
    """Puts messages into the archive as retention does, and leaves none in the database."""
    async with Store.open(data / "guildwatch.db") as store:
        await store.guilds.save(GUILD)
        archive = Archive(
            data / "archive", store, tombstones=data / "tombstones.txt", clock=lambda: NOW
        )
        await archive.keep(messages)


async def test_a_purge_reaches_what_is_archived_and_its_copy_has_it(ask, data, tmp_path):
    await archived(data, said(1, "oldfish", 12), said(2, "codfish", 13), said(3, "stays"))
    await fill(data, said(4, "newfish", 12, day=40))
    copy = tmp_path / "fish.zip"
    ended = await ask("purge", "--guild", "1", "--channel", "12", "--archive", str(copy), "--yes")
    assert ended.code == 0, ended.err
    assert "3 messages in 2 channels, 41 days" in ended.err
    assert "2 of them in the archive" in ended.err
    assert "3 messages exported" in ended.out
    assert "2 messages removed from the archive" in ended.out
    assert not any(b"fish" in content for content in everything(data))
    assert [one.name for one in (data / "archive").glob("*/*")] == ["11 general"]
    with zipfile.ZipFile(copy) as zipped:
        zipped.extractall(tmp_path / "out")
    assert (await ask("import", str(tmp_path / "out"), folder=tmp_path / "other")).code == 0
    assert texts(tmp_path / "other" / "guildwatch.db") == ["oldfish", "codfish", "newfish"]


async def test_a_purge_before_a_day_leaves_the_archive_from_that_day_on(ask, data):
    await archived(data, said(1, "goes"), said(2, "goes too", day=-20), said(3, "stays", day=1))
    (data / "archive/1 Harbour/11 general/2026-01.json.gz.damaged").write_text("what was it?")
    ended = await ask("purge", "--guild", "1", "--before", "2026-03-06", "--yes")
    assert ended.code == 0, ended.err
    assert "2 messages removed from the archive" in ended.out
    (left,) = (one for one in (data / "archive").glob("*/*/*"))
    assert [
        one["content"] for one in json.loads(gzip.decompress(left.read_bytes()))["messages"]
    ] == ["stays"]
    again = await ask("purge", "--guild", "1", "--before", "2026-03-06", "--yes")
    assert "Nothing was deleted" in again.out


async def test_a_purge_that_was_killed_before_the_archive_is_finished_there(ask, data):
    await archived(data, said(1, "swordfish"))
    async with Store.open(data / "guildwatch.db") as store:
        await store.purging.purge(1)
        archive = Archive(
            data / "archive", store, tombstones=data / "tombstones.txt", clock=lambda: NOW
        )
        await archive.catch_up()
    assert [one.name for one in (data / "archive").iterdir()] == ["heeded.txt"]


async def test_nothing_is_purged_when_the_archive_cannot_be_written(ask, data, tmp_path):
    await fill(data, said(1, "one"), said(2, "two", 12))
    for target, told in (
        (tmp_path / "none" / "a.zip", "cannot be written"),
        (tmp_path / "a.json.gz", "there are 2: name a .zip file"),
    ):
        ended = await ask("purge", "--guild", "1", "--archive", str(target), "--yes")
        assert ended.code == 1
        assert told in ended.err
        assert not target.exists()
    assert texts(data / "guildwatch.db") == ["one", "two"]


async def test_a_deleted_message_is_not_brought_back_by_an_import(ask, data, tmp_path):
    await fill(data, said(1, "stays"), said(2, "swordfish"))
    await ask("export", "--guild", "1", "--out", str(tmp_path / "out"))
    async with Store.open(data / "guildwatch.db") as store:
        await store.messages.apply([Deletion(1, 11, (said(2, "").id,))])
    for file in data.glob("guildwatch.db*"):
        file.unlink()  # a new database beside the file of what was deleted
    ended = await ask("import", str(tmp_path / "out"))
    assert ended.code == 0, ended.err
    assert texts(data / "guildwatch.db") == ["stays"]
    assert not any(b"swordfish" in content for content in everything(data))


@pytest.mark.parametrize(
    "words",
    [
        ["backup"],
        ["restore"],
        ["export", "--guild", "1"],
        ["export", "--guild", "1", "--out", "x", "--from", "2026-03-06", "--to", "2026-03-05"],
        ["purge"],
        ["purge", "--guild", "1", "--before", "soon"],
    ],
)
async def test_wrong_usage_is_exit_code_two(words, tmp_path, monkeypatch):
    monkeypatch.setenv("GUILDWATCH_DATA_DIR", str(tmp_path / "data"))
    assert main(words) == 2


async def also_archived(data: Path, *messages: Message) -> None:
    async with Store.open(data / "guildwatch.db") as store:
        stones = data / "tombstones.txt"
        await Archive(data / "archive", store, tombstones=stones, clock=lambda: NOW).keep(messages)


async def test_a_member_who_asks_by_mail_is_forgotten_in_every_file(ask, data, tmp_path):
    zed = Author(101, "Zedrick Quux")
    theirs = [replace(said(n, f"xylotype {n}"), author=zed) for n in range(2, 5)]
    await fill(data, said(1, "stays"), *theirs)
    await also_archived(data, said(1, "stays"), *theirs)
    await ask("backup", str(tmp_path / "copy.db"))
    refused = await ask("forget", "--guild", "Harbour", "--author", "101")
    assert (refused.code, refused.out) == (1, "")
    assert "3 messages of Zedrick Quux" in refused.err
    assert "say --yes" in refused.err
    ended = await ask("forget", "--guild", "Harbour", "--author", "101", "--yes")
    assert ended.code == 0, ended.err
    assert "3 messages erased" in ended.out
    assert "1 file of the archive written anew" in ended.out
    assert not any(b"xylotype" in one or b"Zedrick" in one for one in everything(data))
    (archive,) = (data / "archive").rglob("*.json.gz")
    assert b"xylotype" not in gzip.decompress(archive.read_bytes())
    assert b"stays" in gzip.decompress(archive.read_bytes())
    assert (await ask("restore", str(tmp_path / "copy.db"))).code == 0
    assert texts(data / "guildwatch.db") == ["stays"]


async def test_who_opted_out_by_mail_is_not_taken_from_an_import_either(ask, data, tmp_path):
    zed = Author(101, "Zedrick Quux")
    theirs = replace(said(2, "xylotype"), author=zed)
    await fill(data, said(1, "stays"), theirs)
    await ask("export", "--guild", "1", "--out", str(tmp_path / "out"))
    words = ("forget", "--guild", "1", "--author", "101", "--opt-out", "--yes")
    with sole_writer(data / "guildwatch.lock"):
        busy = await ask(*words)
    assert busy.code == 1
    assert "Stop it first" in busy.err
    assert (await ask(*words)).code == 0
    assert (await ask("import", str(tmp_path / "out"))).code == 0
    assert texts(data / "guildwatch.db") == ["stays"]
    assert not any(b"xylotype" in one or b"Zedrick" in one for one in everything(data))


async def test_a_members_data_is_written_down_for_them_beside_the_writer(ask, data, tmp_path):
    await fill(data, said(1, "first"), said(2, "second"))
    out = tmp_path / "ann.json"
    words = ("mydata", "--guild", "Harbour", "--author", "100", "--out", str(out))
    with sole_writer(data / "guildwatch.lock"):
        assert (await ask(*words)).code == 0
    content = json.loads(out.read_text("utf-8"))
    assert [one["text"] for one in content["messages"]] == ["first", "second"]
    assert content["member"] == {"id": "100", "name": "Ann", "former_names": []}
    assert out.stat().st_mode & 0o777 == 0o600
    assert (await ask(*words)).code == 1
