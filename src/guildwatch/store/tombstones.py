"""The file of what must not come back: a line for everything that was deleted, beside the database.

It outlives the database: a restored backup, or a new database, is corrected by it when it is
opened. The first line names the file; each other one is a record, `d 1164…` for a deleted message.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import FileIO
from pathlib import Path

from guildwatch.store.durable import settle
from guildwatch.store.errors import StoreError

TOMBSTONES = "tombstones.txt"
"""The file's name, in the database's folder."""

_LAST = (1 << 63) - 1  # SQLite holds no larger number
BYTES_AT_ONCE = 100_000  # about 5,000 lines
_BLOCK = 65_536


class Mark(StrEnum):
    """What a record is about, as its line begins."""

    MESSAGE = "d"
    AUTHOR = "a"
    OPT_OUT = "o"
    OPT_IN = "i"
    CHANNEL = "c"
    GUILD = "g"


_FIELDS: dict[str, tuple[str, ...]] = {
    Mark.MESSAGE: ("message_id",),
    Mark.AUTHOR: ("guild_id", "author_id", "message_id"),
    Mark.OPT_OUT: ("guild_id", "author_id"),
    Mark.OPT_IN: ("guild_id", "author_id"),
    Mark.CHANNEL: ("guild_id", "channel_id", "message_id"),
    Mark.GUILD: ("guild_id", "message_id"),
}


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One record; `message_id` is the deleted message, or else the last one that is meant.

    Of a MESSAGE nothing else is known. An AUTHOR is forgotten, a CHANNEL or GUILD purged, up to
    there; who opted out stays so until they opt in.
    """

    mark: Mark
    message_id: int = 0
    guild_id: int = 0
    channel_id: int = 0
    author_id: int = 0

    def line(self) -> bytes:
        """The record as the file has it."""
        values = (str(getattr(self, name)) for name in _FIELDS[self.mark])
        return f"{self.mark} {' '.join(values)}\n".encode()


@dataclass(frozen=True, slots=True)
class Title:
    """A file's first line: which file it is, and what it was made from.

    It is named anew whenever it is written anew: `body` is then the position where what was in the
    file `old_identity` up to `old_end` ends in this one.
    """

    identity: int
    body: int = 0
    old_identity: int = 0
    old_end: int = 0

    def line(self) -> bytes:
        """The line, of the same length for every title."""
        numbers = (self.identity, self.body, self.old_identity, self.old_end)
        return b"guildwatch-tombstones %s\n" % b" ".join(b"%019d" % one for one in numbers)

    @classmethod
    def read(cls, line: bytes) -> "Title | None":
        """The title on a line, None when it is none."""
        word, *numbers = line.split() or [b""]
        if word != b"guildwatch-tombstones" or len(numbers) != 4 or not line.endswith(b"\n"):
            return None
        return cls(*map(int, numbers)) if all(one.isdigit() for one in numbers) else None


TITLE_BYTES = len(Title(0).line())


def read_tombstones(path: Path) -> Iterator[Tombstone]:
    """The records of a file in their order; a torn last line and odd lines are left out.

    A file that is not there has none. Raises StoreError when it cannot be read.
    """
    if not path.exists():
        return
    with told_of(path), path.open("rb") as file:
        for line in file:
            record = parsed(line)
            if record is not None:
                yield record


def parsed(line: bytes) -> Tombstone | None:
    """The record on a line, None when it is none, or was not written to its end."""
    digits = line[2:-1]
    if line[:2] == b"d " and line[-1:] == b"\n" and digits.isdigit() and len(digits) < 20:
        message_id = int(digits)  # nearly all are such, and this is 5 times as fast
        return Tombstone(Mark.MESSAGE, message_id) if message_id <= _LAST else None
    mark, *values = line.decode("ascii", "replace").split() or [""]
    names = _FIELDS.get(mark)
    if names is None or len(names) != len(values) or not line.endswith(b"\n"):
        return None
    if not all(value.isascii() and value.isdigit() and len(value) < 20 for value in values):
        return None
    ids = [int(value) for value in values]
    if max(ids) > _LAST:
        return None
    return Tombstone(Mark(mark), **dict(zip(names, ids, strict=True)))


class Tombstones:
    """The file, open for the one process that writes the database.

    `end` is how many bytes it has, `odd` how many lines of those read so far were no records.
    """

    def __init__(self, path: Path, file: FileIO, title: Title, end: int) -> None:
        self.path = path
        self.title = title
        self.end = end
        self.odd = 0
        self._file = file

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator["Tombstones"]:
        """Opens the file, which must have a title, less a last line that a crash has torn.

        Raises StoreError when it cannot be read or written.
        """
        with told_of(path):
            file = FileIO(_private_file(path), "r+")
        try:
            with told_of(path):
                end = _whole_lines(file)
                file.truncate(end)
                file.seek(0)
                title = Title.read(file.read(TITLE_BYTES))
            if title is None:
                raise StoreError(f"The file {path} is not guildwatch's: move it away.")
            yield cls(path, file, title, end)
        finally:
            file.close()

    async def append(self, records: Iterable[Tombstone]) -> None:
        """Adds records and waits until the disk has them. Raises StoreError when it does not."""
        lines = b"".join(record.line() for record in records)
        await asyncio.to_thread(self._append, lines)

    def unapplied(self, identity: int, applied: int) -> int:
        """From where on the records are new to one who knows a file up to a position."""
        title = self.title
        if identity == title.identity and applied <= self.end:
            return applied
        if (identity, applied) == (title.old_identity, title.old_end):
            return title.body
        return TITLE_BYTES

    def chunks(self, start: int) -> Iterator[tuple[list[Tombstone], int]]:
        """The records from a position on, some thousands at once, each with where they end."""
        with told_of(self.path), self.path.open("rb") as file:
            file.seek(start)
            while lines := file.readlines(BYTES_AT_ONCE):
                records = [parsed(line) for line in lines]
                self.odd += records.count(None)
                start += sum(map(len, lines))
                yield [one for one in records if one is not None], start

    def _append(self, lines: bytes) -> None:
        with told_of(self.path):
            try:
                self._file.seek(self.end)
                rest = memoryview(lines)
                while rest:
                    rest = rest[self._file.write(rest) :]
                os.fsync(self._file.fileno())
            except BaseException:
                self._file.truncate(self.end)
                raise
        self.end += len(lines)


def write_anew(path: Path, title: Title, lines: Iterable[bytes]) -> None:
    """Puts a file with these records into a file's place, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with told_of(path):
        with os.fdopen(_private_file(fresh), "wb") as file:
            file.truncate()
            file.write(title.line())
            body = TITLE_BYTES
            for line in lines:
                body += file.write(line)
            file.seek(0)
            file.write(Title(title.identity, body, title.old_identity, title.old_end).line())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        settle(path.parent)


def _private_file(path: Path) -> int:
    binary = getattr(os, "O_BINARY", 0)  # Windows would turn a line's end into two characters
    number = os.open(path, os.O_RDWR | os.O_CREAT | binary, 0o600)
    path.chmod(0o600)
    return number


def _whole_lines(file: FileIO) -> int:
    """Where the last line that was written to its end ends."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - _BLOCK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Turns what goes wrong with the file into a sentence."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The file {path}, which keeps deleted messages from coming back, cannot be read or "
            f"written ({error.strerror or error}): make room on its disk or mend its permissions."
        ) from error
