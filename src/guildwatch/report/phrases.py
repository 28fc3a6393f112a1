"""The fixed words of reports in the languages that there are, with their plurals and numbers.

Words, plural rules and the forms of dates and numbers follow the Unicode CLDR, release 46
(https://cldr.unicode.org), where it has them.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from guildwatch.model import LANGUAGES

_Table = Mapping[str, Any]


class Phrases:
    """What a report says by itself, in one language."""

    def __init__(self, table: _Table, plural: Callable[[int], str]) -> None:
        self._table = table
        self._plural = plural

    def say(self, key: str, **fields: object) -> str:
        """The words of a key such as `words.details`, with these fields in their places."""
        return str(self._at(key)).format(**fields)

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        section, _, name = key.partition(".")
        return name in self._table[section]

    def count(self, key: str, number: int) -> str:
        """So many of something: `1 message`, `1,204 messages`."""
        forms: dict[str, str] = self._at(key)
        return forms[self._plural(number)].format(n=self.number(number))

    def number(self, number: int) -> str:
        """A whole number with its thousands apart, as this language parts them."""
        numbers = self._table["numbers"]
        if abs(number) < 10 ** (numbers["least_digits"] - 1):
            return str(number)
        return f"{number:,}".replace(",", numbers["separator"])

    def share(self, part: float) -> str:
        """A share 0..1 as `61 %`."""
        return self.say("numbers.share", number=round(part * 100))

    def calendar(self, key: str, at: int) -> str:
        """A weekday or a month by its place from 0 in the list `key`."""
        return str(self._table["calendar"][key][at])

    def section(self, name: str) -> dict[str, str]:
        """All words of a section without plurals, by their keys."""
        return dict(self._table[name])

    def _at(self, key: str) -> Any:
        section, _, name = key.partition(".")
        return self._table[section][name]


@cache
def phrases(language: str) -> Phrases:
    """The words of a language by its code; those of English where there are none."""
    code = language if language in LANGUAGES else "en"
    text = files(__package__).joinpath("catalogue", f"{code}.toml").read_text("utf-8")
    return Phrases(tomllib.loads(text), _PLURALS.get(code, _one_or_other))


def reworded(reason: str, language: str) -> str:
    """A reason that is kept in English, in a language; as it stands where there is none for it."""
    for key, pattern in _reasons().items():
        found = pattern.fullmatch(reason)
        if found is not None:
            fields = {name: reworded(each, language) for name, each in found.groupdict().items()}
            return phrases(language).say(f"reasons.{key}", **fields)
    return reason


@cache
def _reasons() -> dict[str, re.Pattern[str]]:
    """What each of English is recognised by, with the places that are filled in."""
    english: dict[str, str] = phrases("en").section("reasons")
    return {
        key: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(said)))
        for key, said in english.items()
    }


def _one_or_other(number: int) -> str:
    return "one" if number == 1 else "other"


def _french(number: int) -> str:
    return "one" if number in (0, 1) else "other"


def _polish(number: int) -> str:
    if number == 1:
        return "one"
    is_few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
    return "few" if is_few else "many"


# https://www.unicode.org/cldr/charts/46/supplemental/language_plural_rules.html
_PLURALS: dict[str, Callable[[int], str]] = {"fr": _french, "pt": _french, "pl": _polish}
