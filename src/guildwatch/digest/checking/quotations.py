"""Words that a sentence quotes, or tells as somebody's own, and that its messages lack."""

import re

from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.folding import flat, is_unspaced
from guildwatch.digest.checking.vocabulary import is_common, is_function

_QUOTED = re.compile(
    r"[\"“”„«‹»›「『《〈〝＂″]([^\"“”„«»‹›「」『』《》〈〉〝〞＂″]{2,})(?:[\"“”»«›‹」』》〉〞＂″]|$)"
    r"|(?<!\w)['‘‚]([^‘]{3,}?)['’‘](?!\w)|`([^`]{2,})`"
)
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.|\[…\])\s*")
SAYING = (
    "said|says|wrote|writes|asked|asks|reported|reports|stated|states|explained|noted|added"
    "|answered|replied|confirmed|mentioned|suggested|announced|claimed"
)
_SAID = re.compile(rf"^\s*(?:(?:has |had )?(?:{SAYING})\b(?: that)?\s*:?|:)\s*", re.IGNORECASE)


def strange_quotation(text: str, evidence: Evidence) -> str | None:
    """Whether a text quotes what no single message has in a row."""
    quoted = (next(filter(None, groups)) for groups in _QUOTED.findall(text))
    pieces = (piece for words_of_it in quoted for piece in _ELLIPSIS.split(words_of_it))
    if all(_is_held(piece, evidence) for piece in pieces):
        return None
    return "it quotes words that are not in its messages"


def _is_held(piece: str, evidence: Evidence) -> bool:
    """Whether one message has these words in a row (in scripts without spaces: these signs)."""
    wanted = flat(piece)
    if any(map(is_unspaced, wanted)):
        wanted = wanted.strip()
    return not wanted.strip() or any(wanted in each for each in evidence.flats)


def wrong_speaker(text: str, evidence: Evidence) -> str | None:
    """Whether one person's words in a row are told as another's: `Mara said: …`."""
    first = [word.rstrip(":,") for word in text.split(maxsplit=1)[:1]]
    first = [word for word in first if not is_common(word) and not is_function(word)]
    for name in (*(line.name for line in evidence.cited), *first):
        rest = text[len(name) :] if text.casefold().startswith(name.casefold()) else ""
        told = flat(_SAID.sub("", rest, count=1))
        if not _SAID.match(rest) or not told.strip():
            continue
        speakers = {one.name.casefold() for one in evidence.cited if told in flat(one.text)}
        if speakers and name.casefold() not in speakers:
            return f"{name} did not say that"
    return None
