"""One writer a data folder: a lock that the system frees when its process ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from guildwatch.model import GuildwatchError


class InUseError(GuildwatchError):
    """Another guildwatch works on the same data folder."""


@contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Holds the data folder's lock. Raises `InUseError` at once when another process has it."""
    lock = filelock.FileLock(path, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise InUseError(
            f"Another guildwatch already works on {path.parent}. "
            "Stop it first, or choose another folder with --data-dir."
        ) from error
    except OSError as error:
        raise InUseError(
            f"{path} cannot be locked ({error.strerror}). Mend the folder's permissions, "
            "or choose another one with --data-dir."
        ) from error
    try:
        yield
    finally:
        lock.release()
