"""Numbers that a sentence has and its messages lack, or have of something else."""

import re
import unicodedata
from itertools import pairwise

from guildwatch.digest.checking import clock, measures, numerals
from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.folding import fold
from guildwatch.digest.checking.shorthand import in_figures
from guildwatch.digest.transcript.words import is_telling, stem

_THOUSANDS = re.compile(r"\d+(?:,\d{3})+|\d+(?:\.\d{3})+")
# Bounds of a number in the messages: more than a thousand, of 1,300.
_ROUGHLY = re.compile(
    r"\b(more than|over|almost|nearly|just under) "
    r"((?:an? )?(?:dozen|hundred|thousand|million)|\d*0(?:,000)*|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?: thousand)?)(?![\w.,]\w)"
)
_MORE, _LESS = (1, 1.5), (0.9, 0.999)
_MEANING = {
    "second": r"\b(?:again|every other|another)\b",
    "twice": r"\bagain\b",
    "two": r"\b(?:both|couple|pair)\b",
}
_MONEY_SIGN = re.compile(r"[$€£¥₿]")
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,]\d)")
_GLUED = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)*)([^\W\d_]{1,12})(?!\w)")
_ORDINAL = frozenset({"st", "nd", "rd", "th", "s", "er", "e", "ème"})
_TIMES = "times?|mal|fois|veces|vez|volta|volte|keer|maal|razy|raz|vezes"
_OFTEN = re.compile(rf"\b(?!one\b|a\b)([^\W\d_]+|(\d+)(?:st|nd|rd|th|\.|x|ª|e)?) (?:{_TIMES})\b")
_COUNTS_TIMES = re.compile(
    rf"\b(?:{_TIMES}|again|twice|thrice|once|wieder|schon|otra|encore|ancora|opnieuw|znowu)\b"
    r"|\w(?:mal|keer)\b|\d ?x\b|x ?\d|\d(?:st|nd|rd|th|ª|º|ème|e)\b"
)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)*)\s?(?:%|per ?cent\b|prozent\b|pour ?cent\b|por ciento\b)")
_PEOPLE = re.compile(
    r"(\w+) (?:other |more |different |andere |autres )?(?:people|persons?|users?|members?|players?"
    r"|developers?|participants?|others|folks|leute|personen|mitglieder|nutzer|teilnehmer|personnes"
    r"|membres|utilisateurs|personas|miembros|usuarios|persone|membri|utenti)\b"
)
# What may follow a number whose unit another number has: from 7 to 9 pm, um 13 Uhr statt um 14.
_ENDS_BARE = (
    r"(?![\w.,:]\d)(?=\s*(?:[.,;:!?)-]|$|(?:to|or|and|till|until|instead|und|bis|oder|statt|y|o|a|et|ou"
    r"|à|e|en|of|lub|do)\b))"
)
_HALF = re.compile(
    r"\bhalf (?:of|the|its|their|his|her|our|my)\b"
    r"|\b(?:hälfte|mitad|moitié|metà|helft|połow\w+|metade)\b"
)
_HALVES = re.compile(
    r"half|halv|halb|hälfte|mitad|\bmedi[oa]|moitié|\bdemi|metà|mezz[oa]|helft|połow|pół|metade"
    r"|\bmei[oa]\b"
    r"|½|\b50\b|\b1/2\b|[.,]5\b|fifty|fünfzig|cincuenta|cinquante|cinquanta|two equal|middle"
)
# Those who spoke, as the subject of a verb in the past: `all three agreed`, `los tres acordaron`.
_ALL_OF_THEM = re.compile(
    r"\b(?:all|los|las|alle|die|les) (\w+) (?:of them\b|\w+(?:ed|aron|ieron|ten|ont)\b)"
)


def strange_amount(text: str, folded: str, evidence: Evidence) -> str | None:
    """The first number of a text, here as written and folded, that its messages lack."""
    own = " \n ".join(evidence.texts)
    for line in evidence.cited:
        folded = re.sub(re.escape(fold(line.name)), " ", folded, flags=re.IGNORECASE)
    wrong = clock.wrong_half(folded, own)
    folded = in_figures(clock.without_times(folded, clock.times(own)))
    folded = _SPACED.sub(lambda found: _joined(found[0], evidence), folded)
    low = folded.casefold()
    found = (
        wrong
        or _strange_sign(text, evidence)
        or _strange_number(low, evidence)
        or _strange_count(low, evidence)
        or _strange_half(low, evidence)
        or _strange_unit(low, evidence)
        or _strange_measure(folded, evidence)
    )
    if found:
        return f"the number {found} is not in its messages"
    moved = _exchanged(folded, evidence)
    return f"the number {moved} stands elsewhere in its messages" if moved else None


def _joined(number: str, evidence: Evidence) -> str:
    """A number with its thousands apart, as French has it, in one where the messages have it."""
    plain = number.replace(" ", "")
    return plain if plain in evidence.numbers else number


def _strange_sign(text: str, evidence: Evidence) -> str | None:
    """A sign such as ½, Ⅻ, ² or ③."""
    signs = (sign for sign in text if unicodedata.category(sign) in ("Nl", "No"))
    return next((sign for sign in signs if sign not in evidence.raw), None)


def _strange_number(low: str, evidence: Evidence) -> str | None:
    counted = _counted(low, evidence)
    for number in numerals.written(
        _ROUGHLY.sub(lambda found: "" if _is_about(found, evidence) else found[0], low)
    ):
        plain = re.sub("[.,]", "", number) if _THOUSANDS.fullmatch(number) else number
        if (
            not {number, plain, number.replace(":", ".")} & evidence.numbers
            and number not in counted
        ):
            return number
    for number, unit in _GLUED.findall(low):
        if unit not in _ORDINAL and not _is_measured(number, unit, evidence):
            return f"{number}{unit}"
    exact = _ROUGHLY.sub(lambda found: "" if _is_about(found, evidence) else found[0], low)
    for word, value in numerals.said(exact, strict=True):
        is_known = str(value) in evidence.numbers or counted & set(word.split())
        if not is_known and not _is_meant(word, evidence):
            return word
    return None


def _is_meant(word: str, evidence: Evidence) -> bool:
    """Whether the messages say a number by another word: `both`, `again`, `every other week`."""
    pattern = _MEANING.get(word)
    return pattern is not None and re.search(pattern, evidence.text) is not None


def _is_about(found: re.Match[str], evidence: Evidence) -> bool:
    """Whether a round number that is told as a bound is one of a number in the messages."""
    unit = re.match(r"\W*(\w+)", found.string[found.end() :])
    if unit and measures.is_unit(unit[1]) and not evidence.has_word(unit[1]):
        return False
    values = [value for _, value in numerals.said(found[2])]
    values += [int(digits) for digits in re.findall(r"^\d+$", re.sub("[.,]", "", found[2]))]
    known = [float(number) for number in evidence.numbers if number.isdigit()]
    least, most = _MORE if found[1].startswith(("more", "over")) else _LESS
    return any(least * value < one <= most * value for value in values for one in known)


def _counted(low: str, evidence: Evidence) -> set[str]:
    """The number words that count the people cited, and rightly."""
    people = len({line.author_id for line in evidence.cited})
    found = set()
    for word in (*_PEOPLE.findall(low), *_ALL_OF_THEM.findall(low)):
        values = [value for _, value in numerals.said(word)]
        if values == [people] or word == str(people):
            found.add(word)
    return found


def _strange_count(low: str, evidence: Evidence) -> str | None:
    """How often something was, where the messages count no times at all."""
    found = (each for each in _OFTEN.finditer(low) if [*numerals.said(each[1])] or each[2])
    often = next(found, None)
    return often[0] if often and not _COUNTS_TIMES.search(evidence.text) else None


def _is_measured(number: str, unit: str, evidence: Evidence) -> bool:
    pattern = rf"(?<![\d.]){re.escape(number)}\s?{re.escape(unit)}"
    return re.search(pattern, evidence.text) is not None


def _strange_unit(low: str, evidence: Evidence) -> str | None:
    own = _PERCENT.findall(evidence.text)
    for number in _PERCENT.findall(low):
        if number not in own:
            return f"{number} %"
    return measures.strange_money(low, " ".join(evidence.texts))


def _strange_measure(folded: str, evidence: Evidence) -> str | None:
    """A number that has another unit in the messages, or a span of time told in another one."""
    own = [each for text in evidence.texts for each in measures.measured(text)]
    for number, kind, unit, form in measures.measured(folded):
        units = {each[1:3] for each in own if each[0] == number and _may_be(each, kind)}
        is_others = any(each[1:3] == (kind, unit) for each in own)
        if (kind, unit) in units or not (units or is_others):
            continue
        if units or not _is_bare(number, evidence):
            return form
    known = measures.time_units(evidence.text)
    spans = measures.spans(folded)
    return next((word for word, unit in spans if known and unit not in known), None)


def _may_be(measure: tuple[str, int, int, str], kind: int) -> bool:
    """Whether a measure's unit is surely one; a letter, as in 10 G, may be short for another."""
    return measure[1] == kind or len(measure[3].split()[-1]) > 1 or not measure[3][-1].isalpha()


def _is_bare(number: str, evidence: Evidence) -> bool:
    """Whether the messages have a number that counts nothing itself: the 14 of 2 instead of 14."""
    return re.search(rf"(?<![\w.,:]){re.escape(number)}{_ENDS_BARE}", evidence.text) is not None


def _strange_half(low: str, evidence: Evidence) -> str | None:
    """A half of something, where the messages halve nothing."""
    found = _HALF.search(low)
    return found[0] if found and not _HALVES.search(evidence.text) else None


def _exchanged(folded: str, evidence: Evidence) -> str | None:
    """A figure that has changed places with another: `Pears 3` of `Pears 5, Plums 3`."""
    own = {pair for text in evidence.texts for pair in _figures(text)}
    for word, number, is_before in _figures(folded) - own:
        is_other = any(w == word and b == is_before for w, _, b in own)
        is_others = any(n == number and b == is_before for _, n, b in own)
        if is_other and is_others:
            return number
    return None


def _figures(text: str) -> set[tuple[str, str, bool]]:
    """Each telling word next to a number, its stem, the number, and whether it comes first."""
    found = set()
    bare = _MONEY_SIGN.sub(" ", text.casefold())
    for one, other in pairwise(re.findall(r"[^\W\d_]+|\d+(?:[.,:]\d+)*|[^\w\s:]", bare)):
        if is_telling(one) and other[0].isdigit():
            found.add((stem(one), other, True))
        elif one[0].isdigit() and is_telling(other) and other.isalpha():
            found.add((stem(other), one, False))
    return found
