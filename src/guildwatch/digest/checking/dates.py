"""Which days and times a text names: weekdays, months, and words like tomorrow."""

import re
from collections.abc import Iterator

_WEEKDAYS = (
    "monday montag lundi lunes lunedì maandag segunda понедельник",
    "tuesday dienstag mardi martes martedì dinsdag terça вторник",
    "wednesday mittwoch mercredi miércoles mercoledì woensdag quarta среда среду",
    "thursday donnerstag jeudi jueves giovedì donderdag quinta четверг",
    "friday freitag vendredi viernes venerdì vrijdag sexta пятница пятницу",
    "saturday samstag sonnabend samedi sábado sabato zaterdag суббота субботу",
    "sunday sonntag dimanche domingo domenica zondag воскресенье",
)
_MONTHS = (
    "january januar janvier enero gennaio januari janeiro января январь",
    "february februar février febrero febbraio februari fevereiro февраля февраль",
    "march märz mars marzo maart março марта март",
    "april avril abril aprile апреля апрель",
    "may mai mayo maggio mei maio мая май",
    "june juni juin junio giugno junho июня июнь",
    "july juli juillet julio luglio julho июля июль",
    "august août agosto augustus августа август",
    "september septembre septiembre settembre setembro сентября сентябрь",
    "october oktober octobre octubre ottobre outubro октября октябрь",
    "november novembre noviembre novembro ноября ноябрь",
    "december dezember décembre diciembre dicembre dezembro декабря декабрь",
)
_SHORT = (
    *(("mon", "d0"), ("tue", "d1"), ("tues", "d1"), ("wed", "d2"), ("thu", "d3"), ("thur", "d3")),
    *(("thurs", "d3"), ("fri", "d4"), ("sat", "d5"), ("sun", "d6")),
    *(("jan", "m1"), ("feb", "m2"), ("mar", "m3"), ("apr", "m4"), ("jun", "m6"), ("jul", "m7")),
    *(("aug", "m8"), ("sep", "m9"), ("sept", "m9"), ("oct", "m10"), ("okt", "m10"), ("nov", "m11")),
    *(("dec", "m12"), ("dez", "m12")),
)
_OTHERS = """
    tomorrow yesterday tonight midnight noon weekend fortnight christmas easter halloween
    gestern übermorgen vorgestern wochenende demain aujourd'hui mañana ayer domani ieri amanhã
    ontem завтра вчера послезавтра midi minuit mitternacht mediodía medianoche mezzogiorno
    mezzanotte полдень полночь
"""
# Words of these lists that are something else as often, where no capital or number marks them.
_MORE_MEANINGS = "may march mars mai quarta quinta sexta segunda mei"
_DOUBTFUL = frozenset(_MORE_MEANINGS.split())
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NEXT = re.compile(
    r"\b(?:next|last|this coming|coming|nächste[nrsm]?|letzte[nrsm]?|kommende[nrsm]?)"
    r" (?:week|month|year|quarter|spring|summer|autumn|fall|winter|woche|monat|jahr)\b"
)
_HAN_DAY = re.compile(
    r"[月火水木金土日]曜|(?:星期|周|礼拜)[一二三四五六日天]|明日|昨日|明天|昨天|来週|先週|下周|上周"
)
_ISO_MONTH = re.compile(r"\b\d{4}-(\d{2})(?:-\d{2})?\b|\b\d{1,2}\.(\d{1,2})\.(?:\d{2,4})?")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/\d{2,4})?\b")


def _long() -> dict[str, str]:
    days = {word: f"d{day}" for day, words in enumerate(_WEEKDAYS) for word in words.split()}
    months = {word: f"m{month}" for month, words in enumerate(_MONTHS, 1) for word in words.split()}
    return days | months | {word: word for word in _OTHERS.split()}


_LONG = _long()
_BRIEF = dict(_SHORT)


def named(text: str) -> Iterator[tuple[str, str]]:
    """The days and times that a folded text names: as written, and a key equal for equal ones.

    Short forms and words that may mean something else count where a capital or a number marks
    them.
    """
    for found in _TOKEN.finditer(text):
        low = found[0].casefold()
        key = _LONG.get(low) or _BRIEF.get(low)
        if key is None:
            continue
        is_plain = low in _LONG and low not in _DOUBTFUL
        is_inside = found[0] != low and _is_inside(text, found.start())
        if is_plain or is_inside or _is_numbered(text, found):
            yield found[0], key
    low_text = text.casefold()
    yield from ((found, found) for found in _NEXT.findall(low_text))
    yield from ((found, found) for found in _HAN_DAY.findall(text))


def key_of(word: str) -> str | None:
    """The day, month or time that a word alone may name."""
    low = word.casefold()
    return _LONG.get(low) or _BRIEF.get(low)


def keys(text: str) -> set[str]:
    """Every day and time that messages name, however they are written."""
    low = text.casefold()
    known = {
        key
        for word in _TOKEN.findall(low)
        for key in (_LONG.get(word.removesuffix("'s")), _BRIEF.get(word))
        if key
    }
    known |= {key for word, key in _LONG.items() if f"{word}s" in low}
    known.update(_NEXT.findall(low))
    known.update(_HAN_DAY.findall(text))
    for groups in (*_ISO_MONTH.findall(text), *_SLASHED.findall(text)):
        known |= {f"m{int(month)}" for month in groups if month and 1 <= int(month) <= 12}
    return known


def _is_inside(text: str, place: int) -> bool:
    """Whether a capital is no sentence's beginning."""
    before = text[:place].rstrip(" \"'(")
    return bool(before) and before[-1] not in ".!?:;"


def _is_numbered(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()].rstrip(" ."), text[found.end() :].lstrip(" .")
    return before[-1:].isdigit() or after[:1].isdigit()
