"""Makes what was written stay written when the power fails."""

import os
from pathlib import Path


def settle(path: Path) -> None:
    """Waits until a file is on the disk, or the names in a folder. Raises OSError.

    Windows knows no such thing of folders, and needs none.
    """
    if os.name != "posix" and path.is_dir():
        return
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)
