"""The log: a file a day, seven days kept, bounded, readable by its owner only."""

import logging
import logging.handlers
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from guildwatch.config import Redactor

KEPT_DAYS = 7
FILE_NAME = "guildwatch.log"
MOST_BYTES = 20_000_000
"""Of one file; what was written before moves to one file beside it, and older words go."""

_FLOOD_SECONDS = 60.0
_FLOOD_LINES = 20
_MOST_KINDS = 1_000
_log = logging.getLogger(__name__)
_COMMANDS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _PrivateDailyFile(logging.handlers.TimedRotatingFileHandler):
    most_bytes = MOST_BYTES

    def _open(self):  # type: ignore[no-untyped-def]  # typeshed hides the stream's type
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_private)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self.stream is not None and self.stream.tell() > self.most_bytes:
                self._make_room()
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _make_room(self) -> None:
        if self.stream is not None:
            self.stream.close()
        Path(self.baseFilename).replace(f"{self.baseFilename}.full")
        self.stream = self._open()  # type: ignore[no-untyped-call]

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A full disk: there is nowhere to say it, least of all on the screen of the console."""

    def close(self) -> None:
        with suppress(OSError):
            super().close()


class HarmlessLines(logging.Formatter):
    """Writes a record without secrets, and without anything in it that commands a terminal.

    A line break in what is logged, say in a name, begins no line that looks like another record.
    """

    def __init__(self, redact: Redactor, form: str = _FORMAT) -> None:
        super().__init__(form)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record with its traceback, as it is written."""
        return self._redact(harmless(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The record's own line, before its traceback."""
        return super().formatMessage(record).replace("\n", "\n    ")


def harmless(text: str) -> str:
    """The text with every control and every mark of direction but line breaks and tabs escaped."""
    if text.isprintable():
        return text
    return "".join(
        one if one in "\n\t" or not _COMMANDS.match(one) else one.encode("unicode_escape").decode()
        for one in text
    )


class Dam(logging.Filter):
    """Lets only 20 lines of one kind through within a minute, and then says how many it held.

    A kind is a place in the program and what it says there, whatever the particulars.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._kinds: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is let through; every handler hears the same."""
        if "passes_dam" not in record.__dict__:
            record.__dict__["passes_dam"] = self._passes(record)
        return bool(record.__dict__["passes_dam"])

    def _passes(self, record: logging.LogRecord) -> bool:
        kind = (record.name, record.lineno, str(record.msg)[:80])
        now = self._now()
        began, lines = self._kinds.get(kind, (now, 0))
        if now - began >= _FLOOD_SECONDS:
            if lines > _FLOOD_LINES:
                _log.warning("%d more lines like the next one were left out", lines - _FLOOD_LINES)
            began, lines = now, 0
        if len(self._kinds) >= _MOST_KINDS:
            self._kinds.clear()
        self._kinds[kind] = began, lines + 1
        return lines < _FLOOD_LINES


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def logging_to(
    folder: Path,
    level: str,
    *,
    echo: bool,
    redact: Redactor | None = None,
    most_bytes: int = MOST_BYTES,
) -> Iterator[Path]:
    """Writes the log into `folder` while it lasts; `echo` repeats warnings on standard error.

    `redact` knows the secrets that must not come into it. `level` is ours: of libraries only
    warnings are kept, since at DEBUG they tell of payloads, with people's words and tokens in them.
    """
    path = folder / FILE_NAME
    file = _PrivateDailyFile(path, when="midnight", backupCount=KEPT_DAYS - 1, encoding="utf-8")
    file.most_bytes = most_bytes
    handlers: list[logging.Handler] = [file]
    if echo:
        terminal = logging.StreamHandler(sys.stderr)
        terminal.setLevel(logging.WARNING)
        terminal.addFilter(logging.Filter("guildwatch"))  # libraries' words are for the file
        handlers.append(terminal)
    dam = Dam()
    for handler in handlers:
        handler.addFilter(dam)
    root, ours = logging.getLogger(), logging.getLogger("guildwatch")
    before = root.level, ours.level
    for handler in handlers:
        handler.setFormatter(HarmlessLines(redact or Redactor()))
        root.addHandler(handler)
    ours.setLevel(level)
    root.setLevel(max(ours.level, logging.WARNING))
    try:
        yield path
    finally:
        root.setLevel(before[0])
        ours.setLevel(before[1])
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
