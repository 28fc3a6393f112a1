"""What was deleted does not come back: from a backup, a new database, history or an import."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.model import Author, ChannelClosed, Deletion, Message
from guildwatch.store import Store, StoreError
from guildwatch.store.compaction import make_ready
from guildwatch.store.tombstones import Mark, Tombstone, Tombstones, read_tombstones

GUILD, CHANNEL = 1, 10


@pytest.fixture
def file(path) -> Path:
    return path.with_name("tombstones.txt")


def buried(file: Path) -> list[int]:
    return sorted(one.message_id for one in read_tombstones(file) if one.mark is Mark.MESSAGE)


async def texts(store: Store) -> list[str | None]:
    return [one.text for one in await store.messages.latest()]


async def test_every_deletion_is_in_the_file_stored_or_not(store, file, say):
    here, closed = say(), say(channel_id=11)
    await store.messages.apply([here, closed])
    await store.messages.apply([Deletion(GUILD, CHANNEL, (here.id, 999)), Deletion(GUILD, 11, ())])
    await store.messages.apply([ChannelClosed(GUILD, 11)])
    await store.messages.apply([Deletion(GUILD, CHANNEL, (here.id,))])
    assert buried(file) == sorted([here.id, closed.id, 999])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_listeners_are_told_of_every_deletion(store, say):
    here, told = say(), []
    store.messages.when_deleted(told.append)
    await store.messages.apply([here])
    await store.messages.apply([Deletion(GUILD, CHANNEL, (999, here.id))])
    assert told == [[999, here.id]]


async def test_a_backup_put_back_has_forgotten_what_was_deleted_since(path, say):
    kept, gone = say("stays"), say("goes")
    async with Store.open(path) as store:
        await store.messages.apply([kept, gone])
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    async with Store.open(path) as store:
        await store.messages.apply([Deletion(GUILD, CHANNEL, (gone.id,))])
    backup.replace(path)
    async with Store.open(path) as store:
        assert await texts(store) == ["stays"]
        assert await store.messages.search(GUILD, "goes") == []
        await store.messages.apply([gone], imported=True)
        assert await texts(store) == ["stays"]
        await store.tidy()
        assert b"goes" not in path.read_bytes()


async def test_a_new_database_beside_an_old_file_takes_nothing_that_was_deleted(path, say):
    kept, gone = say("stays"), say("goes")
    async with Store.open(path) as store:
        await store.messages.apply([kept, gone, Deletion(GUILD, CHANNEL, (gone.id,))])
    path.unlink()
    async with Store.open(path) as store:
        await store.messages.apply([kept, gone], imported=True)
        await store.messages.apply([kept, gone])
        assert await texts(store) == ["stays"]
        tombstone = (await store.messages.by_ids([gone.id]))[gone.id]
        assert (tombstone.guild_id, tombstone.channel_id) == (GUILD, CHANNEL)


async def test_a_lost_file_is_written_again_from_the_database(path, file, say):
    gone = [say() for _ in range(20)]
    async with Store.open(path) as store:
        await store.messages.apply([*gone, Deletion(GUILD, CHANNEL, tuple(m.id for m in gone))])
        await store.purging.purge(2)
        await store.messages._burials._file.append([Tombstone(Mark.MESSAGE, 77)])
    async with Store.open(path):
        pass  # from now on the database knows of a message that it has never seen
    file.unlink()
    async with Store.open(path) as store:
        assert buried(file) == [77, *(one.id for one in gone)]
        assert [one.guild_id for one in read_tombstones(file) if one.mark is Mark.GUILD] == [2]
    size = file.stat().st_size
    async with Store.open(path):
        assert file.stat().st_size == size


async def test_a_file_of_another_database_is_heeded_whole_and_completed(path, file, say):
    ours, theirs = say("ours"), say("theirs")
    async with Store.open(path) as store:
        await store.messages.apply([ours, theirs, Deletion(GUILD, CHANNEL, (ours.id,))])
    other = path.parent.with_name("other") / path.name
    async with Store.open(other) as store:
        await store.messages.apply([Deletion(GUILD, CHANNEL, (theirs.id,))])
    shutil.copy(other.with_name(file.name), file)
    async with Store.open(path) as store:
        assert await texts(store) == []
    assert buried(file) == [ours.id, theirs.id]


async def test_who_opted_out_or_was_forgotten_is_not_in_a_backup_put_back(path, file, say):
    out, back, forgotten = Author(7, "Out"), Author(8, "Back"), Author(9, "Gone")
    said = [say(one.name, author=one) for one in (out, back, forgotten)]
    later = say("later", author=forgotten)
    async with Store.open(path) as store:
        await store.messages.apply(said)
    with Tombstones.open(file) as tombstones:
        await tombstones.append(
            [
                Tombstone(Mark.OPT_OUT, 0, GUILD, author_id=7),
                Tombstone(Mark.OPT_OUT, 0, GUILD, author_id=8),
                Tombstone(Mark.OPT_IN, 0, GUILD, author_id=8),
                Tombstone(Mark.AUTHOR, said[2].id, GUILD, author_id=9),
            ]
        )
    async with Store.open(path) as store:
        await store.messages.apply([*said, later], imported=True)
        assert await texts(store) == ["later"]
        rows = await store.messages.by_ids([one.id for one in said])
        assert [one.author.id for one in rows.values()] == [0, 0, 0]
        await store.messages.apply([say("welcome", author=back), say("no", author=out)])
        assert await texts(store) == ["later", "welcome"]


@pytest.mark.parametrize("tail", [b"d 12", b"d", b"\0\0\0\0", b"d 123"])
async def test_a_torn_last_line_is_no_record_and_is_mended(path, file, tail):
    async with Store.open(path) as store:
        await store.messages.apply([Deletion(GUILD, CHANNEL, (5,))])
    whole = file.read_bytes()
    file.write_bytes(whole + tail)
    assert buried(file) == [5]
    async with Store.open(path) as store:
        assert file.read_bytes() == whole
        await store.messages.apply([Deletion(GUILD, CHANNEL, (7,))])
    assert buried(file) == [5, 7]


async def test_odd_lines_are_skipped_and_counted(path, file, caplog):
    async with Store.open(path):
        pass
    odd = b"x 1\nd one\nd 1 2\nd -4\n\nd 99999999999999999999\nd \xff\n\0\0\n"
    with file.open("ab") as end:
        end.write(odd + b"d 8\n")
    async with Store.open(path) as store:
        await store.messages.apply([Message(8, GUILD, CHANNEL, Author(1, ""), "no")])
        assert await texts(store) == []
    assert "8 lines" in caplog.text


async def test_a_file_without_a_title_is_given_one_and_keeps_its_records(path, file):
    path.parent.mkdir()
    file.write_bytes(b"d 5\nd 5\nc 1 10 9\nc 1 10 7\n")
    async with Store.open(path) as store:
        below = Message(9, GUILD, CHANNEL, Author(1, ""), "below")
        assert (await store.messages.apply([below])).new == 0
        assert (await store.messages.apply([below], imported=True)).new == 1
    assert [one.line() for one in read_tombstones(file)] == [b"d 5\n", b"c 1 10 9\n"]


async def test_a_grown_file_is_written_anew_and_only_old_backups_notice(path, file, say):
    gone = say("goes")
    async with Store.open(path) as store:
        await store.messages.apply([gone])
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    async with Store.open(path) as store:
        await store.messages.apply([Deletion(GUILD, CHANNEL, (gone.id,))])
        for _ in range(4):
            await store.messages._burials._file.append(
                Tombstone(Mark.MESSAGE, n) for n in range(1, 50_000)
            )
    size = file.stat().st_size
    async with Store.open(path):
        assert size / 5 < file.stat().st_size < size / 3
    assert buried(file) == [*range(1, 50_000), gone.id]
    backup.replace(path)
    async with Store.open(path) as store:
        assert await texts(store) == []


async def test_what_cannot_be_noted_is_not_deleted_and_leaves_the_file_whole(store, file, say):
    message = say("still here")
    await store.messages.apply([message])
    await asyncio.to_thread(store.messages._burials._file._file.close)
    with pytest.raises(ValueError, match="closed"):
        await store.messages.apply([Deletion(GUILD, CHANNEL, (message.id,))])
    assert await texts(store) == ["still here"]


async def test_a_folder_in_the_files_place_is_one_sentence(path, file):
    file.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"tombstones\.txt.*cannot be read or written"):
        async with Store.open(path):
            pass


records = st.one_of(
    st.builds(Tombstone, st.just(Mark.MESSAGE), st.integers(0, 9)),
    st.builds(Tombstone, st.sampled_from([Mark.GUILD]), st.integers(0, 9), st.integers(1, 2)),
    st.builds(
        Tombstone, st.just(Mark.CHANNEL), st.integers(0, 9), st.integers(1, 2), st.integers(3, 4)
    ),
    st.builds(
        lambda mark, guild, author: Tombstone(mark, 0, guild, author_id=author),
        st.sampled_from([Mark.OPT_IN, Mark.OPT_OUT]),
        st.integers(1, 2),
        st.integers(3, 4),
    ),
)


def meaning(told: list[Tombstone]) -> dict[tuple[str, int, int], object]:
    found: dict[tuple[str, int, int], object] = {}
    for one in told:
        if one.mark is Mark.MESSAGE:
            found["d", one.message_id, 0] = True
        elif one.mark in (Mark.OPT_IN, Mark.OPT_OUT):
            found["o", one.guild_id, one.author_id] = one.mark
        else:
            key = (one.mark.value, one.guild_id, one.channel_id)
            found[key] = max(one.message_id, found.get(key, 0))
    return found


@given(told=st.lists(records, max_size=30), cut=st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_writing_a_file_anew_changes_nothing_that_it_says(tmp_path_factory, told, cut):
    file = tmp_path_factory.mktemp("stones") / "tombstones.txt"
    lines = b"".join(one.line() for one in told)
    file.write_bytes(lines[: max(0, len(lines) - cut)])
    before = list(read_tombstones(file))
    assert before == told[: len(before)]
    make_ready(file)
    assert meaning(list(read_tombstones(file))) == meaning(before)


@pytest.mark.long
@given(
    events=st.lists(st.tuples(st.booleans(), st.integers(1, 12)), min_size=1, max_size=12),
    moment=st.integers(0, 12),
    fresh=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_no_backup_of_any_moment_has_anything_that_was_ever_deleted(
    tmp_path_factory, events, moment, fresh
):
    folder = tmp_path_factory.mktemp("store")
    asyncio.run(put_back(folder / "guildwatch.db", events, min(moment, len(events)), fresh))


async def put_back(path, events, moment, fresh):
    def of(is_said, one):
        author = Author(7, "Bea")
        said = Message(one, GUILD, CHANNEL, author, f"word {one}")
        return said if is_said else Deletion(GUILD, CHANNEL, (one,))

    async with Store.open(path) as store:
        await store.messages.apply([of(*event) for event in events[:moment]])
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    async with Store.open(path) as store:
        for event in events[moment:]:
            await store.messages.apply([of(*event)])
    path.unlink() if fresh else backup.replace(path)
    gone = {one for is_said, one in events if not is_said}
    said = [one for is_said, one in events if is_said]
    async with Store.open(path) as store:
        assert gone.isdisjoint(one.id for one in await store.messages.latest())
        await store.messages.apply([of(True, one) for one in said], imported=True)
        assert {one.id for one in await store.messages.latest()} == set(said) - gone


KILLED = """
import asyncio, sys
from pathlib import Path
from guildwatch.model import Author, Deletion, Message
from guildwatch.store import Store

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        for number in range(1, 10**6):
            await store.messages.apply([Message(number, 1, 10, Author(7, "Bea"), "word")])
            print(number, flush=True)
            await store.messages.apply([Deletion(1, 10, (number,))])
            print(-number, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("lines", [3, 40, 101])
async def test_a_kill_at_any_moment_loses_no_deletion_that_was_done(path, file, lines):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()
    gone = {-one for one in told if one < 0}
    assert gone <= set(buried(file))
    async with Store.open(path) as store:
        rows = await store.messages.by_ids(range(1, 10**4))
        assert {one.id for one in rows.values() if one.text is None} == set(buried(file))


async def test_told_but_not_yet_done_is_done_at_the_next_start(path, file, say):
    message = say("about to go")
    async with Store.open(path) as store:
        await store.messages.apply([message])
        await store.messages._burials._file.append([Tombstone(Mark.MESSAGE, message.id)])
        await store.messages.apply([Deletion(GUILD, CHANNEL, (77,))])
        assert await texts(store) == ["about to go"]
    async with Store.open(path) as store:
        assert await texts(store) == []
