"""Finds the files to import, and says of what cannot be looked at why it is left out."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Skip = Callable[[Path, str], None]
"""Is told what is left out, and the sentence that says why."""


def exports_in(paths: Iterable[Path], skip: Skip) -> Iterator[tuple[Path, int]]:
    """The files to import with their sizes, each once, in order."""
    seen: set[Path] = set()
    for path in paths:
        for file, size in _under(path, skip):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, size


def _under(path: Path, skip: Skip) -> Iterator[tuple[Path, int]]:
    try:
        status = path.stat()
    except FileNotFoundError:
        skip(path, f"{path} does not exist: check how it is written.")
    except OSError as error:
        skip(path, _unreadable(path, error))
    else:
        if stat.S_ISDIR(status.st_mode):
            yield from _in_folder(path, skip)
        elif stat.S_ISREG(status.st_mode):
            yield path, status.st_size
        else:
            skip(path, f"{path} is neither a file nor a folder: leave it out.")


def _in_folder(folder: Path, skip: Skip) -> Iterator[tuple[Path, int]]:
    untold: list[OSError] = []
    found = sorted(
        Path(place, name)
        for place, _, names in os.walk(folder, onerror=untold.append)
        for name in names
        if name.lower().endswith((".json", ".json.gz"))
    )
    for error in untold:
        unread = Path(error.filename)
        skip(unread, _unreadable(unread, error))
    if not found and not untold:
        skip(folder, f"{folder} has no .json or .json.gz files in it: name another folder.")
    for file in found:
        yield from _under(file, skip)


def _unreadable(path: Path, error: OSError) -> str:
    return f"{path} cannot be read ({error.strerror}): mend its permissions, or leave it out."
