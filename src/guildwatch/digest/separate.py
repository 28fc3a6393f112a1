"""Which messages belong together: one pass over a channel, each line joins a conversation.

About 2.75 conversations run at once in a busy channel (Elsner & Charniak 2008). A known reply
decides; otherwise every conversation still going is weighed by who is spoken to, who speaks, how
long it has been quiet and which words it shares, against the weight of starting a new one.
"""

import math
import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from guildwatch.digest.lines import Conversation, Line

_FORGOTTEN = 6 * 3600.0
_SAME_MATTER = 4  # words that two announcements share
_CANDIDATES = 24
_LAST_MINUTES = 900.0
_NAMING = 0.3  # the share of lines that name somebody, before a channel's own is known
_NAMING_MEMORY = 40
_USUAL = 50  # lines that we act as if we had seen, so that the first ones count as usual
GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hallo|greetings|good (?:morning|evening|day))\b", re.IGNORECASE
)
_NAME = re.compile(r"[\w|\[\]`^{}\\-]{2,32}")
_OPENING = re.compile(
    r"\?\s*$|\b(?:how (?:do|can|to)|can (?:any|some)one|does any|any ?(?:one|body)|is there|"
    r"i(?:'m| am|'ve| have) (?:trying|having|got|a )|need help|problem with)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What speaks for joining a conversation; found on the open chats, see benchmarks/."""

    addressed: float = 6.0
    addressed_fade: float = 12000.0
    answered: float = 2.4
    returning: float = 3.6
    returning_fade: float = 6000.0
    many_homes: float = 0.67
    continuing: float = 2.9
    latest: float = 0.3
    alone: float = 1.0
    unnamed: float = 0.9
    waiting: float = 0.7
    pause: float = 0.68
    shared: float = 0.48
    new: float = 1.15
    new_opening: float = 0.25
    new_stranger: float = 1.35
    new_addressed: float = -0.3


WEIGHTS = Weights()


@dataclass(slots=True)
class _Going:
    """A conversation that may still go on, and what is remembered of it."""

    conversation: Conversation
    last_at: float
    spoke: dict[int, float] = field(default_factory=dict)
    addressed: dict[int, float] = field(default_factory=dict)
    said: Counter[str] = field(default_factory=Counter)


def separate(
    lines: Iterable[Line], weights: Weights = WEIGHTS, *, threads: Collection[int] = ()
) -> list[Conversation]:
    """The conversations of these lines (oldest first), in the order in which they began.

    Each of the `threads` is a conversation of its own already.
    """
    channels: dict[int, ChannelSeparator] = {}
    whole: dict[int, Conversation] = {}
    for line in lines:
        where = line.channel_id
        if where in threads:
            whole.setdefault(where, Conversation(where)).lines.append(line)
            continue
        if where not in channels:
            channels[where] = ChannelSeparator(where, weights)
        channels[where].add(line)
    found = [each for channel in channels.values() for each in channel.conversations]
    found += whole.values()
    return sorted(found, key=lambda conversation: conversation.lines[0].id)


def join_announcements(
    conversations: Iterable[Conversation], announcing: Collection[int]
) -> list[Conversation]:
    """The same, but one person's announcements of one matter are one: the last one holds."""
    kept: list[Conversation] = []
    for each in conversations:
        earlier = None
        if each.channel_id in announcing:
            earlier = next((other for other in kept if _is_same_matter(other, each)), None)
        if earlier is None:
            kept.append(each)
        else:
            earlier.lines.extend(each.lines)
    return kept


def _is_same_matter(one: Conversation, other: Conversation) -> bool:
    if one.channel_id != other.channel_id or one.lines[-1].author_id != other.lines[0].author_id:
        return False
    said = [{word for line in each.lines for word in line.said} for each in (one, other)]
    return len(said[0] & said[1]) >= _SAME_MATTER


class ChannelSeparator:
    """Separates one channel online: state is bounded by what was said in the last hours."""

    def __init__(self, channel_id: int, weights: Weights = WEIGHTS) -> None:
        self.channel_id = channel_id
        self.conversations: list[Conversation] = []
        self._weights = weights
        self._going: deque[_Going] = deque()
        self._home: dict[int, _Going] = {}
        self._people: dict[str, int] = {}
        self._seen: Counter[str] = Counter()
        self._count = 0
        self._naming = _NAMING

    def add(self, line: Line) -> Conversation:
        """Put the next line where it belongs."""
        self._forget(line.at)
        spoken_to = self._spoken_to(line)
        going = self._home.get(line.reply_to) if line.reply_to else None
        going = going or self._best(line, spoken_to) or self._begin(line)
        self._join(going, line, spoken_to)
        return going.conversation

    def _forget(self, now: float) -> None:
        while self._going and (
            now - self._going[0].last_at > _FORGOTTEN or len(self._going) > _CANDIDATES
        ):
            self._going.popleft()

    def _begin(self, line: Line) -> _Going:
        going = _Going(Conversation(self.channel_id), line.at)
        self.conversations.append(going.conversation)
        return going

    def _join(self, going: _Going, line: Line, spoken_to: frozenset[int]) -> None:
        if self._going and self._going[-1] is not going:
            if going in self._going:
                self._going.remove(going)
            self._going.append(going)
        elif not self._going:
            self._going.append(going)
        going.conversation.lines.append(line)
        going.last_at = line.at
        going.spoke[line.author_id] = line.at
        going.addressed.update(dict.fromkeys(spoken_to, line.at))
        going.said.update(set(line.said))
        self._seen.update(set(line.said))
        self._count += 1
        self._naming += (bool(spoken_to) - self._naming) / _NAMING_MEMORY
        self._home[line.id] = going
        self._people[line.name.lower()] = line.author_id

    def _spoken_to(self, line: Line) -> frozenset[int]:
        """Whom the line addresses: mentioned by id, or by the name of someone who spoke here."""
        named = {
            self._people[word]
            for word in (found.lower() for found in _NAME.findall(line.text))
            if word in self._people
        }
        return frozenset((named | line.mentions) - {line.author_id})

    def _best(self, line: Line, spoken_to: frozenset[int]) -> _Going | None:
        best, best_weight = None, self._weight_of_new(line, spoken_to)
        for going in self._going:
            weight = self._weight(going, line, spoken_to)
            if weight >= best_weight:
                best, best_weight = going, weight
        return best

    def _weight_of_new(self, line: Line, spoken_to: frozenset[int]) -> float:
        w = self._weights
        weight = w.new
        if GREETING.search(line.text) or _OPENING.search(line.text):
            weight += w.new_opening
        if not any(line.author_id in going.spoke for going in self._going):
            weight += w.new_stranger
        return weight + (w.new_addressed if spoken_to else 0.0)

    def _weight(self, going: _Going, line: Line, spoken_to: frozenset[int]) -> float:
        w = self._weights
        latest = going is self._going[-1]
        weight = -w.pause * math.log1p((line.at - going.last_at) / 60.0)
        if latest:
            weight += w.latest + w.alone / self._busy(line.at)
            weight += 0.0 if spoken_to else w.unnamed * (1.0 - self._naming)
        weight += w.shared * self._shared(going, line.said)
        fresh = [going.spoke[id_] for id_ in spoken_to if id_ in going.spoke]
        if fresh:
            weight += w.addressed * math.exp(-(line.at - max(fresh)) / w.addressed_fade)
        if line.author_id in going.addressed:
            since = line.at - going.addressed[line.author_id]
            weight += w.answered * math.exp(-since / w.addressed_fade)
        if line.author_id in going.spoke:
            since = line.at - going.spoke[line.author_id]
            homes = sum(line.author_id in other.spoke for other in self._going)
            weight += w.returning * math.exp(-since / w.returning_fade) / homes**w.many_homes
            if latest and going.conversation.lines[-1].author_id == line.author_id:
                weight += w.continuing * math.exp(-since / 120.0)
        elif len(going.spoke) == 1:
            weight += w.waiting
        return weight

    def _busy(self, now: float) -> int:
        """How many conversations of more than one line were heard in the last minutes."""
        return max(
            1,
            sum(
                now - going.last_at < _LAST_MINUTES and len(going.conversation.lines) > 1
                for going in self._going
            ),
        )

    def _shared(self, going: _Going, said: Sequence[str]) -> float:
        """How telling the words are that line and conversation share, from 0 to about 3."""
        total = sum(
            math.log((self._count + _USUAL) / (self._seen[word] + 1)) / 4.0
            for word in set(said)
            if word in going.said
        )
        return min(3.0, max(0.0, total))
