"""How many tokens a text takes: a guess by its characters, corrected by every real count."""

import re
from math import ceil, isfinite
from typing import Protocol

_WORDS = re.compile(r"[A-Za-z ]+")
_LETTERS_PER_TOKEN = 4.0
_BYTES_PER_TOKEN = 3.0  # outside ASCII: a Chinese sign is one token, a Cyrillic letter two thirds
_CAUTIOUS = 1.15
_LEAST, _MOST = 0.4, 12.0
_SLOWLY = 0.2
_CAREFUL = 1.05
_FEW = 50  # tokens, from which nothing can be learnt


class Measured(Protocol):
    """Where it is kept from one run to the next how many characters make a token of a model's."""

    async def load(self, model: str) -> float | None:
        """What was measured with a model, None when nothing was."""

    async def save(self, model: str, characters_per_token: float) -> None:
        """Keep what was measured with a model."""


def raw_tokens(text: str) -> float:
    """The uncorrected guess: four letters, one digit or sign, three bytes beyond ASCII a token."""
    letters = sum(len(run) for run in _WORDS.findall(text))
    beyond = len(text.encode("utf-8", "replace")) - len(text)
    foreign = sum(char > "\x7f" for char in text) if beyond else 0
    signs = len(text) - letters - foreign
    return letters / _LETTERS_PER_TOKEN + signs + (foreign + beyond) / _BYTES_PER_TOKEN


class Calibration:
    """The correction factor of one model: rises at once when a guess was too low, falls slowly."""

    def __init__(self, factor: float = _CAUTIOUS) -> None:
        self.factor = factor

    @property
    def characters_per_token(self) -> float:
        """How many letters of plain English make a token, with our caution in it."""
        return _LETTERS_PER_TOKEN / self.factor

    def recall(self, characters_per_token: float) -> None:
        """Begin with what was measured before; what cannot be a measurement is passed over."""
        if isfinite(characters_per_token) and characters_per_token > 0:
            self._move_to(_LETTERS_PER_TOKEN / characters_per_token)

    def tokens(self, text: str) -> int:
        """The corrected estimate."""
        return ceil(raw_tokens(text) * self.factor)

    def learn(self, text: str, counted: int, *, cached: int = 0) -> None:
        """Take in what the server really counted for this text.

        Whether it counted the first `cached` characters too is not known: servers may leave out
        what they read before. So the truth lies between two measures.
        """
        guess, rest = raw_tokens(text), raw_tokens(text[cached:])
        if guess < _FEW:
            return
        least = _CAREFUL * counted / guess
        most = _CAREFUL * counted / rest if rest >= _FEW else self.factor
        if least > self.factor:
            self._move_to(least)
        elif most < self.factor:
            self._move_to(self.factor + _SLOWLY * (most - self.factor))

    def was_too_low(self) -> None:
        """Take in that a prompt thought to fit did not, its real length being unknown."""
        self._move_to(self.factor * 1.4)

    def _move_to(self, factor: float) -> None:
        self.factor = min(_MOST, max(_LEAST, factor))
