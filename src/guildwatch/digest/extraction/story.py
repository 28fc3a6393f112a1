"""What the lines of a conversation are to it: how it opens, what helped, and how it ended."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guildwatch.digest.extraction.cues import (
    announces,
    asks,
    asks_one_person,
    concludes,
    is_thanks,
    suggests,
    tells_outcome,
    tells_trouble,
)
from guildwatch.digest.extraction.leaning import goes_on, leans, spoken_to
from guildwatch.digest.transcript.lines import Line

_CENTRAL_TO = 0.6  # of the most central word
_SUBSTANCE = 3  # telling words
_OPENS = 4
_EARLY, _FEWEST_EARLY, _MOST_EARLY = 0.25, 6, 30  # lines
_ASKS, _IN_TROUBLE, _WANTS, _ANNOUNCED = 0.3, 0.3, 0.25, 0.4
_MORE = 0.4  # of what a text says besides
_HALF = 0.5
_LATER = 0.6  # what the last of the early lines counts for
_LEANING, _GOES_ON, _ARRIVES = 0.5, 0.8, 1.3
_CENTRAL = 4.0  # below a fourth of the core's weight, what somebody needs is beside the matter
_HELP = 0.3  # of the lines
_LOOK_BACK = 8  # lines before a thank-you in which the answer stands
_SUGGESTS = 2.0
_SAYS_ITSELF = 6  # telling words, with which an ending says what helped
_LOOK_FOR = 30  # lines in which it says itself what helped
_AT_LAST, _LAST_WORDS = 0.5, 8
_ANEW = 3600.0  # seconds
_WANT = re.compile(
    r"\b(?:i|we|i['’]?m|we['’]re|i['’]ve|my)\b[^.?!]{0,25}\b(?:trying to|tr(?:y|ied) to|"
    r"want(?:ed)? to|need(?:ed)? (?:to|some|a|help)|looking (?:for|to)|would like|hop(?:e|ing) to)"
    r"\b|\bi(?:['’]d| would) like\b|\bis there (?:a|any)\b|\bhow (?:do|can) (?:i|we|you)\b|"
    r"(?:^|[.!?…]\s+|\b(?:know|see|tell|out|wonder|wondering|remember|sure|idea|me)\W+)how to\b",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\b(?:you|your|yours|u|ur)\b", re.IGNORECASE)
_MINE = re.compile(
    r"\b(?:i|i['’]?m|my|me|we|our|us|any(?:one|body)|some(?:one|body))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Story:
    """The places of a conversation's lines that say most of how it went.

    `opening` is where somebody says what it is about, and `needs` whether they want or lack
    something there. `endings` are where who needed something says how it ended, `answers` what
    helped, by the place where they give thanks or say so, `first` who answered the opening first.
    `mine` are the lines of, or said to, whoever opened it, where most of it is their being helped.
    """

    opening: int
    needs: bool
    answers: Mapping[int, int]
    endings: frozenset[int]
    first: int | None
    mine: frozenset[int]


def story(lines: Sequence[Line], about: Mapping[str, float]) -> Story:
    """How a conversation went, by what its lines say and to whom."""
    ids = {line.name.lower(): line.author_id for line in lines}
    to = [spoken_to(line, ids) for line in lines]
    opening, needs = _opening(lines, to, about)
    asker = lines[opening].author_id
    mine = _with(asker, lines, to)
    answers, endings = _helped(lines, to, about)
    if needs and (last := _last_word(lines, opening, about)) is not None:
        endings |= {last}
    is_help = needs and not announces(lines[opening].text) and len(mine) > _HELP * len(lines)
    first = _first_answer(lines, to, opening) if needs else None
    return Story(opening, needs, answers, endings, first, mine if is_help else frozenset())


def _with(asker: int, lines: Sequence[Line], to: Sequence[int | None]) -> frozenset[int]:
    """The places of what somebody says, and of what others say to them or, helping, to nobody."""
    helping = {line.author_id for line, whom in zip(lines, to, strict=True) if whom == asker}
    return frozenset(
        at
        for at, line in enumerate(lines)
        if asker in (line.author_id, to[at], *line.mentions)
        or (line.author_id in helping and to[at] is None)
    )


def _opening(
    lines: Sequence[Line], to: Sequence[int | None], about: Mapping[str, float]
) -> tuple[int, bool]:
    """The early line that says best what somebody wants, or what is wrong, or comes next.

    And whether it does; else it is merely the first with something in it.
    Of what one person said anew, hours later, the last holds.
    """
    first = 0
    if len({line.author_id for line in lines}) == 1:
        pauses = range(1, len(lines))
        first = max((at for at in pauses if lines[at].at - lines[at - 1].at > _ANEW), default=0)
    many = min(_MOST_EARLY, max(_FEWEST_EARLY, round(_EARLY * len(lines))))
    best = _neediest(lines, to, about, range(first, min(len(lines), first + many)))
    if best is None:  # people talked of something else before
        half = range(first + many, round(_HALF * len(lines)))
        best = _neediest(lines, to, about, half)
    if best is not None:
        return best, True
    early = range(first, min(len(lines), first + many))
    return next((at for at in early if len(lines[at].said) >= _OPENS), first), False


def _neediest(
    lines: Sequence[Line],
    to: Sequence[int | None],
    about: Mapping[str, float],
    places: range,
) -> int | None:
    """The place where somebody says most plainly and most to the point what they want or lack."""
    most = sum(sorted(about.values(), reverse=True)[:12]) or 1.0
    part = Counter(line.author_id for line in lines) + Counter(each for each in to if each)
    best, best_worth = None, 0.0
    for at in places:
        line = lines[at]
        needs = 0.0 if asks_after(line.text) else _needs(line.text)
        if len(line.said) < _SUBSTANCE or not needs:
            continue
        central = sum(about.get(word, 0.0) for word in set(line.said)) / most
        worth = central + needs * min(1.0, _CENTRAL * central)
        worth *= 1 - (1 - _LATER) * (at - places.start) / len(places)
        worth *= 0.5 + 0.5 * min(1.0, 2 * part[line.author_id] / len(lines))
        worth *= _LEANING if leans(line.text) or is_thanks(line.text) else 1.0
        worth *= _LEANING if to[at] is not None else 1.0
        worth *= _GOES_ON if goes_on(line.text) else 1.0
        worth *= _LEANING if line.urls and len(line.said) < _SAYS_ITSELF else 1.0  # "like this?"
        worth *= _ARRIVES if all(one.author_id != line.author_id for one in lines[:at]) else 1.0
        if worth > best_worth:
            best, best_worth = at, worth
    return best


def _last_word(lines: Sequence[Line], opening: int, about: Mapping[str, float]) -> int | None:
    """Where whoever opened it says at last what they make of it or will do now, if they do."""
    asker = lines[opening].author_id
    from_ = max(opening + 1, round(_AT_LAST * len(lines)))
    own = [at for at in range(from_, len(lines)) if lines[at].author_id == asker][-_LAST_WORDS:]
    if any(tells_outcome(lines[at].text) for at in own):
        return None  # that is an ending by itself
    fit = [at for at in own if len(lines[at].said) >= _SUBSTANCE and concludes(lines[at].text)]
    return max(fit, key=lambda at: len(set(lines[at].said) & about.keys()), default=None)


def _first_answer(lines: Sequence[Line], to: Sequence[int | None], opening: int) -> int | None:
    """The first that somebody else says to who opened it and that is no question back."""
    asker = lines[opening].author_id
    for at in range(opening + 1, min(len(lines), opening + 1 + _LOOK_BACK)):
        line = lines[at]
        is_to = to[at] == asker or line.reply_to == lines[opening].id or len(lines) < _LOOK_BACK
        if is_to and line.author_id != asker and len(line.said) > 1 and not asks(line.text):
            return at
    return None


def asks_after(text: str) -> bool:
    """Whether a text asks after somebody else's matter, as who helps does."""
    return asks_one_person(text) or (
        asks(text) and bool(_YOURS.search(text)) and not _MINE.search(text)
    )


def _needs(text: str) -> float:
    """How plainly a text says that somebody wants or lacks something, or that a matter begins."""
    needs = [
        _ASKS * asks(text),
        _IN_TROUBLE * tells_trouble(text),
        _WANTS * bool(_WANT.search(text)),
        _ANNOUNCED * announces(text),
    ]
    return max(needs) + _MORE * (sum(needs) - max(needs))


def _helped(
    lines: Sequence[Line], to: Sequence[int | None], about: Mapping[str, float]
) -> tuple[dict[int, int], frozenset[int]]:
    """What helped by the place where it is thanked for, and where those who asked say it did."""
    places = {line.id: place for place, line in enumerate(lines)}
    answers, endings = dict[int, int](), set[int]()
    asked: set[int] = set()
    for place, line in enumerate(lines):
        ended = tells_outcome(line.text)
        if line.author_id in asked and (ended or is_thanks(line.text)):
            if ended and (len(line.said) >= _SUBSTANCE or _names_the_matter(line, about)):
                endings.add(place)
            replied = places.get(line.reply_to or 0)
            found = replied if replied is not None else _answer(lines, to, place, about)
            if found is not None and _may_answer(lines[found], line):
                answers[place] = found
        if asks(line.text) or tells_trouble(line.text) or place == 0:
            asked.add(line.author_id)
    return answers, frozenset(endings)


def _names_the_matter(line: Line, about: Mapping[str, float]) -> bool:
    """Whether a short line names what it is all about: "it's back, the fox is there"."""
    most = max(about.values(), default=0.0)
    return len(line.said) > 1 and any(about.get(w, 0.0) > _CENTRAL_TO * most for w in line.said)


def _answer(
    lines: Sequence[Line], to: Sequence[int | None], thanks: int, about: Mapping[str, float]
) -> int | None:
    """What is thanked for: what shares most words with how it ended, else what stood last."""
    told = set(lines[thanks].said)
    asker, whom = lines[thanks].author_id, to[thanks]
    best, best_worth = None, 0.0
    for at in range(thanks - 1, max(-1, thanks - 1 - _LOOK_FOR), -1):
        line = lines[at]
        if not _may_answer(line, lines[thanks]) or to[at] not in (None, asker):
            continue
        if whom is not None and line.author_id != whom:
            continue
        worth = sum(about.get(word, 0.0) for word in told & set(line.said))
        worth *= _SUGGESTS if suggests(line.text) else 1.0
        if worth > best_worth or (best is None and at >= thanks - _LOOK_BACK):
            best, best_worth = at, worth
    return best if best_worth or len(told) <= _SAYS_ITSELF else None


def _may_answer(line: Line, thanks: Line) -> bool:
    return line.author_id != thanks.author_id and len(line.said) > 2 and not asks(line.text)
