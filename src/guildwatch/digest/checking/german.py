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
    abfahrt ablauf abschluss abstand abstieg abstimmung akku alter analyse anbau angst anreise
    anschluss anwesenheit arm arzt asche aufbau aufenthalt aufgang aufstieg aufwand auge augen
    ausbau ausfall ausgang ausrüstung auszug balkon ball band basis batterie bauch bauer
    beet befall beleg berg beruf bescheid beschluss besen besorgung bestand beton beute biene
    birne blech blick block boot brot bruder brücke brust bund bühl butter chance chor decke
    defekt depot deckel dorn draht dreck druck durchsicht ecke ehe eier eifer eis eisen eltern
    empfang empfehlung enkel ente erbse ernte essig etikett etiketten fach fahrer fass feder
    fell ferien finger fleck fleisch flur flyer fracht frost fuchs förderung führung gabel
    ausland gebet geburtstag gehege geld geschenk geschirr geschmack gesicht gesundheit getränk
    gewerbe gewinde gewebe gewürz gift gipfel gitter gleis glocke gold griff gruß gurke gurt hafer
    hagel hals halt hammer handel haut hecke heim hemmung herbst herd hitze hobel holz honig
    honorar horn hose hütte husten imker jagd januar kabine kalk kammer kampf kanne kasten kauf
    kegel keks kern kinder kirche kirsche klage klang klappe klebeband kleber kleidung klima klinge
    klub knochen knolle kofferraum kohl kohle kompost konkurrenz kontrolle korb kragen kran
    krankheit kranz krone kuh kupplung kur käfer käse könig königin königinnen kübel lack laden
    lager lampe laune lauf leder lehrer leine leiste leitfaden lern licht linie lippe lohn luft
    lücke lüfter mahnung maler mangel mantel markt maß matte meister meldung metall milbe milben
    mitfahrgelegenheit mitte mittwoch moos motor mut mühe müll nadel nähe natur nebel nest
    notfalls ofen öl orgel pausen pfarrer pfeife pferd pflege pilz pinsel planung plane pollen
    posten probe probleme prüfer pulver pumpe punkt putz quartal rand rasen raub rauch rechnung
    regen reh reifen reihe reinigung reis reiter reparatur rest rinde ring riss rohr rolle route
    rock rost rückfahrt rückgabe rückmeldung rücken rückkehr rücksicht ruf saal saft saite saiten
    salat salbe salz sattel sau schal schale schatten schaum scheibe schein schere schicht schild
    schimmel schinken schirm schlaf schlag schlange schlauch schleifer schloss schmerz schmied
    schmutz schnaps schnur schrank schraube schrott schub schublade schulung schulter schwarm
    schweiß schwelle segel seife seil sekretär sender sessel sieb sieg silber sirup sitz sohle
    sonntag sorge sorte spalte spanne spannung spende sperrung spiegel spitze splitter spray
    sprecher sprung spur staat stab stadt stall stamm stand stange stapel start station staub
    stau steckdose stecker stelle stellen stempel stern steuer stiege stimme stimmen stock stoff
    stoß strafe strahl straße strauß streifen strom stück stunde stunden stütze sucher summe
    suppe szene säge tafel takt tank tanz tape taube taufe teig teich temperatur teppich text tiefe
    tinte ton tonne topf torte tour trainer trainerin trauer traum trennung treppe trog trommel
    tropfen tuch turm tüte übergabe überschuss ufer umbau umweg unfall unterarm unterkunft
    unterricht uhrzeit urkunde varroa vase verband verbot verdacht verkauf verkehr verletzung
    verleih vermieter verpflegung verspätung verteiler vertreter vertretung verzögerung vieh
    volk völker vorbehalt vorrat vorsicht vorstellung vorstieg waage wache wachs waffe wange
    wanne ware wärme wasch wechsel weide wein weizen wende werbung werkzeug weste wetter wettkampf
    widerstand wiege wirt witz wolke wunde wurst wurzel wurm wut wäsche würfel zahn zange zahlung
    zerrung zelle zement zeuge zinn zins zoll zone zopf zulauf zündung zusage zusagen zwiebel absage
    absagen achse kette bremse bremsen fahrt fahrten mitfahrer abendessen frühstück mittagessen
    noten notenblatt chorleiter sopran alt tenor bass kirche auftritt probenraum heizung
    ölwechsel rahmenhöhe schaltung tierarzt sattler hufe huf heu stroh box koppel wettbewerb
    zusammenfassung zusammenhang zusatz zustand zustimmung zuschauer zweck zweifel überblick
    band set deal quest raid loot skin clan podcast blog burger pizza party trailer news
    fan fans crew design layout template button desktop screen screenshot backup backups cloud
    domain provider switch kit pack bug bugs crash release branch commit merge review song
    songs tool tools spam post posts content gamer teammate streamer clip clips kilo
    kino studio radio büro sofa zebra oma papa mama villa paprika aula cola risiko logo demo info
    promo echo tempo motto fiasko niveau ski alibi baby lobby story café tofu zoo abo porto saldo
    disko casino piano trio judo komma drama prisma schema skala arena agenda veranda pyjama salsa
    memo limo deko repo intro outro combo manko embargo tango tabu iglu kiwi gummi kombi profi azubi
    uni pulli müsli salami zucchini brokkoli curry rugby hockey whisky trophy cosplay display
    gameplay overlay proxy copy memory library query lotto veto ego embryo sauna aura karma dogma
    trauma asthma aroma panorama domino espresso cappuccino pesto risotto kakao karate silo bistro
    überprüfung übersicht übertragung änderung änderungen
"""
_KNOWN = frozenset(_NOUNS.split())
# Names of people and places that look put together of nouns: Wolfgang, Mannheim.
_NAMES = frozenset(
    "volker roland wieland wolfgang jochen philipp müller fischer klein köhler scholz jung berger "  # noqa: SIM905
    "albrecht kuhn kühn sauer münchen essen nürnberg bielefeld mannheim karlsruhe gelsenkirchen "
    "aachen halle krefeld rostock saarbrücken hornbach bernhard reinhold düsseldorf bochum "
    "humboldt schumacher heidelberg bamberg würzburg hamburg freiburg augsburg salzburg".split()
)
SURNAMES = frozenset(
    "vogel koch wolf fuchs richter zimmermann bauer jäger könig kaiser hahn stein berg schmied "  # noqa: SIM905
    "schäfer schneider maler zimmer weber kramer kaufmann hirsch haas frei krüger schuster".split()
)
"""Nouns that are surnames as often: without anything before them that a noun has they are names."""

_ENDINGS = (
    *("ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen"),
    *("tät", "täten", "nis", "nisse", "ismus", "ität", "ierung", "ierungen", "chen", "lein"),
    *("tur", "turen", "ment", "mente", "thek", "theken", "logie", "logien", "zeug"),
)
_INFLECTIONS = ("", "s", "es", "n", "en", "e", "er", "ern")
_UMLAUTS = str.maketrans("äöü", "aou")
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
_BEFORE_PLACES = frozenset("ab aus bei bis in ins im nach um von vom über".split())  # noqa: SIM905
_PLACES = (
    *("dorf", "stein", "burg", "berg", "feld", "bach", "heim", "hausen", "ingen", "wald", "stadt"),
    *("furt", "brück", "hafen", "münde", "land", "gebirge", "ment"),  # von Prusament
)
_ADJECTIVE = re.compile(r"[^\W\d_]+(?:e|en|er|es|em)")


def is_noun(word: str, before: list[str]) -> bool:
    """Whether a capitalised word is more likely a noun than somebody's name.

    `before` are the words of its sentence up to it: a noun mostly has an article or a number
    before it, with or without adjectives, and a name has none.
    """
    return is_known_noun(word) or _is_determined(before)


def is_place(word: str, previous: str) -> bool:
    """Whether a capital is more likely a name: `ab Düsseldorf`, `ins Elbsandstein`."""
    is_plain = word.lower() in _KNOWN
    return previous in _BEFORE_PLACES and word.lower().endswith(_PLACES) and not is_plain


def is_known_noun(word: str) -> bool:
    """Whether a word is one of the nouns known here, or put together with one at its end."""
    last = word.lower().rpartition("-")[2]
    if any(_is_proper(each) for each in (last, last.removesuffix("s"), last.removesuffix("e"))):
        return False
    if last.endswith(_ENDINGS):
        return True
    for ending in _INFLECTIONS:
        if not last.endswith(ending):
            continue
        base = last[: len(last) - len(ending)]
        if any(plain in _KNOWN for plain in (_unbent(base), _unbent(base) + "e")):
            return True
        starts = range(2, len(base) - _SHORTEST_PART + 1)
        ends = (base, _unbent(base), base + "e")
        if base in _KNOWN or any(end[start:] in _KNOWN for end in ends for start in starts):
            return True
    return False


def _is_proper(word: str) -> bool:
    """Whether it is a name though it looks put together: Wolfgang, Finnland, Roland, Yolande."""
    return word in _NAMES or (word.endswith("land") and word not in _KNOWN)


def _unbent(word: str) -> str:
    """A plural without its umlaut: `platz` of `plätz(e)`."""
    return word.translate(_UMLAUTS)


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
