"""Where a long conversation turns to another subject: the parts that it is really made of."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from guildwatch.digest.extraction.cues import asks
from guildwatch.digest.extraction.leaning import leans
from guildwatch.digest.extraction.rank import Rarity
from guildwatch.digest.separation.manner import GREETING
from guildwatch.digest.transcript.lines import Conversation, Line

_LONG = 10  # lines; in fewer nobody loses the thread
_LEAST = 4  # lines of a part that is worth telling alone
_ADDRESS = 24  # characters at a line's start in which a name is an address
_SOON = 180.0  # seconds in which somebody goes on with what they said themselves
_LULL = 300.0  # seconds
_TURNS = 4  # lines since their own last one, after which somebody is still in the middle of a talk
_PLACES = 32  # where a turn is looked for, the longest pauses first: keeps it linear
_SHARED = 0.13  # of a part's weight in words, above which it speaks of the same
_ENOUGH = 12  # lines; the fewer a part has, the less it shares by chance alone
_PAUSE = 1800.0  # seconds after which more shared words are an accident
_AFTER_PAUSE = 0.13
_COMMON = 0.15  # what a word counts that everybody says today: it may be the day's one subject
_STRANGERS = 0.1  # people who had not spoken before speak of something else more easily


def parted(conversation: Conversation) -> list[Conversation]:
    """The conversation in parts that speak of different things; mostly it is one.

    Every line hangs on the one that it answers, as a tree. Where nobody is answered or named, a
    branch that shares hardly a telling word with the rest is another conversation. What is said
    elsewhere changes nothing.
    """
    lines = conversation.lines
    if len(lines) < _LONG:
        return [conversation]
    rarity = Rarity(lines)
    above, loose = _tree(lines)
    part = [0] * len(lines)
    for place in sorted(_places(lines, loose), reverse=True):
        branch = _branch(place, above, part)
        rest = [other for other, number in enumerate(part) if number == 0 and other not in branch]
        if min(len(branch), len(rest)) < _LEAST:
            continue
        pause = lines[place].at - lines[place - 1].at
        if _is_other([lines[i] for i in branch], [lines[i] for i in rest], pause, rarity):
            for each in branch:
                part[each] = place
    return [
        _part(conversation, [line for line, own in zip(lines, part, strict=True) if own == number])
        for number in dict.fromkeys(part)
    ]


def _part(whole: Conversation, lines: list[Line]) -> Conversation:
    id_ = whole.id if lines[0] is whole.lines[0] else lines[0].id
    homes = {line.id: whole.homes[line.id] for line in lines if line.id in whole.homes}
    return Conversation(whole.channel_id, lines, id_, homes)


def _tree(lines: Sequence[Line]) -> tuple[list[int], list[int]]:
    """The place of the line that each hangs on, and the places where that is only a guess."""
    above, loose = [0], []
    home = {lines[0].id: 0}
    latest: dict[int, int] = {lines[0].author_id: 0}
    names = {line.name.lower(): line.author_id for line in lines}
    for place, line in enumerate(lines[1:], 1):
        known = home.get(line.reply_to) if line.reply_to else None
        own = latest.get(line.author_id)
        begins = own is None and asks(line.text)  # though it is asked of somebody
        if known is None and not begins:
            known = _spoken_to(line, latest, names)
        if known is None and own is not None and line.at - lines[own].at < _SOON:
            known = own
        if known is None:
            known = place - 1
            pause = line.at - lines[known].at
            is_in_it = own is not None and place - own <= _TURNS and pause < _LULL
            if _opens(line, pause) or (own is not None and not is_in_it):
                loose.append(place)
        above.append(known)
        home[line.id] = latest[line.author_id] = place
    return above, loose


def _opens(line: Line, pause: float) -> bool:
    """Whether somebody's first words here begin something: else they join what they found."""
    return pause > _LULL or asks(line.text) or bool(GREETING.search(line.text))


def _spoken_to(line: Line, latest: dict[int, int], names: dict[str, int]) -> int | None:
    """The last line of whom this one addresses."""
    word = line.text[:_ADDRESS].lstrip("@").partition(" ")[0].rstrip(",:;").lower()
    found = {names[word]} if word in names else line.mentions
    return max((latest[id_] for id_ in found - {line.author_id} if id_ in latest), default=None)


def _places(lines: Sequence[Line], loose: Sequence[int]) -> list[int]:
    """Where a turn may be: somebody says something new to nobody, after a pause at best."""
    telling = [
        at
        for at in loose
        if asks(lines[at].text) or (len(lines[at].said) > 2 and not leans(lines[at].text))
    ]
    return sorted(telling, key=lambda place: lines[place - 1].at - lines[place].at)[:_PLACES]


def _branch(place: int, above: Sequence[int], part: Sequence[int]) -> set[int]:
    branch = {place}
    for other in range(place + 1, len(above)):
        if part[other] == 0 and above[other] in branch:
            branch.add(other)
    return branch


def _is_other(branch: Sequence[Line], rest: Sequence[Line], pause: float, rarity: Rarity) -> bool:
    one, other = _said(branch, rarity), _said(rest, rarity)
    shared = sum(min(weight, other[word]) for word, weight in one.items() if word in other)
    least = min(sum(one.values()), sum(other.values())) or 1.0
    people = {line.author_id for line in rest}
    strangers = sum(line.author_id not in people for line in branch) / len(branch)
    limit = _SHARED * min(1.0, len(branch) / _ENOUGH) ** 2
    limit += _AFTER_PAUSE * min(1.0, pause / _PAUSE) + _STRANGERS * strangers
    return shared / least < limit


def _said(lines: Iterable[Line], rarity: Rarity) -> dict[str, float]:
    count = Counter(word for line in lines for word in set(line.said))
    return {
        word: math.log1p(number) * (_COMMON + rarity.of(word)) for word, number in count.items()
    }
