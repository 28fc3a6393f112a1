"""Numbers, days, clauses and strangers are looked for in every language of reports."""

import pytest

from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.checking.numerals import said
from guildwatch.digest.transcript.clean import clean
from guildwatch.model import Author

ES = "subiré la primera copia de las fotos esta noche"
DE = "wir sollten davon etwas auf lager legen"
FR = "je répare la chaudière du local ce soir"
IT = "stasera porto le sedie nuove in terrazza"
NL = "ik breng de stoelen vanavond naar de zaal"
PL = "przyniosę krzesła na salę dziś wieczorem"
PT = "levo as cadeiras para a sala hoje à noite"


@pytest.fixture
def fails(talk, context):
    """The check that a sentence about one message fails, if it fails one."""

    def fails(message, sentence):
        talk.say(11, message)
        *_, line = clean(talk.messages, context).lines
        found = check_point({"text": sentence, "kind": "fact", "refs": [1]}, {1: line})
        return found.check if isinstance(found, Failure) else None

    return fails


@pytest.mark.parametrize(
    ("message", "added", "check"),
    [
        (ES, "por decimoquinta vez", "number"),
        (ES, "for the fifteenth time", "number"),
        (ES, "para noventa y tres personas", "number"),
        (FR, "pour la quinzième fois", "number"),
        (FR, "pour quatre-vingt-douze membres", "number"),
        (FR, "avec neuf joueurs", "number"),
        (DE, "zum elften Mal", "number"),
        (DE, "in zwei Drittel der Fälle", "number"),
        (IT, "per la dodicesima volta", "number"),
        (IT, "per trentatré persone", "number"),
        (NL, "voor de vijftiende keer", "number"),
        (NL, "voor drieëntwintig mensen", "number"),
        (PL, "po raz piętnasty", "number"),
        (PL, "dla siedemnastu osób", "number"),
        (PT, "pela décima quinta vez", "number"),
        (PT, "para dezoito pessoas", "number"),
        (ES, "anteayer", "date"),
        (ES, "pasado mañana", "date"),
        (FR, "avant-hier", "date"),
        (FR, "après-demain", "date"),
        (DE, "am Montagabend", "date"),
        (DE, "vorgestern", "date"),
        (IT, "l'altro ieri", "date"),
        (IT, "dopodomani", "date"),
        (NL, "eergisteren", "date"),
        (NL, "overmorgen", "date"),
        (PL, "przedwczoraj", "date"),
        (PL, "pojutrze", "date"),
        (PT, "anteontem", "date"),
        (PT, "depois de amanhã", "date"),
        (DE, "heute Abend", "date"),
        (ES, "y el perro enorme del vecino mordió cruelmente al cartero", "words"),
        (DE, "und der riesige Hund des Nachbarn biss grausam einen Briefträger", "words"),
        (FR, "et le chien énorme du voisin mordit cruellement un facteur", "words"),
        (IT, "e il cane enorme del vicino morse crudelmente un postino", "words"),
        (DE, "für Nordwind Systems", "name"),
        (ES, "con Talleres Quevedo", "name"),
        (FR, "avec Ateliers Morvan", "name"),
        (NL, "met Noordzee Technieken", "name"),
        (PL, "razem z Baltic Systemy", "name"),
        (ES, "gracias a grumblefen", "name"),
        (ES, "with help from grumblefen", "name"),
        (FR, "grâce à grumblefen", "name"),
        (DE, "dank grumblefen", "name"),
        ("der Drucker hat Marlin 2.1.2 im Lager", "im Januar", "date"),
        (DE, "sagte der Okonkwo", "name"),
        (DE, "wegen Okonkwo", "name"),
        (DE, "mit dem neuen Nestlé", "name"),
        (DE, "mit dem Wolfram-Server", "name"),
        (DE, "bei Vogel", "name"),
        (DE, "mit Photoshop", "name"),
        (DE, "mit grumblefex", "name"),
        (DE, "für x_grumble", "name"),
        (ES, "y el señor x_grumble", "name"),
        (ES, "con okonkwo", "name"),
        (FR, "et la okonkwo", "name"),
        (DE, "hundertmal", "number"),
        (DE, "dreifach", "number"),
        (ES, "docenas de fotos", "number"),
        (FR, "une dizaine de fois", "number"),
        (FR, "cet été", "date"),
        (FR, "en mars", "date"),
        (ES, "el fin de semana", "date"),
        ("the pump runs in the hall", "since last spring", "date"),
        ("the pump ran in the hall", "last night", "date"),
        ("the pump ran in the hall", "see ~/.config/pump", "link"),
        ("die Pumpe ist in der Halle", "siehe /etc/pump/halle", "link"),
        ("the pump ran for 90 days in the hall", "over 80 km", "number"),
        ("solo quince linternas en la tienda", "for the fifteenth time", "number"),
    ],
)
def test_what_is_added_to_a_message_in_any_language_is_found(fails, message, added, check):
    assert fails(message, message) is None
    assert fails(message, f"{message} {added}") == check


@pytest.mark.parametrize(
    ("message", "beginning"),
    [
        (DE, "Der Okonkwo meint:"),
        (DE, "Okonkwo, ein Admin, sagt:"),
        (DE, "Wolframs Noten:"),
        (ES, "Giulia, una admin, dijo que"),
        (ES, "Giulia de la comunidad dice que"),
        (FR, "Giulia de la communauté dit que"),
        (ES, "Cooper dijo que"),
        ("the pump ran in the hall", "Cooper said that"),
        ("the pump ran in the hall", "Holly, an admin, noted that"),
        ("the pump ran in the hall", "Page's idea is that"),
    ],
)
def test_a_stranger_at_the_beginning_is_found_in_any_language(fails, message, beginning):
    assert fails(message, f"{beginning} {message}") == "name"


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("somos 93 en la lista del viaje", "Hay noventa y tres personas en la lista del viaje."),
        ("il y a 92 chaises au local", "Le local a quatre-vingt-douze chaises."),
        ("ci sono 33 sedie in sala", "In sala ci sono trentatré sedie."),
        ("er zijn 23 stoelen in de zaal", "In de zaal staan drieëntwintig stoelen."),
        ("na sali jest 17 krzeseł", "Na sali jest siedemnaście krzeseł."),
        ("le serveur du club marche", "Le serveur neuf du club marche."),
        ("los nombres de la lista", "La segunda parte de los nombres de la lista falta."),
        ("os nomes na lista estão errados", "Os nomes dos jogadores na lista estão errados."),
        ("wir sehen uns übermorgen im Lager", "Sie sehen sich übermorgen im Lager."),
        ("dopo domani ci vediamo in sala", "Si vedono dopodomani in sala."),
        ("the hall is open at 20:30", "The hall is open tonight at 20:30."),
        ("der Drucker von Frau Meyer steht im Lager", "Im Lager steht der Drucker von Frau Meyer."),
        ("der neue patch für das lager ist fertig", "Der Lager-Patch ist fertig."),
        ("die halle war 2 mal belegt", "Die Halle war doppelt belegt."),
        ("put it in rc.local of the pump", "It belongs in /etc/rc.local of the pump."),
        ("we ran the pump last nite", "They ran the pump last night."),
        ("das Lager ist offen", "Das Lager ist laut Anleitung offen."),
    ],
)
def test_what_a_message_says_may_be_told_in_other_words(fails, message, sentence):
    assert fails(message, sentence) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("veintinueve", 29), ("treinta y uno", 31), ("soixante et onze", 71), ("vinte e um", 21)],
)
def test_a_number_of_several_words_is_one(text, number):
    assert [value for _, value in said(text, strict=True)] == [number]


def test_a_number_of_a_nickname_counts_nothing(talk, context):
    talk.say(150, "borra las fotos viejas, nadie las usa", author=Author(150, "nebula_m42"))
    (line,) = clean(talk.messages, context).lines
    for text, is_kept in (
        ("nebula_m42 pide borrar las fotos viejas.", True),
        ("Hay cuarenta y dos fotos viejas, nadie las usa.", False),
    ):
        found = check_point({"text": text, "kind": "fact", "refs": [1]}, {1: line})
        assert isinstance(found, Failure) is not is_kept
