"""Tells one language from others, as far as a chat message lets one."""

import re
from collections.abc import Container, Sequence
from functools import cache
from typing import Protocol, cast

_LATIN = re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿＡ-Ｚａ-ｚ\U0001D400-\U0001D7FF]")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")

# The commonest English words that no other language below writes the same way.
_ENGLISH = frozenset(
    # Words read better as lines of words.
    "the and you that this with are what they just but from would there your my how when who "  # noqa: SIM905
    "which it's its i'm don't doesn't didn't can't won't isn't that's there's you're they're i've "
    "we're he's she's i'll i'd im dont doesnt didnt cant thats youre ive have been were your "
    "yours his her their them these those then than because about into only think know want "
    "need make makes getting going gonna like really should could does did doing will "
    "much many some any every something anything nothing someone anyone why where here after "
    "before while still also very too yeah not never always using use used "
    "work works working try trying tried".split()
)
# Languages that people write in Latin letters on Discord. More would only add mistakes.
_LANGUAGES = "en de fr es it pt nl pl sv da no fi cs hu ro tr id vi".split()  # noqa: SIM905 - as above

_FEWEST_WORDS = 2
_FEWEST_LETTERS = 10
_ENGLISH_SHARE = 0.15
# The chance of English below which a text is foreign: whole sentences in the languages above stay
# under 0.0002; no English text among 11,000 is below these, nor any of 500 of two or three words.
_HARDLY = 0.005
_HARDLY_IF_SHORT = 0.001
_SHORT = 3  # words
# Below this a plain sentence is more probably foreign: of its own language it has 0.8 and more,
# of a neighbour's 0.07 and less.
_UNLIKELY = 0.15
_READ = 400  # characters: enough to know a language by, and no text takes long


class _Identifier(Protocol):
    def rank(self, instance: str) -> list[tuple[str, float]]: ...


class LanguageDetector:
    """Says whether a text is certainly not English; in doubt it is not foreign.

    `ignored` are characters that say nothing about a language, though Unicode may call them
    letters. The language model (60 MB, a second to load) is loaded by the first text that needs
    it: one in Latin letters that has hardly a common English word.
    """

    def __init__(self, ignored: Container[str] = ()) -> None:
        self._ignored = ignored

    def is_foreign(self, text: str) -> bool:
        """Whether it is mostly in another script, or in another language with Latin letters."""
        if self._is_other_script(text):
            return True
        words = _words(text)
        hardly = _HARDLY if len(words) > _SHORT else _HARDLY_IF_SHORT
        return _is_enough(words) and not _is_english(words) and _chance(words, "en") < hardly

    def seems_other_than(self, language: str, text: str) -> bool:
        """Whether a sentence is more probably in another language than in this one.

        `language` is a code, of a language with Latin letters. A mistake in either direction is
        rare, and commoner than with `is_foreign`.
        """
        if self._is_other_script(text):
            return True
        words = _words(text)
        if not _is_enough(words) or (language == "en" and _is_english(words)):
            return False
        return _chance(words, language) < _UNLIKELY

    def _is_other_script(self, text: str) -> bool:
        if text.isascii():
            return False
        letters = [c for c in text if c.isalpha() and c not in self._ignored]
        return sum(_LATIN.match(letter) is not None for letter in letters) * 2 < len(letters)


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_READ].lower().replace("’", "'"))


def _is_enough(words: Sequence[str]) -> bool:
    return len(words) >= _FEWEST_WORDS and sum(map(len, words)) >= _FEWEST_LETTERS


def _is_english(words: Sequence[str]) -> bool:
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


def _chance(words: Sequence[str], language: str) -> float:
    """How probably it is this one of the languages above, 0..1."""
    return dict(_identifier().rank(" ".join(words)))[language]


@cache  # for all detectors of the process: it is read only
def _identifier() -> _Identifier:
    # Imported here because it brings numpy and takes a fifth of a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(_LANGUAGES)
    # A new one, made of the slice, lets the other 120 languages' tables go (25 MB).
    slim = LanguageIdentifier(
        whole.nb_ptc,
        whole.nb_pc,
        whole.nb_classes,
        whole.tk_nextmove,
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )
    return cast("_Identifier", slim)
