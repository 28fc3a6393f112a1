"""The commands and the flags that all of them share."""

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guildwatch import __version__
from guildwatch.config import Config, ConfigError, Paths, load
from guildwatch.model import GuildwatchError

if TYPE_CHECKING:
    from guildwatch.sensitive import OwnToken

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class OutputError(GuildwatchError):
    """Standard output takes nothing."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the shared flags said."""

    paths: Paths
    config_is_named: bool

    def config(self) -> Config:
        """The configuration of this invocation. Raises `ConfigError`."""
        return load(self.paths.config_file, must_exist=self.config_is_named)

    def own_token(self) -> "OwnToken | None":
        """What knows the bot's own token, where one is set and the configuration can be read."""
        from guildwatch.sensitive import OwnToken

        try:
            return OwnToken(self.config().discord.read_token())
        except ConfigError:
            return None


def _version(wanted: bool) -> None:
    if wanted:
        print(f"guildwatch {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="The configuration (GUILDWATCH_CONFIG)."),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            "--data-dir", metavar="DIR", help="Where everything is kept (GUILDWATCH_DATA_DIR)."
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, metavar="", help="Say the version."
        ),
    ] = False,
) -> None:
    """A short, true report of what happened in your Discord communities, every day.

    guildwatch listens to your guilds through a bot, keeps what is said on this machine, and
    posts to each guild a daily report written by a local model: every sentence with its receipt.

    Try it without Discord and without a model: **guildwatch demo**
    """
    paths = Paths.choose(config_file=config, data_dir=data_dir)
    context.obj = Invocation(paths, config_is_named=config is not None)


def on_terminal() -> bool:
    """Whether a person sits before this program; the console draws on standard error."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def tell(text: str) -> None:
    """Writes what was asked for to standard output, with `?` for what that cannot encode.

    A reader that has gone away ends the program; raises `OutputError` when nothing can be written.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise  # for typer, which ends quietly then
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the exit fails again
        raise OutputError(
            f"The output cannot be written ({error.strerror}). Send it somewhere else."
        ) from error


def notice(sentence: str) -> None:
    """Tells a person something on the side, names in it made harmless for a terminal."""
    from guildwatch.report.inert import plain

    print(plain(sentence), file=sys.stderr, flush=True)


from guildwatch.cli import appliance, archive, eval, keeping, members, status  # noqa: A004, E402, F401 - they add to `app`
