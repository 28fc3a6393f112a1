"""One file of the archive: a channel's month as a compressed export that can grow and shrink.

It is a row of gzip members: the beginning, messages, more messages, the end. To add newer messages
the compressed bytes before the end are copied as they are; only for what falls between those that
are there all is packed anew. Each message is a line, so that it is found without being parsed.
"""

import gzip
import heapq
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.files import whole_file
from guildwatch.exchange.written import tail_of

Line = tuple[int, bytes]
"""A message's id and its JSON."""

_MESSAGE = re.compile(rb'    (\{"id": "(\d{1,19})", .*?\}),?\n')
_MESSAGES_COME = b'  "messages": [\n'
_BLOCK = 1 << 20


class DamagedVolumeError(ExchangeError):
    """A file of the archive is not as it was written."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How many messages a file holds, and the id of the newest."""

    messages: int
    last_id: int


def look_at(path: Path) -> Volume:
    """What a file holds; nothing where there is none. Raises DamagedVolumeError."""
    messages = last_id = 0
    for last_id, _ in lines_of(path):  # noqa: B007 - the last one counts
        messages += 1
    return Volume(messages, last_id)


def add(path: Path, head: bytes, new: Mapping[int, bytes], volume: Volume) -> Volume:
    """Puts messages (their JSON by id) into a file that holds `volume`; `head` begins a fresh one.

    One that is there already is replaced. Gives what the file holds when it is on the disk.
    Raises ExchangeError when it cannot be written, DamagedVolumeError when it cannot be read.
    """
    lines = sorted(new.items())
    if not path.exists():
        return _write(path, head, lines)
    if lines[0][0] > volume.last_id and (end := _end(path, volume)):
        return _append(path, end, lines, volume)
    kept = (line for line in lines_of(path) if line[0] not in new)
    return _write(path, _head(path), heapq.merge(kept, lines))


def change(path: Path, fate: Callable[[Line], bytes | None]) -> Volume | None:
    """Gives each message its fate: what is to be kept of it, None for nothing.

    A file that nothing is left of is removed, one that stays as it is not written. Gives what it
    holds then, None when that is what it held. Raises as `add`.
    """
    if all(fate(line) == line[1] for line in lines_of(path)):
        return None
    fates = ((line[0], fate(line)) for line in lines_of(path))
    volume = _write(path, _head(path), ((one, text) for one, text in fates if text is not None))
    if not volume.messages:
        path.unlink(missing_ok=True)
    return volume


def copy(path: Path, until_id: int, write: Callable[[bytes], object]) -> int:
    """Writes what a file holds before an id as an export of its own; gives how many messages."""
    messages = 0
    write(_head(path))
    for message_id, text in lines_of(path):
        if message_id < until_id:
            write((b",\n    " if messages else b"\n    ") + text)
            messages += 1
    write(tail_of(messages))
    return messages


def lines_of(path: Path) -> Iterator[Line]:
    """The messages of a file. Raises DamagedVolumeError at what cannot be unpacked."""
    for line in _unpacked(path):
        if match := _MESSAGE.fullmatch(line):
            yield int(match[2]), match[1]


def _head(path: Path) -> bytes:
    head = b""
    for line in _unpacked(path):
        head += line
        if line == _MESSAGES_COME:
            return head.rstrip(b"\n")
    raise DamagedVolumeError(f"{path} has no beginning.")


def _unpacked(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    try:
        with gzip.open(path) as file:
            yield from file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DamagedVolumeError(f"{path} is damaged ({error}).") from error
    except OSError as error:
        raise ExchangeError(
            f"{path} cannot be read ({error.strerror or error}): mend its permissions."
        ) from error


def _write(path: Path, head: bytes, lines: Iterable[Line]) -> Volume:
    messages = last_id = 0
    with whole_file(path) as file:
        file.write(gzip.compress(head, mtime=0))
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as member:
            for last_id, text in lines:  # noqa: B007 - the last one counts
                member.write((b",\n    " if messages else b"\n    ") + text)
                messages += 1
        file.write(_tail(messages))
    return Volume(messages, last_id)


def _append(path: Path, end: int, lines: list[Line], volume: Volume) -> Volume:
    more = b"".join(b",\n    " + text for _, text in lines)
    if not volume.messages:
        more = more[1:]
    messages = volume.messages + len(lines)
    with whole_file(path) as file, path.open("rb") as old:
        while end:
            block = old.read(min(end, _BLOCK))
            end -= file.write(block)
        file.write(gzip.compress(more, mtime=0))
        file.write(_tail(messages))
    return Volume(messages, lines[-1][0])


def _end(path: Path, volume: Volume) -> int | None:
    """Where the last member begins, None where another hand or another zlib packed it."""
    tail = _tail(volume.messages)
    with path.open("rb") as file:
        start = file.seek(0, 2) - len(tail)
        file.seek(max(0, start))
        return start if start > 0 and file.read() == tail else None


def _tail(messages: int) -> bytes:
    return gzip.compress(tail_of(messages), mtime=0)
