"""Choosing the lines that tell a conversation best, and quoting them short."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest.check import INNER, LONGEST_POINT, is_unfit
from guildwatch.digest.cues import asks, is_thanks, kind_of, orders_machines, tells_outcome
from guildwatch.digest.lines import Conversation, Line
from guildwatch.digest.rank import Rarity
from guildwatch.digest.words import telling_stems, words
from guildwatch.model import MessageKind, Point, PointKind

LONGEST_QUOTE = 190
_GOOD_LENGTH = 45
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_LONGEST_KEY = 90
_KEY_MESSAGE = re.compile(r" \([^()“”]+: “[^“”]*”\)$")
_TURNED = (PointKind.DECISION, PointKind.ACTION)
_DENIES = re.compile(r"\b(?:not|no|never|nobody|none|without|cannot|\w+n['’]t)\b", re.IGNORECASE)
_ADDRESSED = re.compile(r"^@?([^\s,:]{1,32})(?:\s*[,:]|\s)\s*")
_NOISE = re.compile(r"[^\w\s.,;:!?'’()\"-]")
_MOST_REPEATED = 0.8
_LEAD = 1.3  # people say first what matters
_LEAST = 0.25  # of the best line's weight
_ONCE = 0.25  # a word said once may be anything
_DECIDED, _TAKEN_ON, _ENDED, _ANSWERS = 0.9, 0.45, 0.25, 0.65
_OF_ONE_QUESTION = 30  # lines
_LOOK_BACK = 8  # lines before a thank-you in which the answer stands
_PASTED, _LISTED = 0.7, 8  # the share of telling words, from so many words on
_ANEW = 3600.0  # seconds
_CODE_LIKE = re.compile(r"^\s*(?:[!/$.>#]\S|sudo |apt(?:-get)? |cd |ls |grep |cat |\S+\(.*\);?$|_)")
_CRUDE = re.compile(
    r"^(?:lo+l|lmao|haha\w*)\b|\b(?:\w*fuck\w*|\w*shit\w*|retard\w*|bitch\w*|asshole)\b",
    re.IGNORECASE,
)


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
    answers = _answers(lines)
    # Out of a long conversation an answer alone cannot be understood.
    answer = _ANSWERS * min(1.0, _OF_ONE_QUESTION / len(lines))
    found = []
    for place, line in enumerate(lines):
        central = sum(about.get(word, 0.0) for word in set(line.said)) / most
        weight = central
        weight += 0.35 if place == opening else 0.0
        weight += 0.12 * math.log1p(replies[line.id]) + 0.12 * math.log1p(line.reactions)
        weight += _says_how_it_is(line, place, len(lines))
        weight += answer * min(1.0, 3 * central) if line.id in answers else 0.0
        found.append(Weighed(line, weight * _form(line)))
    return found


def _opening(lines: Sequence[Line]) -> int:
    """The first line with something in it: what comes before is a greeting.

    Of what one person said anew, hours later, the last holds.
    """
    first = 0
    if len({line.author_id for line in lines}) == 1:
        pauses = range(1, len(lines))
        first = max((at for at in pauses if lines[at].at - lines[at - 1].at > _ANEW), default=0)
    return next((at for at in range(first, len(lines)) if len(lines[at].said) >= 4), first)


def _answers(lines: Sequence[Line]) -> set[int]:
    """The messages that helped: what stood last before somebody said thanks or that it works."""
    places = {line.id: place for place, line in enumerate(lines)}
    found = set()
    asked: set[int] = set()
    for place, line in enumerate(lines):
        if line.author_id in asked and (is_thanks(line.text) or tells_outcome(line.text)):
            replied = places.get(line.reply_to or 0)
            before = range(place - 1, max(-1, place - 1 - _LOOK_BACK), -1)
            for other in before if replied is None else (replied,):
                if _may_answer(lines[other], line):
                    found.add(lines[other].id)
                    break
        if asks(line.text) or place == 0:
            asked.add(line.author_id)
    return found


def _may_answer(line: Line, thanks: Line) -> bool:
    return line.author_id != thanks.author_id and len(line.said) > 2 and not asks(line.text)


def _says_how_it_is(line: Line, place: int, total: int) -> float:
    if len(line.said) < 3:
        return 0.0
    kind = kind_of(line, answered=True)
    if kind is PointKind.DECISION:
        return _DECIDED
    if kind is PointKind.ACTION:
        return _TAKEN_ON
    if tells_outcome(line.text):
        return _ENDED if place > total / 3 else 0.08
    return 0.0


def _form(line: Line) -> float:
    """1 for a plain sentence of readable length, less for scraps, walls, logs and thanks."""
    length = len(line.text)
    form = min(1.0, length / _GOOD_LENGTH) * min(1.0, math.sqrt(2.5 * LONGEST_QUOTE / length))
    return form * plainness(line) * (0.5 if is_thanks(line.text) and length < 80 else 1.0)


def plainness(line: Line) -> float:
    """1 for somebody's own plain words; less for code, lists, crude words, what is passed on."""
    text = line.text
    noise = len(_NOISE.findall(text)) / len(text)
    plain = 0.3 if noise > 0.12 or _CODE_LIKE.match(text) else 1.0
    plain *= 0.3 if line.kind is MessageKind.FORWARD else 1.0  # it was said elsewhere
    return plain * (0.5 if _CRUDE.search(text) or _is_pasted(line) else 1.0)


def _is_pasted(line: Line) -> bool:
    """Whether hardly a word is one of those that make sentences: a list, a title, a log."""
    return len(line.said) > _PASTED * max(_LISTED, len(words(line.text)))


def choose(conversation: Conversation, about: dict[str, float], how_many: int) -> list[Line]:
    """The lines that tell most with the least repetition: the best, then the rest in their order.

    None is unfit to be repeated, or an order to machines.
    """
    fit = [each for each in weigh(conversation, about) if _may_be_told(each.line.text)]
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
    return chosen[:1] + sorted(chosen[1:], key=lambda line: line.id)


def _may_be_told(text: str) -> bool:
    return not is_unfit(text) and not orders_machines(text)


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
        text=f"{speaker}: “{part.translate(INNER)}”",
        kind=kind_of(line, answered=answered(line, conversation)),
        message_ids=(line.id,),
        quoted=True,
    )


def with_key_message(point: Point, lines: Mapping[int, Line]) -> Point:
    """A written point with the words that it rests on, where code cannot see it turned around.

    Who decided or does something, and whether it is or is not so, are lost by a swapped name or a
    dropped "not", though every word is in the messages.
    """
    about = dict.fromkeys(telling_stems(point.text), 1.0)
    cited = [lines[id_] for id_ in point.message_ids if id_ in lines]
    if not cited or not (point.kind in _TURNED or _DENIES.search(point.text)):
        return point
    key = max(cited, key=lambda line: len(about.keys() & set(line.said)))
    sentences = _SENTENCE.split(key.text)
    part = max(sentences, key=lambda one: len(about.keys() & set(telling_stems(one))))
    if len(part) > _LONGEST_KEY:
        part = part[:_LONGEST_KEY].rsplit(" ", 1)[0] + " …"
    text = f"{point.text} ({key.name}: “{part.translate(INNER)}”)"
    is_new = part.casefold().strip(" .!") not in point.text.casefold()
    fits = len(text) <= LONGEST_POINT and _may_be_told(part)
    return replace(point, text=text) if is_new and fits else point


def apart(text: str) -> tuple[str, str]:
    """A written point's own words, and the key message that `with_key_message` put after them."""
    found = _KEY_MESSAGE.search(text)
    return (text[: found.start()], found[0]) if found else (text, "")


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
