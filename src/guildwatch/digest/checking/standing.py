"""Whether what was told still stands after the messages that it rests on were edited."""

import re
from collections.abc import Iterable, Sequence

from guildwatch.digest.checking.check import why_unsupported
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import Message, Point

_QUOTED = re.compile(r"“([^“”]*)”?")
_LONGEST = 10_000  # how long a text may be was judged when it was written


def read_lines(messages: Iterable[Message], context: Context) -> list[Line]:
    """The messages as the digest reads them, without those that it leaves out."""
    return clean(messages, context).lines


def point_stands(point: Point, cited: Sequence[Line], around: Sequence[Line]) -> bool:
    """Whether a point is borne out by its messages as they are now.

    `around` is what was said at the time, the cited lines included. A quotation must be there word
    for word; everything else passes the gate that new points pass, of a translation the sentence
    that it was made from.
    """
    if len(cited) < len(set(point.message_ids)):
        return False
    if point.quoted:
        return _is_literal(point.text, cited)
    return text_stands(point.original or point.text, cited, around)


def text_stands(text: str, cited: Sequence[Line], around: Sequence[Line]) -> bool:
    """The same of a headline: of one put together from quotations, or of a written one."""
    if not cited:
        return False
    unquoted = _QUOTED.sub("", text)
    if unquoted != text and len(telling_stems(unquoted)) <= len(telling_stems(_names(cited))):
        return _is_literal(text, cited)
    return why_unsupported(text, cited, around, longest=_LONGEST) is None


def title_stands(title: str, lines: Iterable[Line]) -> bool:
    """Whether all telling words of a title are still said in these lines, or name who speaks."""
    said: set[str] = set()
    for line in lines:
        said.update(line.said, telling_stems(line.name))
    return said.issuperset(telling_stems(title))


def _is_literal(text: str, cited: Sequence[Line]) -> bool:
    there = " ".join(f" {_flat(line.text)} " for line in cited)
    pieces = (piece for quoted in _QUOTED.findall(text) for piece in quoted.split("…"))
    return all(f" {flat} " in there for flat in map(_flat, pieces) if flat)


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _names(cited: Sequence[Line]) -> str:
    return " ".join(line.name for line in cited)
