"""The door to the language model: budgets, queue, streaming, failures."""

from guildwatch.language.errors import FailureKind, ModelError
from guildwatch.language.estimate import Measured
from guildwatch.language.model import Completion, LanguageModel, Priority, Prompt
from guildwatch.language.ollama import Ollama
from guildwatch.language.server import Timeouts

__all__ = [
    "Completion",
    "FailureKind",
    "LanguageModel",
    "Measured",
    "ModelError",
    "Ollama",
    "Priority",
    "Prompt",
    "Timeouts",
]
