"""Number words of the languages of reports beyond the plain ones, by language, with their values.

Ordinals, fractions, and numbers that are written in one word. Not here is what mostly means
something else: one and a, first, Spanish "cuarto" (a room), French "tiers" (others).
"""

from collections.abc import Iterator
from itertools import product

# Forms of one number are parted by slashes; the numbers count up from two.
_CARDINALS = {
    "pl": """
        dwa/dwie/dwóch/dwoje trzy/trzech/troje cztery/czterech pięć/pięciu sześć/sześciu
        siedem/siedmiu osiem/ośmiu dziewięć/dziewięciu dziesięć/dziesięciu
        jedenaście/jedenastu dwanaście/dwunastu trzynaście/trzynastu czternaście/czternastu
        piętnaście/piętnastu szesnaście/szesnastu siedemnaście/siedemnastu
        osiemnaście/osiemnastu dziewiętnaście/dziewiętnastu dwadzieścia/dwudziestu
    """,
}
_ORDINALS = {
    "es": """
        - tercer/tercero/tercera - quinto/quinta sexto/sexta séptimo/séptima octavo/octava
        noveno/novena décimo/décima undécimo/undécima duodécimo/duodécima
        decimotercero/decimotercera decimocuarto/decimocuarta decimoquinto/decimoquinta
        decimosexto/decimosexta decimoséptimo/decimoséptima decimoctavo/decimoctava
        decimonoveno/decimonovena vigésimo/vigésima
    """,
    "it": """
        - terzo/terza quarto/quarta quinto/quinta sesto/sesta settimo/settima ottavo/ottava
        nono/nona decimo/decima undicesimo/undicesima dodicesimo/dodicesima
        tredicesimo/tredicesima quattordicesimo/quattordicesima quindicesimo/quindicesima
        sedicesimo/sedicesima diciassettesimo/diciassettesima diciottesimo/diciottesima
        diciannovesimo/diciannovesima ventesimo/ventesima
    """,
    "nl": """
        tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde
        dertiende veertiende vijftiende zestiende zeventiende achttiende negentiende twintigste
    """,
    "pl": """
        - trzeci/trzecia/trzecie/trzeciego/trzecią/trzeciej
        czwarty/czwarta/czwarte/czwartego/czwartej piąty/piąta/piąte/piątego/piątej
        szósty/szósta/szóste/szóstego/szóstej siódmy/siódma/siódme/siódmego/siódmej
        ósmy/ósma/ósme/ósmego/ósmej dziewiąty/dziewiąta/dziewiąte/dziewiątego/dziewiątej
        dziesiąty/dziesiąta/dziesiąte/dziesiątego/dziesiątej jedenasty/jedenasta/jedenastego
        dwunasty/dwunasta/dwunastego trzynasty/trzynasta/trzynastego
        czternasty/czternasta/czternastego piętnasty/piętnasta/piętnastego
        szesnasty/szesnasta/szesnastego siedemnasty/siedemnasta/siedemnastego
        osiemnasty/osiemnasta/osiemnastego dziewiętnasty/dziewiętnasta/dziewiętnastego
        dwudziesty/dwudziesta/dwudziestego
    """,
    "pt": """
        - terceiro/terceira - quinto sexto sétimo/sétima oitavo/oitava nono/nona
        décimo/décima - - - - - - - - - vigésimo/vigésima
    """,
    "de": """
        - - - - sechster/sechste/sechsten siebter/siebte/siebten/siebente
        achter/achte/achten neunter/neunte/neunten zehnter/zehnten elfter/elfte/elften
        zwölfter/zwölfte/zwölften dreizehnte/dreizehnten vierzehnte/vierzehnten
        fünfzehnte/fünfzehnten sechzehnte/sechzehnten siebzehnte/siebzehnten
        achtzehnte/achtzehnten neunzehnte/neunzehnten zwanzigste/zwanzigsten
    """,
    "fr": """
        - - - - sixième septième huitième neuvième dixième onzième douzième treizième
        quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième
    """,
}
# Two thirds hold a two and a three.
_FRACTIONS = {
    3: "thirds drittel tercio tercios terzi trzecie terço terços",
    4: "quarters fourths viertel quarts cuartos quarti",
    5: "fifths fünftel quintos quinti",
    6: "sixths sechstel",
    8: "eighths achtel octavos ottavi",
    10: "tenths zehntel décimos decimi",
}
_WHOLE = {
    22: "veintidós veintidos",
    23: "veintitrés veintitres",
    21: "veintiuno veintiún veintiuna ventuno",
    24: "veinticuatro",
    25: "veinticinco",
    26: "veintiséis veintiseis",
    27: "veintisiete",
    28: "veintiocho ventotto",
    29: "veintinueve",
    40: "czterdzieści czterdziestu",
    30: "trzydzieści trzydziestu",
    50: "pięćdziesiąt pięćdziesięciu",
    60: "sześćdziesiąt",
    70: "siedemdziesiąt",
    80: "osiemdziesiąt",
    90: "dziewięćdziesiąt",
    200: "doscientos doscientas duecento dwieście duzentos duzentas",
    300: "trescientos trescientas trecento trzysta trezentos trezentas",
    400: "cuatrocientos cuatrocientas quattrocento czterysta quatrocentos",
    500: "quinientos quinientas cinquecento pięćset quinhentos quinhentas",
    600: "seiscientos seiscientas seicento sześćset seiscentos",
    700: "setecientos setecientas settecento siedemset setecentos",
    800: "ochocientos ochocientas ottocento osiemset oitocentos",
    900: "novecientos novecientas novecento dziewięćset novecentos",
}
_OTHERS = {
    4: "viermal vierfach",
    5: "fünfmal fünffach",
    6: "sechsmal",
    7: "siebenmal",
    8: "achtmal",
    9: "neunmal",
    10: "zehnmal zehnfach dizaine dizaines decena decenas",
    12: "dúzia tuzin dozijn dutzende dutzenden douzaines docenas",
    100: "hundertmal hundertfach centaine centaines centenares",
    1000: "tausendmal milliers millares",
    15: "quinzaine quindicina",
    20: "vingtaine ventina veintena",
}
_TENS = range(20, 100, 10)
_ITALIAN_TENS = "vent trent quarant cinquant sessant settant ottant novant"
_ITALIAN_UNITS = "uno due tre quattro cinque sei sette otto nove"
_DUTCH_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_DUTCH_UNITS = "een twee drie vier vijf zes zeven acht negen"

FRACTIONS = {word: value for value, forms in _FRACTIONS.items() for word in forms.split()}
"""The parts of a whole, which they are after a number: a quarter is a part of a town too."""

_AMBIGUOUS = {
    2: "dos due segundo segunda secondo seconda drugi druga drugie",
    3: "tiers",
    4: "cuarto cuarta quarto quarta",
    5: "quinta",
    6: "sei sexta",
    8: "achte achten octavo",
    9: "neuf",
    11: "once",
    100: "sto cent",
}
AMBIGUOUS = {word: value for value, forms in _AMBIGUOUS.items() for word in forms.split()}
"""Numbers that are other words as often: they count as ones before what is counted alone."""

COUNTED = frozenset(
    # Words read better as lines of words.
    "times time mal male fois veces vez volte volta keer maal razy raz vezes people persons "  # noqa: SIM905
    "leute personen personnes gens personas persone mensen osoby osób pessoas players spieler "
    "joueurs jugadores giocatori spelers graczy jogadores members mitglieder membres miembros "
    "membri leden członków membros users nutzer utilisateurs usuarios utenti gebruikers "
    "prozent percent pourcent procent euro euros dollar złotych reais minuten minutes minutos "
    "minuti minuut minut stunden hours heures horas ore uur godzin tage tagen days jours días "
    "giorni dagen dni dias wochen weeks semaines semanas settimane weken tygodni monate "
    "monaten months mois meses mesi maanden miesięcy jahre jahren years ans années años anni "
    "jaar lat anos millionen millones tausend miles uhr intento vuelta".split()
)


def ordinals() -> Iterator[str]:
    """The words that say which of a row something is."""
    for forms_of_all in _ORDINALS.values():
        yield from (form for forms in forms_of_all.split() for form in forms.split("/"))


def words() -> Iterator[tuple[str, int]]:
    """Every word with its number."""
    for table in (_CARDINALS, _ORDINALS):
        for forms_of_all in table.values():
            for value, forms in enumerate(forms_of_all.split(), 2):
                yield from ((form, value) for form in forms.split("/") if form != "-")
    for values in (_FRACTIONS, _WHOLE, _OTHERS):
        yield from ((word, value) for value, forms in values.items() for word in forms.split())
    yield from _italian()
    yield from _dutch()


def _italian() -> Iterator[tuple[str, int]]:
    for (ten, begin), (one, unit) in _tens_and_units(_ITALIAN_TENS, _ITALIAN_UNITS):
        vowel = "" if unit[0] in "uo" else "i" if ten == 20 else "a"
        yield begin + vowel + unit, ten + one
        if unit == "tre":
            yield f"{begin}{vowel}tré", ten + one


def _dutch() -> Iterator[tuple[str, int]]:
    for (ten, end), (one, unit) in _tens_and_units(_DUTCH_TENS, _DUTCH_UNITS):
        yield unit + ("ën" if unit.endswith("e") else "en") + end, ten + one


def _tens_and_units(tens: str, units: str) -> Iterator[tuple[tuple[int, str], tuple[int, str]]]:
    named = zip(_TENS, tens.split(), strict=True)
    yield from product(named, enumerate(units.split(), 1))
