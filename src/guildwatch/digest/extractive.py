"""The engine without a model: topics told by the most telling messages themselves."""

from collections.abc import Sequence

from guildwatch.digest.lines import Conversation, Line
from guildwatch.digest.quotes import choose, quote, terms
from guildwatch.digest.rank import Rarity
from guildwatch.digest.titles import title
from guildwatch.digest.words import stem
from guildwatch.model import Topic


class Extractor:
    """Tells conversations in their own words; what is rare or common is judged by all lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._rarity = Rarity(lines)
        self._people = {line.author_id: line.name for line in lines}
        self._names = frozenset(
            stem(part) for name in self._people.values() for part in (name, *name.split())
        )

    def topic(self, conversation: Conversation) -> Topic:
        """The conversation as a topic of two to five quoted lines (one, if it has no more)."""
        about = terms(conversation, self._rarity, self._names)
        told = choose(conversation, about, _points_for(len(conversation.lines)))
        return Topic(
            title=title(conversation.lines, told, about, self._names),
            points=tuple(quote(line, conversation, about, self._people) for line in told),
            channel_ids=(conversation.channel_id,),
            messages=len(conversation.lines),
            people=conversation.people,
        )


def _points_for(lines: int) -> int:
    return 2 if lines < 8 else 3 if lines < 25 else 4 if lines < 80 else 5
