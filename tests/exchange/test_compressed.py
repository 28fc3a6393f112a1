"""Compressed exports: read like others, and refused when they unpack without end."""

import gzip
import json

import pytest

from guildwatch.exchange import import_exports, source


async def test_a_compressed_export_is_found_in_a_folder_and_read(store, scorer, export, message):
    path = export(*(message(n) for n in range(700)))
    packed = path.with_name("general.json.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    seen = []
    summary = await import_exports([path.parent], store, scorer, on_progress=seen.append)
    assert (summary.new, summary.skipped) == (700, ())
    assert seen[-1].done_bytes == seen[-1].total_bytes == 3 * packed.stat().st_size


@pytest.mark.parametrize("kept", [1, 10, 0.5, 0.99])
async def test_a_compressed_export_that_was_cut_off_is_skipped(
    store, scorer, export, message, kept
):
    path = export(*(message(n) for n in range(700)))
    content = gzip.compress(path.read_bytes())
    path.write_bytes(content[: kept if isinstance(kept, int) else int(len(content) * kept)])
    ((_, reason),) = (await import_exports([path], store, scorer)).skipped
    assert reason.startswith(f"{path} was skipped: it ")
    assert await store.messages.latest() == []


@pytest.mark.parametrize("at", [2, 15, 200])
async def test_a_compressed_export_that_is_damaged_is_skipped(store, scorer, export, message, at):
    path = export(*(message(n) for n in range(700)))
    content = bytearray(gzip.compress(path.read_bytes()))
    content[at] ^= 0xFF
    path.write_bytes(content)
    assert len((await import_exports([path], store, scorer)).skipped) == 1
    assert await store.messages.latest() == []


def bomb(kind: str) -> bytes:
    """20 MB in 20 kB: one endless text, or endless messages all alike."""
    head = b'{"guild": {"id": "1", "name": "x"}, "channel": {"id": "2"}, "messages": ['
    if kind == "text":
        return gzip.compress(head + b'{"id": "5", "content": "' + b"a" * 20_000_000)
    one = json.dumps({"id": "5", "author": {"id": "6"}, "content": ""}).encode() + b","
    return gzip.compress(head + one * (20_000_000 // len(one)))


@pytest.mark.parametrize("kind", ["text", "messages"])
async def test_a_bomb_is_refused(store, scorer, tmp_path, kind):
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(bomb(kind))
    ((_, reason),) = (await import_exports([path], store, scorer)).skipped
    assert "unpacks to more than any chat would" in reason
    assert await store.guilds.all() == []


async def test_a_text_without_end_is_refused_however_it_comes(store, scorer, tmp_path):
    path = tmp_path / "long.json"
    path.write_bytes(b'{"guild": "' + b"a" * (source.LONGEST_PIECE + 200_000))
    ((_, reason),) = (await import_exports([path], store, scorer)).skipped
    assert "a text without end" in reason
