"""What some messages say, ready to be asked whether it bears out a sentence about them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from guildwatch.digest.checking import dates
from guildwatch.digest.checking.addresses import strange_address
from guildwatch.digest.checking.amounts import strange_amount
from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.folding import fold
from guildwatch.digest.checking.names import strange_name, strange_person
from guildwatch.digest.checking.quotations import strange_quotation, wrong_speaker
from guildwatch.digest.checking.support import too_strange
from guildwatch.digest.transcript.clean import URL
from guildwatch.digest.transcript.lines import Line

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
        link = strange_address(text, folded, own)
        if link is not None:
            return Lack("link", link)
        if self.repeats(text) is not None:
            return None  # a message's own words
        bare = URL.sub(" ", folded)
        checks: tuple[tuple[str, Callable[[], str | None]], ...] = (
            ("number", lambda: strange_amount(text, bare, own)),
            ("date", lambda: _strange_date(bare, own)),
            ("quotation", lambda: strange_quotation(text, own)),
            ("words", lambda: too_strange(bare, own, around)),
            ("name", lambda: strange_name(text, bare, own)),
            ("person", lambda: strange_person(bare, own, around) or wrong_speaker(text, own)),
        )
        findings = ((check, find()) for check, find in checks)
        return next((Lack(check, finding) for check, finding in findings if finding), None)

    def repeats(self, text: str) -> Line | None:
        """The cited message of which a text is a literal part, if it is of one."""
        return self._evidence.repeats(_SCHEME.sub("", text))


def _strange_date(folded: str, evidence: Evidence) -> str | None:
    strange = [word for word, key in dates.named(folded) if key not in evidence.dates]
    own = {day for text in evidence.texts for day in dates.days_of_months(text)}
    months = {month for month, _ in own}
    strange += [
        f"{month.capitalize()} {day}"
        for month, day in sorted(dates.days_of_months(folded) - own)
        if month in months
    ]
    return f"{strange[0]} is not in its messages" if strange else None
