"""A readable title for a conversation: a phrase of its own that says what it is about."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guildwatch.digest.lines import Line
from guildwatch.digest.words import is_telling, stem

_RUN = re.compile(r"[^\w\s'’./+#-]+|\s[-–—/.]+\s|\.\s|\.$")
_MOST_WORDS = 4
_LONGEST = 48
_LINKING = frozenset({"of", "for", "to", "in", "on", "with", "the", "a", "an"})


@dataclass(slots=True)
class _Phrase:
    text: str
    stems: tuple[str, ...]
    lines: int = 0


def title(
    lines: Sequence[Line], told: Sequence[Line], about: dict[str, float], names: frozenset[str]
) -> str:
    """The phrase that the conversation is most about, out of the lines that are told.

    So every title has the receipts of its topic's points.
    """
    stated = Counter(word for line in lines for word in set(line.said))
    best, best_worth = "", 0.0
    for place, line in enumerate(told):
        for phrase in _phrases(line.text, names):
            worth = sum(about.get(word, 0.0) for word in set(phrase.stems))
            worth *= len(set(phrase.stems)) ** -0.35
            worth *= 1.25 if place == 0 else 1.0
            worth *= 1.0 + 0.15 * min(stated[word] for word in phrase.stems)
            if worth > best_worth:
                best, best_worth = phrase.text, worth
    text = best or (told[0].text if told else "")
    return _capitalised(_shortened(text))


def _phrases(text: str, names: frozenset[str]) -> Iterator[_Phrase]:
    for run in _RUN.split(text):
        words = run.split()
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
                part = words[start:end]
                if _is_phrase(part, names):
                    yield _Phrase(" ".join(part), tuple(stem(w) for w in part if is_telling(w)))


def _is_phrase(part: list[str], names: frozenset[str]) -> bool:
    inner_ok = all(is_telling(word) or word.lower() in _LINKING for word in part[1:-1])
    clean = all(stem(word) not in names and len(word) < 28 and "/" not in word for word in part)
    return is_telling(part[0]) and is_telling(part[-1]) and inner_ok and clean


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
