"""The command that says how it is: status."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from guildwatch.cli.root import Invocation, app, notice, tell
from guildwatch.config import Config, ConfigError

if TYPE_CHECKING:
    from guildwatch.runtime.status import Document

_LABEL = 15


@app.command()
def status(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="For machines; the keys stay as they are.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", metavar="", help="Read the whole database to see if it is sound."),
    ] = False,
) -> None:
    """Says whether it runs, since when, what it last heard, what is missing, and what is due.

    Ends with 1 when that cannot be said: it hangs, there is no database, or it is damaged.
    """
    from guildwatch.runtime.asking import ask, examine
    from guildwatch.store import way_out

    invocation: Invocation = context.obj
    answer = asyncio.run(ask(invocation.paths, _config(invocation)))
    told, is_well = answer.document, answer.is_well
    if check and invocation.paths.database.exists():
        damages = asyncio.run(examine(invocation.paths))
        told, is_well = told | {"damages": damages}, is_well and not damages
    tell(json.dumps(told) if as_json else "\n".join(_lines(told)))
    if told.get("damages"):
        notice(f"The database is damaged: {way_out(invocation.paths.database)}")
    raise typer.Exit(0 if is_well else 1)


def _config(invocation: Invocation) -> Config | ConfigError:
    """A running program goes by its own: what is wrong with the file must not hide how it is."""
    try:
        return invocation.config()
    except ConfigError as error:
        return error


def _lines(told: "Document") -> Iterator[str]:
    """The same for a person: what is wrong first, then one line for each thing."""
    yield _headline(told)
    if told["trouble"]:
        yield f"! {_plain(told['trouble'])}"
    for one in told["incidents"]:
        if one["sentence"] not in told["trouble"]:
            yield f"! Since {_when(one['since'])}: {_plain(one['sentence'])}"
    if not (told["running"] or told["sizes"]):
        return
    yield ""
    rows = [*_capture(told), *_reports(told), *_machine(told)]
    for label, text in rows:
        yield f"{label:<{_LABEL}}{_plain(text)}".rstrip()


def _headline(told: "Document") -> str:
    if not told["running"]:
        kept = " This is what it has kept:" if told["sizes"] else ""
        return f"guildwatch does not run here.{kept}"
    if told["since"] is None:
        return "guildwatch cannot be asked at this moment."
    connected = told["connected_since"]
    discord = f"connected since {_when(connected)}" if connected else "NOT connected to Discord"
    return f"guildwatch {told['version']} runs since {_when(told['since'])}, {discord}."


def _capture(told: "Document") -> Iterator[tuple[str, str]]:
    yield "Last message", _when(told["last_message"]) if told["last_message"] else "none yet"
    if told["running"]:
        yield "To be written", f"{told['backlog']:,}"
        yield "History", _history(told["backfill"])
    if (sweep := told["sweep"])["channels_left"]:
        left = (
            f"{sweep['channels_left']:,} channels, about {sweep['messages_left']:,} messages left"
        )
        yield "Second look", left
    if told["gaps"]:
        yield "Gaps", f"{len(told['gaps'])}, the first {_gap(told['gaps'][0])}"


def _history(backfill: "Document") -> str:
    if not backfill["channels_left"]:
        return "all read"
    doing = backfill["doing"] or "waiting"
    left = backfill["messages_left"]
    about = f", about {left:,} messages to come" if left else ""
    return f"{doing}; {backfill['channels_left']:,} channels left{about}"


def _gap(gap: "Document") -> str:
    until = f" to {_when(gap['end'])}" if gap["end"] else ""
    return f"in channel {gap['channel_id']} from {_when(gap['start'])}{until}: {gap['reason']}"


def _reports(told: "Document") -> Iterator[tuple[str, str]]:
    none = "not known yet" if told["guilds"] else "none is due"
    yield "Next report", _when(told["next_report"]) if told["next_report"] else none
    yield "Last report", _when(told["last_report"]) if told["last_report"] else "none yet"
    if to_edit := told["posts_to_edit"]:
        yield "To be edited", f"{to_edit:,} of the posts, as messages were deleted since"
    for guild in told["guilds"]:
        waiting = f", {guild['waiting']} waiting" if guild["waiting"] else ""
        due = _when(guild["next_report"]) if guild["next_report"] else "not known"
        yield "", f"{guild['name']} ({guild['id']}): next {due}{waiting}"
        if guild["trouble"]:
            yield "", f"! {guild['trouble']}"


def _machine(told: "Document") -> Iterator[tuple[str, str]]:
    from guildwatch.console.wording import volume

    if model := told["model"]:
        yield "Model", f"{model['name']}{': ' + model['trouble'] if model['trouble'] else ''}"
    if size := told["sizes"]:
        yield (
            "Database",
            (
                f"{volume(size['database'] + size['log'])}, "
                f"its backups {volume(size['backups'])}; "
                f"{volume(size['disk_free'])} are free on its disk"
            ),
        )
    if "damages" in told:
        yield (
            "Integrity",
            "sound" if not told["damages"] else " ".join("; ".join(told["damages"]).split()),
        )


def _when(iso: str) -> str:
    """A moment on this machine's clock, and how far it is from now."""
    moment = datetime.fromisoformat(iso).replace(tzinfo=UTC).astimezone()
    span = datetime.now(UTC) - moment
    far = f"{_span(span)} ago" if span >= timedelta() else f"in {_span(-span)}"
    return f"{moment:%Y-%m-%d %H:%M} ({far})"


def _plain(text: str) -> str:
    """Names that members chose, made harmless for a terminal."""
    from guildwatch.report.inert import plain

    return plain(text)


def _span(span: timedelta) -> str:
    from guildwatch.console.wording import lasting

    return lasting(span)
