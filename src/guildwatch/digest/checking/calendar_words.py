"""Weekdays, months and days told by words, in the languages that reports can be told in."""

import re
from collections.abc import Iterable

_NAMES = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december yesterday today tomorrow
"""
# In the order of these names. A slash parts forms of one word. A question mark stands before what
# may be another word as well: it serves as evidence, and is no date where a report has it.
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
}
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def _named() -> Iterable[tuple[str, str, str, bool]]:
    """Language, form, the date that it names, and whether it may be another word."""
    for language, lists in _FORMS.items():
        for name, forms in zip(_NAMES.split(), lists.split(), strict=True):
            doubtful = forms.startswith("?")
            for form in forms.lstrip("?").split("/"):
                yield language, form.lstrip("?"), name, doubtful or form.startswith("?")


_EVIDENCE: dict[str, set[str]] = {}
_SURE: dict[str, dict[str, str]] = {language: {} for language in _FORMS}
for _language, _form, _name, _is_doubtful in _named():
    _EVIDENCE.setdefault(_form, set()).add(_name)
    if not _is_doubtful:
        _SURE[_language][_form] = _name


def dates_named(text: str, language: str) -> set[str]:
    """The weekdays, months and near days that a text surely names, by their English words."""
    forms = _SURE[language]
    return {forms[word] for word in _words(text) if word in forms}


def dates_meant(texts: Iterable[str]) -> set[str]:
    """The weekdays, months and near days that texts in any language may mean."""
    return {name for text in texts for word in _words(text) for name in _EVIDENCE.get(word, ())}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))
