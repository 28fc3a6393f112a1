"""The command line: arguments in, exit code out, every error one sentence."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from guildwatch.model import GuildwatchError
from guildwatch.runtime.child import DRAW_CHART

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130

_READABLE_BY_ALL = (
    "guildwatch: a token on the command line can be read by everybody on this machine, and stays "
    "in the shell's history. Put it into config.toml or GUILDWATCH_DISCORD__TOKEN, and reset this "
    "one in the Developer Portal (Bot → Reset Token)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it is done, 1 when it failed, 2 for wrong usage, 130 for Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == [DRAW_CHART]:
        from guildwatch.report.chart import main as draw_chart

        draw_chart()
        return DONE
    try:
        return _command(words)
    except KeyboardInterrupt:  # before there is anything to stop
        return INTERRUPTED


def _command(words: list[str]) -> int:
    with _ended_by_ctrl_c():
        from guildwatch.cli.process import keep_to_ourselves, names_token, tell_early, tell_fault
        from guildwatch.cli.root import app, notice
        from guildwatch.config import Redactor

    keep_to_ourselves()
    redact = Redactor.of(os.environ)
    tell_early(redact)
    if names_token(words, os.environ):
        notice(_READABLE_BY_ALL)
        return WRONG
    try:
        app(words, prog_name="guildwatch")
    except GuildwatchError as error:
        notice(redact(f"guildwatch: {error}"))
        return FAILED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAILED
    except Exception as error:  # noqa: BLE001 - the interpreter would tell it with what it holds
        tell_fault(error, redact)
        return FAILED
    return DONE


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """While modules are loaded there is nothing to stop, and the system may simply end it.

    A KeyboardInterrupt would be lost, but for its traceback, where the importing happens to let go
    of a module's lock: Python ignores what is raised in a weak reference's callback.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # somebody else's program, or Ctrl-C is ignored
        return
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
