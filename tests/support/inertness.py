"""What of a rendered report would act instead of being read."""

import re
import unicodedata
from collections.abc import Collection, Iterator

_ARROW = re.compile(r" ?\[↗\]\(https://discord\.com/channels/\d+/\d+/\d+\)")
_BOLD = re.compile(r"(?m)(^|^• )\*\*((?:\\.|[^*\\\n])+)\*\*")
_LIVE = {
    "a ping": re.compile(r"@(?:everyone|here)|(?<!\\)<(?:@|#|/|a?:|t:|id:)"),
    "a link": re.compile(
        r"\b[a-z][a-z0-9+.-]*://(?=\S)|\bjavascript:\S|\bmailto:\S", re.IGNORECASE
    ),
    "an invitation": re.compile(r"discord(?:app)?\.(?:gg|com/invite)/", re.IGNORECASE),
    "markup": re.compile(r"(?<!\\)(?:\\\\)*[*_~|`\[\]<]"),
    "a line of its own kind": re.compile(r"(?m)^(?:#{1,3}|-#|>{1,3}|[-*+]|\d+[.)]) "),
}
_OURS = "\u200b\u200c\u200d"


def alive(text: str, links: Collection[str], *, markup: bool = True) -> Iterator[str]:
    """What acts in a text of Discord's Markdown; `links` may be opened, and our own receipts."""
    rest = _ARROW.sub("", text)
    for link in sorted(links, key=len, reverse=True):
        rest = rest.replace(f"<{link}>", "")
    if markup:
        rest = _BOLD.sub(r"\1\2", rest)
    yield from unseen(rest)
    for kind, pattern in _LIVE.items():
        if not markup and kind in ("markup", "a line of its own kind"):
            continue
        found = pattern.search(rest)
        if found is not None:
            yield f"{kind}: {rest[max(0, found.start() - 30) : found.end() + 30]!r}"


def unseen(text: str) -> Iterator[str]:
    """Controls, marks of direction, tags, piles of marks."""
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        is_control = category in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and char not in "\n" + _OURS
        if is_control or marks > 4:
            yield f"an unseen sign: {char!r}"


def outside_quotations(text: str) -> str:
    """The text without what stands in quotation marks."""
    return re.sub(r"“[^”]*”", "“”", text)
