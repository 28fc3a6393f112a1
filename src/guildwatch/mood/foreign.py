"""Tells English from other languages, as far as a chat message lets one."""

import re
from collections.abc import Container
from functools import cached_property
from typing import Protocol, cast

_LATIN = re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿＡ-Ｚａ-ｚ\U0001D400-\U0001D7FF]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

# The commonest English words that no other language below writes the same way.
_ENGLISH = frozenset(
    # Words read better as lines of words.
    "the and you that this with are what they just but from would there your my how when who "  # noqa: SIM905
    "which it's its i'm don't doesn't didn't can't won't isn't that's there's you're they're i've "
    "we're he's she's i'll i'd im dont doesnt didnt cant thats youre ive have been were your "
    "yours his her their them these those then than because about into only think know want "
    "need make makes getting going gonna like really should could does did doing will "
    "much many some any every something anything nothing someone anyone why where here after "
    "before while still also very too yes yeah not never always please thanks thank using use used "
    "work works working try trying tried good great bad nice".split()
)
# Languages that people write in Latin letters on Discord. More would only add mistakes.
_LANGUAGES = "en de fr es it pt nl pl sv da no fi cs hu ro tr id vi".split()  # noqa: SIM905 - as above

_FEWEST_WORDS = 4
_FEWEST_LETTERS = 16
_ENGLISH_SHARE = 0.2
_CERTAIN = 0.9
_READ = 400  # characters: enough to know a language by, and no text takes long


class _Identifier(Protocol):
    def classify(self, instance: str) -> tuple[str, float]: ...


class LanguageDetector:
    """Says whether a text is certainly not English; in doubt it is not foreign.

    `ignored` are characters that say nothing about a language, though Unicode may call them
    letters. The language model (60 MB, a second to load) is loaded by the first text that needs
    it: one in Latin letters, long enough, with hardly a common English word.
    """

    def __init__(self, ignored: Container[str] = ()) -> None:
        self._ignored = ignored

    def is_foreign(self, text: str) -> bool:
        """Whether it is mostly in another script, or in another language with Latin letters."""
        letters = [c for c in text if c.isalpha() and c not in self._ignored]
        latin = sum(_LATIN.match(letter) is not None for letter in letters)
        if latin * 2 < len(letters):
            return True
        return latin >= _FEWEST_LETTERS and self._is_other_language(text[:_READ])

    def _is_other_language(self, text: str) -> bool:
        words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
        if len(words) < _FEWEST_WORDS:
            return False
        english = sum(word in _ENGLISH for word in words)
        if english >= _ENGLISH_SHARE * len(words):
            return False
        language, certainty = self._identifier.classify(" ".join(words))
        return language != "en" and certainty >= _CERTAIN

    @cached_property
    def _identifier(self) -> _Identifier:
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
