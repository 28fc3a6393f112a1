"""Which capitals of German are nouns, so that one which is none can be told for a name."""

import re

# Nouns that chats are about. A compound is known by its last part.
_NOUNS = """
    absturz abstürze abend abende absicht adresse aktion aktualisierung alternative anbieter
    anfang anfrage angabe angebot angriff anleitung anmeldung anruf ansatz ansicht antwort
    antworten anwendung anzahl anzeige arbeit arbeiten art artikel aufgabe auftrag aufnahme
    augenblick ausgabe auslöser ausnahme auswahl auswertung autor bau bauteil bedarf bedingung
    befehl befund beginn begriff behebung beispiel beitrag beiträge benutzer berechtigung
    bereich bericht beschreibung besitzer besucher betrieb bild bilder bildschirm bitte bot
    brett browser buch code computer chat chef dank datei dateien datenbank daten datum dauer
    debatte diskussion dienst ding dinge dokument downloads drucker durchgang ebene effekt
    eigenschaft einblick eindruck einfluss eingabe einheit einladung einstellung einstellungen
    eintrag einzelheit element ende endung entscheidung entwickler entwurf ereignis erfahrung
    erfolg ergebnis ergebnisse erinnerung erklärung ersatz erweiterung fall farbe farben fassung
    fehler fehlermeldung fenster fest festplatte feld figur film firma folge form format forum
    fortschritt foto frage fragen frist funktion fuß gast gebiet gebühr gefahr gefühl gegenstand
    gegner geld gemeinschaft gerät geräte gericht geschichte gespräch gewicht gewinn gewinner
    gleichung glück grafik grenze grund gründe gruppe größe hand handbuch hardware hast haus
    helfer hersteller herz hilfe himmel hinweis hinweise hintergrund hälfte höhe idee ideen
    inhalt installation interesse internet irrtum jahr jahre jahren job kabel kamera kanal
    kanäle karte karten kategorie kauf kenntnis kern kette kind klasse knopf konto kopf kopie
    kosten kraft kreis kritik kunde kurs ladung lage land laufwerk laufzeit leben leistung leser
    leute leuten level licht lied lieferung liste listen lizenz loch lösung macht mal mangel
    mannschaft maschine masse material medium mehrheit meinung meldung menge mensch menschen
    merkmal methode minute minuten mitglied mitglieder mittag mittel moderator modus moment
    monat morgen monate monaten musik muster möglichkeit nachmittag nachricht nachrichten nacht
    name namen netz netzwerk neuerung nummer nutzer nutzung oberfläche objekt option ordner
    ordnung ort paar paket partei passwort pause person personen pfad pflicht plan plattform
    platz post preis problem probleme produkt programm projekt prozent prozess prüfung punkt
    punkte qualität quelle quellen rahmen raum rechner recht regel regeln reihe reihenfolge rest
    richtung rolle ruhe runde sache sachen saison sammlung satz schaden schalter schicht
    schlüssel schluss schnitt schreiben schrift schritt schritte schuld schule schutz
    schwierigkeit seite seiten sekunde sekunden server sicherheit sicht signal sinn situation
    skript software sommer spaß speicher speicherstand speicherstände sperre spiel spiele
    spieler spielstand spielstände sprache stadt stand standard start stelle stellung steuerung
    stimme stimmen stimmung straße stress strom struktur stück stunde stunden suche summe system
    tabelle tag tage tagen tat taste tastatur team teil teile teilnehmer telefon termin test
    tester text thema themen ticket tipp titel tod ton tor treffen treiber trick turnier typ
    umfang umfrage umgebung umlaut umstieg unterlage unterschied unterstützung untersuchung
    ursache urteil verbesserung verbindung verein verfahren verfügung vergangenheit vergleich
    verhalten verlauf verlust veröffentlichung versand versuch versuche vertrag verwaltung
    verwendung verzeichnis video vielzahl vorbereitung vorgang vorlage vormittag vorschau
    vorschlag vorschläge vorteil wahl wand warnung warten wechsel weg wege weise welt werk
    werkzeug wert werte wetter wichtigkeit wiederherstellung wille winter wirkung wissen woche
    wochen wochenende wort worte wunsch wörter zahl zahlen zeichen zeile zeilen zeit zeiten
    zeitpunkt zeitraum zeitung ziel ziele zimmer zubehör zufall zug zugang zugriff zukunft
    abgabe abonnement ampel anlage anmerkung apfel ausflug ausstellung auto bahn bahnhof bank baum
    becken besuch bett bier blatt blume boden brand brief brot bühne bus cent dach decke dichtung
    diener dorf eier eimer einheit elternteil erde erhöhung essen euro fahrrad fahrt familie feier
    feld fest feuer fisch flasche flug fluss freund freunde garten gas gebäude gelände gemüse
    gerücht gewitter glas gras grill haar hagel hahn halle haushalt heft heizung hemd hobby hof holz
    hund hut insel jacke junge kaffee kasse katze keller kerze kiste kleid klempner knie koch
    koffer kollege kollegen konzert kraut kreuz küche kuchen kühlschrank lampe laub leiter leitung
    liter loch lohn luft mauer meer messer meter miete milch mutter nagel nase note notfall obst
    ofen onkel opa pacht papier park pfanne pflanze pflanzen pokal polizei probe proben quittung
    rabatt rad rasen regal regen reise rennen reparatur sand schiff schloss schnee schuh schüler
    see sohn sonne spende spenden stein stiefel strand strecke stuhl sturm stiel tasche tasse taxi
    teller tier tisch tochter tomate tomaten topf treppe tür uhr urlaub vater vogel vorstand wagen
    wald wasser wein werkstatt wiese wind wohnung wolle zaun zelt zettel zucker
    rat anleitung exemplar verlag messe training spieleabend chili abend
    chips tüte tüten
    kernel modul module paket pakete partition knoten zweig
    absprache account admin bedenken chaos client clients content downtime event events export
    feature features feedback figur fix gilde handy hotfix import inhalte kalender kanäle karten
    konfiguration kopfhörer lag laptop launcher link links log logs map maps maus mikro mikrofon mod
    mods monitor neustart patch patches plugin plugins prozessor rauschen replay replays rollback
    router sitzung sonde streit stream support tastenkombination umzug update updates upgrade
    version versionen verschiebung website workaround
    zusammenfassung zusammenhang zusatz zustand zustimmung zuschauer zweck zweifel überblick
    überprüfung übersicht übertragung änderung änderungen
"""
_KNOWN = frozenset(_NOUNS.split())
_ENDINGS = (
    *("ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen"),
    *("tät", "täten", "nis", "nisse", "ismus", "ität", "ierung", "ierungen", "chen", "lein"),
    *("tur", "turen", "ment", "mente", "thek", "theken", "logie", "logien", "zeug"),
)
_INFLECTIONS = ("", "s", "es", "n", "en", "e", "er", "ern")
_SHORTEST_PART = 4  # of a compound: Mozart has no "art" in it
_DETERMINERS = frozenset(
    # Words read better as lines of words.
    "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner "  # noqa: SIM905
    "dieser diese dieses diesen diesem jeder jede jedes jeden jedem alle allen aller beide beiden "
    "mein meine meinen meinem meiner sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer "
    "unser unsere unseren unserem euer eure euren im am zum zur beim vom ins ans aufs fürs "
    "welche welcher welches welchen welchem manche manchen einige einigen einiger mehrere mehreren "
    "viele vielen wenige wenigen zwei drei vier fünf sechs sieben acht neun zehn".split()
)
_CONTRACTED = frozenset({"im", "am", "zum", "zur", "beim", "vom", "ins", "ans", "aufs", "fürs"})
_ADJECTIVE = re.compile(r"[^\W\d_]+(?:e|en|er|es|em)")


def is_noun(word: str, before: list[str]) -> bool:
    """Whether a capitalised word is more likely a noun than somebody's name.

    `before` are the words of its sentence up to it: a noun mostly has an article or a number
    before it, with or without adjectives, and a name has none.
    """
    return is_known_noun(word) or _is_determined(before)


def is_known_noun(word: str) -> bool:
    """Whether a word is one of the nouns known here, or put together with one at its end."""
    last = word.casefold().rpartition("-")[2]
    if last.endswith(_ENDINGS):
        return True
    for ending in _INFLECTIONS:
        if not last.endswith(ending):
            continue
        base = last[: len(last) - len(ending)]
        starts = range(2, len(base) - _SHORTEST_PART + 1)
        if base in _KNOWN or any(base[start:] in _KNOWN for start in starts):
            return True
    return False


def _is_determined(before: list[str]) -> bool:
    at = _article(before)
    return at > 0 and (before[at - 1].casefold() in _DETERMINERS or before[at - 1].isdigit())


def is_counted_noun(before: list[str]) -> bool:
    """Whether a capital after these words is a noun: after a number or an article, if of any.

    Not after `im` or `zum`, which stand before names of places as well.
    """
    at = _article(before)
    if not at:
        return False
    last = before[at - 1].casefold()
    return last[0].isdigit() or (last in _DETERMINERS and last not in _CONTRACTED)


def _article(before: list[str]) -> int:
    """How many of these words there are up to the article, without the adjectives after it."""
    at = len(before)
    while at and before[at - 1].islower() and before[at - 1] not in _DETERMINERS:
        if not _ADJECTIVE.fullmatch(before[at - 1]) or len(before) - at >= 2:
            return 0
        at -= 1
    return at
