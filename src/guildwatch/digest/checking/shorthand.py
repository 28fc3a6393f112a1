"""What chats write short and reports write out: `repo`, `tmrw`, `10k`, DBM for Deadly Boss Mods."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from guildwatch.digest.checking.vocabulary import is_common

# Each line's words stand for each other. What may be short for two things is not here.
_SAME = """
    py python
    js javascript
    ts typescript
    cpp c++
    k8s kubernetes
    pg postgres postgresql
    vscode vsc
    gh github
    brew homebrew
    mac macos osx macbook
    win7 win8 win10 win11 windows
    pi rpi raspi raspberry
    insta instagram
    yt youtube
    fb facebook
    wiki wikipedia
    repo repos repository repositories
    config configs conf cfg configuration configurations configure configured
    db dbs database databases
    doc docs documentation document documents documented
    dev devs developer developers development
    prod production
    env envs environment environments
    app apps application applications
    info infos information
    ci continuous integration
    pr prs pull request requests
    mr merge request
    ui user interface
    os operating system
    ai artificial intelligence
    vm virtual machine
    kg kilo kilos kilogram kilograms kilogramm
    km kilometre kilometres kilometer kilometers
    gb gig gigs gigabyte gigabytes
    mb megabyte megabytes
    tn tonight
    st street saint
    rd road
    ave avenue
    site website page webpage homepage
    admin admins administrator administrators administration
    mod mods moderator moderators moderation modification modifications
    tmr tmrw tmw 2moro tomorrow
    ppl people
    msg msgs message messages
    pic pics picture pictures photo photos
    vid vids video videos
    comp comps computer composition competition competitions
    lang langs language languages
    lib libs library libraries
    pkg pkgs package packages
    dep deps dependency dependencies
    fn func funcs function functions
    param params parameter parameters
    arg args argument arguments
    var vars variable variables
    dir dirs directory directories folder folders
    perf performance
    spec specs specification specifications
    sync syncing synchronise synchronize synchronised synchronized synchronisation synchronization
    auth authentication authenticate authorisation authorization
    pw pwd passwd password passwords
    temp temps temperature temperatures temporary temporarily
    max maximum
    min minimum
    avg average
    num number
    impl implementation implement implemented
    regex regexes regexp
    sec security
    stat stats statistics
    tourney tourneys tournament tournaments
    promo promotion
    prof professor professors
    uni university universität université universidad
    fav favs favourite favorite favourites favorites
    lvl lvls level levels
    xp exp experience
    hp health
    dmg damage
    mats mat materials material
    alt alts alternate alternative
    char chars character characters
    acc account accounts
    sub subs subscription subscriptions subscriber subscribers substitute substitutes
    bday birthday
    wknd weekend
    diff diffs difference differences
    ver version versions
    proj project
    org organisation organization organisations organizations
    govt gov government
    sys system systems
    mem memory
    cpu cpus processor processors
    gpu gpus graphics
    ram memory
    mic mics microphone microphones
    cam cams camera cameras
    btn button buttons
    img imgs image images
    bg background
    res resolution
    demo demonstration
    champ champs champion champions championship
    ref refs reference references referee
    eq equaliser equalizer
    bpm tempo
    gig gigs concert concerts
    fest festival
    mins minutes
    hrs hours
    secs seconds
    wk wks week weeks
    yr yrs year years
    intro introduction introductory
    outro ending
    rehearse rehearsal rehearsals
    ad ads advert advertisement advertisements advertising
    ticket tix tickets
    sched schedule scheduled
    reg registration register registered
    vacc vaccine
    vet veterinarian veterinary
    gym gymnasium
    fridge refrigerator
    bike bicycle bicycles
    phone telephone smartphone
    tv television
    plane aeroplane airplane
    lab laboratory
    exam exams examination examinations
    semi semis semifinal semifinals
    quarters quarterfinal quarterfinals
    vax vaccine
    gg congratulated congratulations
    gj congratulated congratulations
    gratz congrats grats congratulated congratulations
    btw incidentally
    recs rec recommendation recommendations
    collab collabs collaboration collaborations collaborate
    comms commissions commission
    feat featuring
    appli applis application applications
    ordi ordis ordinateur ordinateurs
    asso association
    resto restos restaurant restaurants
    dispo dispos disponible disponibles
    aprem après-midi
    rdv rendez-vous
    manip manipulation
    doku dokumentation
    orga organisation
    vllt vielleicht
    mio millionen
    std stunden
    bib bibliothek
    prog programme programm
    finde fin semana
    peli pelis película películas
    bici bicicleta
    compu computadora
    cole colegio
    profe profesor profesora
"""
_SHORTEST, _LONGEST = 3, 6  # letters of an abbreviation that is made of initials
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_SCALED = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?(k|mil|mio|mrd)(?!\w)", re.IGNORECASE)
_SCALES = {"k": 1000, "mil": 1000, "mio": 1_000_000, "mrd": 1_000_000_000}


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _SAME.strip().splitlines():
        group = frozenset(line.split())
        for word in group:
            found[word] = found.get(word, frozenset()) | group
    return found


def same_as(word: str) -> frozenset[str]:
    """The other forms, short and long, of a word in small letters."""
    return _groups().get(word, frozenset())


def spelt_out(text: str, said: str) -> set[int]:
    """Where in a text words begin that write out an abbreviation said, or shorten what was said.

    `World of Warcraft` writes out `wow`; `DBM` shortens `Deadly Boss Mods`.
    """
    short = {
        word.casefold()
        for word in _WORD.findall(said)
        if word.isalpha() and (word.isupper() or not is_common(word))
    }
    found = list(_WORD.finditer(text))
    places = {
        each.start()
        for run in _runs(found)
        if _is_capital(run) and _initials(run) in short
        for each in run
    }
    long = {_initials(run) for run in _runs(list(_WORD.finditer(said))) if _is_capital(run)}
    return places | {
        each.start() for each in found if each[0].isupper() and each[0].lower() in long
    }


def _runs(found: Sequence[re.Match[str]]) -> Iterator[Sequence[re.Match[str]]]:
    for length in range(_SHORTEST, _LONGEST + 1):
        yield from (found[at : at + length] for at in range(len(found) - length + 1))


def _initials(run: Sequence[re.Match[str]]) -> str:
    return "".join(each[0][0] for each in run).casefold()


def _is_capital(run: Sequence[re.Match[str]]) -> bool:
    """Whether its longer words have capitals, the first and the last always."""
    ends = (run[0][0], run[-1][0])
    longer = (each[0] for each in run if len(each[0]) > 3)
    return all(word[0].isupper() for word in (*ends, *longer))


def in_figures(text: str) -> str:
    """A folded text with its numbers like `10k` and `2.5 mio` written out: `10000`."""
    return _SCALED.sub(_figure, text)


def _figure(found: re.Match[str]) -> str:
    value = float(found[1].replace(",", ".")) * _SCALES[found[2].casefold()]
    return str(int(value)) if value == int(value) else f"{value:g}"
