"""Which words anybody may use of anything, and which might be a made-up name."""

from functools import cache, lru_cache
from importlib.resources import files

from guildwatch.digest.words import STOP, stem

# What a reporting sentence may say although nobody in the chat said it.
_REPORTING = """
    user users member members people person participant participants discussion question questions
    someone both several team community there they he she problem issue issues suggestion
    suggestions answer answers advice help support conversation topic plans plan developers
    developer author he's later meanwhile according no none nobody attempts attempt efforts
    concerns concern confusion details various different multiple
    benutzer nutzer mitglieder mitglied leute teilnehmer frage fragen problem probleme fehler
    vorschlag vorschläge lösung diskussion thema jemand mehrere
    utilisateur utilisateurs membre membres personne personnes discussion problème question
    usuario usuarios miembro miembros persona personas discusión problema pregunta alguien
    utente utenti membro membri discussione domanda qualcuno usuário usuários pergunta alguém
    gebruiker gebruikers leden iemand probleem vraag
    пользователь пользователи участники участник вопрос проблема
"""
REPORTING = frozenset(_REPORTING.split())

# Articles, pronouns, prepositions, auxiliaries and the verbs of reporting, beyond English.
_FUNCTION = """
    der die das den dem des ein eine einen einem einer eines und oder aber doch auch nicht kein
    keine keinen ist sind war waren wird wurde wurden werden worden hat haben hatte hatten sei
    sein seine seinen seiner ihr ihre ihren ihrem ihrer sich er sie es wir ihr man dass daß weil
    wenn ob als wie so zu zum zur im in ins am an auf aus bei beim mit nach von vom vor für über
    unter um durch gegen ohne bis seit dort hier dann noch nur schon sehr mehr alle alles diese
    dieser dieses diesen jetzt dabei dazu damit daran darauf sagte sagten meinte fragte fragten
    antwortete berichtete berichteten erklärte schlug schlugen fand fanden will wollte wollten
    soll sollte sollten kann konnte konnten muss musste möchte möchten
    le la les un une des du de au aux et ou mais donc ne pas plus est sont était étaient a ont
    avait avaient été être il elle ils elles on nous vous leur leurs son sa ses ce cet cette ces
    que qui quoi dont où si pour par avec sans dans sur sous vers chez en y se lui tout tous toute
    toutes très aussi dit ont-ils demandé répondu expliqué signalé proposé veut voulait peut fait
    el los las una unos unas del al y o pero no es son era eran fue fueron ha han había habían
    ser estar está están estaba él ella ellos ellas su sus lo le les se que quien cuando donde
    como si para por con sin en sobre entre desde hasta muy más también dijo preguntó respondió
    explicó propuso quiere quería puede hay
    il lo gli uno nel nella nei nelle al alla alle dal dalla di da con su per tra fra e o ma non è
    sono erano stato stata ha hanno aveva si che chi come dove quando anche più molto ha detto
    chiesto risposto spiegato proposto vuole può
    o os as um uma do da dos das no na nos nas ao à pelo pela e ou mas não é são foi foram tem têm
    tinha seu sua seus suas que quem com sem para por em muito mais também disse perguntou
    respondeu explicou quer pode
    het een de van naar met voor bij uit op te en maar niet geen is zijn was waren wordt werd
    werden heeft hebben had hij zij ze wij hun dat die deze dit als dan ook nog wel zei vroeg
    antwoordde wil kan
    и в во не на с со что как а но или у к ко по из за от до для о об это этот эта эти он она они
    его её их был была были быть есть же бы ли так также уже ещё только при над под сказал сказала
    спросил спросила ответил ответила сообщил сообщила предложил предложила хочет может
"""
_FUNCTIONS = frozenset(_FUNCTION.split())

# Given names that are common words too: at a sentence's beginning they are taken for names.
_GIVEN = """
    april art august autumn bill bob buddy cash chance chase chuck dawn dean don drew duke faith
    frank grace grant guy harmony heath hope hunter jack jay joy judge lance lane lucky lucy mark
    mason max may mercy miles nick norm patience pat peg penny pierce ray rich rob robin rocky rod
    rose ruby rusty sage sandy skip sky star stone storm sue summer tucker val viola wade walker
    ward will winter woody
"""
GIVEN = frozenset(_GIVEN.split())


@cache
def _common_stems() -> frozenset[str]:
    """Common English words; given names and products are left out on purpose."""
    listed = files("guildwatch.digest").joinpath("common_words.txt").read_text("utf-8").split()
    return frozenset(stem(word) for word in (*listed, *STOP, *REPORTING))


_LONG_ENDS = (
    *("ability", "ibility", "ization", "isation", "fulness", "ously", "ively", "ement", "ments"),
    *("able", "ible", "ment", "ness", "ance", "ence", "sion", "tion", "ions", "less", "ally"),
    *("ers", "ors", "ful", "ive", "ize", "ise", "ity", "ous", "ion", "ist", "er", "or", "al", "y"),
)
_SHORTEST_ROOT = 4


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """The stem without its long endings too: `reproducible` and `reproduces` are `reproduc`."""
    short = stem(word)
    for end in _LONG_ENDS:
        if short.endswith(end) and len(short) - len(end) >= _SHORTEST_ROOT:
            return short.removesuffix(end)
    return short


@lru_cache(maxsize=50_000)
def is_common(word: str) -> bool:
    """Whether a word is plain English, so that nobody takes it for a name."""
    low = word.lower().replace("’", "'")
    if low in STOP or low in REPORTING:
        return True
    if any(stem(each) in _common_stems() for each in (low, low.removesuffix("n't"))):
        return True
    american = low.replace("is", "iz").replace("our", "or")
    if american != low and stem(american) in _common_stems():
        return True
    for end in ("ed", "ing", "er", "ers"):  # planned, hitting, bigger
        short = low.removesuffix(end)
        if short != low and len(short) > 3 and short[-1] == short[-2]:
            return is_common(short[:-1])
    return root(low) in _common_stems() or root(low) + "e" in _common_stems()


def is_function(word: str) -> bool:
    """Whether a word only holds sentences together, in one of the languages known here."""
    low = word.lower().replace("’", "'")
    return low in STOP or low in _FUNCTIONS


def may_open(word: str) -> bool:
    """Whether a capital on this word may come from the sentence's beginning alone."""
    low = word.lower()
    if word[1:] != word[1:].lower() or low in GIVEN:
        return False
    return low in REPORTING or is_function(low) or is_common(low)
