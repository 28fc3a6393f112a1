"""What can go wrong at the model's door, in words for the operator."""

from typing import Literal

from guildwatch.model import GuildwatchError

FailureKind = Literal[
    "unreachable", "missing", "timeout", "cut", "truncated", "garbled", "refused", "preempted"
]


class ModelError(GuildwatchError):
    """The one error of the language model.

    `kind` says what the caller can do about it: `unreachable`, `missing` and `refused` stay so
    until somebody acts; `timeout`, `cut` and `garbled` may pass; `truncated` wants a shorter
    prompt; `preempted` is no fault: a background call gave way to a more urgent one.
    `prompt_tokens` are those that the server had to read although no answer came of it.
    """

    def __init__(self, kind: FailureKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: FailureKind = kind
        self.prompt_tokens = 0
