"""Which messages belong together: one pass over a channel, each line joins a conversation.

About 2.75 conversations run at once in a busy channel (Elsner & Charniak 2008). A known reply
decides; otherwise every conversation still going is weighed by who is spoken to, who speaks, how
long it has been quiet and which words it shares, against the weight of starting a new one.
"""

from collections.abc import Collection, Iterable, Mapping

from guildwatch.digest.separation.memory import Memory
from guildwatch.digest.separation.weighing import Weights, choose
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.model import Home, ReasonKind

_SAME_MATTER = 4  # words that two announcements share


class ChannelSeparator:
    """Separates one channel online: each line gets its home when it is said, for good.

    What it remembers is bounded (`memory.py`): after a restart, recalling the last
    `RECALLED_LINES` lines of the last `RECALLED_SECONDS` restores it exactly.
    """

    def __init__(
        self, channel_id: int, *, is_thread: bool = False, weights: Weights | None = None
    ) -> None:
        self.channel_id = channel_id
        self._is_thread = is_thread
        self._weights = weights or Weights()
        self._memory = Memory()

    def add(self, line: Line, answered: Home | None = None) -> Home:
        """Decide where the next line belongs.

        `answered` is the home of the message that it replies to: needed only where that message
        may be older than what is remembered.
        """
        heard = self._memory.hear(line)
        home = self._known(line, answered) or choose(self._memory, line, heard, self._weights)
        self._memory.keep(heard, home.conversation_id)
        return home

    def recall(self, line: Line, home: Home) -> None:
        """Learn from a line whose home is known already as from any other."""
        self._memory.keep(self._memory.hear(line), home.conversation_id)

    def _known(self, line: Line, answered: Home | None) -> Home | None:
        if self._is_thread:
            return Home(line.id, self.channel_id, ReasonKind.THREAD)
        if line.reply_to is None:
            return None
        heard = self._memory.of(line.reply_to)
        if heard is not None:
            return Home(line.id, heard.home_id, ReasonKind.REPLY, heard.id)
        if answered is not None:
            return Home(line.id, answered.conversation_id, ReasonKind.REPLY, line.reply_to)
        return None


def separate(
    lines: Iterable[Line],
    *,
    threads: Collection[int] = (),
    homes: Mapping[int, Home] | None = None,
    weights: Weights | None = None,
) -> list[Conversation]:
    """The conversations of these lines (oldest first), in the order in which they began.

    Each of the `threads` is a conversation of its own already. Lines with a home in `homes` keep
    it, and a reply goes to the home of the message that it answers.
    """
    known = dict(homes or {})
    channels: dict[int, ChannelSeparator] = {}
    said_in: dict[int, int] = {}
    found: dict[tuple[int, int], Conversation] = {}
    for line in lines:
        where = line.channel_id
        if where not in channels:
            channels[where] = ChannelSeparator(where, is_thread=where in threads, weights=weights)
        home = known.get(line.id)
        if home is None:
            answers_here = said_in.get(line.reply_to or 0, where) == where
            answered = known.get(line.reply_to or 0) if answers_here else None
            home = known[line.id] = channels[where].add(line, answered)
        else:
            channels[where].recall(line, home)
        said_in[line.id] = where
        key = where, home.conversation_id
        if key not in found:
            found[key] = Conversation(where, id=home.conversation_id)
        found[key].lines.append(line)
        found[key].homes[line.id] = home
    return sorted(found.values(), key=lambda conversation: conversation.lines[0].id)


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
