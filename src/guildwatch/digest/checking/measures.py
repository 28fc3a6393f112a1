"""Numbers with what they count or measure, so that minutes are not told as hours."""

import re
from collections.abc import Iterator
from itertools import pairwise

from guildwatch.digest.checking import numerals

# The units of each kind, each with its forms.
_TIME = (
    "second seconds sec secs s sekunde sekunden seconde secondes segundo segundos секунд 秒",
    "minute minutes min mins minuten minuto minutos minuti minuut минут минуты минуту 分",
    "hour hours hr hrs h stunde stunden std heure heures hora horas ora ore uur uhr час часа часов",
    "day days tag tage tagen jour jours día días giorno giorni dia dias dag dagen день дня дней",
    "week weeks wk woche wochen semaine semaines semana semanas settimana settimane weken недель",
    "month months monat monate monaten mois mes meses mese mesi mês maand maanden месяц месяцев",
    "year years yr jahr jahre jahren année années ans año años anno anni ano anos jaar года лет",
    "decade decades",
    "ms millisecond milliseconds",
)
_DATA = ("kb kib ko кб", "mb mib mo мб", "gb gib go гб", "tb tib тб")
_SPEED = ("km/h kmh kph", "m/s", "mph")
_LENGTH = (
    "mm millimetre millimetres millimeter millimeters milímetros millimètres",
    "cm centimetre centimetres centimeter centimeters zentimeter centímetros centimètres",
    "metre metres meter meters metern metros mètre mètres metri metro",
    "km kilometre kilometres kilometer kilometers kilómetros kilomètres chilometri",
    "mile miles meile meilen millas",
    "inch inches zoll pulgadas pouces",
    "foot feet ft pies pieds",
    "yard yards",
)
_WEIGHT = ("kg kilo kilos kilogram kilograms kilogramm", "g gram grams gramm gramos")
_FREQUENCY = ("hz", "khz", "mhz", "ghz")
_VOLUME = (
    "l litre litres liter liters litern litros litri",
    *("ml", "cl", "dl", "gallon gallons", "pint pints"),
)
_POWER = ("w watt watts", "kw kilowatt kilowatts", "mw megawatt megawatts", "kwh", "wh")
_ELECTRIC = ("v volt volts", "amp amps ampere", "mah", "ah")
_LOUDNESS = ("db dba decibel decibels dezibel",)
_SHARE = ("% percent prozent",)
_WARMTH = ("° degree degrees grad grado grados degré degrés gradi graden",)
_MONEY = (
    "$ dollar dollars usd dólar dólares dollari bucks buck",
    "€ euro euros eur",
    "£ pound pounds gbp quid pfund livres libras sterline lb lbs",  # a pound may weigh
    "¥ yen jpy",
    "franken francs franc chf franchi",
    "zł złoty złotych pln",
    "kronor kroner kronen nok dkk",
    "rubel rubles roubles rublos",
    "xmr monero moneros",
    "₿ btc bitcoin bitcoins",
    "rupees inr",
    "pesos peso",
    "reais brl",
)
_KINDS = (
    *(_TIME, _DATA, _SPEED, _LENGTH, _WEIGHT, _FREQUENCY, _VOLUME, _POWER, _ELECTRIC, _LOUDNESS),
    *(_SHARE, _WARMTH, _MONEY),
)
_UNSAID = 3  # the first of those that are named where they are meant
_UNIT_OF = {
    form: (kind, place)
    for kind, units in enumerate(_KINDS)
    for place, forms in enumerate(units)
    for form in forms.split()
}
# Those that are told of a span alone, with no number; "second" and "day" are told of anything.
_SPANS = frozenset(
    # Words read better as lines of words.
    "minutes hours days weeks months years decades minuten stunden tage tagen wochen monate "  # noqa: SIM905
    "monaten jahre jahren heures jours semaines années minutos horas días semanas meses años "
    "minuti giorni settimane mesi anni dias anos dagen weken maanden jaren минут часов дней недель "
    "месяцев лет".split()
)
_PARTS_OF_HOURS = (
    (re.compile(r"\bhalf (?:an )?hour|halbe (?:stunde|std)|\bmedia hora|\bdemi-heure"), 30),
    (re.compile(r"\bquarter of an hour|viertelstunde|\bcuarto de hora|\bquart d'heure"), 15),
    (re.compile(r"\bhour and a half|anderthalb stunden|\bhora y media|\bheure et demie"), 90),
)
_MINUTES = 1
_FIGURE = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)*)[\s-]?([^\W\d_]+/[^\W\d_]+|[^\W\d_]+|[$€£¥₿%°])")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
_SIGN_FIRST = re.compile(r"([$€£¥₿])\s?(\d+(?:[.,]\d+)*)")
_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = "$€£¥₿"
_MONEY_FORM = re.compile(rf"[^\W\d_]+|[{_SIGNS}]")


def measured(text: str) -> Iterator[tuple[str, int, int, str]]:
    """The number, kind of unit, unit and written form of each measure in a folded text."""
    low = text.casefold()
    for number, form in _FIGURE.findall(low):
        if form in _UNIT_OF:
            yield _THOUSANDS.sub("", number), *_UNIT_OF[form], f"{number} {form}"
    for form, number in _SIGN_FIRST.findall(low):
        yield _THOUSANDS.sub("", number), *_UNIT_OF[form], f"{form}{number}"
    words = _WORD.findall(low)
    for word, form in pairwise(words):
        if len(form) > 2 and form in _UNIT_OF:
            for _, value in numerals.said(word):
                yield str(value), *_UNIT_OF[form], f"{word} {form}"


def strange_money(text: str, evidence: str) -> str | None:
    """A currency that a folded text counts in and another text does not, though in others.

    Where that has none at all, dollars, euros and pounds go without saying, but not their signs.
    """
    forms = _MONEY_FORM.findall(evidence.casefold())
    known = {_UNIT_OF[form] for form in forms if _is_money(form)}
    for _, kind, unit, form in measured(text):
        if kind != _KINDS.index(_MONEY) or (kind, unit) in known:
            continue
        if known or unit >= _UNSAID or any(sign in form for sign in _SIGNS):
            return form
    return None


def _is_money(form: str) -> bool:
    return form in _UNIT_OF and _UNIT_OF[form][0] == _KINDS.index(_MONEY)


def is_unit(word: str) -> bool:
    """Whether a word in small letters is a unit; one letter may be anything."""
    return len(word) > 1 and word in _UNIT_OF


def spans(text: str) -> list[tuple[str, int]]:
    """The words for spans of time in a folded text that stand for one alone, with their units."""
    return [(word, _UNIT_OF[word][1]) for word in _WORD.findall(text.casefold()) if word in _SPANS]


def parts_of_hours(text: str) -> set[int]:
    """The minutes that a text in small letters says by parts of an hour: thirty of half an hour."""
    return {minutes for pattern, minutes in _PARTS_OF_HOURS if pattern.search(text)}


def time_units(text: str) -> set[int]:
    """The units of time that a folded text has, in any form."""
    found = (_UNIT_OF.get(word, (-1, -1)) for word in _WORD.findall(text.casefold()))
    minutes = {_MINUTES} if parts_of_hours(text) else set[int]()
    return {unit for kind, unit in found if kind == 0} | minutes
