"""Summaries against references that people wrote, engines side by side."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guildwatch.eval.engines import Cost, Summariser, Written
from guildwatch.eval.overlap import Rouge, coverage, rouge
from guildwatch.eval.talk import Talk, talks

OnItem = Callable[[str, int, int], None]
"""Is told what is being done, how many items are done and how many there are."""


@dataclass(frozen=True, slots=True)
class CostFigures:
    """What all items took together; `dropped` are shares 0..1 of the points that were written.

    `fallbacks` counts the items of which a weaker engine wrote something, `fallback` says why.
    """

    seconds: float
    prompt_tokens: int
    chat_tokens: int
    completion_tokens: int
    told: int
    dropped: Mapping[str, float]
    fallbacks: int
    fallback: str


@dataclass(frozen=True, slots=True)
class SummaryFigures:
    """One engine's summaries; means over the items with references, None where there are none.

    `coverage` is the share 0..1 of the references' items within the words, `key_phrases` the same
    of the line of key phrases; `length` is the mean number of words.
    """

    engine: str
    items: int
    words: int
    length: float
    coverage: float | None
    key_phrases: float | None
    rouge: Rouge | None
    cost: CostFigures


@dataclass(frozen=True, slots=True)
class SummaryPrediction:
    """One engine's summary of an item."""

    id: str
    summary: str
    key_phrases: tuple[str, ...]
    engine: str


async def measure_summaries(
    path: Path, engines: Sequence[Summariser], *, words: int, on_item: OnItem
) -> tuple[list[SummaryFigures], list[SummaryPrediction]]:
    """Have every engine summarise every item. Raises EvalError for what cannot be read."""
    items = talks(path)
    figures, predictions = [], []
    for engine in engines:
        written = []
        for done, item in enumerate(items):
            on_item(f"{engine.name}: {item.id}", done, len(items))
            written.append(await engine.write(item, words))
        figures.append(_figures(engine.name, items, written, words))
        predictions += [
            SummaryPrediction(item.id, one.text, one.key_phrases, engine.name)
            for item, one in zip(items, written, strict=True)
        ]
    return figures, predictions


def cost_figures(costs: Sequence[Cost]) -> CostFigures:
    """All costs together."""
    told = sum(cost.told for cost in costs)
    dropped: Counter[str] = Counter()
    for cost in costs:
        dropped.update(cost.dropped)
    all_points = told + dropped.total()
    return CostFigures(
        seconds=sum(cost.seconds for cost in costs),
        prompt_tokens=sum(cost.prompt_tokens for cost in costs),
        chat_tokens=sum(cost.chat_tokens for cost in costs),
        completion_tokens=sum(cost.completion_tokens for cost in costs),
        told=told,
        dropped={check: count / all_points for check, count in sorted(dropped.items())},
        fallbacks=sum(bool(cost.fallback) for cost in costs),
        fallback=next((cost.fallback for cost in costs if cost.fallback), ""),
    )


def _figures(
    name: str, items: Sequence[Talk], written: Sequence[Written], words: int
) -> SummaryFigures:
    both = [(item, one) for item, one in zip(items, written, strict=True) if item.references]
    told = [coverage(one.text, item.references, words) for item, one in both]
    phrases = [
        coverage(", ".join(one.key_phrases), item.references, words)
        for item, one in both
        if one.key_phrases
    ]
    overlaps = [rouge(one.text, item.references) for item, one in both]
    return SummaryFigures(
        engine=name,
        items=len(items),
        words=words,
        length=sum(len(one.text.split()) for one in written) / len(written),
        coverage=_mean([one for one in told if one is not None]),
        key_phrases=_mean([one for one in phrases if one is not None]),
        rouge=_mean_rouge(overlaps),
        cost=cost_figures([one.cost for one in written]),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _mean_rouge(found: Sequence[Rouge]) -> Rouge | None:
    if not found:
        return None
    count = len(found)
    return Rouge(
        sum(one.one for one in found) / count,
        sum(one.two for one in found) / count,
        sum(one.longest for one in found) / count,
    )
