"""Programs, commands and settings that a sentence has in small letters, as its messages do not."""

import re
import unicodedata

from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.vocabulary import (
    ABBREVIATIONS,
    EVERYDAY_PRODUCTS,
    in_english,
    is_common,
    is_function,
    is_product,
    is_reporting,
)
from guildwatch.digest.transcript.words import stem

_COMPOUND = re.compile(r"(?<![\w-])[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?![\w-])")
_ENDS_OF_COMPOUNDS = frozenset(
    # Words read better as lines of words.
    "related based like free only specific style wide friendly compatible enabled aware driven "  # noqa: SIM905
    "side level powered generated made hosted written".split()
)
_BEFORE_THINGS = frozenset(
    "with via using use uses used run runs ran running launch launched install installs installed "  # noqa: SIM905
    "installing uninstall uninstalling uninstalled reinstall reinstalling reinstalled called "
    "named test tests tested try tries tried suggest suggested recommend recommended prefer "
    "preferred propose proposed".split()
)
_BEFORE_SUBJECTS = frozenset({"that", "whether", "if", "because", "while", "and", "but", "when"})
_ACTS = re.compile(r"\s+(?:will|is|was|has|had|uses|used|supports|does|did|can|could|needs)\b")
_SHORT_FORMS = frozenset({"bzw", "usw", "ggf", "vgl", "km", "cm", "mm", "kg", "ml", "d", "l", "n"})
_BENT = ("ed", "ing", "ly", "s")
_NO_THINGS = (
    *("ed", "ing", "ly", "tion", "sion", "tions", "ment", "ments", "ity", "ness", "ance", "ence"),
    *("ism", "ship", "ure", "al", "als", "ery", "ry"),
)


def is_other_compound(parts: list[str], evidence: Evidence) -> bool:
    """Whether it is like a technical name of the messages, but another: `fuse-exfat`."""
    if len(parts) < 2 or parts[-1].lower() in _ENDS_OF_COMPOUNDS:
        return False
    low = "-".join(parts).lower()
    own = {each for each in _COMPOUND.findall(evidence.text) if not in_english(each.split("-")[0])}
    if low in evidence.text:
        return False
    return any(
        sorted(each.split("-")) == sorted(low.split("-"))
        or each.rpartition("-")[0] == low.rpartition("-")[0]
        for each in own
    )


def is_thing(previous: str, word: str, after: str, evidence: Evidence, *, is_english: bool) -> bool:
    """Whether a rare word stands where a program's name would, and nobody in the messages said it.

    After a command or a name (`ubuntu-bug ubiquity`), or with no article (`with bigwigs`, `that
    zesty will use it`).
    """
    if word != word.lower() or after.startswith(" of ") or evidence.bears_out(word):
        return False  # with exposures of
    if is_product(word) or not is_english:
        return is_product(word)
    low = previous.lower()
    is_bare = low in _BEFORE_SUBJECTS and _ACTS.match(after) is not None
    is_after_verb = (low in _BEFORE_THINGS or is_bare) and not word.endswith(_NO_THINGS)
    if is_after_verb and word in EVERYDAY_PRODUCTS:
        return True
    if not is_after_verb and (not _is_technical(low, evidence) or word.endswith(_BENT)):
        return False
    if "-" in word or is_common(word) or is_function(word) or is_reporting(word):
        return False
    return in_english(word) and not has_kin(stem(word), evidence.said)


def _is_technical(low: str, evidence: Evidence) -> bool:
    """Whether a word in small letters is a command or the like, which the messages name."""
    return not in_english(low) and evidence.has_word(low) and stem(low) not in evidence.names


def is_code(low: str) -> bool:
    """Whether a small word is none of any language: with figures or a line in it, or no vowel."""
    bare = unicodedata.normalize("NFD", low)
    has_vowel = any(sign in "aeiouy" for sign in bare) or not low.isascii()
    is_short_form = low in ABBREVIATIONS or low in _SHORT_FORMS
    is_word = has_vowel and not any(sign.isdigit() or sign == "_" for sign in low)
    return not is_short_form and not is_word
