"""Masks: names that stand for members, so that neither a model nor a report can name one.

A mask looks like a name (`Xabodukax`), the same for a member always, and like no word of any
language. In a report what wears one is "someone".
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from guildwatch.digest.checking.vocabulary import GIVEN, is_common, is_function

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = 3
_SHORTEST = 3  # letters of a name, or of a part of one, that is looked for in any case
_BENT = 4  # letters from which on a name may have a genitive's s behind it, or be inflected
_CASES = (  # what Polish, Russian and their like put behind a name, folded
    "a e i o u y am em ie im om ow ou owi iem ami ach а у ю я е и ы ом ем еи ои ым им"
)
_ENDINGS = frozenset(_CASES.split())
_NOMINATIVES = ("", "a", "o", "e", "а", "я", "и", "ь")  # what stands there in a name itself
_MASK = re.compile(f"X[{_VOWELS}](?:[{_CONSONANTS}][{_VOWELS}]){{{_SYLLABLES}}}x", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# Not `a@b`, an address's path, a package's scope (`@types/node`) or code (`@cached()`).
_HANDLE = re.compile(r"(?<![\w@/.=&%+#:])@((?>[^\W\d_](?:[\w.-]{0,30}\w)?))(?![\w@/(])")
_NOBODY = frozenset(("everyone", "here", "role", "channel", "someone"))
_LATIN = re.compile(r"[a-z]+")
_STROKED = str.maketrans("łøđħŧıð", "lodhtid")  # letters that Unicode takes nothing off
_SPELT_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "oe",
        "å": "aa",
        "þ": "th",
    }
)
_SENTENCE_END = re.compile(r"(?:^|[.!?…:]\s+|[“„«\"(\n]\s*)$")
_ADDRESSING = re.compile(r"(?:^|[.!?…,;]\s*)$")
_BEFORE = 8  # signs before a word that say whether a sentence begins there


@dataclass(frozen=True, slots=True)
class _Known:
    """A way to write a member's name; `spelling` begins `before` characters before its first word.

    `is_word`: it is an ordinary word too, and a name only where it is addressed; `is_capital`: or
    where it has a capital.
    """

    spelling: str
    before: int
    member_id: int
    is_word: bool
    is_capital: bool


class Masks:
    """The members of a guild, each with a mask; names are known as they are learnt.

    Whoever is addressed by an `@` has a mask, known or not: it must not tell who is known from
    elsewhere. What is no name that anybody told us of cannot be covered else: a nickname that only
    others use.
    """

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        self._names: dict[int, set[str]] = {}
        self._known: dict[str, _Known] = {}
        # Of each first word (of unspaced scripts: two characters) where a name that has it begins
        # and how long it is: few, however many members have it.
        self._shapes: dict[str, set[tuple[int, int]]] = {}
        self.learn_all(names or {})

    def learn_all(self, names: Mapping[int, str]) -> None:
        """Take in what some members are called."""
        for member_id, name in names.items():
            self.learn(member_id, name)

    def learn(self, member_id: int, name: str) -> None:
        """Take in what a member is called; 0 is nobody."""
        known = self._names.setdefault(member_id, set())
        if not member_id or name in known:
            return
        known.add(name)
        for one in _spellings(member_id, name):
            before = self._known.get(one.spelling)
            if before is None or before.is_word:
                self._known[one.spelling] = one
                shape = (one.before, len(one.spelling))
                self._shapes.setdefault(_first_word(one), set()).add(shape)

    def of(self, member_id: int) -> str:
        """The member's mask."""
        digest = hashlib.sha256(b"%d" % member_id).digest()
        syllables = (
            _CONSONANTS[digest[2 * at] % len(_CONSONANTS)]
            + _VOWELS[digest[2 * at + 1] % len(_VOWELS)]
            for at in range(_SYLLABLES)
        )
        return f"X{_VOWELS[digest[-1] % len(_VOWELS)]}{''.join(syllables)}x"

    def cover(self, text: str) -> str:
        """The text with masks where it names members."""
        folded, parts, done = _folded(text), list[str](), 0
        for start, end, member_id in self._named(text, folded):
            if start >= done:
                parts += [text[done:start], self.of(member_id)]
                done = end
        return "".join([*parts, text[done:]]) if parts else text

    def settle(self, text: str, someone: str) -> str:
        """The text with this word where it names members or has their masks.

        The word has a capital at the beginning of a sentence.
        """
        covered = self.cover(text)

        def said(found: re.Match[str]) -> str:
            begins = _follows(_SENTENCE_END, covered, found.start())
            return someone[:1].upper() + someone[1:] if begins else someone

        return re.sub(f"@?{_MASK.pattern}", said, covered, flags=re.IGNORECASE)

    def names_somebody(self, text: str) -> bool:
        """Whether a text has a member's name or mask."""
        return self.cover(text) != text or _MASK.search(text) is not None

    def _named(self, text: str, folded: str) -> list[tuple[int, int, int]]:
        """Where members are named, and whoever is addressed by an `@`: begin, end and who."""
        named: dict[int, tuple[int, int]] = {}
        for start, end, member_id in self._found(text, folded):
            named.setdefault(start, (end, member_id))
        for handle in _HANDLE.finditer(text):
            start, end = handle.span(1)
            if start not in named and not _is_nobody(handle[1]):
                named[start] = end, _stranger(folded[start:end])
            elif start in named and not _is_unspaced(text[start]):
                named[start] = max(end, named[start][0]), named[start][1]
        return [(start, *named[start]) for start in sorted(named)]

    def _found(self, text: str, folded: str) -> Iterator[tuple[int, int, int]]:
        """Where members are named: begin, end and who, in order."""
        for word in _WORD.finditer(text):
            if _is_unspaced(word[0][0]) or any(map(_is_unspaced, word[0])):
                yield from self._in_unspaced(folded, word.start(), word.end())
            elif found := self._at(text, folded, word.start(), word.end()):
                yield found

    def _at(self, text: str, folded: str, start: int, end: int) -> tuple[int, int, int] | None:
        for key, bent in ((folded[start:end], 0), (folded[start : end - 1], 1)):
            if bent and (end - 1 - start < _BENT or folded[end - 1] != "s"):
                continue
            for known, begin in self._starting(key, folded, start):
                over = begin + len(known.spelling)
                if over < end - bent or not _stands_alone(folded, begin, over + bent):
                    continue
                if _is_meant(known, text, begin, over):
                    return begin, over, known.member_id
        return self._inflected(folded, start, end)

    def _inflected(self, folded: str, start: int, end: int) -> tuple[int, int, int] | None:
        """A name of one word in another case, as `Łukasza`; no everyday word is taken for one."""
        if not _stands_alone(folded, start, end):
            return None
        for cut in range(end - 3, end):
            if cut - start < _BENT - 1 or folded[cut:end] not in _ENDINGS:
                continue
            for nominative in _NOMINATIVES:
                name = folded[start:cut] + nominative
                known = self._known.get(name) if len(name) >= _BENT else None
                if known and not known.is_word and not is_common(folded[start:end]):
                    return start, end, known.member_id
        return None

    def _starting(self, key: str, folded: str, at: int) -> Iterator[tuple[_Known, int]]:
        """The names with this first word that stand here, and where, the longest first."""
        for before, length in sorted(self._shapes.get(key, ()), key=lambda shape: -shape[1]):
            begin = at - before
            known = self._known.get(folded[begin : begin + length]) if begin >= 0 else None
            if known is not None and known.before == before:
                yield known, begin

    def _in_unspaced(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Names within a run of a script that parts no words, and Latin ones glued to them."""
        for at in range(start, end):
            key = folded[at : at + 2]
            if latin := _LATIN.match(folded, at, end):
                key = latin[0] if at == start or not folded[at - 1].isascii() else ""
            for known, begin in self._starting(key, folded, at):
                if not known.is_word:
                    yield begin, begin + len(known.spelling), known.member_id
                    break


def _is_nobody(handle: str) -> bool:
    return handle.lower() in _NOBODY or _MASK.fullmatch(handle) is not None


def _stranger(handle: str) -> int:
    """An id that no member has, for one of whom only this is known."""
    return -int.from_bytes(hashlib.sha256(handle.encode("utf-8", "surrogatepass")).digest()[:8])


def _spellings(member_id: int, name: str) -> Iterator[_Known]:
    """A name as a whole and its words, each as people might write it, also without their keys."""
    yield from _spelt(member_id, name)
    composed = unicodedata.normalize("NFC", name).lower()
    if (spelt_out := composed.translate(_SPELT_OUT)) != composed:
        yield from _spelt(member_id, spelt_out)


def _spelt(member_id: int, name: str) -> Iterator[_Known]:
    folded = _folded(name).strip()
    first = _WORD.search(folded)
    if first is None:
        return  # digits and signs alone are said of many things
    if _is_unspaced(first[0][0]):
        if len(first[0]) > 1:
            yield _Known(first[0], 0, member_id, False, False)
        return
    words = dict.fromkeys(_WORD.findall(folded))
    if folded not in words:  # with digits, signs or several words it is nothing else
        yield _Known(folded, first.start(), member_id, False, False)
    for word in words:
        ordinary = _is_ordinary(word)
        if ordinary and len(words) > 1:
            continue
        if len(word) >= _SHORTEST or len(words) == 1:
            is_word = ordinary or word in GIVEN or len(word) < _SHORTEST
            yield _Known(word, 0, member_id, is_word, not ordinary)


def _is_ordinary(word: str) -> bool:
    """Whether anybody says this word all the time, so that it names somebody seldom."""
    return word not in GIVEN and (is_function(word) or is_common(word))


def _is_meant(known: _Known, text: str, begin: int, end: int) -> bool:
    if not known.is_word:
        return True
    if known.is_capital and text[begin].isupper():
        return True
    after = text[end : end + 1]
    if text.endswith("@", 0, begin):
        return True
    # `mark, can you` and `thanks, mark`; a lone comma says nothing of a word within a sentence.
    opens = _follows(_ADDRESSING, text, begin)
    return opens and (after in (",", ":") or (begin > 0 and after in ("", ".", "!", "?")))


def _follows(pattern: re.Pattern[str], text: str, place: int) -> bool:
    """Whether this stands right before a place; `^` in it is the beginning of the text."""
    return pattern.search(text, max(0, place - _BEFORE), place) is not None


def _stands_alone(text: str, begin: int, end: int) -> bool:
    return not ((begin and text[begin - 1].isalnum()) or (end < len(text) and text[end].isalnum()))


def _first_word(known: _Known) -> str:
    found = _WORD.match(known.spelling, known.before)
    word = found[0] if found else known.spelling
    return word[:2] if _is_unspaced(word[0]) else word


def _folded(text: str) -> str:
    """Small letters without accents or ornament, one for each character."""
    return "".join(map(_folded_character, text)) if not text.isascii() else text.lower()


@lru_cache(maxsize=20_000)
def _folded_character(char: str) -> str:
    bare = unicodedata.normalize("NFKD", char)[:1].lower().translate(_STROKED)
    return bare if len(bare) == 1 else char


def _is_unspaced(char: str) -> bool:
    return bool(char) and unicodedata.category(char) == "Lo"
