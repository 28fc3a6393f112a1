"""Key phrases: the words and names that some lines are about, literally as somebody wrote them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guildwatch.digest.extraction.fragments import length
from guildwatch.digest.extraction.keywords import names_a_thing, without_links
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import stem, words

_RUN_END = re.compile(r"[^\w\s'’+#./-]+|\s[-–—/.]+\s|[.!?](?:\s|$)")
_MOST_WORDS = 3
_LINKING = frozenset({"of", "for"})
_TOGETHER = 0.3  # of a word's lines hold the phrase too: they belong together


@dataclass(slots=True)
class KeyPhrase:
    """A phrase, and the ids of the messages that it stands in, oldest first."""

    text: str
    message_ids: list[int] = field(default_factory=list)


def key_phrases(
    lines: Sequence[Line], weights: Mapping[str, float], most_words: int
) -> list[KeyPhrase]:
    """The phrases that cover the weightiest stems in so many words, the weightiest first.

    A stem stands in the phrase that it mostly comes in, else by itself.
    """
    held = _phrases(lines, weights)
    by_stem: dict[str, list[tuple[str, ...]]] = {}
    for keys in held:
        for key in keys:
            by_stem.setdefault(key, []).append(keys)
    told: list[KeyPhrase] = []
    covered = set[str]()
    left = most_words
    for key in sorted(by_stem, key=lambda key: -weights[key]):
        if key in covered:
            continue
        keys = _fullest(key, by_stem[key], held, weights, covered)
        if length(held[keys].text) <= left:
            told.append(held[keys])
            covered.update(keys)
            left -= length(held[keys].text)
        if left <= 0:
            break
    return told


def _fullest(
    key: str,
    candidates: Sequence[tuple[str, ...]],
    held: Mapping[tuple[str, ...], KeyPhrase],
    weights: Mapping[str, float],
    covered: set[str],
) -> tuple[str, ...]:
    """The phrase of a stem that says most and is often enough said whole."""
    alone = len(held[key,].message_ids) if (key,) in held else 1
    often = [
        keys
        for keys in candidates
        if len(held[keys].message_ids) >= _TOGETHER * alone and covered.isdisjoint(keys)
    ]
    return max(
        often or candidates,
        key=lambda keys: (sum(weights[one] for one in keys) * len(held[keys].message_ids) ** 0.5,),
    )


def _phrases(
    lines: Sequence[Line], weights: Mapping[str, float]
) -> dict[tuple[str, ...], KeyPhrase]:
    """Every phrase by its stems, as it was first written."""
    held: dict[tuple[str, ...], KeyPhrase] = {}
    for line in lines:
        for text, keys in _of(line.text, weights):
            one = held.setdefault(keys, KeyPhrase(text))
            if not one.message_ids or one.message_ids[-1] != line.id:
                one.message_ids.append(line.id)
    return held


def _of(text: str, weights: Mapping[str, float]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for run in _RUN_END.split(without_links(text)):
        parts = run.split()
        stems = [stem(part) if len(words(part)) == 1 else "" for part in map(_bare, parts)]
        fit = [
            stems[place] in weights and names_a_thing(_bare(part))
            for place, part in enumerate(parts)
        ]
        for start in range(len(parts)):
            for end in range(start + 1, min(len(parts), start + _MOST_WORDS) + 1):
                inner = range(start + 1, end - 1)
                if (
                    fit[start]
                    and fit[end - 1]
                    and all(fit[at] or parts[at].lower() in _LINKING for at in inner)
                ):
                    keys = tuple(stems[at] for at in range(start, end) if fit[at])
                    if len(set(keys)) == len(keys):
                        yield " ".join(parts[start:end]).strip("'’.-/+"), keys


def _bare(part: str) -> str:
    return part.strip("'’.-/")
