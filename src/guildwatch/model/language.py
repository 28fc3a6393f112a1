"""The languages that a report can be told in."""

from dataclasses import dataclass
from typing import Literal

LanguageCode = Literal["en", "de", "es", "fr", "it", "nl", "pl", "pt"]
"""ISO 639-1. The report layer has a catalogue of fixed words for each of them."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code, its English name and the name that it gives itself."""

    code: LanguageCode
    english: str
    own: str


LANGUAGES: dict[str, Language] = {
    each.code: each
    for each in (
        Language("en", "English", "English"),
        Language("de", "German", "Deutsch"),
        Language("es", "Spanish", "Español"),
        Language("fr", "French", "Français"),
        Language("it", "Italian", "Italiano"),
        Language("nl", "Dutch", "Nederlands"),
        Language("pl", "Polish", "Polski"),
        Language("pt", "Portuguese", "Português"),
    )
}


def language_named(text: str) -> Language | None:
    """The language of a code or a name, English or its own, in any case; None for any other."""
    wanted = text.strip().casefold()
    return next(
        (
            each
            for each in LANGUAGES.values()
            if wanted in (each.code, each.english.casefold(), each.own.casefold())
        ),
        None,
    )
