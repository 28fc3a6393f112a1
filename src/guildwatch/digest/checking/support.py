"""How much of what a sentence tells was said in its messages at all."""

import re
from collections.abc import Iterable

from guildwatch.digest.checking import dates, numerals
from guildwatch.digest.checking.evidence import Evidence, letter_pairs
from guildwatch.digest.checking.folding import flat, fold, is_unspaced
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.shorthand import in_figures
from guildwatch.digest.checking.vocabulary import is_function, is_reporting
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import STOP, is_telling, stem, telling_stems, words

SUPPORT = 0.125
"""The least share of a sentence's telling words that its messages must say.

Measured on paraphrases written by hand and with `benchmarks/checks.py`; the manual's section on
checks has the figures.
"""

AMONG_ANSWERED = 0.25
"""The least share where what the messages answer counts too."""

_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_CLAUSES = re.compile(r"[,;:.]\s+|\s-+\s|\s(?=(?:while|whereas|but|and|und|y|et|e|ed|i|oraz|en)\s)")
_FEWEST_INVENTED, _FEWEST_ADDED = 5, 4  # telling words; of a clause after the first one
_IN_A_ROW, _TELLING_ROW = 6, 2  # words
_AMPLE, _MOSTLY, _FAR_MORE = 0.5, 0.6, 2


def too_strange(
    folded: str, evidence: Evidence, around: Iterable[Line], *, least: float | None = None
) -> str | None:
    """Whether a folded text says what its messages do not, or nothing at all.

    `least` is the share of its words that they must say, another than the usual one.
    """
    around = list(around)
    held, all_ = _support(folded, evidence, around)
    if not all_:
        return "it says nothing"
    clauses = _CLAUSES.split(folded)
    if any(_is_invented(each, at, evidence, around) for at, each in enumerate(clauses)):
        return "a part of it has no word that is in its messages"
    if _is_taken(folded, evidence, around):
        return "a part of it stands in another message"
    is_low = held < (SUPPORT if least is None else least) * all_
    if is_low or (held < _AMPLE * all_ and _is_elsewhere(folded, evidence, around)):
        return "too few of its words are in its messages"
    return None


def _is_invented(clause: str, at: int, evidence: Evidence, around: Iterable[Line]) -> bool:
    """Whether a clause, by its place, tells what no message says, or what another one does."""
    held, all_ = _support(clause, evidence, around)
    if held == 0 and all_ >= (_FEWEST_ADDED if at else _FEWEST_INVENTED):
        return True
    is_weak = at > 0 and all_ >= _FEWEST_ADDED and held < _AMPLE * all_
    return is_weak and _is_elsewhere(clause, evidence, around)


def _support(folded: str, evidence: Evidence, around: Iterable[Line]) -> tuple[int, int]:
    """How many of a sentence's telling words and figures these messages say, and of how many.

    Names of people are no words of it, nor is what says how something was told.
    """
    people = evidence.names | {stem(word) for line in around for word in words(fold(line.name))}
    telling = {
        word.lower()
        for word in words(folded)
        if is_telling(word) and not is_reporting(word) and not _is_function(word)
    }
    spaced = {word for word in telling if not any(map(is_unspaced, word))}
    about = {word for word in spaced if stem(word) not in people}
    pairs = letter_pairs(folded)
    written = numerals.written(_THOUSANDS.sub("", in_figures(folded)))
    figures = {number for number in written if len(number) > 1}
    figures |= {str(value) for _, value in numerals.said(folded, strict=True)}
    if not about and not pairs:
        return 0, 0
    held = sum(_is_said(word, evidence) for word in about) + len(pairs & evidence.pairs)
    return held + len(figures & evidence.numbers), len(about) + len(pairs) + len(figures)


def _is_function(word: str) -> bool:
    low = word.lower()
    return is_function(low) or low.removesuffix("s") in STOP  # finds


def _is_said(word: str, evidence: Evidence) -> bool:
    if dates.key_of(word) in evidence.dates:
        return True
    return evidence.has_stem(word) or has_kin(stem(word), evidence.said)


def _is_taken(folded: str, evidence: Evidence, around: Iterable[Line]) -> bool:
    """Whether several words in a row are a message's that is not cited, and of no cited one."""
    own = {line.id for line in evidence.cited}
    told = flat(folded).split()
    rows = (told[at : at + _IN_A_ROW] for at in range(len(told) - _IN_A_ROW + 1))
    telling = [f" {' '.join(row)} " for row in rows if sum(map(_is_substance, row)) >= _TELLING_ROW]
    new = [row for row in telling if not any(row in each for each in evidence.flats)]
    others = [flat(line.text) for line in around if line.id not in own] if new else []
    return any(row in other for row in new for other in others)


def _is_substance(word: str) -> bool:
    return is_telling(word) and not is_function(word) and not is_reporting(word)


def _is_elsewhere(folded: str, evidence: Evidence, around: Iterable[Line]) -> bool:
    """Whether a message that is not cited has most of a sentence's words, and far more."""
    told = set(telling_stems(folded)) - evidence.names
    own = {line.id for line in evidence.cited}
    held = len(told & evidence.said)
    others = (len(told.intersection(line.said)) for line in around if line.id not in own)
    best = max(others, default=0)
    return best >= _MOSTLY * len(told) and best >= held + _FAR_MORE
