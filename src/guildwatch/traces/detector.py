"""Whether a text holds an error trace, and which one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from guildwatch.traces.fingerprint import fingerprint
from guildwatch.traces.frames import caller, frame_of
from guildwatch.traces.lines import bare_lines, pieces
from guildwatch.traces.raised import named, proof, raised
from guildwatch.traces.trace import Frame, Trace

_APART = ("go", "rust")  # the function stands on the line above its place
_SELF_TELLING = ("ruby", "elixir")  # whose first call holds the exception


def detect(text: str) -> Trace | None:
    """The error trace in a message's text, or None; its first 16,000 characters are read.

    It takes two calls of one language, or one and an exception by name, or a head that is written
    nowhere else (`Traceback (most recent call last)`, `thread 'main' panicked at`).
    """
    lines = bare_lines(text)
    bare = "\n".join(lines)
    found = _frames(lines)
    proven = proof(bare, lines)
    language = proven or _most_told(found)
    if language is None:
        return None
    frames = [frame for frame in found if frame.language == language]
    exceptions = raised(language, bare, lines, frames)
    if proven is None and len(frames) < 2 and not (exceptions and _is_named(language, lines)):
        return None
    name = exceptions[0].name if exceptions else None
    key = fingerprint(language, exceptions, frames, lines)
    return Trace(language, name, key, len(frames))


def _frames(lines: Sequence[str]) -> list[Frame]:
    """Every call in the order of the lines."""
    found: list[Frame] = []
    before = ""
    for number, piece in pieces(lines):
        frame = frame_of(piece)
        if frame is not None:
            if frame.language in _APART and not frame.function:
                frame = replace(frame, function=caller(frame.language, before))
            found.append(replace(frame, line=number))
        before = piece
    return found


def _most_told(frames: Sequence[Frame]) -> str | None:
    counts = Counter(frame.language for frame in frames)
    return counts.most_common(1)[0][0] if counts else None


def _is_named(language: str, lines: Sequence[str]) -> bool:
    """Whether an exception begins a line, as none does that is only spoken of."""
    return language in _SELF_TELLING or any(named(line) for line in lines)
