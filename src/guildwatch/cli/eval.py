"""The commands that measure on data sets: eval mood, conversations, summaries, digest, traces."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from guildwatch.cli.progress import progress_bar
from guildwatch.cli.root import Invocation, app, notice, tell

if TYPE_CHECKING:
    from guildwatch.runtime.evaluating import Wanted

evaluation = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Measures mood, conversations, summaries, digests and traces on data sets.",
)
app.add_typer(evaluation, name="eval")

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="The table for machines; all shares in 0..1.")
]
Predictions = Annotated[
    Path | None,
    typer.Option("--predictions", metavar="OUT.jsonl", help="What was found of each item."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="A model of Ollama's; may be repeated."),
]
Prompts = Annotated[
    list[Path] | None,
    typer.Option(
        "--prompts",
        metavar="FOLDER",
        help="Your digest.txt or repair.txt, beside ours; may be repeated.",
    ),
]


class Engine(StrEnum):
    """Who writes."""

    EXTRACTIVE = "extractive"
    OLLAMA = "ollama"
    TRANSFORMERS = "transformers"


Engines = Annotated[
    list[Engine] | None,
    typer.Option("--engine", help="Who writes; extractive if unsaid. May be repeated."),
]


class Known(StrEnum):
    """How many of the replies are known."""

    NONE = "0"
    SOME = "30"
    ALL = "100"


@evaluation.command()
def mood(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="text, label, source")],
    threshold: Annotated[
        float, typer.Option("--threshold", min=0, max=1, help="From this score on it counts.")
    ] = 0.05,
    as_json: AsJson = False,
    predictions: Predictions = None,
) -> None:
    """How often the mood of a text is what people said it is.

    The file is CSV with the columns text, label (positive, neutral, negative) and source.
    """
    from guildwatch.cli.tables import mood_tables, show
    from guildwatch.eval.mood import measure_mood
    from guildwatch.mood import Vader

    figures, found = measure_mood(file, Vader(), threshold=threshold)
    _keep(predictions, map(asdict, found))
    _tell_json(asdict(figures)) if as_json else show(mood_tables(figures))


@evaluation.command()
def conversations(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Exports, and *.links.tsv.")],
    known: Annotated[
        Known | None,
        typer.Option("--known", help="Percent of the replies known; all three if unsaid."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Chooses which replies are known.")] = 1,
    as_json: AsJson = False,
    predictions: Predictions = None,
) -> None:
    """How well conversations are separated, against links that people drew.

    The folder holds DiscordChatExporter JSON, and beside it `*.links.tsv`: a message's id, a tab,
    and the id that it responds to. Without links there are only counts and predictions.
    """
    from guildwatch.cli.tables import conversation_tables, show
    from guildwatch.eval.conversations import measure_conversations

    share = int(known) if known is not None else None
    figures, found = measure_conversations(folder, known=share, seed=seed)
    _keep(predictions, map(asdict, found))
    _tell_json(asdict(figures)) if as_json else show(conversation_tables(figures))


@evaluation.command()
def summaries(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="turns, references")],
    words: Annotated[int, typer.Option("--words", min=1, max=5000, help="At most so many.")] = 120,
    engine: Engines = None,
    model: Models = None,
    prompts: Prompts = None,
    as_json: AsJson = False,
    predictions: Predictions = None,
) -> None:
    """How much of what people wrote of a talk the summaries say.

    Each line has turns [{speaker, text}] and references [text], whose items stand between commas.
    """
    from guildwatch.cli.tables import show, summary_tables
    from guildwatch.runtime.evaluating import evaluate_summaries

    invocation: Invocation = context.obj
    wanted = _wanted(engine, model, prompts)
    with progress_bar() as advance:
        figures, found = asyncio.run(
            evaluate_summaries(
                invocation.paths, invocation.config(), file, wanted, words=words, on_item=advance
            )
        )
    _tell_fallbacks({one.engine: one.cost.fallback for one in figures})
    is_one = len(figures) == 1
    rows = (_without(asdict(one), () if one.key_phrases else ("key_phrases",)) for one in found)
    _keep(predictions, (_without(row, ("engine",) if is_one else ()) for row in rows))
    _tell_json([asdict(one) for one in figures]) if as_json else show(summary_tables(figures))


@evaluation.command()
def digest(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Exports of a chat.")],
    engine: Engines = None,
    model: Models = None,
    prompts: Prompts = None,
    as_json: AsJson = False,
    predictions: Predictions = None,
) -> None:
    """What the engines tell of a chat, what the checks dropped of it, and what it took."""
    from guildwatch.cli.tables import digest_tables, show
    from guildwatch.runtime.evaluating import evaluate_digests

    invocation: Invocation = context.obj
    wanted = _wanted(engine, model, prompts)
    with progress_bar() as advance:
        figures, found = asyncio.run(
            evaluate_digests(invocation.paths, invocation.config(), folder, wanted, advance)
        )
    _tell_fallbacks({one.engine: one.cost.fallback for one in figures})
    _keep(predictions, map(asdict, found))
    _tell_json([asdict(one) for one in figures]) if as_json else show(digest_tables(figures))


@evaluation.command()
def traces(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="text, is_trace, language …")],
    as_json: AsJson = False,
    predictions: Predictions = None,
) -> None:
    """How well error traces are told from other messages, and their language and exception.

    Each line has text and is_trace, and for traces language and exception where they are known.
    """
    from guildwatch.cli.tables import show, trace_tables
    from guildwatch.eval.traces import measure_traces

    figures, found = measure_traces(file)
    _keep(predictions, map(asdict, found))
    _tell_json(asdict(figures)) if as_json else show(trace_tables(figures))


@evaluation.command()
def feedback(
    context: typer.Context,
    guild: Annotated[str, typer.Option("--guild", metavar="ID", help="The guild's id or name.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.jsonl", help="Where it goes.")],
) -> None:
    """Writes what readers said of posted reports as a data set that `eval summaries` reads."""
    from guildwatch.report.wording import count
    from guildwatch.runtime.evaluating import write_feedback

    invocation: Invocation = context.obj
    reports, voices = asyncio.run(write_feedback(invocation.paths, guild, out))
    notice(f"{out}: {count(reports, 'report')} with {count(voices, 'judgement')} of readers.")


def _wanted(
    engine: Sequence[Engine] | None, model: Sequence[str] | None, prompts: Sequence[Path] | None
) -> "Wanted":
    from guildwatch.runtime.evaluating import Wanted

    named = list(dict.fromkeys(engine or ()))
    if (model or prompts) and Engine.OLLAMA not in named:
        named.append(Engine.OLLAMA)
    return Wanted(named or [Engine.EXTRACTIVE], tuple(model or ()), tuple(prompts or ()))


def _tell_fallbacks(reasons: dict[str, str]) -> None:
    for engine, reason in reasons.items():
        if reason:
            notice(f"{engine}: {reason}")


def _without(row: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _keep(path: Path | None, rows: Iterable[dict[str, Any]]) -> None:
    from guildwatch.eval.files import write_lines

    if path is not None:
        write_lines(path, rows)


def _tell_json(figures: object) -> None:
    tell(json.dumps(figures, ensure_ascii=False, indent=2))
