"""Names of people, products and settings that a sentence has and its messages lack."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from guildwatch.digest.checking import dates
from guildwatch.digest.checking.evidence import (
    HIRAGANA,
    NAME_LIKE,
    Evidence,
    letter_pairs,
    stands_alone,
)
from guildwatch.digest.checking.folding import fold, is_unspaced
from guildwatch.digest.checking.german import SURNAMES, is_known_noun, is_place
from guildwatch.digest.checking.numerals import said
from guildwatch.digest.checking.quotations import SAYING
from guildwatch.digest.checking.shorthand import spelt_out
from guildwatch.digest.checking.strangers import strangers
from guildwatch.digest.checking.things import is_code, is_other_compound, is_thing
from guildwatch.digest.checking.tongues import is_english_text, is_plain, is_romance_text
from guildwatch.digest.checking.vocabulary import (
    ABBREVIATIONS,
    FAMILY,
    GIVEN,
    LOANWORDS,
    REPORTING,
    in_english,
    is_common,
    is_function,
    is_product,
    is_reporting,
    may_open,
)
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import STOP, stem, words

_SHORTEST_NAME = 3
_FEWEST_JOINED = 6
_AFTER_VERBS = frozenset(
    {"the", "a", "an", "it", "they", "we", "this", "that", "there", "any", "be"}
)
_ASSIGNED = re.compile(r"(?<![\w&?/-])[\w.-]+=[\w./-]*\w|(?<!\S)--[a-z][\w-]+(?:=\S+)?")
_ADDRESSED = re.compile(r"(?<!\w)@([^\s@,:;.!?()\"“”']+)")
_TAG = re.compile(r"(?<!\w)#([^\W\d_][\w-]*)")
_EMOJI = re.compile(r"(?<!\w):([a-z0-9_+~-]{2,32}):(?!\w)", re.IGNORECASE)
_SIGNED = (_ADDRESSED, _TAG, _EMOJI)
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")
_HONOURED = re.compile(
    r"((?:[一-龯々]{1,6}|[ァ-ヴー]{2,12}|[ぁ-ゖ]{2,8}|[가-힣]{2,4}|[A-Za-z]{2,20}))"
    r"(?:さん|さま|ちゃん|くん|先生|様|씨|님)"
)
_LOOKING_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
_SPEAKING = re.compile(rf"\s+(?:has |had |also )?(?:{SAYING})\b", re.IGNORECASE)
_TITLES = frozenset(
    # Words read better as lines of words.
    "herr herrn frau dr doktor professor pfarrer pfarrerin pastor pater lehrer lehrerin trainer "  # noqa: SIM905
    "trainerin kollege kollegin nachbar nachbarin onkel tante bürgermeister bürgermeisterin "
    "meister richter kantor kapitän".split()
)
# How what stands before a noun ends in German: articles, pronouns, adjectives, `zum` and `als`.
_BEFORE_NOUNS = ("e", "er", "as", "en", "em", "es", "ein", "im", "am", "um", "ur", "om", "als")
_ELIDED = re.compile(r"^(?:[lLdDjJnNmMtTsScC]|[qQ]u)'(?=[^\W\d_]{2})")
_LETTERED = re.compile(r"(?<=[^\W\d_] )([B-HJ-Z])(?!['.\w+#&]|\s?[-/&]\s?\w)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…][\"'”)\]]*\s+|[.!?:;]\s*)[\"“'(‘\[]*$")


def strange_name(text: str, folded: str, evidence: Evidence) -> str | None:
    """The first name of a text, here as written and folded, that its messages lack."""
    found = (
        next(_strange_signs(folded, evidence), None)
        or next(_strange_words(folded, evidence), None)
        or (None if _is_titled(folded) else next(strangers(folded, evidence), None))
        or _disguised(text, evidence)
    )
    return f"{found} is not in its messages" if found else None


def strange_person(folded: str, evidence: Evidence, around: Iterable[Line]) -> str | None:
    """Whoever else talks here is told by no point of other people's: names may be small."""
    low = folded.casefold()
    for name in sorted({fold(line.name).casefold() for line in around}):
        if len(name) < _SHORTEST_NAME and not any(map(is_unspaced, name)):
            continue
        if name in STOP or name in REPORTING or name in evidence.text or name not in low:
            continue
        if any(map(is_unspaced, name)) or stands_alone(name, low):
            return f"{name} is not in its messages"
    return None


def _strange_signs(folded: str, evidence: Evidence) -> Iterator[str]:
    """Settings, mentions, tags, emoji, and names in Japanese, that the messages lack."""
    for found in _ASSIGNED.finditer(folded):
        if found[0].casefold() not in evidence.text:
            yield found[0]
    for found in chain.from_iterable(each.finditer(folded) for each in _SIGNED):
        if not evidence.has_word(found[0].casefold().replace(" ", "").rstrip("'-")):
            yield found[0]
    for found in _LETTERED.finditer(folded):
        if re.search(rf"(?<![^\W\d_]){found[1].casefold()}(?![^\W\d_])", evidence.text) is None:
            yield found[1]
    for found in (*_KATAKANA.finditer(folded), *_HONOURED.finditer(folded)):
        word = found[found.lastindex or 0]
        if word not in LOANWORDS and word.casefold() not in evidence.text:
            yield found[0]


def _strange_words(folded: str, evidence: Evidence) -> Iterator[str]:
    """The words that may be names and that the messages lack."""
    is_english = is_english_text(f"{folded} {evidence.text}")
    may_be_noun = not is_english and not is_romance_text(f"{folded} {evidence.text}")
    is_titled = _is_titled(folded)
    spelt = spelt_out(folded, evidence.exact) | _written_apart(folded, evidence)
    before = ""
    for found in NAME_LIKE.finditer(folded):
        previous, before = before, found[0]
        word, after = _bare(found[0]), folded[found.end() :]
        if _is_given_name(word, after, evidence):
            yield found[0]
        if found.start() in spelt or evidence.is_called(word) or [*said(word)]:
            continue  # what is told in words is a number, and looked at as one
        if is_thing(previous, word, after, evidence, is_english=is_english):
            yield found[0]
        if _is_held(word, evidence, may_be_noun=may_be_noun):
            continue
        start = _SENTENCE_START.search(folded[: found.start()]) is not None
        is_subject = start or folded[: found.start()].endswith(", ")
        if is_subject and not is_titled and _speaks(word, folded[found.start() + len(word) :]):
            yield found[0]
        is_owner = start and word.endswith("s") and after[1:2].isupper()  # Wolframs Noten
        is_owner = is_owner or previous.casefold() in _TITLES
        if may_be_noun and not is_owner and _is_german_noun(word, previous):
            continue
        if _may_be_no_name(word, evidence, start=start or is_titled, is_english=is_english):
            continue
        if is_english or not is_plain(word, folded[: found.start()], after, evidence, start=start):
            yield found[0]


def _is_held(word: str, evidence: Evidence, *, may_be_noun: bool) -> bool:
    """Whether the messages have a word, each part of it, or the day that it names."""
    if evidence.bears_out(word) or _is_day(word, evidence):
        return True
    return _in_parts(word, evidence, may_be_noun=may_be_noun)


def _bare(word: str) -> str:
    """A word without the sign of the genitive and without an article that lost its vowel."""
    return _ELIDED.sub("", word).removesuffix("'s").removesuffix("'S") or word


def _is_german_noun(word: str, previous: str) -> bool:
    is_noun = word != word.lower() and "-" not in word and is_known_noun(word)
    is_surname = word.lower() in SURNAMES and not previous.lower().endswith(_BEFORE_NOUNS)
    is_name = is_surname or is_product(word.lower()) or is_place(word, previous)
    return is_noun and not is_name  # Okonkwo-Fix: in parts


def _is_day(word: str, evidence: Evidence) -> bool:
    """Whether the messages name this day or month, in other words: November, of Nov 18th."""
    return dates.key_of(word) in evidence.dates


def _is_given_name(word: str, after: str, evidence: Evidence) -> bool:
    """Whether a word that is a name as well is one here, and nobody's in the messages."""
    if word.lower() not in GIVEN or word == word.lower() or stem(word) in evidence.names:
        return False
    if stands_alone(word, evidence.exact) or _is_day(word, evidence):
        return False
    return (words(after) or [""])[0].lower() not in _AFTER_VERBS


def _written_apart(folded: str, evidence: Evidence) -> set[int]:
    """Where two words begin that the messages write as one: `Secure Boot` of "secureboot"."""
    found = list(NAME_LIKE.finditer(folded))
    return {
        place
        for one, other in pairwise(found)
        if len(one[0]) + len(other[0]) >= _FEWEST_JOINED
        and stem(f"{one[0]}{other[0]}".replace("'", "")) in evidence.said
        for place in (one.start(), other.start())
    }


def _in_parts(word: str, evidence: Evidence, *, may_be_noun: bool) -> bool:
    """Whether each part of a word with a hyphen holds: `umlaut-related`."""
    parts = [part for part in word.split("-") if part]
    if is_other_compound(parts, evidence):
        return False
    return len(parts) > 1 and all(
        evidence.bears_out(part)
        or (part[1:] == part[1:].lower() and is_common(part))
        or (part == part.lower() and in_english(part))
        or part.lower() in ABBREVIATIONS
        or (part != part.lower() and may_be_noun and _is_german_noun(part, ""))
        for part in parts
    )


def _may_be_no_name(word: str, evidence: Evidence, *, start: bool, is_english: bool) -> bool:
    low = word.lower()
    if any(map(is_unspaced, word)):
        return bool(HIRAGANA.search(word)) or _shares_pairs(word, evidence)
    if word == low and not is_english:
        return not is_code(low)
    if word == low:
        # A small word that English does not know may be a nickname.
        return len(word) < 3 or low == "o'clock" or is_function(word) or in_english(word)
    if len(word) == 1 or low in ("i'm", "i'll", "i've", "i'd"):
        return True
    if low in ABBREVIATIONS or (not word.isascii() and _is_bent(low, evidence)):
        return True
    return start and may_open(word)


def _is_bent(low: str, evidence: Evidence) -> bool:
    """Whether it is a word of the messages in another case: `Ольги` of `Ольга`."""
    names = {each for each in evidence.known if each[:2] == low[:2]}
    return any(
        len(each) > 2
        and low[: max(3, len(each) - 2)] == each[: max(3, len(each) - 2)]
        and abs(len(low) - len(each)) <= 3
        for each in names
    )


def _shares_pairs(word: str, evidence: Evidence) -> bool:
    pairs = letter_pairs(word)
    return not pairs.isdisjoint(evidence.pairs) if pairs else word in evidence.text


def _disguised(text: str, evidence: Evidence) -> str | None:
    """A word of letters from two scripts, as no language has it, looks like another word."""
    for word in words(text):
        scripts = {_script(char) for char in word if char.isalpha()}
        is_mixed = len(scripts & _LOOKING_ALIKE) > 1
        if is_mixed and not evidence.has_word(fold(word).casefold()):
            return word
    return None


def _speaks(word: str, after: str) -> bool:
    """Whether a rare word is told to say something, with no article: likely it is a nickname."""
    if word.lower() in FAMILY:
        return _SPEAKING.match(after) is not None or after.startswith(("'s ", ", a ", ", an "))
    if is_common(word) or is_function(word) or is_reporting(word) or word.endswith("s"):
        return False
    return _SPEAKING.match(after) is not None


def _is_titled(folded: str) -> bool:
    """Whether a text is written As Titles Are, so that a capital says nothing."""
    telling = [word for word in words(folded) if len(word) > 3 and word.isalpha()]
    capital = sum(word[0] != word[0].lower() for word in telling)
    return len(telling) > 1 and capital == len(telling)


def _script(char: str) -> str:
    return unicodedata.name(char, "?").split(" ", 1)[0]
