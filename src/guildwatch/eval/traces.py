"""Error traces against labels: which messages hold one, of which language and exception."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guildwatch.eval.classes import f1
from guildwatch.eval.files import Record, ids, json_records
from guildwatch.traces import Trace, detect


@dataclass(frozen=True, slots=True)
class TracePrediction:
    """What was found in one message; all is None but the id where there is no trace."""

    id: str
    is_trace: bool
    language: str | None
    exception: str | None
    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """How the traces of one language were found: their language and exception among those found.

    `named` traces are labelled with an exception; `exceptions` of them were named so.
    """

    language: str
    items: int
    found: int
    right_language: int
    named: int
    exceptions: int


@dataclass(frozen=True, slots=True)
class TraceFigures:
    """How well traces were told from other messages; shares in 0..1.

    `language` is the share of right languages among the traces found, `exception` that of right
    exceptions among those which are labelled with one. `fingerprints` counts different ones.
    """

    items: int
    traces: int
    precision: float
    recall: float
    f1: float
    language: float
    exception: float
    fingerprints: int
    languages: tuple[LanguageFigures, ...]


def measure_traces(path: Path) -> tuple[TraceFigures, list[TracePrediction]]:
    """Look for a trace in every message of a JSON lines file.

    The fields are text, is_trace, language, exception and, if it likes, id. Raises EvalError.
    """
    records = json_records(path)
    true = [record.flag("is_trace") for record in records]
    found = [detect(record.text("text")) for record in records]
    languages = _by_language(records, found)
    both = sum(is_there and one is not None for is_there, one in zip(true, found, strict=True))
    said = sum(one is not None for one in found)
    named = sum(one.named for one in languages)
    figures = TraceFigures(
        items=len(records),
        traces=sum(true),
        precision=_share(both, said),
        recall=_share(both, sum(true)),
        f1=f1(both, said, sum(true)),
        language=_share(sum(one.right_language for one in languages), both),
        exception=_share(sum(one.exceptions for one in languages), named),
        fingerprints=len({one.fingerprint for one in found if one is not None}),
        languages=languages,
    )
    rows = zip(ids(records), found, strict=True)
    return figures, [_prediction(id_, one) for id_, one in rows]


def _by_language(
    records: Sequence[Record], found: Sequence[Trace | None]
) -> tuple[LanguageFigures, ...]:
    rows: dict[str, list[tuple[Record, Trace | None]]] = {}
    for record, one in zip(records, found, strict=True):
        if record.flag("is_trace"):
            rows.setdefault(record.text_or_none("language") or "", []).append((record, one))
    return tuple(_language(name, rows[name]) for name in sorted(rows))


def _language(name: str, rows: Sequence[tuple[Record, Trace | None]]) -> LanguageFigures:
    there = [(record, one) for record, one in rows if one is not None]
    labels = [(record.text_or_none("exception"), one) for record, one in there]
    return LanguageFigures(
        language=name,
        items=len(rows),
        found=len(there),
        right_language=sum(one.language == name for _, one in there),
        named=sum(label is not None for label, _ in labels),
        exceptions=sum(label is not None and one.exception == label for label, one in labels),
    )


def _prediction(id_: str, trace: Trace | None) -> TracePrediction:
    if trace is None:
        return TracePrediction(id_, False, None, None, None)
    return TracePrediction(id_, True, trace.language, trace.exception, trace.fingerprint)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
