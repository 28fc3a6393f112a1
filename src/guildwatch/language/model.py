"""What every language model offers, whoever runs it: a prompt in, a completion out."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol


class Priority(IntEnum):
    """Who goes first when several want the model: a waiting person, a due report, the rest."""

    COMMAND = 0
    SCHEDULED = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to the model.

    `instructions` are ours and stay the same from call to call, so that the server keeps them
    read; `content` holds the untrusted text. `schema` is a JSON schema whose arrays and strings
    are all bounded (small models never close unbounded ones). `max_tokens` bounds the answer.
    """

    instructions: str
    content: str
    schema: dict[str, Any] | None
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's whole answer; `data` is its parsed JSON where a schema was asked for.

    `prompt_tokens` are the server's count, 0 where it tells none.
    """

    text: str
    data: object | None
    prompt_tokens: int
    completion_tokens: int
    seconds: float


class LanguageModel(Protocol):
    """A model that writes text. `context` is its window in tokens, prompt and answer together."""

    @property
    def name(self) -> str:
        """The model's name as its operator knows it."""

    @property
    def context(self) -> int:
        """The window in tokens; it never grows and shrinks at most once, at the first call."""

    async def complete(
        self,
        prompt: Prompt,
        *,
        priority: Priority,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """Write the answer; `on_text` sees it grow, unchecked. Raises ModelError."""

    def fits(self, text: str) -> int:
        """An estimate, rather too high than too low, of the tokens that a text takes."""
