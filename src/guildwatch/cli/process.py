"""What holds for the whole process before any command: private files, no dumps, no token told."""

import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence

from guildwatch.config import Redactor, is_token
from guildwatch.config.redaction import TOKEN_VARIABLE

_PRIVATE = 0o077


def keep_to_ourselves() -> None:
    """Whatever this process and its children write is their owner's alone; memory is not dumped.

    The libraries' files too: SQLite's, matplotlib's, locks and temporary ones.
    """
    os.umask(_PRIVATE)
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def names_token(words: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether a bot's token is among the arguments, where everybody on the machine can read it."""
    known = environ.get(TOKEN_VARIABLE, "").strip()
    values = [part for word in words for part in (word, word.partition("=")[2])]
    return any(is_token(value) or (known and known in value) for value in values)


def tell_early(redact: Redactor) -> None:
    """Has what is logged before there is a log told without secrets, too."""
    from guildwatch.runtime.log import HarmlessLines

    if logging.lastResort is not None:
        logging.lastResort.setFormatter(HarmlessLines(redact, "%(message)s"))


def tell_fault(error: BaseException, redact: Redactor) -> None:
    """Writes to standard error what nobody expected, with where it happened."""
    from guildwatch.runtime.log import harmless

    lines = "".join(traceback.format_exception(error))
    print(redact(harmless(lines)), end="", file=sys.stderr, flush=True)
