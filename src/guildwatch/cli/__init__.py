"""The command line: arguments in, exit code out, every error one sentence."""

import sys
from collections.abc import Sequence

from guildwatch.model import GuildwatchError
from guildwatch.runtime.child import DRAW_CHART

DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it is done, 1 when it failed, 2 for wrong usage, 130 for Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == [DRAW_CHART]:
        from guildwatch.report.chart import main as draw_chart

        draw_chart()
        return DONE
    try:
        return _command(words)
    except KeyboardInterrupt:  # in the middle of an import: there is nothing yet to stop
        return INTERRUPTED


def _command(words: list[str]) -> int:
    from guildwatch.cli.root import app, notice

    try:
        app(words, prog_name="guildwatch")
    except GuildwatchError as error:
        notice(f"guildwatch: {error}")
        return FAILED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAILED
    return DONE
