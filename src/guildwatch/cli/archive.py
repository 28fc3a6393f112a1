"""The commands over what is kept: import, report, search."""

import asyncio
import datetime as dt
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from guildwatch.cli.progress import progress_bar
from guildwatch.cli.root import Invocation, app, notice, tell
from guildwatch.model import Progress

Guild = Annotated[str, typer.Option("--guild", metavar="ID", help="The guild's id or its name.")]
_DAY = "%Y-%m-%d"


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


@app.command("import")
def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", readable=False, help="Files or folders.")
    ],
) -> None:
    """Brings in chats exported by DiscordChatExporter as JSON.

    Importing again is harmless: what is there already is left as it is. A file that cannot be
    read whole is left out whole, and said.
    """
    from guildwatch.exchange import ImportProgress
    from guildwatch.report.wording import count
    from guildwatch.runtime.archive import import_chats

    invocation: Invocation = context.obj
    with progress_bar() as advance:

        def show(progress: ImportProgress) -> None:
            advance(progress.file.name, progress.done_bytes, progress.total_bytes)

        try:
            summary = asyncio.run(
                import_chats(invocation.paths, paths, show, invocation.own_token())
            )
        except KeyboardInterrupt:
            notice("Stopped before the end: import the same again to complete it.")
            raise
    tell(
        f"{count(summary.messages, 'message')}, {count(summary.channels, 'channel')}: "
        f"{summary.new:,} new, "
        f"{summary.changed:,} changed, {summary.known:,} known already"
    )
    for _path, reason in summary.skipped:
        notice(reason)
    if summary.skipped:
        raise typer.Exit(1)


@app.command()
def report(
    context: typer.Context,
    guild: Guild,
    date: Annotated[
        dt.datetime | None,
        typer.Option("--date", formats=[_DAY], metavar="D", help="One day; yesterday if unsaid."),
    ] = None,
    start: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=[_DAY], metavar="D", help="The first day of several."),
    ] = None,
    end: Annotated[
        dt.datetime | None,
        typer.Option("--to", formats=[_DAY], metavar="D", help="The last day, itself included."),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="For people or for machines.")
    ] = Format.TEXT,
    channel: Annotated[
        list[int] | None,
        typer.Option("--channel", metavar="ID", help="Only this channel; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there instead.")
    ] = None,
) -> None:
    """Writes a report from what is kept, and posts nothing.

    It is the operator's view: every channel that is stored counts.
    """
    from guildwatch.runtime.archive import write_report

    if date and (start or end):
        raise typer.BadParameter("give either --date, or --from and --to")
    if bool(start) != bool(end):
        raise typer.BadParameter("--from and --to go together")
    if start and end and end < start:
        raise typer.BadParameter("--to lies before --from")
    _check_target(out)
    first, last = (start, end) if start and end else (date, date)
    invocation: Invocation = context.obj
    with progress_bar() as advance:

        def show(progress: Progress) -> None:
            advance(progress.doing, progress.done, progress.total)

        text = asyncio.run(
            write_report(
                invocation.paths,
                invocation.config(),
                guild,
                first.date() if first else None,
                last.date() if last else None,
                form=format_.value,
                channel_ids=channel,
                on_progress=show,
                on_trouble=notice,
            )
        )
    _deliver(text, out)


def _check_target(out: Path | None) -> None:
    """Refuses at once what would fail after minutes of the model's work."""
    if out is None:
        return
    place = out if out.exists() else out.parent
    if out.is_dir() or not place.exists() or not os.access(place, os.W_OK):
        _refuse_target(out, "there is no such place, or it is not yours to write in")


def _deliver(text: str, out: Path | None) -> None:
    if out is None:
        tell(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        _refuse_target(out, error.strerror or str(error))


def _refuse_target(out: Path, reason: str) -> NoReturn:
    notice(f"{out} cannot be written ({reason}). Choose another file with --out.")
    raise typer.Exit(1)


@app.command()
def search(
    context: typer.Context,
    guild: Guild,
    words: Annotated[list[str], typer.Argument(metavar="WORDS…", help="All of them must occur.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 50,
) -> None:
    """Finds messages by their words, newest first."""
    from guildwatch.runtime.archive import find_messages

    invocation: Invocation = context.obj
    lines = asyncio.run(
        find_messages(invocation.paths, invocation.config(), guild, " ".join(words), limit)
    )
    for line in lines:
        tell(line)
    if not lines:
        notice("Nothing is found.")
