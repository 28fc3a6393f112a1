"""VADER's rules in linear time: the same scores as vaderSentiment 3.3.2, to the last digit.

Hutto & Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media
Text", ICWSM 2014. The library is quadratic in emoji: 2,000 of them, which any member can post,
block it for seconds. Here every word looks at most three words back and two ahead.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from string import punctuation

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    N_SCALAR,
    NEGATE,
    SPECIAL_CASES,
    normalize,
)

from guildwatch.mood.foreign import LanguageDetector
from guildwatch.mood.lexicon import read_lexicon
from guildwatch.mood.plain import has_letter, is_code, is_command, without_markup

_LONGEST = 2_000
_TURN: float = N_SCALAR
_CAPITALS: float = C_INCR
_NEGATIONS = frozenset(NEGATE)
_BOOSTER_FADES = (1.0, 0.95, 0.9)  # a booster's effect by its distance of one to three words
_NEVER_SO = frozenset(("so", "this"))
_TURNING = frozenset(
    (
        *BOOSTER_DICT,
        *NEGATE,
        *_NEVER_SO,
        "no",
        "least",
        *(phrase.split()[0] for phrase in (*SPECIAL_CASES, *BOOSTER_DICT)),
    )
)
"""Without one of these at most three words before it (or "n't") a word is worth just itself."""


class _Words:
    """A text's words as written and in lower case, without the punctuation around them.

    `caps_differ` says whether some but not all are in capitals, so that capitals mean something,
    `contracted` whether any holds "n't", which negates.
    """

    __slots__ = ("caps_differ", "contracted", "lower", "written")

    def __init__(self, text: str) -> None:
        self.written = [
            # What is short without its punctuation is an emoticon.
            token if token.isalnum() or len(word := token.strip(punctuation)) <= 2 else word
            for token in text.split()
        ]
        self.lower = [word.lower() for word in self.written]
        self.caps_differ = 0 < sum(map(str.isupper, self.written)) < len(self.written)
        self.contracted = "n't" in " ".join(self.lower)


class Vader:
    """Scores mood by VADER's lexicon and rules.

    >>> Vader().score("What a lovely day!")
    0.6239
    """

    name = "vader"

    def __init__(self) -> None:
        lexicon = read_lexicon()
        self._worth = lexicon.words
        self._emoji = lexicon.emoji
        self._emoji_signs = frozenset(lexicon.emoji)
        self._languages = LanguageDetector(lexicon.emoji)

    def score(self, text: str) -> float | None:
        """The mood as a compound value in -1..1; 0.0 where nothing in the text has a mood.

        None where there is nothing to score: no word, emoji or emoticon besides markup (links,
        mentions, custom emoji, code), another language than English, bare code, a bot's command.
        The first 2,000 characters are read, as many as a member without Nitro can send.
        """
        text = text[:_LONGEST]
        if is_command(text):
            return None
        plain = without_markup(text)
        if not self._says_something(plain) or is_code(plain) or self._languages.is_foreign(plain):
            return None
        return self.compound(plain)

    def scores(self, texts: Sequence[str]) -> list[float | None]:
        """Each text's score, in the same order."""
        return [self.score(text) for text in texts]

    def compound(self, text: str) -> float:
        """`SentimentIntensityAnalyzer().polarity_scores(text)["compound"]`, for any text."""
        text = self._spell_out_emoji(text).strip()
        words = _Words(text)
        sentiments = self._sentiments(words)
        if "but" in words.lower:
            _weigh_around(words.lower.index("but"), sentiments)
        return round(float(normalize(_with_emphasis(float(sum(sentiments)), text))), 4)

    def _says_something(self, plain: str) -> bool:
        return (
            has_letter(plain)
            or not self._emoji_signs.isdisjoint(plain)
            or any(word in self._worth for word in _Words(plain).lower)
        )

    def _spell_out_emoji(self, text: str) -> str:
        if self._emoji_signs.isdisjoint(text):
            return text
        pieces = []
        apart = True
        for character in text:
            name = self._emoji.get(character)
            if name is None:
                pieces.append(character)
                apart = character == " "
            else:
                pieces.append(name if apart else f" {name}")
                apart = False
        return "".join(pieces)

    def _sentiments(self, words: _Words) -> list[float]:
        """Each word's worth in its place; modifiers and words outside the lexicon are worth 0."""
        worth, lower = self._worth, words.lower
        sentiments: list[float] = [0] * len(lower)
        for i in [i for i, word in enumerate(lower) if word in worth]:
            if words.contracted or not _TURNING.isdisjoint(lower[max(0, i - 3) : i + 1]):
                sentiments[i] = self._turned(words, i)
            else:
                sentiments[i] = _emphasised(worth[lower[i]], words, i)
        return sentiments

    def _turned(self, words: _Words, i: int) -> float:
        """A word's worth as the words around it make it."""
        lower = words.lower
        if _only_modifies(lower, i):
            return 0
        valence = _emphasised(self._worth_beside_no(lower, i), words, i)
        for distance in range(1, min(i, 3) + 1):
            if lower[i - distance] not in self._worth:
                valence += _boost(words, i - distance, valence) * _BOOSTER_FADES[distance - 1]
                valence *= _negation(lower, i, distance)
                if distance == 3:
                    valence = _idiom(valence, lower, i)
        if i and lower[i - 1] == "least" and "least" not in self._worth:
            valence *= 1 if i > 1 and lower[i - 2] in ("at", "very") else _TURN
        return valence

    def _worth_beside_no(self, lower: list[str], i: int) -> float:
        """A word's worth, turned by a "no" before it; "no" itself counts where it stands alone."""
        worth = self._worth[lower[i]]
        before = lower[max(0, i - 3) : i]
        if "no" in before[-2:] or (before[:-2] == ["no"] and before[-1] in ("or", "nor")):
            return worth * _TURN
        if lower[i] == "no" and i + 1 < len(lower) and lower[i + 1] in self._worth:
            return 0.0
        return worth


def _emphasised(valence: float, words: _Words, i: int) -> float:
    if words.caps_differ and words.written[i].isupper():
        return valence + (_CAPITALS if valence > 0 else -_CAPITALS)
    return valence


def _only_modifies(lower: list[str], i: int) -> bool:
    return lower[i] in BOOSTER_DICT or (lower[i] == "kind" and lower[i + 1 : i + 2] == ["of"])


def _boost(words: _Words, at: int, valence: float) -> float:
    """By how much the word at that place strengthens (or dampens) a word of this valence."""
    boost: float = BOOSTER_DICT.get(words.lower[at], 0.0)
    if not boost:
        return 0.0
    if valence < 0:
        boost = -boost
    if words.caps_differ and words.written[at].isupper():
        boost += _CAPITALS if valence > 0 else -_CAPITALS
    return boost


def _negation(lower: list[str], i: int, distance: int) -> float:
    """The factor that the word so many places before the i-th puts on it."""
    word = lower[i - distance]
    between = lower[i - distance + 1 : i]
    if distance > 1:
        never_so = word == "never" and between[0] in _NEVER_SO
        # vaderSentiment's own precedence: three words back "so" alone is enough.
        if never_so or (distance == 3 and between[1] in _NEVER_SO):
            return 1.25
        if word == "without" and "doubt" in between:
            return 1.0
    return _TURN if word in _NEGATIONS or "n't" in word else 1.0


def _idiom(valence: float, lower: list[str], i: int) -> float:
    """The worth of a fixed phrase in place of the word's own ("the bomb"), if it is in one."""
    three, two, one, word = lower[i - 3 : i + 1]
    before = (f"{one} {word}", f"{two} {one} {word}", f"{two} {one}", f"{three} {two} {one}")
    for phrase in (*before, f"{three} {two}"):
        if phrase in SPECIAL_CASES:
            valence = SPECIAL_CASES[phrase]
            break
    for end in (i + 2, i + 3):
        if end <= len(lower):
            valence = SPECIAL_CASES.get(" ".join(lower[i:end]), valence)
    for phrase in (f"{three} {two} {one}", f"{three} {two}", f"{two} {one}"):
        valence += BOOSTER_DICT.get(phrase, 0.0)
    return valence


def _weigh_around(but: int, sentiments: list[float]) -> None:
    """Halve what is said before a "but" and add half to what comes after it.

    vaderSentiment looks each value up by `list.index`, so of equal ones always the first place is
    changed, some twice and some never. That is part of its scores: the places of each value are
    kept in a heap here, so that the first is found without a search.
    """
    moods = [i for i, sentiment in enumerate(sentiments) if sentiment]  # half of 0 is 0
    places: dict[float, list[int]] = {}
    for i in moods:
        places.setdefault(sentiments[i], []).append(i)
    for i in moods:
        same = places[sentiments[i]]
        first = same[0]
        if first != but:
            heappop(same)
            sentiments[first] *= 0.5 if first < but else 1.5
            heappush(places.setdefault(sentiments[first], []), first)


def _with_emphasis(total: float, text: str) -> float:
    """The sum strengthened by up to four exclamation marks, and by question marks from two on."""
    questions = text.count("?")
    asking = 0.96 if questions > 3 else questions * 0.18 if questions > 1 else 0
    emphasis = min(text.count("!"), 4) * 0.292 + asking
    if total == 0:
        return total
    return total + emphasis if total > 0 else total - emphasis
