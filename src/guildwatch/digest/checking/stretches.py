"""Seasons, and weeks, months and years told from today, in the languages of reports."""

import re
from collections.abc import Iterable, Iterator

_UNITS = {
    "week": r"week|wk|woche|semana|semaine|settimana|tydzień|tygodni\w+",
    "month": r"month|monats?|mes|mois|mese|maand|miesiąc\w*|mês",
    "year": r"year|yr|jahre?s?|año|an|année|anno|jaar|rok\w*|ano",
    "quarter": r"quarter|quartal\w*|trimestres?|kwartaal|kwarta\w+",
}
# What goes before the unit, and what goes after it.
_NEXT = (
    (
        r"next|(?:this )?coming|nächste[nrsm]?|kommende[nrsm]?|volgende?|komende?|próxim[oa]"
        r"|prossim[oa]|przyszł\w+|następn\w+"
    ),
    r"que viene|próxim[oa]|prochaine?|prossim[oa]|que vem",
)
_LAST = (
    (
        r"last|past|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|vorig|afgelopen"
        r"|pasad[oa]|scors[oa]|zeszł\w+|ubiegł\w+|passad[oa]"
    ),
    r"pasad[oa]|derni(?:er|ère)|passée?|scors[oa]|passad[oa]",
)
# Where a season's name is another word as often, a question mark stands before it.
_SEASONS = {
    "spring": "?spring frühling frühlings frühjahr printemps primavera ?lente wiosna wiosną",
    "summer": "summer sommer sommers ?été verano ?estate zomer ?lato verão",
    "autumn": "autumn ?fall herbst herbsts automne otoño autunno herfst jesień jesienią outono",
    "winter": "winter winters hiver invierno inverno zima zimą",
}
_SEASON_OF = {
    form.lstrip("?"): (season, not form.startswith("?"))
    for season, forms in _SEASONS.items()
    for form in forms.split()
}
_PARTS = ("winter", "sommer", "herbst", "frühjahrs", "frühlings")  # of German compounds
# Before what may be another word, where it is the season.
_IN_SEASON = re.compile(
    r"\b(?:(?:last|next|this|past|in|during|since) (spring|fall)|(?:cet |en |l')(été)"
    r"|(?:d'|l'|quest')(estate))\b"
)
_WORD = re.compile(r"[^\W\d_]+")


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for unit, forms in _UNITS.items():
        for side, (before, after) in (("next", _NEXT), ("last", _LAST)):
            told = rf"\b(?:(?:{before}) (?:{forms})|(?:{forms}) (?:{after}))\b"
            yield f"{side} {unit}", re.compile(told)


_PATTERNS = tuple(_patterns())


def stretches(low: str) -> Iterator[tuple[str, str]]:
    """The weeks, months and years of a text in small letters, as written, each with a key."""
    for key, pattern in _PATTERNS:
        yield from ((found[0], key) for found in pattern.finditer(low))


def seasons(low: str) -> Iterator[tuple[str, str, bool]]:
    """The words of a text in small letters for seasons: as written, the season, if surely it."""
    marked = {word for groups in _IN_SEASON.findall(low) for word in groups}
    for word in _WORD.findall(low):
        start = next((part for part in _PARTS if word.startswith(part)), word)
        if word in _SEASON_OF or start in _SEASON_OF:
            season, is_sure = _SEASON_OF.get(word, _SEASON_OF.get(start, ("", False)))
            yield word, season, is_sure or word in marked


def strange_season(low: str, evidence: Iterable[str]) -> str | None:
    """A season that a text names and others do not; a doubtful word is one instead of another."""
    known = {season for text in evidence for _, season, _ in seasons(text.casefold())}
    for word, season, is_sure in seasons(low):
        if season not in known and (is_sure or known):
            return word
    return None
