"""What the calls of one digest took, and when asking on would only cost time."""

from collections import Counter
from dataclasses import dataclass, field

from guildwatch.language import Completion, ModelError

PASSING = ("cut", "garbled", "refused")
"""Kinds of trouble of a single call, which the next one need not have."""
_MOST_TROUBLE = 3
_MOST_BARREN = 4  # conversations in a row, in two calls at least


@dataclass(slots=True)
class Tally:
    """What the calls cost, and what went wrong last."""

    calls: int = 0
    prompt_tokens: int = 0
    chat_tokens: float = 0.0
    estimated_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)
    trouble: ModelError | None = None
    failures: int = 0
    barren_calls: int = 0
    barren_conversations: int = 0

    def add_found(self, told: int, asked: int) -> None:
        """Count of how many conversations a call could tell anything that holds."""
        self.barren_calls = 0 if told else self.barren_calls + 1
        self.barren_conversations = 0 if told else self.barren_conversations + asked

    def add(self, completion: Completion, chat: float) -> None:
        """Count one finished call; the share `chat`, 0..1, of its prompt was what people wrote."""
        self.spend(completion.prompt_tokens, chat)
        self.completion_tokens += completion.completion_tokens
        self.seconds += completion.seconds
        self.failures = 0

    def spend(self, prompt_tokens: int, chat: float) -> None:
        """Count a call that was at least begun."""
        self.calls += 1
        self.prompt_tokens += prompt_tokens
        self.chat_tokens += prompt_tokens * chat

    @property
    def has_given_up(self) -> bool:
        """Whether asking on would only cost time."""
        if self.is_barren:
            return True
        if self.trouble is None or self.failures == 0:
            return False
        return self.trouble.kind not in (*PASSING, "truncated") or self.failures >= _MOST_TROUBLE

    @property
    def is_barren(self) -> bool:
        """Whether nothing it wrote of the last few conversations held; a lie now and then may."""
        return self.barren_calls > 1 and self.barren_conversations >= _MOST_BARREN
