"""The log: a file a day, seven days kept, readable by its owner only."""

import logging
import logging.handlers
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEPT_DAYS = 7
FILE_NAME = "guildwatch.log"
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _PrivateDailyFile(logging.handlers.TimedRotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def]  # typeshed hides the stream's type
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def logging_to(folder: Path, level: str, *, echo: bool) -> Iterator[Path]:
    """Writes the log into `folder` while it lasts; `echo` repeats warnings on standard error."""
    path = folder / FILE_NAME
    handlers: list[logging.Handler] = [
        _PrivateDailyFile(path, when="midnight", backupCount=KEPT_DAYS - 1, encoding="utf-8")
    ]
    if echo:
        terminal = logging.StreamHandler(sys.stderr)
        terminal.setLevel(logging.WARNING)
        terminal.addFilter(logging.Filter("guildwatch"))  # libraries' words are for the file
        handlers.append(terminal)
    root = logging.getLogger()
    before = root.level
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
    root.setLevel(level)
    # The discord and http libraries tell of every request and heartbeat at INFO and DEBUG.
    for name in ("hikari", "lightbulb", "httpx", "httpcore", "aiosqlite", "linkd"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield path
    finally:
        root.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
