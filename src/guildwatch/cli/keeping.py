"""The commands that look after what is kept: backup, restore, export, purge."""

import asyncio
import datetime as dt
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from guildwatch.cli.progress import Advance, progress_bar
from guildwatch.cli.root import Invocation, app, notice, tell

if TYPE_CHECKING:
    from guildwatch.exchange import ExportProgress
    from guildwatch.runtime.keeping import Doomed, Purged
    from guildwatch.store import BackupSummary

Guild = Annotated[str, typer.Option("--guild", metavar="ID", help="The guild's id or its name.")]
Yes = Annotated[bool, typer.Option("--yes", metavar="", help="Does not ask.")]
_DAY = ["%Y-%m-%d"]


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Annotated[
        bool, typer.Option("--force", metavar="", help="In place of a file that is there.")
    ] = False,
) -> None:
    """Copies the database into one file, and verifies the copy.

    guildwatch may be running. The copy is as everything was at one moment; it gets its name when
    it is whole and sound. `guildwatch restore` takes it back.
    """
    from guildwatch.runtime.keeping import back_up_database

    invocation: Invocation = context.obj
    summary = asyncio.run(back_up_database(invocation.paths, file, force=force))
    tell(f"{file}: {_size(summary.size)}, verified. {_held(summary)}")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `backup` made.")],
    yes: Yes = False,
) -> None:
    """Puts a backup in the database's place, once it is verified.

    guildwatch must not be running. What was deleted since the backup was made does not come
    back. The database that was there before is kept as an automatic backup.
    """
    from guildwatch.report.wording import count
    from guildwatch.runtime.keeping import restore_backup

    invocation: Invocation = context.obj

    def confirm(summary: "BackupSummary") -> bool:
        return (
            yes
            or not sys.stdin.isatty()
            or asked(f"{file} is sound. {_held(summary)} Put it in place of what is kept now?")
        )

    restored = asyncio.run(restore_backup(invocation.paths, invocation.config(), file, confirm))
    if restored is None:
        leave("Nothing was changed.")
    tell(f"{file} is restored. {_held(restored.summary)}")
    if lost := restored.backup.messages - restored.summary.messages:
        notice(f"Deleted or purged since, and so left out: {count(lost, 'message')}.")
    if restored.old is not None:
        notice(f"What was there before is kept as {restored.old}.")


@app.command()
def export(
    context: typer.Context,
    guild: Guild,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the files.")],
    start: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=_DAY, metavar="D", help="The first day."),
    ] = None,
    end: Annotated[
        dt.datetime | None,
        typer.Option("--to", formats=_DAY, metavar="D", help="The last day, itself included."),
    ] = None,
) -> None:
    """Writes what is kept of a guild as DiscordChatExporter does: a JSON file a channel.

    guildwatch may be running. `guildwatch import` reads the files back. Deleted messages are not
    in them.
    """
    from guildwatch.report.wording import count
    from guildwatch.runtime.keeping import export_guild

    if start and end and end < start:
        raise typer.BadParameter("--to lies before --from")
    invocation: Invocation = context.obj
    with progress_bar() as advance:

        def show(progress: "ExportProgress") -> None:
            advance(f"#{progress.channel}", progress.done, progress.total)

        summary = asyncio.run(
            export_guild(
                invocation.paths,
                invocation.config(),
                guild,
                out,
                first=start.date() if start else None,
                last=end.date() if end else None,
                on_progress=show,
            )
        )
    tell(f"{count(summary.messages, 'message')} in {count(summary.files, 'file')} in {out}")


@app.command()
def purge(
    context: typer.Context,
    guild: Guild,
    channel: Annotated[
        list[int] | None,
        typer.Option("--channel", metavar="ID", help="Only this channel; may be repeated."),
    ] = None,
    before: Annotated[
        dt.datetime | None,
        typer.Option(
            "--before", formats=_DAY, metavar="D", help="Only what was sent before this day."
        ),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option("--archive", metavar="FILE", help="Export it there first, as a zip."),
    ] = None,
    yes: Yes = False,
) -> None:
    """Deletes what is kept of a guild, for good, with all that rests on it and what is archived.

    guildwatch must not be running. It says first how much that is, and asks. Nothing of it comes
    back from Discord's history or a backup.
    """
    from guildwatch.report.wording import count
    from guildwatch.runtime.keeping import purge_guild

    invocation: Invocation = context.obj

    def confirm(doomed: "Doomed") -> bool:
        notice(
            f"{doomed.guild.name}: {count(doomed.messages, 'message')} in "
            f"{count(doomed.channels, 'channel')}, {_days(doomed.first, doomed.last)}"
            + (f"; {doomed.archived:,} of them in the archive." if doomed.archived else ".")
        )
        if not yes and not sys.stdin.isatty():
            leave("Nothing was deleted, as nobody can be asked here: say --yes.")
        return yes or asked("Delete all of it for good?")

    with ExitStack() as stack:

        @cache
        def bar() -> Advance:  # not before the question, over which it would be drawn
            return stack.enter_context(progress_bar())

        def show(progress: "ExportProgress") -> None:
            bar()(f"#{progress.channel}", progress.done, progress.total)

        purged = asyncio.run(
            purge_guild(
                invocation.paths,
                invocation.config(),
                guild,
                channel_ids=channel,
                before=before.date() if before else None,
                copy=archive,
                confirm=confirm,
                on_progress=show,
            )
        )
    if purged is None:
        tell("Nothing was deleted.")
    else:
        _tell_of(purged, archive)


def _tell_of(purged: "Purged", archive: Path | None) -> None:
    from guildwatch.report.wording import count

    if purged.exported is not None:
        tell(f"{count(purged.exported.messages, 'message')} exported to {archive}")
    tell(
        f"{count(purged.messages, 'message')} deleted; the database had "
        f"{_size(purged.size_before)} and has {_size(purged.size_after)}"
    )
    if not purged.is_clean:
        notice(
            "Another program reads the database: "
            "traces of the texts stay in its file until guildwatch starts again."
        )
    if purged.archived:
        tell(f"{count(purged.archived, 'message')} removed from the archive")


def asked(question: str) -> bool:
    """Whether the person at the terminal says yes."""
    from guildwatch.report.inert import plain

    return typer.confirm(plain(question), err=True)


def leave(sentence: str) -> NoReturn:
    """Ends the command with a sentence, as failed."""
    notice(sentence)
    raise typer.Exit(1)


def _held(summary: "BackupSummary") -> str:
    from guildwatch.report.wording import count

    newest = f", the last of {summary.newest:%Y-%m-%d %H:%M} UTC" if summary.newest else ""
    return (
        f"It has {count(summary.messages, 'message')} of {count(summary.guilds, 'guild')}{newest}."
    )


def _days(first: dt.date, last: dt.date) -> str:
    from guildwatch.report.wording import count

    days = count((last - first).days + 1, "day")
    return f"{days} ({first})" if first == last else f"{days} ({first} to {last})"


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
