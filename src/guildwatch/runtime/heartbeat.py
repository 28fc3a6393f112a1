"""The sign of life: how the running program is, written beside the database every few seconds."""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)

_SECONDS = 5.0
_TICK_SECONDS = 1.0
_ROUND = 4096
"""Files are filled up to whole blocks: what a full disk cannot create it can still overwrite."""

Document = Mapping[str, Any]


class Heartbeat:
    """Writes what `look` finds into a file of its owner's, and removes the file in the end.

    It is written every five seconds, and within one when something that `telling` names changes.
    """

    def __init__(
        self,
        path: Path,
        look: Callable[[], Awaitable[Document]],
        telling: Callable[[], object],
    ) -> None:
        self._path = path
        self._look = look
        self._telling = telling
        self._fails = False

    async def run(self) -> None:
        """Beats until it is cancelled."""
        try:
            while True:
                await self.beat()
                await self._pause()
        finally:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    async def beat(self) -> None:
        """Writes how it is now; what fails is tried again the next time."""
        try:
            text = json.dumps(await self._look())
            await asyncio.to_thread(write, self._path, text)
        except Exception as error:  # noqa: BLE001 - a sign of life must not end what lives
            if not self._fails:
                _log.warning("The status cannot be written: %s", error)
            self._fails = True
            return
        self._fails = False

    async def _pause(self) -> None:
        told = self._telling()
        for _ in range(round(_SECONDS / _TICK_SECONDS)):
            await asyncio.sleep(_TICK_SECONDS)
            if self._telling() != told:
                return


def write(path: Path, text: str) -> None:
    """Replaces the file at once, readable by its owner only; on a full disk it is overwritten.

    Raises OSError.
    """
    content = text.encode()
    content += b" " * (-len(content) % _ROUND)
    new = path.with_suffix(".new")
    try:
        _fill(new, content, os.O_CREAT | os.O_TRUNC)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        _fill(path, content, 0)


def _fill(path: Path, content: bytes, flags: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | flags, 0o600), "wb") as file:
        file.write(content)
        file.truncate()
