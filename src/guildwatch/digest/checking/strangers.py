"""Strangers that a sentence of any language has: names of several words, and small nicknames."""

import re
from collections.abc import Iterator

from guildwatch.digest.checking import dates
from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.german import is_known_noun
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.tongues import is_german_text, is_romance_text, is_spelt_strangely
from guildwatch.digest.checking.vocabulary import (
    FAMILY,
    in_english,
    is_common,
    is_function,
    is_reporting,
)
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
# In German, where nouns are written large, a small word with nothing after it is no noun.
_WITH_WHOM = re.compile(
    r"(?<!\w)(?:von|mit|für|bei|gegen|ohne|laut|durch|über|wegen|dank|vom|beim) "
    r"([^\W\d_][\w.-]{2,}[^\W_])(?=\s*(?:[,;:.!)]|$))"
)
_SMALL_ENDS = frozenset(
    # Words read better as lines of words.
    "nacht weitem zuhause hause allein alleine sich immer vorn vorne hinten oben unten außen innen "  # noqa: SIM905
    "dabei weiteres selbst einander vornherein heute gestern morgen hand links rechts neuem".split()
)
_OWNER = re.compile(r"(?:^|[.!?;:]\s+)([A-ZÄÖÜ][^\W\d_]{2,}s) (?=[A-ZÄÖÜ])")
_NO_GENITIVES = ("es", "ens", "ts", "ls", "ags", "ends", "us", "is", "as", "ss", "nders")
_SPEAKS = re.compile(
    r"(?:^|[.!?;:]\s+|,\s)([^\W\d_][\w.-]*[^\W_]) (?:meinte|sagte|schrieb|fragte|antwortete|fand"
    r"|sagt|meint|dijo|propone|escribió|preguntó|respondió|comentó|añadió|propose"
    r"|a (?:dit|écrit|demandé|répondu|ajouté)"
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
        is_word = _is_word if found[1] == found[1].lower() else _is_no_family
        if not is_word(found[1], evidence):
            yield found[1]
    if is_german:
        yield from _in_german(folded, evidence)
    elif is_romance_text(folded):
        yield from _spelt_strangely(folded, evidence)


def _in_german(folded: str, evidence: Evidence) -> Iterator[str]:
    """Small words after `mit` and the like, and names in the genitive before a noun."""
    for found in _WITH_WHOM.finditer(folded):
        word = found[1]
        is_small = word == word.lower() and word not in _SMALL_ENDS and not word.endswith("en")
        if is_small and not _is_word(word, evidence):
            yield word
    for found in _OWNER.finditer(folded):
        is_other = is_function(found[1]) or is_reporting(found[1]) or is_known_noun(found[1])
        is_other = is_other or found[1].endswith(_NO_GENITIVES)
        if not is_other and not _is_borne_out(found[1], evidence):
            yield found[1]


def _spelt_strangely(folded: str, evidence: Evidence) -> Iterator[str]:
    """Small words that a Romance language would not write so."""
    for word in _CAPITALS.findall(folded):
        is_strange = word == word.lower() and is_spelt_strangely(word, folded)
        if is_strange and not in_english(word) and not _is_word(word, evidence):
            yield word


def _is_borne_out(word: str, evidence: Evidence) -> bool:
    word = word.removesuffix("'s")
    if dates.key_of(word) is not None or evidence.is_called(word) or evidence.has_stem(word):
        return True
    return stem(word) in evidence.names or has_kin(stem(word), evidence.known)


def _is_no_family(word: str, evidence: Evidence) -> bool:
    """Whether a capital is none of the words that are names as well, or of the messages."""
    return word.lower() not in FAMILY or _is_borne_out(word, evidence)


def _is_word(word: str, evidence: Evidence) -> bool:
    """Whether a small word is one of the messages, or of a language known here."""
    plain = is_common(word) or is_function(word) or is_reporting(word) or is_known_noun(word)
    return plain or _is_borne_out(word, evidence)
