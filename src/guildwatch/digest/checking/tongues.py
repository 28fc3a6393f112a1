"""In which language a sentence is, and whether a capital of it is a name at all."""

import re

from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.german import is_counted_noun
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.vocabulary import (
    GIVEN,
    is_common,
    is_elsewhere_too,
    is_english_only,
    is_foreign,
    is_product,
)
from guildwatch.digest.transcript.words import stem, words

_ENGLISH = 0.25
_FEW_SHARED = 2
_LONG_ENOUGH = 8
_GERMAN = frozenset(
    # Words read better as lines of words.
    "der die das und ist nicht ein eine mit für auf dem den im zu von wurde wird hat sich".split()  # noqa: SIM905
)
_ROMANCE = frozenset(
    "le la les et est une des du el los las y con para que il di per na em".split()  # noqa: SIM905
)
_OPENINGS = ("ment", "mente", "weise", "tion", "ción", "ung", "heit", "keit", "falls", "dings")
# What stands before the object of a verb or the noun after a participle, never after a subject.
_ARTICLES = frozenset(
    "el los las un una unos unas les des der die das den dem ein eine einen".split()  # noqa: SIM905
)
_PAST_OPENINGS = ("aron", "ieron", "aremos", "arán", "irán", "erán")
_IS_OF_PLACE = re.compile(r"[^\W\d_]+er [A-ZÄÖÜ]")
_BEFORE_REASONS = frozenset({"wegen", "während", "trotz", "mangels", "ohne", "aufgrund", "statt"})
_AFTER_OPENINGS = frozenset({"de", "du", "des", "à", "au", "aux", "para", "por", "pour", "di"})


def is_english_text(folded: str) -> bool:
    """Whether a text's words are English ones by and large, and none of another language's."""
    found = [word for word in words(folded) if word.isalpha()]
    foreign = sum(map(is_foreign, found))
    if not any(map(is_english_only, found)) and sum(map(is_elsewhere_too, found)) >= _FEW_SHARED:
        return False  # "die", "am", "um" and "im" are German as well
    return sum(map(is_common, found)) >= max(_ENGLISH * len(found), 2 * foreign)


def is_plain(word: str, before: str, after: str, evidence: Evidence, *, start: bool) -> bool:
    """Whether a capital of another language is no name: kin of what was said, a noun, an opening.

    A name has no article; "im" and "zum" stand before names of places too.
    """
    if is_product(word.lower()) or word[1:] != word[1:].lower():
        return False
    if has_kin(stem(word), evidence.said):
        return True
    following = (words(after) or [""])[0].lower()
    if start and (following in _ARTICLES or word.lower().endswith(_PAST_OPENINGS)):
        return True
    if start:
        opens = word.lower().endswith(_OPENINGS) and len(word) >= _LONG_ENOUGH
        return opens or following in _AFTER_OPENINGS
    if _IS_OF_PLACE.match(f"{word}{after}"):
        return False  # der Dresdner Dom
    is_noun = _is_noun(re.findall(r"[\w.,:]*\w", before)[-4:], evidence)
    is_loan = is_common(word) and word.lower() not in GIVEN  # Chips, Server
    return (is_noun or is_loan) and is_german_text(f"{before} {word} {after}")


def is_romance_text(folded: str) -> bool:
    """Whether more of its small words are Spanish, French and the like than are German."""
    return _leaning(folded) < 0


def _is_noun(before: list[str], evidence: Evidence) -> bool:
    """Whether an article, a number, a reason or a person's name in the genitive is before it."""
    if is_counted_noun(before):
        return True
    last = before[-1] if before else ""
    is_owner = last[:1].isupper() and last.endswith("s") and stem(last[:-1]) in evidence.names
    return is_owner or last.lower() in _BEFORE_REASONS


def is_german_text(folded: str) -> bool:
    """Whether more of its small words are German than are Spanish, French and the like."""
    return _leaning(folded) > 0


def _leaning(folded: str) -> int:
    """How many more small words are German than Romance."""
    found = {word.lower() for word in words(folded)}
    return len(found & _GERMAN) - len(found & _ROMANCE)
