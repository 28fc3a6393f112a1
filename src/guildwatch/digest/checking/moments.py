"""Days that messages mean by another word, counted from their own: tomorrow, on Friday, the 26th.

A report may tell such a day by its date. Only what can mean one day alone is counted: no weekday
of a message that tells of the past or of every week, no day of a month that is over already.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from guildwatch.digest.checking import dates
from guildwatch.digest.checking.folding import fold
from guildwatch.digest.checking.near_days import phrases, without_phrases
from guildwatch.digest.transcript.lines import Line

_OFFSETS = {"yesterday": -1, "today": 0, "tomorrow": 1, "übermorgen": 2, "vorgestern": -2}
_SHORT = {"tmr": 1, "tmrw": 1, "tmw": 1, "2moro": 1, "tn": 0, "tonite": 0}
_OF_TWO_WORDS = ((re.compile(r"\bce soir\b|\besta (?:noche|tarde)\b|\bcet après-midi\b"), 0),)
_IN_DAYS = re.compile(
    r"\b(?:in|en|dans|dentro de|fra) (\d{1,2}) (?:days|tagen|días|jours|giorni)\b"
)
_DAY_OF_MONTH = re.compile(
    r"(?:\bthe (\d{1,2})(?:st|nd|rd|th)|\b(?:am|vom|zum|den|bis) (\d{1,2})\."
    r"|\b(?:le|el|du|au|del|al) (\d{1,2}))(?![\w€$£%]|[.,:/]\d| ?(?:h|uhr|euros?|%|€)\b| de \w)"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# With one of these a weekday may be over, come every week, or be one of several.
_NOT_THE_COMING = re.compile(
    r"\b(?:was|were|did|didn't|had|got|went|last|since|ago|made|came|took|said|been|every|each|any"
    r"|next|weeks?|always|usually|normally|most|war|waren|hatte[nr]?|wurde[n]?|letzte[nrsm]?|gab"
    r"|ging|kam|seit|jeden|immer|wochen?|nächste[nrsm]?|üblich\w*|fue|fueron|era|estuvo|había|hizo"
    r"|pasad[oa]|próxim[oa]|desde|cada|todos|los|semanas?|siempre|était|étaient|dernier|dernière"
    r"|prochain|prochaine|depuis|chaque|tous|le|les|semaines?|toujours)\b|\w{3}ed\b|\w+aron\b"
    r"|\w+ieron\b|\bge\w{3,}t\b|\b[a-zß-ü]+é\b"
)
_FEWEST_OF_PART = 3  # words
_YEAR = r"(?:,? (?:de |del )?(?P<year>\d{4}))?"
_WRITTEN = (
    re.compile(
        r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)? ?(?:of |de )?(?P<name>[^\W\d_]{3,10})\b" + _YEAR,
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<name>[^\W\d_]{3,10})\.? (?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?\b" + _YEAR,
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
)


def days_meant(lines: Iterable[Line]) -> dict[date, str]:
    """The days that messages mean by words of their own, with the word that each is told by."""
    return {
        day: word
        for line in lines
        if line.day is not None
        for word, day in _meant(fold(line.text), line.day)
    }


def as_said(folded: str, days: Mapping[date, str]) -> str:
    """A folded text with each date among these days put as the messages have it."""
    if not days:
        return folded
    for pattern in _WRITTEN:
        folded = pattern.sub(lambda found: _word_for(found, days) or found[0], folded)
    return folded


def weekdays(days: Iterable[date]) -> set[str]:
    """The English names of their weekdays."""
    return {_WEEKDAYS[day.weekday()] for day in days}


def _word_for(found: re.Match[str], days: Mapping[date, str]) -> str | None:
    named = found.groupdict()
    month = dates.key_of(named["name"]) if named.get("name") else None
    number = (
        dates.MONTHS.index(month) + 1 if month in dates.MONTHS else int(named.get("month") or 0)
    )
    for day, word in days.items():
        is_year = not named.get("year") or int(named["year"]) == day.year
        if (day.month, day.day) == (number, int(named["day"])) and is_year:
            return word
    return None


def _meant(text: str, today: date) -> Iterator[tuple[str, date]]:
    low = text.casefold()
    for word, key in phrases(low):
        yield word, today + timedelta(_OFFSETS[key])
    for word, key in _keys(text):
        if key in _OFFSETS:
            yield word, today + timedelta(_OFFSETS[key])
    for pattern, offset in _OF_TWO_WORDS:
        yield from ((found[0], today + timedelta(offset)) for found in pattern.finditer(low))
    for found in _IN_DAYS.finditer(low):
        yield found[0], today + timedelta(int(found[1]))
    yield from _coming(text, today)
    if dates.days_of_months(text):
        return
    for found in _DAY_OF_MONTH.finditer(low):
        number = int(next(filter(None, found.groups())))
        if today.day <= number <= _last_of_month(today):
            yield found[0], today.replace(day=number)


def _keys(text: str) -> Iterator[tuple[str, str]]:
    """The words near today with their keys."""
    low = without_phrases(text).casefold()
    yield from dates.named(without_phrases(text))
    for word in re.findall(r"\w[\w']*", low):
        if dates.key_of(word) == "today" or _SHORT.get(word) == 0:
            yield word, "today"
        elif word in _SHORT:
            yield word, "tomorrow"


def _coming(text: str, today: date) -> Iterator[tuple[str, date]]:
    """The one day of the next six that a message names by its weekday."""
    for word, key in dates.named(text):
        if key not in _WEEKDAYS or dates.key_of(word[:-1]) or _may_be_over(word, text.casefold()):
            continue
        ahead = (_WEEKDAYS.index(key) - today.weekday()) % 7
        if ahead:
            yield word, today + timedelta(ahead)


def _may_be_over(word: str, low: str) -> bool:
    """Whether the part of a sentence around a weekday, or all where it is alone, is of the past."""
    parts = [part for part in re.split(r"[,.;:!?]\s", low) if word.casefold() in part]
    is_alone = any(len(part.split()) < _FEWEST_OF_PART for part in parts)
    return any(map(_NOT_THE_COMING.search, [low] if is_alone else parts))


def _last_of_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)).day
