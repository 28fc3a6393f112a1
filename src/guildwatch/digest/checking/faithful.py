"""Whether a translation says what its sentence says, as far as code can see across languages.

Words cannot be compared, so what stays the same in every language is: numbers, links, quotations,
names, and whether something is denied. The sentence itself has passed the gate of `check`, so what
it holds its messages hold too.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from guildwatch.digest.checking.check import is_unfit
from guildwatch.digest.checking.dates import dates_meant, dates_named
from guildwatch.digest.checking.german import is_noun
from guildwatch.digest.transcript.clean import visible
from guildwatch.digest.transcript.lines import Line

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_JOINED = re.compile(r"\S*\w[./:@\\_]\w\S*")  # hosts, files, mail, versions
_QUOTED = re.compile(
    r"[\"“„«‹「『`]([^\"“”„«»‹›「」『』`]{2,})[\"”“»›」』`]|(?<!\w)['‘]([^'’]{3,})['’](?!\w)"
)
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s+\S)")
_WORD = re.compile(r"[^\W_][\w'’-]*")
_PARTS = re.compile(r"['’-]")
_EDGES = ".,;:!?()[]“”„«»\"'…"
_LONGER, _ROOM = 1.8, 30  # a translation may be so much longer, and some characters beside
_SHORTER = 0.35
_SHORTEST_NAME = 4  # of a name in small letters: shorter ones are words of some language
# After somebody's name at the start of a sentence: whom else it names, or what they said.
_AFTER_NAME = frozenset(
    # Words read better as lines of words.
    "and says said asked wrote thinks und sagt sagte meint meinte fragt fragte schreibt schrieb "  # noqa: SIM905
    "et dit demande écrit pense y e dice dijo pregunta escribe escribió piensa ha disse chiede "
    "scrive ed en zegt zei vraagt vroeg schrijft schreef vindt i oraz mówi powiedział powiedziała "
    "pisze napisał napisała pyta diz pergunta escreve escreveu acha".split()
)
_DENYING = {
    "en": r"not|no|never|nobody|none|nothing|without|cannot|\w+n['’]t",
    "de": r"nicht|nichts|nie|niemals|niemand\w*|kein\w*|ohne",
    "es": r"no|nunca|jamás|nadie|nada|ningún|ningun[ao]s?|sin",
    "fr": r"pas|jamais|aucune?|rien|personne|sans|ne|n['’]\w+",
    "it": r"non|nessun\w*|niente|nulla|senza",
    "nl": r"niet|niets|nooit|niemand|geen|zonder",
    "pl": r"nie|nigdy|nikt|nic|żad\w+|bez",
    "pt": r"não|nunca|jamais|ninguém|nada|nenhum\w*|sem",
}
_DENIALS = {
    language: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    for language, words in _DENYING.items()
}
_DENIES = re.compile(rf"(?<!\w)(?:{'|'.join(_DENYING.values())})(?!\w)", re.IGNORECASE)
_POLITE = frozenset(("sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer", "du", "i", "i'm"))


def why_unfaithful(
    text: str, original: str, cited: Sequence[Line], names: Collection[str], language: str
) -> str | None:
    """What in a translation its sentence does not bear out, in words; None when nothing is.

    `cited` are the sentence's messages, `names` those of everybody who is known; `language` is the
    code of the language that the translation is in.
    """
    low, meant = original.casefold(), dates_meant([original, *(line.text for line in cited)])
    signs = (sign for sign in text.casefold() if _is_number_sign(sign))
    joined = (part.strip(_EDGES).casefold() for part in _JOINED.findall(text))
    holds = {
        "it is too long or too short for its sentence": _fits(text, original),
        "it has formatting, a mention or an invitation in it": visible(text) == text
        and not is_unfit(text),
        "its numbers are not those of its sentence": _numbers(text) == _numbers(original)
        and all(sign in low for sign in signs),
        "it has a link or a file that its sentence lacks": all(part in low for part in joined),
        "it does not quote what its sentence quotes": _quotes_alike(text, original),
        "it names a day that its sentence does not": dates_named(text, language) <= meant,
        "it denies what its sentence does not, or the other way round": bool(
            _DENIALS[language].search(text)
        )
        == denies(original),
    }
    failed = next((reason for reason, held in holds.items() if not held), None)
    return failed or _strange_name(text, original, names, meant, language)


def denies(text: str) -> bool:
    """Whether a text says in any of the languages that something is not so."""
    return bool(_DENIES.search(text))


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _fits(text: str, original: str) -> bool:
    longest = _LONGER * len(original) + _ROOM
    if not _SHORTER * len(original) <= len(text) <= longest or not text.strip():
        return False
    return len(_SENTENCE_END.findall(text)) <= len(_SENTENCE_END.findall(original))


def _is_number_sign(sign: str) -> bool:
    """Whether it is one such as ½ or Ⅻ."""
    return unicodedata.category(sign) in ("Nl", "No")


def _quotes_alike(text: str, original: str) -> bool:
    """Whether every quotation of one stands in the other, word for word."""
    return _holds_quotations(original, text) and _holds_quotations(text, original)


def _holds_quotations(text: str, other: str) -> bool:
    flat = _flat(text)
    return all(_flat(one or two) in flat for one, two in _QUOTED.findall(other))


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _strange_name(
    text: str, original: str, names: Collection[str], meant: set[str], language: str
) -> str | None:
    for name in names:
        if _is_name_like(name) and _stands_in(name, text) != _stands_in(name, original):
            return f"it does not name {name} as its sentence does"
    said = {part for word in _WORD.findall(original.casefold()) for part in _forms(word)}
    for found, before in _words_with_context(text):
        is_date = not meant.isdisjoint(dates_meant([found[0]]))
        if not is_date and not _is_fine(found[0], said, before, text[found.end() :], language):
            return f"{found[0]} is not in its sentence"
    return None


def _is_name_like(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME or (len(name) > 1 and name != name.lower())


def _stands_in(name: str, text: str) -> bool:
    found = re.search(rf"(?<!\w){re.escape(name.casefold())}(?:['’]?s)?(?!\w)", text.casefold())
    return found is not None


def _forms(word: str) -> Iterator[str]:
    """The word and its parts, each also without the s of a genitive or a plural."""
    for part in (word, *_PARTS.split(word)):
        yield part
        yield part.removesuffix("s")


def _words_with_context(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Every word with those before it in its sentence."""
    before: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        if _SENTENCE_END.search(text[end : found.start()] + "x"):
            before = []
        yield found, list(before)
        before.append(found[0])
        end = found.end()


def _is_fine(word: str, said: set[str], before: list[str], after: str, language: str) -> bool:
    """Whether a word is no name, as far as capitals tell, or one that the sentence has."""
    if said.intersection(_forms(word.casefold())):
        return True
    new = [
        part
        for part in _PARTS.split(word)
        if part != part.lower() and said.isdisjoint(_forms(part.casefold()))
    ]
    if any(part[1:] != part[1:].lower() for part in new):
        return False  # NASA, iPhone
    if not new or word.casefold() in _POLITE:
        return True
    if language == "de" and is_noun(word, before):
        return True
    return not before and not _may_be_person(after)


def _may_be_person(after: str) -> bool:
    if after[:1] in (":", ","):
        return True
    following = _WORD.search(after)
    return following is not None and following[0].casefold() in _AFTER_NAME
