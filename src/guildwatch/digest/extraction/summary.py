"""A conversation in so many words: what people said of each matter, in their own words."""

from collections import Counter
from collections.abc import Sequence

from guildwatch.digest.checking.check import is_unfit
from guildwatch.digest.extraction.ceremony import is_ceremony, leads_a_meeting
from guildwatch.digest.extraction.cover import covering, told
from guildwatch.digest.extraction.cues import orders_machines
from guildwatch.digest.extraction.fragments import MOST_WORDS, Fragment, length
from guildwatch.digest.extraction.keywords import (
    introduces,
    is_roll_call,
    keywords,
    names_in,
    weights,
)
from guildwatch.digest.extraction.leaning import answers_only
from guildwatch.digest.extraction.phrases import KeyPhrase
from guildwatch.digest.extraction.phrases import key_phrases as phrases_of
from guildwatch.digest.extraction.quotes import plainness
from guildwatch.digest.transcript.lines import Line

# All chosen on halves of 37 IRC meetings and their perturbations: docs/extractive.md.
_CHAIR = 1.4
_FROM_THE_START = 1.2  # a clause out of the middle is harder to read
_TORN = 0.3  # "would be fine" says not what would
_FEWEST_CUES = 3  # of which a chair's turns have at least so many


def summary(lines: Sequence[Line], most_words: int) -> str:
    """Whole turns or clauses of them that cover what the lines are about, a line each.

    Of at most so many words, the speakers' names among them, in the order of the lines. Words are
    left out, never changed; `…` stands where some are. Greetings, roll calls, meeting bots' lines
    and orders to machines are not told. Empty where nothing fits.
    """
    names = names_in(lines)
    all_telling = telling(lines)
    chair = _chair(all_telling)
    low_names = {line.name.lower() for line in lines}
    unfit = {line.id for line in all_telling if is_unfit(_quoted(line.text))}

    def standing(one: Fragment) -> float:
        if leads_a_meeting(one.said, low_names):
            return 0.0
        if one.line.id in unfit and is_unfit(_quoted(one.said)):
            return 0.0
        by_chair = _CHAIR if one.line.author_id == chair else 1.0
        whole = _FROM_THE_START if one.opens else 1.0
        whole *= _TORN if answers_only(one.said) else 1.0
        return by_chair * whole * plainness(one.line)

    about = weights(keywords(all_telling, names))
    picked = covering(all_telling, about, most_words, standing)
    return told(picked or _leading(all_telling, most_words))


def key_phrases(lines: Sequence[Line], most_words: int) -> list[KeyPhrase]:
    """What the lines are about in so many words, the weightiest first, each with its messages."""
    all_telling = telling(lines)
    return phrases_of(all_telling, weights(keywords(all_telling, names_in(lines))), most_words)


def telling(lines: Sequence[Line]) -> list[Line]:
    """The lines that say something of a matter: no greeting, no roll call, no order to machines."""
    low = {line.name.lower() for line in lines}
    return [
        line
        for line in lines
        if not (
            is_ceremony(line.text)
            or is_roll_call(line.text, low)
            or leads_a_meeting(line.text, low)
            or orders_machines(line.text)
        )
    ]


def _quoted(text: str) -> str:
    """As it is told: what would be markup where a line begins is none within a line."""
    return f"“{text}”"


def _chair(lines: Sequence[Line]) -> int | None:
    """Who leads through the matters: whoever introduces most of them, if anybody does."""
    cues = Counter(line.author_id for line in lines if introduces(line.text))
    most = cues.most_common(1)
    return most[0][0] if most and most[0][1] >= _FEWEST_CUES else None


def _leading(lines: Sequence[Line], most_words: int) -> list[Fragment]:
    """The first lines that fit, where no word stands out."""
    picked: list[Fragment] = []
    for line in lines:
        if is_unfit(_quoted(line.text)):
            continue
        whole = Fragment(line, 0, len(line.text), length(line.text))
        if whole.words <= MOST_WORDS and length(told([*picked, whole])) <= most_words:
            picked.append(whole)
    return picked
