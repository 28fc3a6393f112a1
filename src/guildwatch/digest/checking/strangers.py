"""Strangers that a sentence of any language has: names of several words, and small nicknames."""

import re
from collections.abc import Iterator

from guildwatch.digest.checking import dates
from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.german import is_known_noun
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.tongues import is_german_text
from guildwatch.digest.checking.vocabulary import is_common, is_function, is_reporting
from guildwatch.digest.transcript.words import stem

# Capitals in a row within a sentence, and the word before them.
_ROW = re.compile(
    r"(?:([^\W\d_]+)|[,)])\s((?:[^\W\d_a-zß-öø-ÿ][\w'-]*)(?:\s(?:[^\W\d_a-zß-öø-ÿ][\w'-]*))+)"
)
_CAPITALS = re.compile(r"[^\W\d_](?:[\w'-]*[^\W_])?")
# Before the name of a maker or a member in German; a noun has an article there.
_BARE = frozenset(
    # Words read better as lines of words.
    "für von mit bei an gegen ohne laut nach aus zu durch dank per via "  # noqa: SIM905
    "for with by at from to".split()
)
# German nouns that another noun follows at once.
_MEASURING = frozenset(
    "ende mitte anfang prozent euro stück liter kilo gramm meter minuten stunden tage tagen wochen "  # noqa: SIM905
    "monate jahre paar tüten kisten flaschen frau herr familie firma thema bereich version".split()
)
_FROM_WHOM = (
    r"thanks to|help (?:from|of)|according to|gracias a|ayuda de|según|grâce à|aide de|selon"
    r"|d'après|grazie a|aiuto di|secondo|dank|laut|hilfe von|dankzij|volgens|hulp van|dzięki"
    r"|według|graças a|ajuda de|segundo"
)
_THANKED = re.compile(rf"(?<!\w)(?:{_FROM_WHOM}) ([^\W\d_][\w.-]*[^\W_])(?=\s*(?:[,;:.!)]|$))")
_SPEAKS = re.compile(
    r"(?:^|[.!?;:]\s+|,\s)([^\W\d_][\w.-]*[^\W_]) (?:meinte|sagte|schrieb|fragte|antwortete|fand"
    r"|dijo|escribió|preguntó|respondió|comentó|añadió|a (?:dit|écrit|demandé|répondu|ajouté)"
    r"|ha (?:detto|scritto|chiesto|risposto)|disse|zei|schreef|vroeg|powiedział|napisał|zapytał"
    r"|escreveu|perguntou|respondeu|said|wrote|asked)a?\b"
)


def strangers(folded: str, evidence: Evidence) -> Iterator[str]:
    """The names of several words, and the small nicknames of people, that the messages lack."""
    is_german = is_german_text(f"{folded} {evidence.text}")
    for found in _ROW.finditer(folded):
        parts = _CAPITALS.findall(found[2])
        may_be_nouns = is_german and not (
            (found[1] or "").casefold() in _BARE and parts[0].casefold() not in _MEASURING
        )
        if not may_be_nouns and not any(_is_borne_out(part, evidence) for part in parts):
            yield found[2]
    for found in (*_THANKED.finditer(folded.casefold()), *_SPEAKS.finditer(folded)):
        if found[1] == found[1].lower() and not _is_word(found[1], evidence):
            yield found[1]


def _is_borne_out(word: str, evidence: Evidence) -> bool:
    word = word.removesuffix("'s")
    if dates.key_of(word) is not None or evidence.is_called(word) or evidence.has_stem(word):
        return True
    return stem(word) in evidence.names or has_kin(stem(word), evidence.known)


def _is_word(word: str, evidence: Evidence) -> bool:
    """Whether a small word is one of the messages, or of a language known here."""
    plain = is_common(word) or is_function(word) or is_reporting(word) or is_known_noun(word)
    return plain or _is_borne_out(word, evidence)
