"""Messages cleaned, separated and ranked: what a digest reads before anybody writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildwatch.digest.clean import clean
from guildwatch.digest.lines import Context, Conversation, Line
from guildwatch.digest.rank import Rarity, considered_for, importance, is_small_talk
from guildwatch.digest.separate import join_announcements, separate
from guildwatch.digest.subjects import parted
from guildwatch.model import ChannelKind, Message


@dataclass(frozen=True, slots=True)
class Reading:
    """The messages, cleaned, separated and ranked: `worth_telling` has the weightiest first."""

    lines: list[Line]
    left_out: dict[str, int]
    conversations: int
    worth_telling: list[Conversation]
    announcing: frozenset[int]

    @property
    def considered(self) -> list[Conversation]:
        """The conversations that are told to choose the topics from, the weightiest first."""
        return self.worth_telling[: considered_for(len(self.lines))]


def read(messages: Sequence[Message], context: Context) -> Reading:
    """Read these messages; every one of them is a line or counted as left out."""
    cleaned = clean(messages, context)
    announcing = frozenset(
        id_ for id_, each in context.channels.items() if each.kind is ChannelKind.ANNOUNCEMENT
    )
    threads = {id_ for id_, each in context.channels.items() if each.kind.is_thread}
    rarity = Rarity(cleaned.lines)
    going = separate(cleaned.lines, threads=threads)
    parts = [part for conversation in going for part in parted(conversation, rarity)]
    found = join_announcements(parts, announcing)
    worth = [conversation for conversation in found if not is_small_talk(conversation, announcing)]
    worth.sort(key=lambda conversation: importance(conversation, announcing), reverse=True)
    return Reading(cleaned.lines, cleaned.left_out, len(found), worth, announcing)
