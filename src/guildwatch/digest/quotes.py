"""Choosing the lines that tell a conversation best, and quoting them short."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from guildwatch.digest.check import is_unfit
from guildwatch.digest.cues import asks, is_thanks, kind_of, tells_outcome
from guildwatch.digest.lines import Conversation, Line
from guildwatch.digest.rank import Rarity
from guildwatch.digest.words import telling_stems
from guildwatch.model import Point, PointKind

LONGEST_QUOTE = 190
_GOOD_LENGTH = 45
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_ADDRESSED = re.compile(r"^@?([^\s,:]{1,32})(?:\s*[,:]|\s)\s*")
_NOISE = re.compile(r"[^\w\s.,;:!?'’()\"-]")
_MOST_REPEATED = 0.8
_LEAD = 1.3  # people say first what matters
_LEAST = 0.25  # of the best line's weight
_ONCE = 0.25  # a word said once may be anything


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line and how well it tells its conversation."""

    line: Line
    weight: float


def terms(conversation: Conversation, rarity: Rarity, names: frozenset[str]) -> dict[str, float]:
    """The conversation's words by how much it is about them; people's names are not among them."""
    count: Counter[str] = Counter()
    for line in conversation.lines:
        count.update(set(line.said))
    return {
        word: (math.log1p(number) if number > 1 else _ONCE) * rarity.of(word)
        for word, number in count.items()
        if word not in names
    }


def weigh(conversation: Conversation, about: dict[str, float]) -> list[Weighed]:
    """Every line with its weight: central words, place, replies and reactions, outcome, form."""
    lines = conversation.lines
    replies = Counter(line.reply_to for line in lines if line.reply_to)
    most = sum(sorted(about.values(), reverse=True)[:12]) or 1.0
    opening = _opening(lines)
    found = []
    for place, line in enumerate(lines):
        weight = sum(about.get(word, 0.0) for word in set(line.said)) / most
        weight *= _form(line.text)
        weight += 0.35 if place == opening else 0.0
        weight += 0.12 * math.log1p(replies[line.id]) + 0.2 * math.log1p(line.reactions)
        weight += _says_how_it_is(line, place, len(lines))
        found.append(Weighed(line, weight))
    return found


def _opening(lines: Sequence[Line]) -> int:
    """The first line with something in it: what comes before is a greeting."""
    return next((place for place, line in enumerate(lines) if len(line.said) >= 4), 0)


def _says_how_it_is(line: Line, place: int, total: int) -> float:
    if len(line.said) < 3:
        return 0.0
    kind = kind_of(line, answered=True)
    if kind is PointKind.DECISION:
        return 0.5
    if kind is PointKind.ACTION:
        return 0.3
    if tells_outcome(line.text):
        return 0.22 if place > total / 3 else 0.08
    return 0.0


def _form(text: str) -> float:
    """1 for a plain sentence of readable length, less for scraps, walls, logs and thanks."""
    length = len(text)
    form = min(1.0, length / _GOOD_LENGTH) * min(1.0, math.sqrt(2.5 * LONGEST_QUOTE / length))
    noise = len(_NOISE.findall(text)) / length
    form *= 0.3 if noise > 0.12 else 1.0
    return form * (0.5 if is_thanks(text) and length < 80 else 1.0)


def choose(conversation: Conversation, about: dict[str, float], how_many: int) -> list[Line]:
    """The lines that tell most with the least repetition, oldest first; none that is unfit."""
    fit = [each for each in weigh(conversation, about) if not is_unfit(each.line.text)]
    rest = sorted(fit, key=lambda each: -each.weight)
    rest = [each for each in rest if len(each.line.said) >= 2] or rest[:1]
    chosen: list[Line] = []
    told: set[str] = set()
    least = _LEAST * max((each.weight for each in rest), default=0.0)
    while rest and len(chosen) < how_many:
        best = max(rest, key=lambda each: each.weight * (1 - _repeats(each.line, told)))
        rest.remove(best)
        if chosen and best.weight < least:
            break
        if not chosen or _repeats(best.line, told) <= _MOST_REPEATED:
            chosen.append(best.line)
            told |= set(best.line.said)
    return sorted(chosen, key=lambda line: line.id)


def _repeats(line: Line, told: set[str]) -> float:
    """The share of a line that is told already; a decision repeats on purpose what it decides."""
    own = set(line.said)
    share = len(own & told) / len(own) if own else 1.0
    return share * (0.3 if kind_of(line, answered=True) is PointKind.DECISION else 1.0)


def answered(line: Line, conversation: Conversation) -> bool:
    """Whether somebody else said something of substance after a line."""
    return any(
        later.id > line.id and later.author_id != line.author_id and len(later.said) > 0
        for later in conversation.lines
    )


def quote(
    line: Line, conversation: Conversation, about: dict[str, float], people: dict[int, str]
) -> Point:
    """A line in its author's own words, with whom they spoke to, clipped to what tells most."""
    text, to = _without_address(line, people)
    part = _best_part(text, about)
    speaker = f"{line.name} to {to}" if to else line.name
    return Point(
        text=f"{speaker}: “{part}”",
        kind=kind_of(line, answered=answered(line, conversation)),
        message_ids=(line.id,),
        quoted=True,
    )


def said(point: Point) -> str:
    """What a quoting point quotes, without its speaker and marks."""
    return point.text.partition("“")[2].removesuffix("”").strip("… ")


def _without_address(line: Line, people: dict[int, str]) -> tuple[str, str | None]:
    found = _ADDRESSED.match(line.text)
    if found is None or len(line.text) - found.end() < 8:
        return line.text, None
    word = found[1].lower()
    for name in people.values():
        if name.lower() == word and name != line.name:
            return line.text[found.end() :], name
    return line.text, None


def _best_part(text: str, about: dict[str, float]) -> str:
    """The most telling run of whole sentences that is short enough to quote."""
    if len(text) <= LONGEST_QUOTE:
        return text
    sentences = _SENTENCE.split(text)
    best, best_weight = "", -1.0
    for start in range(len(sentences)):
        run = ""
        for end in range(start, len(sentences)):
            run = " ".join(sentences[start : end + 1])
            if len(run) > LONGEST_QUOTE:
                break
            weight = _worth(run, about) * (_LEAD if start == 0 else 1.0)
            if weight > best_weight:
                best, best_weight = run, weight
    if len(best) < _GOOD_LENGTH:
        return text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    before = "" if text.startswith(best) else "… "
    return before + best + ("" if text.endswith(best) else " …")


def _worth(run: str, about: dict[str, float]) -> float:
    return sum(about.get(word, 0.0) for word in set(telling_stems(run))) + (0.5 if asks(run) else 0)
