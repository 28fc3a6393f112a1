"""How well labels were found: precision, recall and F1 of each, and their mean."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one label was found, each share in 0..1; `items` truly have it."""

    label: str
    precision: float
    recall: float
    f1: float
    items: int


def class_figures(true: Sequence[str], found: Sequence[str], label: str) -> ClassFigures:
    """The figures of one label; a share of nothing is 0."""
    both = sum(one == label == other for one, other in zip(true, found, strict=True))
    said, there = found.count(label), true.count(label)
    return ClassFigures(
        label, _share(both, said), _share(both, there), f1(both, said, there), there
    )


def f1(both: int, said: int, there: int) -> float:
    """The harmonic mean of precision and recall, 0 where there is nothing."""
    return _share(2 * both, said + there)


def accuracy(true: Sequence[str], found: Sequence[str]) -> float:
    """The share of labels that were found."""
    return _share(sum(one == other for one, other in zip(true, found, strict=True)), len(true))


def macro_f1(true: Sequence[str], found: Sequence[str]) -> float:
    """The mean F1 of the labels that truly occur, each weighing the same."""
    labels = sorted(set(true))
    return sum(class_figures(true, found, one).f1 for one in labels) / len(labels)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
