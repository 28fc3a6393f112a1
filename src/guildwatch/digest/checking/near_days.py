"""Near days that take several words, and the evening of today, in the languages of reports."""

import re
from collections.abc import Iterator

AFTER_TOMORROW, BEFORE_YESTERDAY, TONIGHT = "übermorgen", "vorgestern", "tonight"
_PHRASES = (
    (
        re.compile(
            r"\bday after tomorrow\b|\bpasado mañana\b|\baprès[- ]demain\b|\bdopo ?domani\b"
            r"|\bdepois de amanhã\b"
        ),
        AFTER_TOMORROW,
    ),
    (re.compile(r"\blast nig?h?te?\b"), "yesterday"),
    (re.compile(r"\bfin(?:es)? de semana\b|\bfim de semana\b|\bfine settimana\b"), "weekend"),
    (
        re.compile(
            r"\bday before yesterday\b|\bantes de ayer\b|\bavant[- ]hier\b|\baltro ?ieri\b"
            r"|\bieri l'altro\b|\bantes de ontem\b"
        ),
        BEFORE_YESTERDAY,
    ),
)
_TONIGHT = re.compile(
    r"\b(?:tonight|tonite|heute (?:abend|nacht)|esta (?:noche|tarde noche)|ce soir|cette nuit"
    r"|stasera|stanotte|questa (?:sera|notte)|vanavond|vannacht|dziś wieczorem|dzisiaj wieczorem"
    r"|hoje à noite|esta noite)\b"
)
_EVENING = re.compile(
    r"\btn\b|\b(?:to)?nite?|night|evening|abend|nacht|noche|tarde|soir|nuit|sera\b|notte|avond"
    r"|wieczor|wieczór|\bnoc|noit|later|nachher|später|luego|plus tard|dopo|straks|później"
    r"|\b(?:1[6-9]|2[0-3])(?:\b|[:.h]\d)|\d\s?p\.?m\b"
)


def phrases(text: str) -> Iterator[tuple[str, str]]:
    """The days that a text in small letters names by several words, with their keys."""
    for pattern, key in _PHRASES:
        yield from ((found[0], key) for found in pattern.finditer(text))


def without_phrases(text: str) -> str:
    """A folded text without those, as long as it was."""
    for pattern, _ in _PHRASES:
        text = re.sub(pattern.pattern, lambda found: " " * len(found[0]), text, flags=re.IGNORECASE)
    return text


def strange_evening(low: str, evidence: str) -> str | None:
    """The word for tonight of one text in small letters of which another has no evening."""
    found = _TONIGHT.search(low)
    return found[0] if found and not _EVENING.search(evidence) else None
