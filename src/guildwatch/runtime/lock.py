"""One writer a data folder: a lock that the system frees when its process ends, however it ends."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from guildwatch.config import Paths, make_private
from guildwatch.model import GuildwatchError

_log = logging.getLogger(__name__)

_PATIENCE = 0.5
"""Seconds: `is_held` has the lock for a moment when it looks."""


class InUseError(GuildwatchError):
    """Another guildwatch works on the same data folder."""


def prepare(paths: Paths) -> None:
    """Makes the folders that are missing, and those that are there private; tells what is not.

    Raises `ConfigError` where they cannot be used.
    """
    paths.prepare()
    for sentence in make_private(paths):
        _log.warning("%s", sentence)


@contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Holds the data folder's lock. Raises `InUseError` when another process has it."""
    lock = filelock.FileLock(path, timeout=_PATIENCE, mode=0o600)
    try:
        lock.acquire(poll_interval=0.02)
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


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock, found out by trying; nothing is created.

    Raises `InUseError` where that cannot be tried.
    """
    if not path.exists():
        return False
    lock = filelock.FileLock(path, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout:
        return True
    except OSError as error:
        raise InUseError(
            f"{path} cannot be looked at ({error.strerror}). Ask as the user that guildwatch "
            "runs as, or mend the folder's permissions."
        ) from error
    lock.release()
    return False
