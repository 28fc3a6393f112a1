"""Which conversation a message belongs to, and why it was put there."""

from dataclasses import dataclass
from enum import StrEnum


class ReasonKind(StrEnum):
    """What spoke most for a message's conversation."""

    NEW = "new"
    REPLY = "reply"
    ADDRESSED = "addressed"
    ANSWERED = "answered"
    SPEAKER = "speaker"
    WORDS = "words"
    LATEST = "latest"
    ALONE = "alone"
    THREAD = "thread"

    @property
    def sentence(self) -> str:
        """The reason in English, as what the message does: `names somebody who spoke in it`."""
        return _SENTENCES[self]


_SENTENCES = {
    ReasonKind.NEW: "begins something new",
    ReasonKind.REPLY: "is a reply",
    ReasonKind.ADDRESSED: "names somebody who spoke in it",
    ReasonKind.ANSWERED: "comes from somebody who was spoken to in it",
    ReasonKind.SPEAKER: "the same speaker goes on",
    ReasonKind.WORDS: "shares its words",
    ReasonKind.LATEST: "follows right upon it",
    ReasonKind.ALONE: "nothing else was being talked about",
    ReasonKind.THREAD: "was written in its thread",
}


@dataclass(frozen=True, slots=True)
class Home:
    """The conversation that a message was put into, and why.

    `conversation_id` is the id of the message that began the conversation. `because_id` is the
    message that the reason speaks of (the one answered, the speaker's last one), where there is
    one.
    """

    message_id: int
    conversation_id: int
    reason: ReasonKind
    because_id: int | None = None
