"""An export file's bytes, unpacked where it is compressed, and never more than belongs in one."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from guildwatch.exchange.errors import ExchangeError
from guildwatch.exchange.exported import AGAIN

_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
LONGEST_PIECE = 1024 * 1024
"""Bytes; a message's text has at most 24,000. The JSON reader takes the square of its time."""

_SUSPICIOUS = 8 * 1024 * 1024
# Chat in JSON packs to a tenth or a thirtieth; a file that only says the same grows a thousandfold.
_MOST_TIMES = 200


class Source:
    """An open export; reading it anew begins with `rewind`.

    To a `wary` reader, who says by `mark` where one has ended, no single piece (a text, a number,
    the space between two) comes that is longer than `LONGEST_PIECE`.
    """

    def __init__(self, file: BinaryIO, *, wary: bool) -> None:
        self._file = file
        self._wary = wary
        self._packed = file.read(len(_GZIP)) == _GZIP
        self._stream: BinaryIO | gzip.GzipFile = file
        self._given = self._marked = 0
        self.rewind()

    def rewind(self) -> None:
        """To the beginning, behind a byte order mark."""
        self._file.seek(0)
        self._stream = gzip.GzipFile(fileobj=self._file) if self._packed else self._file
        self._given = self._marked = 0
        if self._unpacked(len(_BOM)) != _BOM:
            self._stream.seek(0)

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises ExchangeError when they are too many or cannot be unpacked."""
        content = self._unpacked(size)
        self._given += len(content)
        self._require_sense()
        return content

    def mark(self) -> None:
        """Says that a piece has been read to its end."""
        self._marked = self._given

    def position(self) -> int:
        """How many bytes of the file, as it lies there, have been read."""
        return self._file.tell()

    def _unpacked(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except EOFError as error:
            raise ExchangeError(f"it ends in the middle, as a broken copy does: {AGAIN}") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ExchangeError(f"it is damaged and cannot be unpacked: {AGAIN}") from error

    def _require_sense(self) -> None:
        endless = self._wary and self._given - self._marked > LONGEST_PIECE
        if endless or (
            self._packed
            and self._given > _SUSPICIOUS
            and self._given > _MOST_TIMES * self.position()
        ):
            raise ExchangeError(
                "it unpacks to more than any chat would, or has a text without end: leave it out"
            )


@contextmanager
def opened(path: Path, *, wary: bool = False) -> Iterator[Source]:
    """An export to read. Raises ExchangeError when it cannot be."""
    try:
        with path.open("rb") as file:
            yield Source(file, wary=wary)
    except OSError as error:
        raise ExchangeError(
            f"it cannot be read ({error.strerror or error}): check that it is there and its "
            "permissions"
        ) from error
