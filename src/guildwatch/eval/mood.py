"""Mood against labels that people gave: how often the scorer's sign is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guildwatch.eval.classes import ClassFigures, accuracy, class_figures, macro_f1
from guildwatch.eval.files import csv_records
from guildwatch.mood import Scorer

LABELS = ("positive", "neutral", "negative")
MARKED = 0.05
"""The score from which on a text is positive, and its negative counterpart, as reports say it."""

_SWEEP = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class MoodPrediction:
    """What was found of one text; `score` is None where there was nothing to score."""

    index: int
    label: str
    score: float | None


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """How well the texts of one source were told; shares in 0..1."""

    source: str
    items: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class ThresholdFigures:
    """What it would be if scores counted from here on as positive or negative."""

    threshold: float
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class MoodFigures:
    """How well the mood of all texts was told; shares in 0..1."""

    scorer: str
    items: int
    unscored: int
    accuracy: float
    macro_f1: float
    classes: tuple[ClassFigures, ...]
    sources: tuple[SourceFigures, ...]
    thresholds: tuple[ThresholdFigures, ...]


def measure_mood(
    path: Path, scorer: Scorer, *, threshold: float = MARKED
) -> tuple[MoodFigures, list[MoodPrediction]]:
    """Score every text of a CSV file (columns text, label and, if it likes, source).

    A text without a score counts as neutral. Raises EvalError for what is not in that format.
    """
    records = csv_records(path, ("text", "label"))
    true = [record.text("label").strip().lower() for record in records]
    for record, label in zip(records, true, strict=True):
        if label not in LABELS:
            raise record.error(f"has the label {label!r}: it must be one of {', '.join(LABELS)}")
    scores = scorer.scores([record.text("text") for record in records])
    sources = [record.text_or_none("source") or "" for record in records]
    found = [label_at(score, threshold) for score in scores]
    figures = MoodFigures(
        scorer=scorer.name,
        items=len(records),
        unscored=scores.count(None),
        accuracy=accuracy(true, found),
        macro_f1=macro_f1(true, found),
        classes=tuple(class_figures(true, found, label) for label in LABELS),
        sources=_by_source(sources, true, found),
        thresholds=tuple(_at(one, true, scores) for one in _SWEEP),
    )
    rows = enumerate(zip(found, scores, strict=True))
    return figures, [MoodPrediction(index, label, score) for index, (label, score) in rows]


def label_at(score: float | None, threshold: float) -> str:
    """The label of a score where it counts from a threshold on."""
    if score is None or score == 0:
        return "neutral"
    if abs(score) < threshold:
        return "neutral"
    return "positive" if score > 0 else "negative"


def _at(threshold: float, true: Sequence[str], scores: Sequence[float | None]) -> ThresholdFigures:
    found = [label_at(score, threshold) for score in scores]
    return ThresholdFigures(threshold, accuracy(true, found), macro_f1(true, found))


def _by_source(
    sources: Sequence[str], true: Sequence[str], found: Sequence[str]
) -> tuple[SourceFigures, ...]:
    figures = []
    for source in sorted(set(sources)):
        here = [place for place, one in enumerate(sources) if one == source]
        theirs, ours = [true[place] for place in here], [found[place] for place in here]
        figures.append(
            SourceFigures(source, len(here), accuracy(theirs, ours), macro_f1(theirs, ours))
        )
    return tuple(figures)
