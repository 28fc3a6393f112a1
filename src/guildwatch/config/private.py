"""Keeps what the program wrote for its owner's eyes: looked at when it starts, mended if it can be.

What is new is made private by the process's umask; this is for what was there before.
"""

import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from guildwatch.config.errors import ConfigError
from guildwatch.config.paths import Paths

_OTHERS = 0o077
_SHARED = stat.S_ISVTX | stat.S_IWOTH  # such as /tmp
_SYSTEM = 0  # root, from whom nothing can be hidden
_FILES = (
    "guildwatch.db*",
    "guildwatch.lock",
    "restoring.db*",
    "status.json",
    "status.new",
    "tombstones.txt*",
    "model-*",
    ".*.part*",
)
_FOLDERS = ("backups", "archive", "cache", "logs")


def make_private(paths: Paths) -> list[str]:
    """Takes the rights of others off the program's folders and files; gives what stays open.

    Each is a sentence. Folders may be links to other places of the same owner. Only names that the
    program uses are looked at: other files in its folder keep their rights.
    Raises `ConfigError` where somebody else owns a folder, or has put a link or a file into it:
    they could read what is written there, or have it written over something else.
    """
    if os.name != "posix":
        return []
    return [told for place in _places(paths) if (told := _mended(place))]


def _places(paths: Paths) -> Iterator[Path]:
    for folder in dict.fromkeys((paths.data_dir, paths.log_dir, paths.model_locks)):
        if folder.is_dir():
            yield folder
            yield from _known(folder, whole=folder != paths.data_dir)


def _known(folder: Path, *, whole: bool) -> Iterator[Path]:
    """The files and folders in it that are the program's: all of them, or by their names."""
    for entry in _entries(folder):
        path = Path(entry.path)
        if entry.is_dir():
            if whole or entry.name in _FOLDERS:
                yield path
            is_ours = entry.name in _FOLDERS and not whole
            if is_ours or (whole and not entry.is_symlink()):  # links may lead in circles
                yield from _known(path, whole=True)
        elif whole or any(fnmatch(entry.name, pattern) for pattern in _FILES):
            yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as error:
        raise ConfigError(
            f"The folder {folder} cannot be looked at ({error.strerror}). Mend its permissions, or "
            "choose another folder with --data-dir."
        ) from error


def _mended(path: Path) -> str:
    """Takes others' rights off one place; gives a sentence where they stay."""
    try:
        _refuse_foreign(path, path.lstat())
        found = path.stat()
        _refuse_foreign(path, found)
        if not found.st_mode & _OTHERS:
            return ""
        path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
        if not path.stat().st_mode & _OTHERS:
            return ""
    except FileNotFoundError:
        return ""  # it went meanwhile, or is a link to nothing
    except OSError:
        pass
    return (
        f"Others on this machine can read {path}, and that cannot be changed: its disk may know no "
        "rights of users (FAT, a network share). Choose another place with --data-dir."
    )


def _refuse_foreign(path: Path, found: os.stat_result) -> None:
    """Root may work in anybody's folder, as in a container; nobody else in another's."""
    if os.geteuid() != _SYSTEM and found.st_uid not in (os.geteuid(), _SYSTEM):
        raise ConfigError(
            f"{path} belongs to another user of this machine, who could read what is written "
            "there. Choose a folder of your own with --data-dir."
        )
    if stat.S_ISDIR(found.st_mode) and found.st_mode & _SHARED == _SHARED:
        raise ConfigError(
            f"{path} is a folder that all users of this machine share. Choose one of your own "
            "with --data-dir, such as one below it."
        )
