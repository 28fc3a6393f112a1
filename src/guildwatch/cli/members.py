"""The commands for a member who asks the operator: forget, mydata."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guildwatch.cli.keeping import Guild, Yes, asked, leave
from guildwatch.cli.root import Invocation, app, notice, tell

if TYPE_CHECKING:
    from guildwatch.runtime.members import Known

Author = Annotated[
    int,
    typer.Option("--author", metavar="ID", min=1, help="The member's id, as Discord shows it."),
]


@app.command()
def forget(
    context: typer.Context,
    guild: Guild,
    author: Author,
    opt_out: Annotated[
        bool,
        typer.Option("--opt-out", metavar="", help="Keeps nothing of them from now on, either."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Erases all that is kept of a member of a guild, as `/privacy forgetme` does.

    guildwatch must not be running. It says first how much that is, and asks. Posts in Discord
    are edited when guildwatch runs again. Nothing of it comes back from history or a backup.
    """
    from guildwatch.report.wording import count
    from guildwatch.runtime.members import forget_member

    invocation: Invocation = context.obj

    def confirm(known: "Known") -> bool:
        who = known.name or f"Member {author}"
        out = ", who opted out" if known.has_opted_out else ""
        notice(f"{known.guild.name}: {count(known.messages, 'message')} of {who}{out}.")
        if not yes and not sys.stdin.isatty():
            leave("Nothing was erased, as nobody can be asked here: say --yes.")
        return yes or asked("Erase all that is kept of them, for good?")

    found = asyncio.run(
        forget_member(invocation.paths, guild, author, opting_out=opt_out, confirm=confirm)
    )
    if found is None:
        tell("Nothing was erased.")
        return
    done, is_clean = found
    tell(
        f"{count(done.messages, 'message')} erased, {count(done.points, 'point')} withdrawn from "
        f"reports, {count(done.archived, 'file')} of the archive written anew"
    )
    if done.waiting:
        notice(f"{count(done.waiting, 'post')} will be edited when guildwatch runs again.")
    if opt_out:
        notice("Nothing of them is kept from now on; `/privacy optin` is theirs to take it back.")
    if not is_clean:
        notice(
            "Another program reads the database: "
            "traces of the texts stay in its file until guildwatch starts again."
        )


@app.command()
def mydata(
    context: typer.Context,
    guild: Guild,
    author: Author,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The JSON file to write.")],
) -> None:
    """Writes all that is kept about a member of a guild into a file, as `/privacy mydata` does.

    guildwatch may be running.
    """
    from guildwatch.report.wording import count
    from guildwatch.runtime.members import write_member_data

    invocation: Invocation = context.obj
    file = asyncio.run(write_member_data(invocation.paths, guild, author, out))
    tell(f"{out}: {count(file.messages, 'message')}")
