"""Whether what a model wrote is borne out by the messages it names; what is not, is not told."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest.checking import decisions
from guildwatch.digest.checking.folding import fold
from guildwatch.digest.checking.grounds import Grounds, Lack
from guildwatch.digest.checking.orders import gives_orders
from guildwatch.digest.extraction.cues import supports
from guildwatch.digest.transcript.clean import visible
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.links import INVITE
from guildwatch.model import Point, PointKind
from guildwatch.sensitive import holds, masked

LONGEST_POINT = 280
LONGEST_TITLE = 70
INNER = str.maketrans("“”„‟", "‘’‚‛")
"""Quotation marks within a quotation, so that nobody can end it from inside."""

_MOST_REFS = 6
# What acts in Discord, Markdown, HTML or a model's own format, wherever it stands.
_FORBIDDEN = re.compile(
    r"@\s?(?:everyone|here)|<(?:@|#|/|a?:|t:|id:|!|[a-z]+[\s>/])|\]\(|\]\s*\(\s*<?\w+[.:]\S"
    r"|\bdata:\w|\bjavascript:|^\s*[#>]|\|\||`{2,}",
    re.IGNORECASE,
)
# What models like to add: formatting, and with which picture an emoji is drawn.
_HARMLESS = re.compile(r"[\ufe0e\ufe0f]|\*\*|__|~~|^\s*(?:#{1,4}|>|[-*•])\s+")


@dataclass(frozen=True, slots=True)
class Failure:
    """A point that did not pass: its text and the numbers that exist, for asking once more.

    `check` is the short name of the check that found it: refs, length, markup, secret, order, link,
    number, date, quotation, name, words, person, kind or mixed.
    """

    text: str
    refs: tuple[int, ...]
    reason: str
    check: str


def check_point(raw: object, shown: Mapping[int, Line]) -> Point | Failure:
    """A point of the model's answer, with its numbers turned into message ids, or why not.

    What only repeats a message is told as a quotation of whoever wrote it.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        return Failure("", (), "it has no text", "length")
    text = _written(raw["text"])
    refs = _refs(raw.get("refs"))
    known = tuple(ref for ref in refs if ref in shown)
    if not refs or known != refs:
        return Failure(text, known, "it refers to messages that do not exist", "refs")
    cited = [shown[ref] for ref in refs]
    lack = lack_of(text, cited, shown.values(), longest=LONGEST_POINT)
    if lack is not None:
        return Failure(masked(text), known, lack.reason, lack.check)
    ids = tuple(dict.fromkeys(line.id for line in cited))
    return _quoting(Point(text, _kind(raw.get("kind"), cited), ids), cited)


def _written(text: str) -> str:
    return " ".join(_HARMLESS.sub("", text[: 4 * LONGEST_POINT]).split())


def _refs(raw: object) -> tuple[int, ...]:
    if not isinstance(raw, list) or len(raw) > _MOST_REFS:
        return ()
    if not all(isinstance(ref, int) and not isinstance(ref, bool) for ref in raw):
        return ()
    return tuple(dict.fromkeys(raw))


def _kind(raw: object, cited: Sequence[Line]) -> PointKind:
    """The kind that the model gave, if the messages bear it out."""
    if not isinstance(raw, str) or raw not in set(PointKind):
        return PointKind.FACT
    kind = PointKind(raw)
    return kind if _is_supported(kind, cited) else PointKind.FACT


def _is_supported(kind: PointKind, cited: Sequence[Line]) -> bool:
    return any(supports(kind, fold(line.text).replace("؟", "?")) for line in cited)


def _quoting(point: Point, cited: Sequence[Line]) -> Point:
    """The point as somebody's words, where it is a message's own ones without saying whose."""
    for line in cited:
        own = point.text.removeprefix(f"{line.name}: “").removesuffix(" …").removesuffix("”")
        if own != point.text and Grounds([line]).repeats(own.removesuffix(" …")):
            return replace(point, message_ids=(line.id,), quoted=True)
    line_of_it = Grounds(cited).repeats(point.text)
    if line_of_it is None:
        return point
    text = _quotation(point.text, line_of_it.name)
    return replace(point, text=text, message_ids=(line_of_it.id,), quoted=True)


def _quotation(text: str, name: str) -> str:
    room = LONGEST_POINT - len(name) - 4
    if len(text) > room:
        text = text[: room - 2].rsplit(" ", 1)[0] + " …"
    return f"{name}: “{text.translate(INNER)}”"


def checked_title(title: str, cited: Sequence[Line], around: Sequence[Line]) -> str:
    """A topic's title if its points' messages bear it out, else nothing.

    Words in a row that only one person said stand in quotation marks.
    """
    title = _written(title).removeprefix("“").removesuffix("”")
    if lack_of(title, cited, around, longest=LONGEST_TITLE) is not None:
        return ""
    said_by = {line.author_id for line in around if Grounds([line]).repeats(title)}
    return f"“{title}”" if len(said_by) == 1 else title


def why_unsupported(
    text: str, cited: Sequence[Line], around: Iterable[Line], *, longest: int
) -> str | None:
    """What in a text its messages do not bear out, in words; None when nothing is.

    `around` are all lines that the writer saw: nobody of them is told but by their own messages.
    """
    lack = lack_of(text, cited, around, longest=longest)
    return lack.reason if lack else None


def lack_of(
    text: str, cited: Sequence[Line], around: Iterable[Line], *, longest: int
) -> Lack | None:
    """What in a text its messages do not bear out, and which check found it."""
    if not text or len(text) > longest:
        return Lack("length", f"it is not between 1 and {longest} characters long")
    if visible(text) != text or is_unfit(text):
        return Lack("markup", "it has formatting, a mention or an invitation in it")
    if any(gives_orders(line.text) for line in cited):
        return Lack("order", "its messages give orders to machines")
    lack = Grounds(cited).lacks(text, around)
    if lack is None and holds(text):
        return Lack("secret", "it has a secret, an address or a number of somebody's in it")
    if lack is None and _claims_too_much(text, cited):
        return Lack("kind", "nothing is decided in its messages")
    return lack


def _claims_too_much(text: str, cited: Sequence[Line]) -> bool:
    """Whether a text tells of a decision that nobody took, or of assent that nobody gave."""
    if decisions.strange_body(text, cited):
        return True
    if decisions.claims_decision(text):
        return not decisions.is_decided(text, cited)
    if _is_supported(PointKind.DECISION, cited):
        return False
    return decisions.claims_assent(text) and not decisions.is_assented(cited)


def is_unfit(text: str) -> bool:
    """Whether a text may not be repeated whoever wrote it: pings, markup that acts, invitations."""
    folded = fold(text)
    return bool(_FORBIDDEN.search(text) or _FORBIDDEN.search(folded) or INVITE.search(folded))
