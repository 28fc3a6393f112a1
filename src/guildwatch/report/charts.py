"""Draws charts in a short-lived child process: matplotlib costs 60 MB that nobody keeps."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from guildwatch.model import Report
from guildwatch.report.errors import ReportError

PNG = b"\x89PNG\r\n\x1a\n"

_AT_ONCE = 2
"""A child takes a second and 60 MB; members may ask for any number of charts at the same time."""


class Theme(StrEnum):
    """What a chart is drawn for: dark screens, or light ones and paper."""

    DARK = "dark"
    LIGHT = "light"


class Charts:
    """Draws charts by running `command`, which reads JSON on stdin and writes a PNG on stdout.

    `cache` is a private folder where matplotlib keeps its list of fonts (made if needed); without
    one each drawing takes longer. `time_out` is in seconds.
    """

    def __init__(
        self, command: Sequence[str], *, cache: Path | None = None, time_out: float = 60
    ) -> None:
        self._command = tuple(command)
        self._cache = cache
        self._time_out = time_out
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def draw(self, report: Report, theme: Theme = Theme.DARK) -> bytes:
        """The report's mood and activity as a PNG.

        Discord shows one picture to readers of its dark and of its light theme: a dark card.
        Raises ReportError when it could not be drawn; the child is gone then, as after cancelling.
        """
        request = json.dumps(_request(report, theme)).encode()
        with TemporaryDirectory(prefix="guildwatch-") as folder:
            async with self._turns, self._child(self._cache or Path(folder)) as child:
                try:
                    async with asyncio.timeout(self._time_out):
                        picture, complaint = await child.communicate(request)
                except TimeoutError as error:
                    raise ReportError(
                        f"The chart was not drawn within {self._time_out:g} s; "
                        "the report goes out without it."
                    ) from error
        if child.returncode or not picture.startswith(PNG):
            why = _why(child.returncode, complaint)
            raise ReportError(f"The chart could not be drawn ({why}).")
        return picture

    @asynccontextmanager
    async def _child(self, cache: Path) -> AsyncIterator[asyncio.subprocess.Process]:
        try:
            await asyncio.to_thread(cache.mkdir, mode=0o700, parents=True, exist_ok=True)
            child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=_environment(cache),
            )
        except OSError as error:
            raise ReportError(f"The chart could not be drawn ({error}).") from error
        try:
            yield child
        finally:
            if child.returncode is None:
                child.kill()
                await child.communicate()


def _environment(cache: Path) -> dict[str, str]:
    """Ours without our settings (the token is among them), and matplotlib kept to its folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUILDWATCH_")}
    return kept | {"MPLCONFIGDIR": str(cache), "MPLBACKEND": "agg"}


def _request(report: Report, theme: Theme) -> dict[str, object]:
    """What a chart needs: figures and times, and not one word of anybody's."""
    return {
        "theme": theme.value,
        "language": report.language,
        "zone": report.period.zone,
        "hours": [
            {
                "start": hour.start.isoformat(),
                "messages": hour.messages,
                "scored": hour.scored,
                "score": hour.score,
            }
            for hour in report.mood.hours
        ],
    }


def _why(code: int | None, complaint: bytes) -> str:
    """The last line of what the child complained of; its exit code, below zero a signal's number.

    Killed for memory, it has no last word.
    """
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else f"its process ended with {code} and said nothing"
