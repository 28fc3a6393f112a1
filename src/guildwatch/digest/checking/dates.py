"""Which days and times a text names: weekdays, months, and words like tomorrow.

In the languages that reports can be told in, and in Russian; every day has its English name here.
"""

import re
from collections.abc import Iterable, Iterator

from guildwatch.digest.checking.near_days import phrases, without_phrases
from guildwatch.digest.checking.stretches import stretches

_NAMES = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december yesterday today tomorrow
"""
# In the order of these names. A slash parts forms of one word. A question mark stands before what
# may be another word as well: alone it serves as evidence, and is no date where a report has it.
_FORMS = {
    "en": """
        monday tuesday wednesday thursday friday saturday sunday january february ?march
        april ?may june july august september october november december yesterday
        today/tonight tomorrow
    """,
    "de": """
        montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag januar/jänner
        februar märz april ?mai juni juli august september oktober november dezember gestern
        heute ?morgen
    """,
    "es": """
        lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo
        junio julio agosto septiembre/setiembre octubre noviembre diciembre ayer/anoche hoy
        ?mañana
    """,
    "fr": """
        lundi mardi mercredi jeudi vendredi samedi dimanche janvier février ?mars avril mai
        juin juillet août septembre octobre novembre décembre hier aujourd'hui demain
    """,
    "it": """
        lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio marzo
        aprile maggio giugno luglio agosto settembre ottobre novembre dicembre ieri
        oggi/stasera/stanotte domani
    """,
    "nl": """
        maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart
        april mei juni juli augustus september oktober november december gisteren
        vandaag/vanavond/vannacht ?morgen
    """,
    "pl": """
        poniedziałek/poniedziałku/poniedziałkiem wtorek/wtorku/wtorkiem
        środa/środę/środy/środą czwartek/czwartku/czwartkiem piątek/piątku/piątkiem
        sobota/sobotę/soboty/sobotą niedziela/niedzielę/niedzieli/niedzielą
        styczeń/stycznia/styczniu luty/lutego/lutym marzec/marca/marcu
        kwiecień/kwietnia/kwietniu ?maj/maja/maju czerwiec/czerwca/czerwcu
        lipiec/lipca/lipcu sierpień/sierpnia/sierpniu wrzesień/września/wrześniu
        październik/października/październiku listopad/listopada/listopadzie
        grudzień/grudnia/grudniu wczoraj dziś/dzisiaj jutro
    """,
    "pt": """
        segunda-feira/?segunda terça-feira/?terça quarta-feira/?quarta quinta-feira/?quinta
        sexta-feira/?sexta sábado domingo janeiro fevereiro março abril maio junho julho
        agosto setembro outubro novembro dezembro ontem hoje amanhã
    """,
    "ru": """
        понедельник/понедельника вторник/вторника среда/среду/среды четверг/четверга
        пятница/пятницу/пятницы суббота/субботу/субботы воскресенье/воскресенья январь/января
        февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля август/августа
        сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря вчера сегодня завтра
    """,
}
_MORE = """
    weekend/wochenende/week-end midnight/minuit/mitternacht/medianoche/mezzanotte/полночь
    noon/mittag/midday/midi/mediodía/mezzogiorno/полдень fortnight
    übermorgen/overmorgen/pojutrze/послезавтра
    vorgestern/anteayer/antier/eergisteren/przedwczoraj/anteontem/позавчера
    christmas/xmas/weihnachten/noël/navidad/natale/natal easter/ostern/pâques/pascua/pasqua
    halloween
"""
# Short forms, and words that are something else as often: a capital or a number must mark them.
_SHORT = """
    mon=monday tue=tuesday tues=tuesday wed=wednesday thu=thursday thur=thursday thurs=thursday
    fri=friday sat=saturday sun=sunday jan=january feb=february mar=march apr=april jun=june
    jul=july aug=august sep=september sept=september oct=october okt=october nov=november
    dec=december dez=december
"""
_NEAR = frozenset({"yesterday", "today", "tomorrow"})
_TIME_OF_DAY = re.compile(r"(?<=tag|och)(?:abend|morgen|mittag|nachmittag|vormittag|nacht)$")
# Before `morgen` and `mañana` where they are the morning.
_OF_THE_MORNING = re.compile(
    r"(?:\b(?:la|esta|de|deze|am|jeden|guten|diesen|heute|gestern|cada|una)\s+)$", re.IGNORECASE
)
_IN_MONTH = re.compile(r"\b(?:en|in|im|since|seit|depuis|début|fin|dès|mi)[ -]$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_HAN_DAY = re.compile(
    r"[月火水木金土日]曜|(?:星期|周|礼拜)[一二三四五六日天]|明日|昨日|明天|昨天|来週|先週|下周|上周"
)
_ISO_MONTH = re.compile(
    r"\b\d{4}-(\d{2})(?:-\d{2})?\b|\b\d{1,2}\.(\d{1,2})\.(?:\d{4}\b|\d{2}\b|(?!\d))"
)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/\d{2,4})?\b")
_DAY_FIRST = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:st|nd|rd|th|er|\.)? ?(?:of |de )?([^\W\d_]{3,10})\b"
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,10})\.? (?:the )?(\d{1,2})(?![\d:]|[.,]\d)")
_DOTTED_DAY = re.compile(r"\b(?<![\d.])(\d{1,2})\.(\d{1,2})\.(?!\d(?!\d))")
_ISO_DAY = re.compile(r"\b\d{4}-(\d{2})-(\d{2})\b")
MONTHS = tuple(_NAMES.split()[7:19])


def _named_days() -> Iterable[tuple[str, str, str, bool]]:
    """Language, form, the date that it names, and whether it may be another word."""
    for language, lists in _FORMS.items():
        for name, forms in zip(_NAMES.split(), lists.split(), strict=True):
            doubtful = forms.startswith("?")
            for form in forms.lstrip("?").split("/"):
                yield language, form.lstrip("?"), name, doubtful or form.startswith("?")


_EVIDENCE: dict[str, set[str]] = {}
_SURE: dict[str, dict[str, str]] = {language: {} for language in _FORMS}
for _language, _form, _name, _is_doubtful in _named_days():
    _EVIDENCE.setdefault(_form, set()).add(_name)
    if not _is_doubtful:
        _SURE[_language][_form] = _name
_DOUBTFUL = {form for _, form, _, is_doubtful in _named_days() if is_doubtful}
_KEYS = (
    {form: name for _, form, name, _ in _named_days()}
    | {form: forms.split("/")[0] for forms in _MORE.split() for form in forms.split("/")}
    | dict(pair.split("=") for pair in _SHORT.split())
)
_MARKED = _DOUBTFUL | {pair.split("=")[0] for pair in _SHORT.split()}


def dates_named(text: str, language: str) -> set[str]:
    """The weekdays, months and near days that a text surely names, by their English words."""
    forms = _SURE[language]
    return {forms[word] for word in _words(text) if word in forms}


def dates_meant(texts: Iterable[str]) -> set[str]:
    """The weekdays, months and near days that texts in any language may mean."""
    return {name for text in texts for word in _words(text) for name in _EVIDENCE.get(word, ())}


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold().replace("’", "'"))


def named(text: str) -> Iterator[tuple[str, str]]:
    """The days and times that a folded text names in any language: as written, and a key.

    Equal days have equal keys. Short forms and words that may mean something else count where a
    capital or a number marks them; today is no claim.
    """
    yield from phrases(text.casefold())
    text = without_phrases(text)
    for found in _TOKEN.finditer(text):
        key = key_of(found[0])
        if key and key != "today" and _is_claimed(text, found, key):
            yield found[0], key
    low_text = text.casefold()
    yield from stretches(low_text)
    yield from ((found, found) for found in _HAN_DAY.findall(text))


def key_of(word: str) -> str | None:
    """The day, month or time that a word alone may name."""
    low = word.casefold().removesuffix("'s")
    plain = low.removesuffix("s")
    return _KEYS.get(low) or _KEYS.get(plain) or _KEYS.get(_TIME_OF_DAY.sub("", plain))


def keys(text: str) -> set[str]:
    """Every day and time that messages name, however they are written."""
    low = text.casefold()
    of_phrases = {key for _, key in phrases(low)}
    text = without_phrases(text)
    low = text.casefold()
    known = of_phrases | {key for word in _TOKEN.findall(low) if (key := key_of(word))}
    known |= {name for word in _TOKEN.findall(low) for name in _EVIDENCE.get(word, ())}
    known |= {key for _, key in stretches(low)}
    known.update(_HAN_DAY.findall(text))
    for groups in (*_ISO_MONTH.findall(text), *_SLASHED.findall(text)):
        known |= {MONTHS[int(month) - 1] for month in groups if month and 1 <= int(month) <= 12}
    return known


def days_of_months(text: str) -> set[tuple[str, int]]:
    """The days that a folded text names by month and number: Nov 18th or 3 de octubre."""
    low = text.casefold()
    found = {(key_of(month), int(day)) for day, month in _DAY_FIRST.findall(low)}
    found |= {(key_of(month), int(day)) for month, day in _MONTH_FIRST.findall(low)}
    numbered = [(month, day) for day, month in _DOTTED_DAY.findall(low)] + _ISO_DAY.findall(low)
    for one, other in _SLASHED.findall(low):
        numbered += [(one, other), (other, one)]
    found |= {(MONTHS[int(m) - 1], int(day)) for m, day in numbered if 1 <= int(m) <= 12}
    return {(month, day) for month, day in found if month in MONTHS}


def _is_claimed(text: str, found: re.Match[str], key: str) -> bool:
    """Whether a word that may name a day does so here."""
    word, before = found[0], text[: found.start()]
    low = word.casefold()
    if key in MONTHS and _IN_MONTH.search(before):
        return True
    if low in _DOUBTFUL and key in _NEAR:
        return word == low and _OF_THE_MORNING.search(before) is None
    if _MARKED.isdisjoint((low, low.removesuffix("s").removesuffix("'"))):
        return True
    return (word != low and _is_inside(before)) or _is_numbered(before, text[found.end() :])


def _is_inside(before: str) -> bool:
    """Whether a capital is no sentence's beginning."""
    before = before.rstrip(" \"'(")
    return bool(before) and before[-1] not in ".!?:;"


def _is_numbered(before: str, after: str) -> bool:
    return before.rstrip(" .")[-1:].isdigit() or after.lstrip(" .")[:1].isdigit()
