"""Importing again, in parts, beside Discord, and what cannot be imported."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.exchange import import_exports
from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.reading import BATCH, read_batches, read_header
from guildwatch.model import Deletion, MessageEdit
from guildwatch.sensitive import OwnToken
from guildwatch.store import Store

GUILD, CHANNEL = 111, 222
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "chat"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real chat lies beside the repository only")
async def test_a_real_day_of_five_channels_is_imported_once(store, scorer):
    first = await import_exports([REAL / "multichannel-day"], store, scorer)
    assert (first.new, first.channels, first.guilds, first.files) == (1783, 5, 1, 5)
    assert first.skipped == ()
    again = await import_exports([REAL / "multichannel-day"], store, scorer)
    assert (again.new, again.changed, again.known, again.skipped) == (0, 0, 1783, ())


async def test_partitions_overlaps_and_doubles_count_once(store, scorer, export, message):
    whole = [message(n, f"message {n}") for n in range(2 * BATCH + 10)]
    one = export(*whole[: BATCH + 20], name="general [part 1]")
    two = export(*whole[BATCH:], *whole[-5:], name="general [part 2]")
    summary = await import_exports([one, two], store, scorer)
    assert (summary.new, summary.known, summary.channels) == (2 * BATCH + 10, 25, 1)
    assert summary.messages == 2 * BATCH + 35
    messages = await store.messages.latest(limit=9999)
    assert [one.text for one in messages] == [one["content"] for one in whole]


async def test_a_later_export_brings_edits_and_an_earlier_one_takes_none_back(
    store, scorer, export, message
):
    old = export(message(1, "before"), name="old")
    new = export(
        message(1, "after", timestampEdited="2024-03-06T00:00:00+00:00"), message(2), name="new"
    )
    await import_exports([old], store, scorer)
    summary = await import_exports([new], store, scorer)
    assert (summary.new, summary.changed, summary.known) == (1, 1, 0)
    summary = await import_exports([old], store, scorer)
    assert (summary.new, summary.changed, summary.known) == (0, 0, 1)
    assert [one.text for one in await store.messages.latest()] == ["after", "hello"]


async def test_what_discord_told_or_deleted_stays(store, scorer, export, message):
    path = export(message(1, "as exported"), message(2, "deleted since"), message(3, "edited"))
    await import_exports([path], store, scorer)
    told, deleted, edited = await store.messages.latest()
    live = replace(told, text="as told live")
    at = edited.created_at
    await store.messages.apply(
        [
            live,
            Deletion(GUILD, CHANNEL, (deleted.id,)),
            MessageEdit(edited.id, GUILD, CHANNEL, "edited live", at),
        ]
    )
    summary = await import_exports([path], store, scorer)
    assert (summary.new, summary.changed) == (0, 0)
    texts = [one.text for one in await store.messages.latest()]
    assert texts == ["as told live", "edited live"]


async def test_a_folder_is_walked_in_order_and_each_file_taken_once(
    store, scorer, export, message, tmp_path
):
    files = [
        export(message(1), name="b"),
        export(message(2), name="a"),
    ]
    (tmp_path / "exports" / "deeper").mkdir()
    files[0].rename(tmp_path / "exports" / "deeper" / "B.JSON")
    (tmp_path / "exports" / "links.tsv").write_text("1\t2")
    seen = []
    summary = await import_exports(
        [tmp_path / "exports", files[1]],
        store,
        scorer,
        on_progress=seen.append,
    )
    assert (summary.files, summary.new, summary.skipped) == (2, 2, ())
    assert list(dict.fromkeys(one.file.name for one in seen)) == ["a.json", "B.JSON"]


async def test_progress_grows_to_the_whole(store, scorer, export, message):
    many = [message(n, "word " * 20) for n in range(3 * BATCH)]
    paths = [export(*many, name="a"), export(*many[:5], name="b", id="223")]
    seen = []
    await import_exports(paths, store, scorer, on_progress=seen.append)
    done = [one.done_bytes for one in seen]
    assert done == sorted(done)
    assert done[-1] == seen[-1].total_bytes == 3 * sum(path.stat().st_size for path in paths)
    assert seen[-1].messages == 3 * BATCH + 5


FOREIGN = {
    "empty": b"",
    "text": b"Dear diary",
    "list": b"[1, 2, 3]",
    "other": b'{"name": "package", "dependencies": {}}',
    "no messages": b'{"guild": {"id": "1"}, "channel": {"id": "2"}}',
    "messages no list": b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": 5}',
    "no guild id": b'{"guild": {}, "channel": {"id": "2"}, "messages": []}',
    "no channel id": b'{"guild": {"id": "1"}, "channel": 7, "messages": []}',
    "direct messages": b'{"guild": {"id": "0"}, "channel": {"id": "2"}, "messages": []}',
    "id true": b'{"guild": {"id": true}, "channel": {"id": "2"}, "messages": []}',
    "huge id": b'{"guild": {"id": "99999999999999999999"}, "channel": {}, "messages": []}',
    "odd message": b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": [5]}',
    "no author": b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": [{"id": "5"}]}',
    "utf-16": '{"guild": {"id": "1"}}'.encode("utf-16"),
    "latin-1": b'{"guild": {"id": "1", "name": "\xe9"}, "channel": {"id": "2"}, "messages": []}',
    "tail": b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": []} and more',
    "deep": b"[" * 100_000,
    "deep and whole": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
async def test_a_file_that_is_no_export_is_skipped_with_a_sentence(
    store, scorer, export, message, content
):
    fine = export(message(), name="z")
    foreign = fine.with_name("foreign.json")
    foreign.write_bytes(content)
    summary = await import_exports([fine.parent], store, scorer)
    assert (summary.files, summary.new) == (1, 1)
    ((path, reason),) = summary.skipped
    assert path == foreign
    assert reason.startswith(f"{foreign} was skipped: ")
    assert reason.endswith(".")
    assert "\n" not in reason
    assert [guild.id for guild in await store.guilds.all()] == [GUILD]


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
async def test_of_a_file_that_was_cut_off_nothing_is_imported(store, scorer, export, message, kept):
    path = export(*(message(n, "word " * 50) for n in range(3 * BATCH)))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    summary = await import_exports([path], store, scorer)
    assert (summary.files, summary.messages) == (0, 0)
    ((_, reason),) = summary.skipped
    assert "ends in the middle" in reason
    assert "export the channel again" in reason
    assert await store.messages.latest() == []
    assert await store.guilds.all() == []


async def test_damage_in_the_middle_is_told_with_its_place_but_no_chat(
    store, scorer, export, message
):
    path = export(*(message(n, "private words " * 20) for n in range(3 * BATCH)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] = 0xFF
    path.write_bytes(content)
    ((_, reason),) = (await import_exports([path], store, scorer)).skipped
    assert "damaged" in reason
    assert "whole messages" in reason
    assert "private" not in reason
    assert await store.messages.latest() == []


async def test_an_import_can_be_stopped_at_any_moment(store, scorer, export, message):
    path = export(*(message(n, "word " * 30) for n in range(8 * BATCH)))
    for pause in range(1, 12):
        running = asyncio.create_task(import_exports([path], store, scorer))
        await asyncio.wait([running], timeout=pause / 50)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert len(await store.messages.latest(limit=9999)) in (0, 8 * BATCH)
    assert (await import_exports([path], store, scorer)).messages == 8 * BATCH


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from guildwatch.exchange import import_exports
from guildwatch.mood import Vader
from guildwatch.store import Store

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        await import_exports([Path(sys.argv[2])], store, Vader(), on_progress=die)

def die(progress):
    if progress.messages >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="a kill of this kind is POSIX")
@pytest.mark.parametrize("batches", [1, 7])
async def test_of_a_file_whose_import_was_killed_nothing_is_stored(
    tmp_path, scorer, export, message, batches
):
    path = export(*(message(n, "word " * 30) for n in range(8 * BATCH)))
    database = tmp_path / "killed" / "guildwatch.db"
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, str(database), str(path), str(batches * BATCH)],
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    async with Store.open(database) as store:
        assert await store.messages.latest() == []
        assert (await import_exports([path], store, scorer)).new == 8 * BATCH


async def test_paths_that_lead_nowhere_are_told(store, scorer, tmp_path):
    (tmp_path / "bare").mkdir()
    summary = await import_exports([tmp_path / "bare", tmp_path / "none"], store, scorer)
    assert [reason for _, reason in summary.skipped] == [
        f"{tmp_path / 'bare'} has no .json or .json.gz files in it: name another folder.",
        f"{tmp_path / 'none'} does not exist: check how it is written.",
    ]


async def test_what_cannot_even_be_looked_at_is_told_and_the_rest_imported(
    store, scorer, export, message
):
    folder = export(message()).parent
    (folder / "loop.json").symlink_to("loop.json")
    (folder / "nowhere.json").symlink_to("none")
    paths = [folder, folder / ("x" * 5000), Path(os.devnull)]
    summary = await import_exports(paths, store, scorer)
    assert (summary.files, summary.new) == (1, 1)
    assert [path.name[:7] for path, _ in summary.skipped] == [
        "loop.js",
        "nowhere",
        "xxxxxxx",
        "null",
    ]
    for path, reason in summary.skipped:
        assert reason.startswith(str(path))
        assert reason.endswith(".")


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="permissions bind no root, and not on Windows"
)
async def test_a_folder_that_may_not_be_read_is_told(store, scorer, export, message):
    folder = export(message()).parent
    locked = folder / "locked"
    locked.mkdir(mode=0)
    summary = await import_exports([folder, locked, locked / "in.json"], store, scorer)
    assert summary.new == 1
    assert [path for path, _ in summary.skipped] == [locked, locked, locked / "in.json"]
    assert all("Permission denied" in reason for _, reason in summary.skipped)


async def test_who_opted_out_is_not_imported(store, scorer, export, message):
    async with store.messages._database.transaction() as transaction:
        await transaction.execute(f"INSERT INTO opt_outs VALUES (7, {GUILD})")
    await import_exports([export(message(1, "secret"))], store, scorer)
    assert await store.messages.search(GUILD, "secret") == []
    assert await store.guilds.author_names(GUILD, [7]) == {}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KEYS = ["id", "type", "content", "author", "timestampEdited", "reference", "forwardedMessage",
        "reactions", "mentions", "attachments", "stickers"]  # fmt: skip


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(KEYS), anything), st.integers(0, 2**64))
def test_whatever_stands_in_a_message_is_read_or_refused(export, message, changes, channel_id):
    path = export(message(1, **{"content": "x"} | changes), id=str(channel_id))
    try:
        header = read_header(path)
        batches = list(read_batches(path, header.channel))
    except ExchangeError:
        return
    assert sum(len(batch.messages) for batch in batches) == 1


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_whatever_is_cut_or_broken_is_refused_or_whole(export, message, data):
    path = export(*(message(n) for n in range(3)))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.none() | st.integers(0, 255))
    path.write_bytes(
        content[:at] if byte is None else content[:at] + bytes([byte]) + content[at + 1 :]
    )
    try:
        # ijson's C parser takes these two as spaces, which harms nobody.
        json.loads(path.read_bytes().replace(b"\v", b" ").replace(b"\f", b" ").decode())
        is_json = True
    except ValueError:
        is_json = False
    try:
        list(read_batches(path, read_header(path).channel))
    except ExchangeError:
        return
    assert is_json


async def test_our_own_token_is_not_imported(store, scorer, export, message):
    own = OwnToken("MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB")
    said = message(1, "run it with abcdefghijklmnopqrstuvwxyz0123456789AB, that works")
    await import_exports([export(said)], store, scorer, cleared=own.removed)
    (stored,) = await store.messages.latest()
    assert stored.text == "run it with [secret-removed], that works"


async def test_who_opted_out_is_no_name_in_what_others_wrote_to_them(
    store, scorer, export, message
):
    zoe = {"id": "8", "name": "zoe", "nickname": "Zoe (she)", "isBot": False}
    ben = {"id": "9", "name": "ben", "nickname": "Zoe", "isBot": False}
    said = "ask @Zoe (she), @Zoe or @Zoey about @Zoe (she)!"
    await store.rights.opt_out(GUILD, 8)
    await import_exports([export(message(1, said, mentions=[zoe, ben]))], store, scorer)

    (kept,) = await store.messages.latest(limit=9)
    assert kept.text == "ask @someone, @Zoe or @Zoey about @someone!"
    assert [one.id for one in kept.mentioned] == [9]
    await store.rights.forget(GUILD, 9, kept.id)

    (kept,) = await store.messages.latest(limit=9)
    assert kept.text == "ask @someone, @someone or @Zoey about @someone!"
    assert await store.messages.search(GUILD, "she") == []
    again = await import_exports([export(message(1, said, mentions=[zoe, ben]))], store, scorer)
    assert (again.new, again.changed, again.known) == (0, 0, 1)
