"""The tables of `eval`, as a person reads them: shares times 100."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from guildwatch.eval.conversations import ConversationFigures
    from guildwatch.eval.digests import DigestFigures
    from guildwatch.eval.mood import MoodFigures
    from guildwatch.eval.summaries import CostFigures, SummaryFigures
    from guildwatch.eval.traces import TraceFigures

Cell = str | int | float | None
_WIDE = 120
_BY_LABEL = ("", "precision", "recall", "F1", "texts")


def show(tables: Iterable[Table]) -> None:
    """Prints tables to standard output; without a terminal they are not folded to 80 columns."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=max(console.width, _WIDE))
    for table in tables:
        console.print(table)


def mood_tables(figures: "MoodFigures") -> list[Table]:
    """All, by label, by source, and with other thresholds."""
    whole = f"Mood by {figures.scorer} of {figures.items:,} texts, {figures.unscored:,} unscored"
    return [
        _table(whole, ("", "accuracy", "macro-F1", "texts"), [
            ("all", figures.accuracy, figures.macro_f1, figures.items),
            *((one.source or "no source", one.accuracy, one.macro_f1, one.items)
              for one in figures.sources),
        ]),
        _table("By label", _BY_LABEL, map(astuple, figures.classes)),
        _table("By threshold", ("from", "accuracy", "macro-F1"), [
            (f"±{one.threshold:.2f}", one.accuracy, one.macro_f1) for one in figures.thresholds
        ]),
    ]  # fmt: skip


def conversation_tables(figures: "ConversationFigures") -> list[Table]:
    """What there is, and the agreement with the links by share of replies known."""
    counts = _table(
        "Conversations",
        ("channel", "messages", "separated", "conversations", "longest"),
        map(astuple, figures.counts),
    )
    heading = ("", "1 - VI", "1-1", "exact F1", "Rand", "annotated")
    measures = []
    for one in figures.separations:
        rows: list[Sequence[Cell]] = [
            (each.channel, *astuple(each.agreement), each.annotated) for each in one.channels
        ]
        rows.append(("mean", *astuple(one.mean), sum(each.annotated for each in one.channels)))
        measures.append(_table(f"{one.way}, {one.known} % of replies known", heading, rows))
    return [counts, *measures]


def summary_tables(figures: Sequence["SummaryFigures"]) -> list[Table]:
    """An engine a line: what it covers, and what it took."""
    first = figures[0]
    title = f"Summaries of {first.items:,} talks in at most {first.words} words"
    heading = ("", "items covered", "by phrases", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words")
    rows = [
        (
            one.engine,
            one.coverage,
            one.key_phrases,
            *(astuple(one.rouge) if one.rouge else (None, None, None)),
            f"{one.length:.0f}",
        )
        for one in figures
    ]
    return [_table(title, heading, rows), _costs({one.engine: one.cost for one in figures})]


def digest_tables(figures: Sequence["DigestFigures"]) -> list[Table]:
    """An engine a line: what it told, and what it took."""
    heading = ("", "written by", "messages", "read", "conversations", "topics", "points", "words")
    rows = [
        (
            *(one.engine, one.written_by, one.messages, one.read, one.conversations),
            *(one.topics, one.points, one.words),
        )
        for one in figures
    ]
    return [_table("Digests", heading, rows), _costs({one.engine: one.cost for one in figures})]


def trace_tables(figures: "TraceFigures") -> list[Table]:
    """All, and by language."""
    title = f"Traces: {figures.traces:,} among {figures.items:,} messages"
    whole = (figures.precision, figures.recall, figures.f1, figures.language, figures.exception)
    return [
        _table(
            title,
            ("precision", "recall", "F1", "language", "exception", "fingerprints"),
            [(*whole, figures.fingerprints)],
        ),
        _table(
            "By language",
            ("", "traces", "found", "language right", "exception told", "exception right"),
            map(astuple, figures.languages),
        ),
    ]


def _costs(costs: dict[str, "CostFigures"]) -> Table:
    checks = sorted({check for one in costs.values() for check in one.dropped})
    heading: tuple[str, ...] = ("", "seconds", "prompt", "of it chat", "answer", "points told")
    rows: list[tuple[Cell, ...]] = [
        (
            *(name, f"{one.seconds:.1f}", one.prompt_tokens, one.chat_tokens),
            *(one.completion_tokens, one.told),
            *(one.dropped.get(check, 0.0) for check in checks),
            one.fallbacks,
        )
        for name, one in costs.items()
    ]
    return _table(
        "What it took (tokens; ✗: share dropped)",
        (*heading, *(f"{one} ✗" for one in checks), "fell back"),
        rows,
    )


def _table(title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    from guildwatch.report.inert import plain

    table = Table(title=title, title_justify="left", title_style="bold")
    for number, name in enumerate(heading):
        table.add_column(plain(name), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(plain(_cell(cell)).replace("[", "\\[") for cell in row))
    return table


def _cell(value: Cell) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{100 * value:.1f}"
    return f"{value:,}" if isinstance(value, int) else value
