"""Answers how it is, beside a running program or without one."""

import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guildwatch.config import Config, ConfigError, Paths
from guildwatch.model import utc_now
from guildwatch.runtime.lock import is_held
from guildwatch.runtime.status import Document, document, stored_status
from guildwatch.store import Store, StoreError
from guildwatch.store.integrity import check_integrity

SILENT_SECONDS = 30.0
"""A program that has given no sign of life for so long does not answer."""

_NO_SIGN = (
    "Something holds the data folder and says nothing of itself: guildwatch is starting or "
    "stopping, or an import, a purge or a restore is at work. Ask again in a minute."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The document, and whether it tells how it is: false where a program or the store is mute."""

    document: Document
    is_well: bool


async def ask(paths: Paths, config: "Config | ConfigError") -> Answer:
    """How it is on this data folder.

    Raises `InUseError` when it cannot be found out whether a program runs.
    """
    if not is_held(paths.lock):
        try:
            return Answer(await _resting(paths, config), is_well=True)
        except StoreError as error:
            return Answer(document(trouble=str(error)), is_well=False)
    told, age = _last_sign(paths.status)
    if told is None:
        return Answer(document(running=True, trouble=_NO_SIGN), is_well=False)
    if age > SILENT_SECONDS:
        return Answer(told | {"trouble": _silent(told, age)}, is_well=False)
    return Answer(told, is_well=True)


async def _resting(paths: Paths, config: Config | ConfigError) -> Document:
    async with Store.open(paths.database, read_only=True) as store:
        if isinstance(config, ConfigError):
            told = await stored_status(store, Config(), utc_now())
            return told | {"trouble": str(config)}
        return await stored_status(store, config, utc_now())


def _last_sign(path: Path) -> tuple[Document | None, float]:
    """What the program that holds the lock said last, and how many seconds ago.

    None for a file that a killed one has left: its process is not there any more.
    """
    try:
        age = time.time() - path.stat().st_mtime
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None, 0.0
    if not isinstance(told, dict) or not _is_alive(told.get("pid")):
        return None, 0.0
    return document() | told, age


def _is_alive(pid: object) -> bool:
    if sys.platform == "win32" or not isinstance(pid, int):
        return isinstance(pid, int)  # there, asking with signal 0 would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _silent(told: Document, age: float) -> str:
    since = datetime.fromtimestamp(time.time() - age, UTC).astimezone()
    return (
        f"guildwatch (process {told.get('pid')}) does not answer since {since:%Y-%m-%d %H:%M}: "
        "it hangs, or its disk is full or cannot be written. Look at its log, or stop it and start "
        "it again."
    )


async def examine(paths: Paths) -> list[str]:
    """Reads the whole database and tells what is damaged; nothing when it is sound."""
    return await check_integrity(paths.database, full=True)
