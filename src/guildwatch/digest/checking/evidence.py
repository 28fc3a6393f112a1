"""What the cited messages hold, in every form that a check compares a sentence with."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from guildwatch.digest.checking import dates, measures, moments, numerals
from guildwatch.digest.checking.folding import flat, fold, is_unspaced
from guildwatch.digest.checking.shorthand import in_figures, same_as
from guildwatch.digest.checking.vocabulary import root
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import stem, words

NAME_LIKE = re.compile(r"[^\W\d_](?:[\w'-]*[^\W_])?")
HIRAGANA = re.compile(r"[ぁ-ゖ]")

_FEWEST_JOINED = 6
_FEWEST_OF_NAME = 3
_FEWEST_CALLED = 4
_SIGNS = (
    *(("€", "euro"), ("$", "dollar"), ("£", "pound"), ("¥", "yen"), ("%", "percent")),
    *(("%", "prozent"), ("£", "pfund")),
)
_FIGURE = re.compile(r"(?:(?<![\w-])[-+]\s?)?(?:[$€£¥₿]\s?)?\d+(?:[.,:/-]\d+)*(?:\s?[%$€£¥₿°])?")
_HOST = re.compile(r"(?<!\S)\S*\w\.[a-z]{2,}\S*")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Evidence:
    """The messages' texts and names, their words by stem and root, their numbers and days.

    `exact` is folded, `text` is it in small letters, `flats` have words alone; `known` are the
    stems of what was said and of who said it.
    """

    def __init__(self, cited: Sequence[Line]) -> None:
        self.cited = cited
        self.texts = [fold(line.text) for line in cited]
        names = [fold(line.name) for line in cited]
        self.exact = " \n ".join((*self.texts, *names))
        self.text = self.exact.casefold()
        self.raw = " ".join(f"{line.name}: {line.text}" for line in cited)
        self.flats = [flat(each) for each in (*self.texts, *names)]
        self.names = {stem(part) for line in cited for part in (line.name, *_parts(line.name))}
        spoken = {word for text in self.texts for word in _pieces(text)}
        spoken |= {word for sign, word in _SIGNS if sign in self.text}
        plain = {word for text in self.texts for word in _pieces(_HOST.sub(" ", text))}
        spoken |= {other for word in plain for other in same_as(word.lower())}  # not .org
        self.said = set(map(stem, spoken))
        self.known = self.said | self.names
        self.numbers = set(_numbers(self.texts))
        self.numbers |= {str(number) for number in measures.parts_of_hours(self.text)}
        self.days = moments.days_meant(cited)
        self.dates = {key for text in self.texts for key in dates.keys(text)}
        self.dates |= moments.weekdays(self.days)
        self.pairs = {pair for text in (*self.texts, *self.flats) for pair in letter_pairs(text)}
        self._roots = set(map(root, spoken))
        self._joined = {one + other for text in self.texts for one, other in _neighbours(text)}

    def repeats(self, text: str) -> Line | None:
        """The cited message of which a text is a literal part, if it is of one."""
        words_of_it = flat(text)
        if not words_of_it.strip():
            return None
        figures = _figures(text)
        found = (line for line in self.cited if words_of_it in flat(line.text))
        return next((line for line in found if figures <= _figures(line.text)), None)

    def is_called(self, name: str) -> bool:
        """Whether somebody's one-word name begins so: `Tobias` of `tobiaspaints`."""
        low = name.casefold()
        own = (line.name.casefold() for line in self.cited)
        return len(low) >= _FEWEST_CALLED and any(each.startswith(low) for each in own)

    def has_word(self, word: str) -> bool:
        """Whether the messages or their writers' names have a small word, standing alone."""
        return stands_alone(word, self.text)

    def has_root(self, word: str) -> bool:
        """Whether a word of the same root was said, or two that are written as one here."""
        return root(word) in self._roots or self._in_joined(word)

    def has_stem(self, word: str) -> bool:
        """Whether any form of a word was said, or two words that are written as one here."""
        whole = word.replace("-", "")  # add-ons
        return not self.said.isdisjoint((stem(word), stem(whole))) or self.has_root(whole)

    def bears_out(self, word: str) -> bool:
        """Whether a word as written was said, or is of a name; small ones by their root too."""
        if stem(word) in self.known or stem(word.replace("-", "")) in self.known:
            return True
        return word == word.lower() and self.has_root(word)

    def _in_joined(self, word: str) -> bool:
        """Whether it is two words of the messages written as one: `savefile` for "save file"."""
        return len(word) >= _FEWEST_JOINED and (stem(word) in self._joined or word in self._joined)


def _figures(text: str) -> set[str]:
    """The numbers of a text with the signs that change them: -4, €12, 50% and v1.5."""
    return {re.sub(r"\s", "", found) for found in _FIGURE.findall(fold(text))}


def stands_alone(word: str, text: str) -> bool:
    """Whether a text has a word that is no part of a longer one."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def letter_pairs(text: str) -> set[str]:
    """The pairs of neighbouring letters in the words of scripts without capitals.

    Hiragana is what Japanese bends words with, so it counts only where there is nothing else.
    """
    pairs = {
        run[at : at + 2]
        for run in re.findall(r"[^\W\d_]{2,}", text)
        for at in range(len(run) - 1)
        if is_unspaced(run[at]) and is_unspaced(run[at + 1])
    }
    return {pair for pair in pairs if not HIRAGANA.search(pair)} or pairs


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    for text in map(in_figures, texts):
        for number in numerals.written(text):
            yield from numerals.parts(number)
        for _, value in numerals.said(text):
            yield str(value)


def _parts(name: str) -> Iterator[str]:
    """What people call somebody by: `Oskar` of `oskar_j`, `Jane` of `JaneDoe42`."""
    name = fold(name)
    yield from words(name)
    parts = (*re.findall(r"[^\W\d_]+", name), *_CAMEL.findall(name))
    yield from (part for part in parts if len(part) >= _FEWEST_OF_NAME)


def _pieces(text: str) -> Iterator[str]:
    """The words of a text, and what they are put together from: `nvidia` of `nvidia-340`."""
    for word in words(text):
        yield word
        if not word.isalpha():
            yield word.removesuffix("'s")
            yield from (part for part in re.split(r"[\W_]+", word) if part)
            yield from re.findall(r"[^\W\d_]+", word)
        if word != word.lower():
            yield from _CAMEL.findall(word)
    yield from NAME_LIKE.findall(text)


def _neighbours(text: str) -> Iterator[tuple[str, str]]:
    found = [word.lower() for word in words(text)]
    for one, other in pairwise(found):
        yield one, other
        yield one, stem(other)
