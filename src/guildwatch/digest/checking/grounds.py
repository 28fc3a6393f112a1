"""What some messages say, ready to be asked whether it bears out a sentence about them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from guildwatch.digest.checking import dates, measures, numerals
from guildwatch.digest.checking.folding import flat, fold, is_unspaced
from guildwatch.digest.checking.german import is_known_noun
from guildwatch.digest.checking.kinship import has_kin
from guildwatch.digest.checking.vocabulary import (
    ABBREVIATIONS,
    GIVEN,
    LOANWORDS,
    REPORTING,
    in_english,
    is_common,
    is_foreign,
    is_function,
    is_reporting,
    may_open,
    root,
)
from guildwatch.digest.transcript.clean import URL, find_urls, show_url
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import STOP, is_telling, stem, telling_stems, words

SUPPORT = 0.25
"""The least share of a sentence's telling words that its messages must say.

Measured on paraphrases written by hand and with `benchmarks/checks.py`; the manual's section on
checks has the figures.
"""

_AMPLE, _MOSTLY, _FAR_MORE = 0.5, 0.6, 2
_SHORTEST_NAME = 3
_ENGLISH = 0.25
_FEWEST_JOINED = 6
_AFTER_VERBS = frozenset(
    {"the", "a", "an", "it", "they", "we", "this", "that", "there", "any", "be"}
)
_QUOTED = re.compile(
    r"[\"“”„«»‹›「『《〈〝＂″]([^\"“”„«»‹›「」『』《》〈〉〝〞＂″]{2,})(?:[\"“”»«›‹」』》〉〞＂″]|$)"
    r"|(?<!\w)['‘‚]([^‘]{3,}?)['’‘](?!\w)|`([^`]{2,})`"
)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_ASSIGNED = re.compile(r"(?<![\w&?/-])[\w.-]+=[\w./-]*\w|(?<!\S)--[a-z][\w-]+(?:=\S+)?")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.|\[…\])\s*")
# Links that do not begin with http: `www.`, another scheme or none, mail, an address of digits.
_OTHER_LINK = re.compile(
    r"\bwww\.\S+|(?:\b[\w+.-]+:)?//\S+|\b(?:mailto|tel|sms|magnet|xmpp|irc|skype):\S+"
    r"|[^\s@()<>\[\]]+@[\w-]+(?:\.[\w-]+)+|\[?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}\]?(?::\w+)?(?=\W|$)",
    re.IGNORECASE,
)
# A host or a file: named without a scheme it is still believed, and opened.
_DOTTED = re.compile(
    r"(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.(?:[^\W\d_]{2,24}|xn--[\w-]+)(?![\w-])"
    r"(?::\d+)?(?:[/?#][^\s\"“”„«»']*)?"
)
# A host that hides its dot: `evil . example`, `evil[.]example`, `evil dot example`.
_HIDDEN_DOT = re.compile(
    r"(?<!\w)([\w-]{2,})(?:\s+\.\s*|\s*\.\s+(?=[a-z]{2,3}(?:\W|$))|\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*"
    r"|\s+(?:dot|punkt|punto)\s+)([^\W\d_]{2,24})(?!\w)",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"(?<!\w)@([^\s@,:;.!?()\"“”']+)")
_TAG = re.compile(r"(?<!\w)#([^\W\d_][\w-]*)")
_EMOJI = re.compile(r"(?<!\w):([a-z0-9_+~-]{2,32}):(?!\w)", re.IGNORECASE)
_SIGNED = (_ADDRESSED, _TAG, _EMOJI)
_GLUED = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)*)([^\W\d_]{1,12})(?!\w)")
_ORDINAL = frozenset({"st", "nd", "rd", "th", "s", "er", "e", "ème"})
_CURRENCY = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₿": "bitcoin", "%": "percent"}
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)*)\s?(?:%|per ?cent\b|prozent\b|pour ?cent\b|por ciento\b)")
_PEOPLE = re.compile(
    r"(\w+) (?:other |more |different |andere |autres )?(?:people|persons?|users?|members?|players?"
    r"|developers?|participants?|others|folks|leute|personen|mitglieder|nutzer|teilnehmer|personnes"
    r"|membres|utilisateurs|personas|miembros|usuarios|persone|membri|utenti)\b"
)
_NAME_LIKE = re.compile(r"[^\W\d_](?:[\w'-]*[^\W_])?")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")
_HONOURED = re.compile(
    r"((?:[一-龯々]{1,6}|[ァ-ヴー]{2,12}|[ぁ-ゖ]{2,8}|[가-힣]{2,4}|[A-Za-z]{2,20}))"
    r"(?:さん|さま|ちゃん|くん|先生|様|씨|님)"
)
_LOOKING_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
_SAYING = (
    "said|says|wrote|writes|asked|asks|reported|reports|stated|states|explained|noted|added"
    "|answered|replied|confirmed|mentioned|suggested|announced|claimed"
)
_SPEAKING = re.compile(rf"\s+(?:has |had |also )?(?:{_SAYING})\b", re.IGNORECASE)
_SAID = re.compile(rf"^\s*(?:(?:has |had )?(?:{_SAYING})\b(?: that)?\s*:?|:)\s*", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…][\"'”)\]]*\s+|[.!?:;]\s*)[\"“'(‘\[]*$")


@dataclass(frozen=True, slots=True)
class Lack:
    """What a text says that its messages do not: the check that found it, and the finding."""

    check: str
    reason: str


class Grounds:
    """What the cited messages say."""

    def __init__(self, cited: Sequence[Line]) -> None:
        self._cited = cited
        self._urls = {url for line in cited for url in line.urls}
        texts = [fold(line.text) for line in cited]
        self._exact = " \n ".join((*texts, *(fold(line.name) for line in cited)))
        self._text = self._exact.casefold()
        self._raw = " ".join(f"{line.name}: {line.text}" for line in cited)
        self._flats = [flat(line.text) for line in cited] + [flat(line.name) for line in cited]
        self._names = {
            stem(part) for line in cited for part in (line.name, *words(fold(line.name)))
        }
        self._said = _stems(texts)
        self._known = self._said | self._names
        self._roots = {root(word) for text in texts for word in _pieces(text)}
        self._joined = {one + other for text in texts for one, other in _pairs(text)}
        self._numbers = set(self._all_numbers(texts))
        self._dates = {key for text in texts for key in dates.keys(text)}
        self._pairs = {pair for text in (*texts, *self._flats) for pair in _bigrams(text)}

    def _all_numbers(self, texts: Iterable[str]) -> Iterator[str]:
        names = (fold(line.name) for line in self._cited)
        for text in (*texts, *names):
            for number in numerals.written(text):
                yield from numerals.parts(number)
            for _, value in numerals.said(text):
                yield str(value)

    def lacks(self, text: str, around: Iterable[Line]) -> Lack | None:
        """The first thing that a text has and these messages lack; None when there is nothing."""
        folded = fold(text)
        bare = URL.sub(" ", folded)
        around = list(around)
        link = self._link(text, folded)
        if link is not None:
            return Lack("link", link)
        if self.repeats(text) is not None:
            return None  # a message's own words
        for check, finding in (
            ("number", self._number(text, bare)),
            ("date", self._date(bare)),
            ("quotation", self._quotation(text)),
            ("words", self._words(bare, around)),
            ("name", self._name(text, bare)),
            ("person", self._person(bare, around) or self._swapped(text)),
        ):
            if finding is not None:
                return Lack(check, finding)
        return None

    def repeats(self, text: str) -> Line | None:
        """The cited message of which a text is a literal part, if it is of one."""
        words_of_it = flat(_SCHEME.sub("", text))
        if not words_of_it.strip():
            return None
        found = (line for line in self._cited if words_of_it in flat(line.text))
        return next(found, None)

    def _link(self, text: str, folded: str) -> str | None:
        finding = "it has a link that is not in its messages"
        links = find_urls(folded) + find_urls(text)
        if any(link not in self._urls for link in links):
            return finding
        rest = URL.sub(" ", folded)
        bare = [found[0] for found in _OTHER_LINK.finditer(rest)]
        bare += [found[0] for found in _DOTTED.finditer(rest)]
        if not all(self._has_address(each.rstrip(".,;:!?)]…")) for each in bare):
            return finding
        hidden = (found[0] for found in _HIDDEN_DOT.finditer(rest))
        return None if all(each.casefold() in self._text for each in hidden) else finding

    def _has_address(self, address: str) -> bool:
        """Whether the messages hold an address whole; of a long one its host may be named."""
        has_path = any(sign in address for sign in "/?#")
        if _low_host(address) in {_low_host(show_url(url)) for url in self._urls}:
            return True
        text, wanted = (self._exact, address) if has_path else (self._text, address.casefold())
        after = r"(?![\w/?#-]|\.\w)" if has_path else r"(?![\w-]|\.\w)"
        return re.search(rf"(?<![\w.@-]){re.escape(wanted)}{after}", text) is not None

    def _number(self, text: str, folded: str) -> str | None:
        for sign in text:  # ½, Ⅻ, ², ③
            if unicodedata.category(sign) in ("Nl", "No") and sign not in self._raw:
                return f"the number {sign} is not in its messages"
        low = folded.casefold()
        counted = self._counted(low)
        for number in numerals.written(low):
            plain = number.replace(",", "") if re.fullmatch(r"\d+(?:,\d{3})+", number) else number
            if not {number, plain} & self._numbers and number not in counted:
                return f"the number {number} is not in its messages"
        for number, unit in _GLUED.findall(low):
            if unit not in _ORDINAL and not self._measures(number, unit):
                return f"the number {number}{unit} is not in its messages"
        for word, value in numerals.said(folded):
            if str(value) not in self._numbers and not counted & set(word.split()):
                return f"the number {word} is not in its messages"
        return self._sign(low) or self._measure(folded) or self._exchanged(folded)

    def _measure(self, folded: str) -> str | None:
        """Whether a number has another unit here, or a span of time is told in another one."""
        own = [each for line in self._cited for each in measures.measured(fold(line.text))]
        for number, kind, unit, form in measures.measured(folded):
            units = {each[2] for each in own if each[:2] == (number, kind)}
            if units and unit not in units:
                return f"{form} is not in its messages"
        known = measures.time_units(self._text)
        for word, unit in measures.spans(folded):
            if known and unit not in known:
                return f"{word} is not in its messages"
        return None

    def _exchanged(self, folded: str) -> str | None:
        """Whether two figures have changed places: `Pears 3` of `Pears 5, Plums 3`."""
        own = {pair for line in self._cited for pair in _figures(fold(line.text))}
        for word, number, is_before in _figures(folded) - own:
            is_other = any(w == word and b == is_before for w, _, b in own)
            is_others = any(n == number and b == is_before for _, n, b in own)
            if is_other and is_others:
                return f"the number {number} stands elsewhere in its messages"
        return None

    def _counted(self, low: str) -> set[str]:
        """The number words that count the people cited, and rightly."""
        people = len({line.author_id for line in self._cited})
        found = set()
        for word in _PEOPLE.findall(low):
            values = [value for _, value in numerals.said(word)]
            if values == [people] or word == str(people):
                found.add(word)
        return found

    def _measures(self, number: str, unit: str) -> bool:
        pattern = rf"(?<![\d.]){re.escape(number)}\s?{re.escape(unit)}"
        return re.search(pattern, self._text) is not None

    def _sign(self, low: str) -> str | None:
        for number in _PERCENT.findall(low):
            if number not in _PERCENT.findall(self._text):
                return f"the number {number} % is not in its messages"
        for sign, name in _CURRENCY.items():
            if sign in low and sign not in self._text and name not in self._text:
                return f"the sign {sign} is not in its messages"
        return None

    def _date(self, folded: str) -> str | None:
        for word, key in dates.named(folded):
            if key not in self._dates:
                return f"{word} is not in its messages"
        return None

    def _quotation(self, text: str) -> str | None:
        quoted = (next(filter(None, groups)) for groups in _QUOTED.findall(text))
        pieces = (piece for words_of_it in quoted for piece in _ELLIPSIS.split(words_of_it))
        if all(map(self._holds, pieces)):
            return None
        return "it quotes words that are not in its messages"

    def _holds(self, piece: str) -> bool:
        """Whether one message has these words in a row (in scripts without spaces: these signs)."""
        wanted = flat(piece)
        if any(map(is_unspaced, wanted)):
            wanted = wanted.strip()
        return not wanted.strip() or any(wanted in each for each in self._flats)

    def _name(self, text: str, folded: str) -> str | None:
        strange = next(self._strange_signs(folded), None) or next(self._strange(folded), None)
        return f"{strange} is not in its messages" if strange else self._disguise(text)

    def _strange_signs(self, folded: str) -> Iterator[str]:
        """Settings, mentions, tags, emoji, and names in Japanese, that the messages lack."""
        for found in _ASSIGNED.finditer(folded):
            if found[0].casefold() not in self._text:
                yield found[0]
        for found in chain.from_iterable(each.finditer(folded) for each in _SIGNED):
            if not self._has_word(found[0].casefold().replace(" ", "").rstrip("'-")):
                yield found[0]
        for found in (*_KATAKANA.finditer(folded), *_HONOURED.finditer(folded)):
            word = found[found.lastindex or 0]
            if word not in LOANWORDS and word.casefold() not in self._text:
                yield found[0]

    def _strange(self, folded: str) -> Iterator[str]:
        """The words that may be names and that the messages lack."""
        is_english = _is_english(f"{folded} {self._text}")
        is_titled = _is_titled(folded)
        for found in _NAME_LIKE.finditer(folded):
            word, after = found[0].removesuffix("'s").removesuffix("'S"), folded[found.end() :]
            if self._is_given_name(word, after):
                yield found[0]
            if self._is_borne_out(word) or self._in_parts(word) or self._is_day(word):
                continue
            start = _SENTENCE_START.search(folded[: found.start()]) is not None
            if start and not is_titled and _speaks(word, after):
                yield found[0]
            if not self._may_be_no_name(word, start=start or is_titled, is_english=is_english):
                yield found[0]

    def _is_day(self, word: str) -> bool:
        """Whether the messages name this day or month, in other words: November, of Nov 18th."""
        return dates.key_of(word) in self._dates

    def _is_given_name(self, word: str, after: str) -> bool:
        """Whether a word that is a name as well is one here, and nobody's in the messages."""
        if word.lower() not in GIVEN or word == word.lower() or stem(word) in self._names:
            return False
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", self._exact):
            return False
        return (words(after) or [""])[0].lower() not in _AFTER_VERBS

    def _has_word(self, word: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", self._text) is not None

    def _is_borne_out(self, word: str) -> bool:
        if stem(word) in self._known:
            return True
        is_small = word == word.lower()
        return is_small and (root(word) in self._roots or self._in_joined(word))

    def _in_joined(self, word: str) -> bool:
        """Whether it is two words of the messages written as one: `savefile` for "save file"."""
        return len(word) >= _FEWEST_JOINED and (stem(word) in self._joined or word in self._joined)

    def _in_parts(self, word: str) -> bool:
        """Whether each part of a word with a hyphen holds: `umlaut-related`."""
        parts = [part for part in word.split("-") if part]
        return len(parts) > 1 and all(
            self._is_borne_out(part)
            or (part[1:] == part[1:].lower() and is_common(part))
            or (part == part.lower() and in_english(part))
            for part in parts
        )

    def _may_be_no_name(self, word: str, *, start: bool, is_english: bool) -> bool:
        low = word.lower()
        if any(map(is_unspaced, word)):
            return bool(_HIRAGANA.search(word)) or self._share_of_pairs(word) > 0
        if word == low:
            # A small word that English does not know may be a nickname.
            return not is_english or len(word) < 3 or is_function(word) or in_english(word)
        if len(word) == 1 or low in ("i'm", "i'll", "i've", "i'd"):
            return True
        if low in ABBREVIATIONS or (not word.isascii() and self._is_bent(low)):
            return True
        return (start and may_open(word)) or (not is_english and is_known_noun(word))

    def _is_bent(self, low: str) -> bool:
        """Whether it is a word of the messages in another case: `Ольги` of `Ольга`."""
        names = {each for each in self._known if each[:2] == low[:2]}
        return any(
            len(each) > 2
            and low[: max(3, len(each) - 2)] == each[: max(3, len(each) - 2)]
            and abs(len(low) - len(each)) <= 3
            for each in names
        )

    def _disguise(self, text: str) -> str | None:
        """A word of letters from two scripts, as no language has it, looks like another word."""
        for word in words(text):
            scripts = {_script(char) for char in word if char.isalpha()}
            is_mixed = len(scripts & _LOOKING_ALIKE) > 1
            if is_mixed and not self._has_word(fold(word).casefold()):
                return f"{word} is not in its messages"
        return None

    def _words(self, folded: str, around: Iterable[Line]) -> str | None:
        held, all_ = self.support(folded, around)
        if not all_:
            return "it says nothing"
        if held < SUPPORT * all_ or (held < _AMPLE * all_ and self._is_elsewhere(folded, around)):
            return "too few of its words are in its messages"
        return None

    def _is_elsewhere(self, folded: str, around: Iterable[Line]) -> bool:
        """Whether a message that is not cited has most of a sentence's words, and far more."""
        told = set(telling_stems(folded)) - self._names
        own = {line.id for line in self._cited}
        held = len(told & self._said)
        others = [len(told.intersection(line.said)) for line in around if line.id not in own]
        best = max(others, default=0)
        return best >= _MOSTLY * len(told) and best >= held + _FAR_MORE

    def support(self, folded: str, around: Iterable[Line]) -> tuple[int, int]:
        """How many of a sentence's telling words and figures these messages say, and of how many.

        Names of people are no words of it, nor is what says how something was told.
        """
        people = self._names | {stem(word) for line in around for word in words(fold(line.name))}
        telling = {
            word.lower()
            for word in words(folded)
            if is_telling(word) and not is_function(word) and not is_reporting(word)
        }
        spaced = {word for word in telling if not any(map(is_unspaced, word))}
        about = {word for word in spaced if stem(word) not in people}
        pairs = _bigrams(folded)
        figures = {number for number in numerals.written(folded) if len(number) > 1}
        figures |= {str(value) for _, value in numerals.said(folded)}
        held = sum(self._is_said(word) for word in about) + len(pairs & self._pairs)
        if not about and not pairs:
            return 0, 0
        return held + len(figures & self._numbers), len(about) + len(pairs) + len(figures)

    def _is_said(self, word: str) -> bool:
        if stem(word) in self._said or root(word) in self._roots or self._in_joined(word):
            return True
        return has_kin(stem(word), self._said)

    def _share_of_pairs(self, word: str) -> float:
        pairs = _bigrams(word)
        return len(pairs & self._pairs) / len(pairs) if pairs else float(word in self._text)

    def _person(self, folded: str, around: Iterable[Line]) -> str | None:
        """Whoever else talks here is told by no point of other people's: names may be small."""
        low = folded.casefold()
        for name in sorted({fold(line.name).casefold() for line in around}):
            if len(name) < _SHORTEST_NAME and not any(map(is_unspaced, name)):
                continue
            if name in STOP or name in REPORTING or name in self._text or name not in low:
                continue
            if any(map(is_unspaced, name)) or _stands_alone(name, low):
                return f"{name} is not in its messages"
        return None

    def _swapped(self, text: str) -> str | None:
        """Whether one person's words in a row are told as another's: `Mara said: …`."""
        first = [word.rstrip(":,") for word in text.split(maxsplit=1)[:1]]
        first = [word for word in first if not is_common(word) and not is_function(word)]
        for name in (*(line.name for line in self._cited), *first):
            rest = text[len(name) :] if text.casefold().startswith(name.casefold()) else ""
            told = flat(_SAID.sub("", rest, count=1))
            if not _SAID.match(rest) or not told.strip():
                continue
            speakers = {one.name.casefold() for one in self._cited if told in flat(one.text)}
            if speakers and name.casefold() not in speakers:
                return f"{name} did not say that"
        return None


def _low_host(address: str) -> str:
    """An address with its host in small letters; in a path they mean something else."""
    end = re.search(r"[/?#]|$", address)
    at = end.start() if end else len(address)
    return address[:at].casefold() + address[at:]


def _stems(texts: Iterable[str]) -> set[str]:
    return {stem(word) for text in texts for word in _pieces(text)}


def _pieces(text: str) -> Iterator[str]:
    """The words of a text, and what they are put together from: `nvidia` of `nvidia-340`."""
    for word in words(text):
        yield word
        if not word.isalpha():
            yield word.removesuffix("'s")
            yield from (part for part in re.split(r"[\W_]+", word) if part)
            yield from re.findall(r"[^\W\d_]+", word)
    yield from _NAME_LIKE.findall(text)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    found = [word.lower() for word in words(text)]
    for one, other in pairwise(found):
        yield one, other
        yield one, stem(other)


def _bigrams(text: str) -> set[str]:
    """The pairs of neighbouring letters in the words of scripts without capitals.

    Hiragana is what Japanese bends words with, so it counts only where there is nothing else.
    """
    runs = re.findall(r"[^\W\d_]{2,}", text)
    pairs = _pairs_of_letters(runs)
    return {pair for pair in pairs if not _HIRAGANA.search(pair)} or pairs


def _pairs_of_letters(runs: Iterable[str]) -> set[str]:
    return {
        run[at : at + 2]
        for run in runs
        for at in range(len(run) - 1)
        if is_unspaced(run[at]) and is_unspaced(run[at + 1])
    }


def _figures(text: str) -> set[tuple[str, str, bool]]:
    """Each telling word next to a number, its stem, the number, and whether it comes first."""
    found = set()
    for one, other in pairwise(re.findall(r"[^\W\d_]+|\d+(?:[.,:]\d+)*|[^\w\s:]", text.casefold())):
        if is_telling(one) and other[0].isdigit():
            found.add((stem(one), other, True))
        elif one[0].isdigit() and is_telling(other) and other.isalpha():
            found.add((stem(other), one, False))
    return found


def _is_english(folded: str) -> bool:
    """Whether a text's words are English ones by and large, and none of another language's."""
    found = [word for word in words(folded) if word.isalpha()]
    foreign = sum(map(is_foreign, found))
    return sum(map(is_common, found)) >= max(_ENGLISH * len(found), 2 * foreign)


def _speaks(word: str, after: str) -> bool:
    """Whether a rare word is told to say something, with no article: likely it is a nickname."""
    if is_common(word) or is_function(word) or is_reporting(word) or word.endswith("s"):
        return False
    return _SPEAKING.match(after) is not None


def _is_titled(folded: str) -> bool:
    """Whether a text is written As Titles Are, so that a capital says nothing."""
    telling = [word for word in words(folded) if len(word) > 3 and word.isalpha()]
    capital = sum(word[0] != word[0].lower() for word in telling)
    return len(telling) > 1 and capital == len(telling)


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _script(char: str) -> str:
    return unicodedata.name(char, "?").split(" ", 1)[0]
