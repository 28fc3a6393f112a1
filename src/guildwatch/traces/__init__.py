"""Error traces in chat: which messages hold one, of which language, and which are the same."""

from guildwatch.traces.detector import detect
from guildwatch.traces.trace import LANGUAGES, Trace

__all__ = ["LANGUAGES", "Trace", "detect"]
