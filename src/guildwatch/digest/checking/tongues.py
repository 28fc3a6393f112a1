"""In which language a sentence is, and whether a capital of it is a name at all."""

import re

from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.german import is_counted_noun
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.vocabulary import (
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
_WITHOUT_K = frozenset("le la les et est une el los las y que il della".split())  # noqa: SIM905
_WITH_K = frozenset(
    # Words read better as lines of words.
    "na jest się nie w z het een van voor met op niet og och på för na ve bir".split()  # noqa: SIM905
)
_LOANS_WITH_K = ("kil", "kios", "kiné", "km", "kw", "klax", "kerm", "stock", "snack", "truck")
_OPENINGS = ("ment", "mente", "weise", "tion", "ción", "ung", "heit", "keit", "falls", "dings")
# What stands before the object of a verb or the noun after a participle, never after a subject.
_ARTICLES = frozenset(
    "el los las un una unos unas les des der die das den dem ein eine einen".split()  # noqa: SIM905
)
_PAST_OPENINGS = ("aron", "ieron", "aremos", "arán", "irán", "erán")
_IS_OF_PLACE = re.compile(r"[^\W\d_]+er [A-ZÄÖÜ]")
_AFTER_OPENINGS = frozenset({"de", "du", "des", "à", "au", "aux", "para", "por", "pour", "di"})
# Giulia de la comunidad dice que …
_SPEAKS_LATER = re.compile(
    r" (?:de|du|des|del|di|da|do) (?:[\w'-]+ ){1,4}?(?:a )?(?:dice|dijo|propone|propuso|pregunta"
    r"|pide|explica|cuenta|dit|propose|demande|explique|pense|veut|chiede|disse|diz|pede) "
)
# How German nouns do not end but for loans, which are known or not: Okonkwo, Annika, Nestlé.
_STRANGE_ENDS = ("o", "a", "i", "u", "é", "y", "ez", "ski", "czyk")
_IS_ANSWERED = re.compile(
    r"\s+(?:hat\s|will\s)?(?:sagt|meint|schreibt|schrieb|fragt|antwortet|findet|schlägt|bietet"
    r"|erklärt|berichtet|verspricht|glaubt|denkt)e?\b"
)
_ANSWERS = re.compile(
    r"(?:sagt|meint|schreibt|fragt|antwortet|erklärt|berichtet|findet)e? (?:der|die|das) $"
)


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
    if start:
        return _opens(word.lower(), after)
    if _IS_OF_PLACE.match(f"{word}{after}"):
        return False  # der Dresdner Dom
    if word.lower().endswith(_STRANGE_ENDS) or _is_speaker(before, after):
        return False
    is_noun = _is_noun(re.findall(r"[\w.,:]*\w", before)[-4:], evidence)
    return is_noun and is_german_text(f"{before} {word} {after}")


def _opens(low: str, after: str) -> bool:
    """Whether a word begins a sentence as a verb, an adverb or a noun does, and no name."""
    following = (words(after) or [""])[0].lower() if after.startswith(" ") else ""
    if following in _ARTICLES or low.endswith(_PAST_OPENINGS):
        return True
    if low.endswith(_OPENINGS) and len(low) >= _LONG_ENOUGH:
        return True
    return following in _AFTER_OPENINGS and _SPEAKS_LATER.match(after) is None


def _is_speaker(before: str, after: str) -> bool:
    """Whether a word is told to say something, in German: `der Okonkwo sagte`."""
    return _IS_ANSWERED.match(after) is not None or _ANSWERS.search(before) is not None


def is_romance_text(folded: str) -> bool:
    """Whether more of its small words are Spanish, French and the like than are German."""
    return _leaning(folded) < 0


def _is_noun(before: list[str], evidence: Evidence) -> bool:
    """Whether an article, a number or a person's name in the genitive is before it."""
    if is_counted_noun(before):
        return True
    last = before[-1] if before else ""
    return last[:1].isupper() and last.endswith("s") and stem(last[:-1]) in evidence.names


def is_spelt_strangely(word: str, folded: str) -> bool:
    """Whether a small word has letters that French, Spanish and Italian hardly use: a nickname."""
    found = {each.lower() for each in words(folded)}
    is_sure = bool(found & _WITHOUT_K) and found.isdisjoint(_GERMAN | _WITH_K)
    return is_sure and ("k" in word or "w" in word) and not word.startswith(_LOANS_WITH_K)


def is_german_text(folded: str) -> bool:
    """Whether more of its small words are German than are Spanish, French and the like."""
    return _leaning(folded) > 0


def _leaning(folded: str) -> int:
    """How many more small words are German than Romance."""
    found = {word.lower() for word in words(folded)}
    return len(found & _GERMAN) - len(found & _ROMANCE)
