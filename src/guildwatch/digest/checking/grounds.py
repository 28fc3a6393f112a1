"""What some messages say, ready to be asked whether it bears out a sentence about them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from guildwatch.digest.checking import dates, moments
from guildwatch.digest.checking.addresses import strange_address
from guildwatch.digest.checking.amounts import strange_amount
from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.folding import fold
from guildwatch.digest.checking.names import strange_name, strange_person
from guildwatch.digest.checking.near_days import strange_evening
from guildwatch.digest.checking.quotations import strange_quotation, wrong_speaker
from guildwatch.digest.checking.stretches import strange_season
from guildwatch.digest.checking.support import AMONG_ANSWERED, too_strange
from guildwatch.digest.checking.vocabulary import is_function
from guildwatch.digest.transcript.clean import URL
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, stem, words

_MOST_OF_ANSWER = 4  # telling words
_LINES_BEFORE = 3
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lack:
    """What a text says that its messages do not: the check that found it, and the finding."""

    check: str
    reason: str


class Grounds:
    """What the cited messages say."""

    def __init__(self, cited: Sequence[Line]) -> None:
        self._evidence = Evidence(cited)

    def lacks(self, text: str, around: Iterable[Line]) -> Lack | None:
        """The first thing that a text has and these messages lack; None when there is nothing."""
        own, around = self._evidence, list(around)
        folded = fold(text)
        link = strange_address(text, folded, own, around)
        if link is not None:
            return Lack("link", link)
        if self.repeats(text) is not None:
            return None  # a message's own words
        bare = moments.as_said(URL.sub(" ", folded), own.days)
        checks: tuple[tuple[str, Callable[[], str | None]], ...] = (
            ("number", lambda: strange_amount(text, bare, own)),
            ("date", lambda: _strange_date(bare, own)),
            ("quotation", lambda: strange_quotation(text, own)),
            ("words", lambda: self._strange_words(bare, around)),
            ("name", lambda: strange_name(text, bare, own)),
            ("person", lambda: strange_person(bare, own, around) or wrong_speaker(text, own)),
        )
        findings = ((check, find()) for check, find in checks)
        return next((Lack(check, finding) for check, finding in findings if finding), None)

    def _strange_words(self, folded: str, around: Sequence[Line]) -> str | None:
        """What of a sentence is about something else than its messages and what they answer.

        What was answered says what a sentence is about, and bears out nothing else of it.
        """
        own = self._evidence
        finding = too_strange(folded, own, around)
        heard = _answered(folded, own, around) if finding else []
        if not heard:
            return finding
        return too_strange(folded, Evidence([*own.cited, *heard]), around, least=AMONG_ANSWERED)

    def repeats(self, text: str) -> Line | None:
        """The cited message of which a text is a literal part, if it is of one."""
        return self._evidence.repeats(_SCHEME.sub("", text))


def _answered(folded: str, evidence: Evidence, around: Sequence[Line]) -> list[Line]:
    """What replies reply to; before a word or two of one whom a sentence names, the last lines."""
    ids = {line.id for line in evidence.cited}
    wanted = {line.reply_to for line in evidence.cited} - ids
    if all(map(_is_short, evidence.cited)) and _names_one(folded, evidence):
        wanted |= {line.id for line in _before(evidence.cited, around)}
    return [line for line in around if line.id in wanted]


def _is_short(line: Line) -> bool:
    telling = [word for word in words(line.text) if is_telling(word) and not is_function(word)]
    return len(telling) <= _MOST_OF_ANSWER


def _before(cited: Sequence[Line], around: Sequence[Line]) -> list[Line]:
    """The few lines of the same channel before the first of these."""
    first = min(cited, key=lambda line: line.id)
    same = [line for line in around if line.channel_id == first.channel_id and line.id < first.id]
    return sorted(same, key=lambda line: line.id)[-_LINES_BEFORE:]


def _names_one(folded: str, evidence: Evidence) -> bool:
    """Whether a sentence names somebody who wrote one of the messages."""
    return not evidence.names.isdisjoint(map(stem, words(folded)))


def _strange_date(folded: str, evidence: Evidence) -> str | None:
    strange = [word for word, key in dates.named(folded) if key not in evidence.dates]
    evening = strange_evening(folded.casefold(), evidence.text)
    season = strange_season(folded.casefold(), evidence.texts)
    strange += [found for found in (evening, season) if found]
    own = {day for text in evidence.texts for day in dates.days_of_months(text)}
    months = {month for month, _ in own}
    strange += [
        f"{month.capitalize()} {day}"
        for month, day in sorted(dates.days_of_months(folded) - own)
        if month in months
    ]
    return f"{strange[0]} is not in its messages" if strange else None
