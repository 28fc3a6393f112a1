"""What a model is writing, readable while it is written: titles and points out of unfinished JSON.

Nothing in it has been checked yet, and none of it can command the terminal.
"""

import json
import re
from collections.abc import Iterator

from guildwatch.console.wording import steady

_TOLD = re.compile(r'"(title|text)"\s*:\s*"((?:[^"\\]|\\.)*)')
_LONGEST = 20_000  # characters: an answer is far shorter, and what is not is no answer


def readable(answer: str) -> tuple[str, ...]:
    """Its titles and points, a line each, the last one as far as it goes."""
    return tuple(_lines(answer[:_LONGEST]))


def _lines(answer: str) -> Iterator[str]:
    for kind, escaped in _TOLD.findall(answer):
        if text := steady(_unescaped(escaped)):
            yield text if kind == "title" else f"  • {text}"


def _unescaped(text: str) -> str:
    """A JSON string's text, even if it breaks off within an escape."""
    for end in range(len(text), max(-1, len(text) - 6), -1):
        try:
            return str(json.loads(f'"{text[:end]}"', strict=False))
        except ValueError:
            continue
    return ""
