"""Numbers in digits and in words, in the languages that write them with letters."""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from guildwatch.digest.checking import numeral_words
from guildwatch.digest.checking.vocabulary import is_function

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_TOKEN = re.compile(r"[^\W_]+")

_SMALL = {
    0: "zero null zéro cero nul zerou ноль",
    2: "two zwei deux dos twee dois duas два две",
    3: "three drei trois tres drie três три",
    4: "four vier quatre cuatro quattro quatro четыре",
    5: "five fünf cinq cinco cinque vijf пять",
    6: "six sechs seis zes шесть",
    7: "seven sieben sept siete sette zeven sete семь",
    8: "eight acht huit ocho otto oito восемь",
    9: "nine neun neuf nueve nove negen девять",
    10: "ten zehn dix diez dieci dez tien десять",
    11: "eleven elf onze undici одиннадцать",
    12: "twelve zwölf douze doce dodici doze twaalf двенадцать",
    13: "thirteen dreizehn treize trece tredici treze dertien тринадцать",
    14: "fourteen vierzehn quatorze catorce quattordici catorze veertien четырнадцать",
    15: "fifteen fünfzehn quinze quince quindici vijftien пятнадцать",
    16: "sixteen sechzehn seize dieciséis sedici dezesseis zestien шестнадцать",
    17: "seventeen siebzehn diecisiete diciassette dezessete zeventien семнадцать",
    18: "eighteen achtzehn dieciocho diciotto dezoito achttien восемнадцать",
    19: "nineteen neunzehn diecinueve diciannove dezenove negentien девятнадцать",
}
_TENS = {
    20: "twenty zwanzig vingt vingts veinte venti vinte twintig двадцать",
    30: "thirty dreißig dreissig trente treinta trenta trinta dertig тридцать",
    40: "forty vierzig quarante cuarenta quaranta quarenta veertig сорок",
    50: "fifty fünfzig cinquante cincuenta cinquanta cinquenta vijftig пятьдесят",
    60: "sixty sechzig soixante sesenta sessanta sessenta zestig шестьдесят",
    70: "seventy siebzig setenta settanta zeventig семьдесят",
    80: "eighty achtzig ochenta ottanta oitenta tachtig восемьдесят",
    90: "ninety neunzig noventa novanta negentig девяносто",
}
_SCALES = {
    100: "hundred hundert cien ciento cento cem honderd сто",
    1000: "thousand tausend mille mil mila duizend tysiąc tysiące tysięcy тысяча тысяч тысячи",
    1_000_000: "million millions millionen millón millones milione milioni milhão milhões miljoen "
    "milion miliony milionów миллион миллиона",
    1_000_000_000: "billion billions milliarde milliarden миллиард",
}
# Words that stand for a number by themselves; "first" and "once" are said of anything.
_ALONE = {
    2: "twice second zweimal zweite zweiten zweit deuxième double doubled pair doppelt doppelte "
    "doppelten zweifach doble",
    3: "thrice third dreimal dritte dritten dritt troisième triple tripled dreifach dreifache",
    4: "vierte vierten viert quatrième quadruple",
    5: "fifth fünfte fünften fünft cinquième",
    8: "eighth",
    9: "ninth",
    10: "zehnte",
    12: "twelfth dozen dozens dutzend douzaine docena dozzina",
    100: "hundreds hunderte",
    1000: "thousands tausende",
}


def _words() -> dict[str, int]:
    known = dict(numeral_words.words()) | {
        word: value
        for table in (_SMALL, _TENS, _ALONE)
        for value, words in table.items()
        for word in words.split()
    }
    german = {1: "ein"} | {value: _SMALL[value].split()[1] for value in range(2, 10)}
    for (one, unit), (ten, names) in product(german.items(), _TENS.items()):
        for name in (each for each in names.split() if each.endswith(("zig", "ßig", "ssig"))):
            known[f"{unit}und{name}"] = ten + one
    for word, value in [(word, value) for word, value in known.items() if value > 3]:
        known.setdefault(f"{word.removesuffix('y')}{'ie' if word.endswith('y') else ''}th", value)
    return known


_VALUES = _words()
_SCALE = {word: value for value, words in _SCALES.items() for word in words.split()}
_LINKS = frozenset({"and", "und", "et", "y", "e"})
_AFTER_TENS = frozenset({"y", "e", "et"})  # treinta y tres
_ONES = frozenset({"un", "uno", "una", "um", "uma"})
_ORDINAL_TEN = frozenset({"décimo", "décima", "vigésimo", "vigésima"})  # décimo quinto
_PORTUGUESE = frozenset(
    {"não", "uma", "em", "foi", "ao", "são", "com", "do", "pelo", "um", "os", "das"}
)
_PLURALS = {"neuf": ("s", "x"), "due": ("i", "ie"), "sei": ("i",)}  # neuf tables, due sedie
_LONE = frozenset(word for words in _ALONE.values() for word in words.split()) | frozenset(
    (*numeral_words.ordinals(), *numeral_words.FRACTIONS)
)

_HAN = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"两": 2, "両": 2}
_HAN_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000, "億": 10**8, "亿": 10**8}
_HAN_RUN = re.compile(f"[{''.join(_HAN)}{''.join(_HAN_SCALE)}]{{2,}}|[二三四五六七八九十两両]")


def written(text: str) -> list[str]:
    """The numbers in digits as they are written in a folded text."""
    return _NUMBER.findall(text)


def parts(number: str) -> Iterator[str]:
    """The number, and what a sentence may name of it: `2.4` of `2.4.1`, `18` of `18:00`.

    Each side of a range, a ratio or a date stands for itself; the minutes of a time do not.
    """
    yield number
    if _THOUSANDS.fullmatch(number):
        yield re.sub(r"[.,]", "", number)
        return
    pieces = re.split(r"([.,:/-])", number)
    for end in range(1, len(pieces), 2):
        yield "".join(pieces[:end])
    for side in re.split(r"[/-]", number):
        yield side
        yield side.lstrip("0") or "0"


def said(text: str, *, strict: bool = False) -> Iterator[tuple[str, int]]:
    """The numbers in words of a folded text: the words in small letters, and their value.

    A lone "one" is none: it mostly stands for something else. `strict` leaves out what is another
    word as often (French "neuf") unless it counts something.
    """
    run: list[str] = []
    tokens = _TOKEN.findall(text.casefold())
    unsure = _unsure(tokens) if strict else set[int]()
    for place, word in enumerate((*tokens, "")):
        if place not in unsure and (_is_number(word) or (run and _continues(run, word))):
            run.append(word)
        elif run:
            yield from _values(run)
            run = []
    for found in _HAN_RUN.findall(text):
        yield found, _han(found)


def _is_number(word: str) -> bool:
    return word in _VALUES or word in _SCALE or word in numeral_words.AMBIGUOUS


def _continues(run: list[str], word: str) -> bool:
    """Whether a small word goes on with a number: the "y", and the "uno", of treinta y uno."""
    if word in _LINKS:
        return run[-1] not in _LINKS
    return word in _ONES and len(run) > 1 and run[-1] in _AFTER_TENS and _is_ten(run[-2])


def _unsure(tokens: list[str]) -> set[int]:
    """The places of words that are numbers at times, and are none here."""
    rows = zip(("", *tokens), tokens, (*tokens[1:], ""), strict=False)
    return {place for place, row in enumerate(rows) if not _is_sure(*row, tokens)}


def _is_sure(before: str, word: str, after: str, tokens: list[str]) -> bool:
    """Whether a number is one here: it counts what follows, or is a part of one before it."""
    if word in numeral_words.FRACTIONS:
        return before in _VALUES or before in _ONES or before in ("one", "ein", "einem", "jedna")
    if word == "dos":  # two in Spanish, "of the" in Portuguese
        return _PORTUGUESE.isdisjoint(tokens)
    if word not in numeral_words.AMBIGUOUS or after in numeral_words.COUNTED:
        return True
    plural = _PLURALS.get(word)
    return plural is not None and after.endswith(plural) and not is_function(after)


def _is_ten(word: str) -> bool:
    return 20 <= _VALUES.get(word, 0) < 100 and _VALUES[word] % 10 == 0


def _values(run: list[str]) -> Iterable[tuple[str, int]]:
    """What a row of number words says: one number, or with a link in it mostly several."""
    while run and run[-1] in _LINKS:
        run = run[:-1]
    parts: list[list[str]] = [[]]
    for place, word in enumerate(run):
        if word not in _LINKS:
            parts[-1].append(word)
        elif not (word in _AFTER_TENS and _is_ten(run[place - 1])):
            parts.append([])
    for part in filter(None, parts):
        if part[0] in _ORDINAL_TEN and len(part) == 2:
            yield " ".join(part), _one_value(part[0]) + _one_value(part[1])
        elif any(word in _LONE for word in part):
            yield from ((word, _value([word])) for word in part)
        else:
            yield " ".join(part), _value(part)


def _one_value(word: str) -> int:
    if word in _ONES:
        return 1
    return numeral_words.AMBIGUOUS.get(word) or _VALUES[word]


def _value(run: list[str]) -> int:
    total = current = 0
    for word in run:
        scale = _SCALE.get(word)
        if scale is None and word in ("vingt", "vingts") and current % 100 == 4:
            current += 76  # quatre-vingts
        elif scale is None:
            current += _one_value(word)
        elif scale == 100:
            current = max(1, current) * scale
        else:
            total, current = total + max(1, current) * scale, 0
    return total + current


def _han(run: str) -> int:
    total = current = 0
    for char in run:
        if char in _HAN:
            current = current * 10 + _HAN[char]
        else:
            total, current = total + max(1, current) * _HAN_SCALE[char], 0
    return total + current
