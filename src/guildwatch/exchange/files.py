"""Writes files that are there whole or not at all, for their owner only."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from guildwatch.exchange.errors import ExchangeError
from guildwatch.store.durable import settle

PART = ".part"
"""How the names of files end that are not whole yet."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which gets its name (from an older one, too) when all is on the disk.

    Raises ExchangeError when it cannot be written.
    """
    try:
        number, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=path.parent)
        part = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            settle(path.parent)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def prepare_folder(folder: Path) -> None:
    """Makes a folder and those above where there are none, for their owner only.

    Raises ExchangeError when that cannot be done.
    """
    try:
        # mkdir's `parents` would make those above readable by others.
        for place in reversed((folder, *folder.parents)):
            place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(path: Path, error: OSError) -> ExchangeError:
    """The sentence for a place that takes nothing."""
    return ExchangeError(
        f"{path} cannot be written ({error.strerror or error}): make room, mend the folder's "
        "permissions, or choose another place."
    )
