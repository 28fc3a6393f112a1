"""People's words made harmless for where they are shown: a terminal, Discord, Markdown.

Everything that a member wrote, or a model wrote about it, passes through here before it is shown.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

MARKS_ALLOWED = 4
"""Combining marks kept on one letter: Vietnamese, Hebrew and Thai need up to three, zalgo more."""

_MARKS_ORDERED = 32
_JOINERS = "\u200c\u200d"  # they build Persian words and emoji families, and order nothing
_BLANK = "\u034f\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by category, but invisible
_NO_WIDTH = "\u200b"
_SPACES = re.compile(r"\s+")
_URL = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_SCHEME = re.compile(r"(?<=\w):(?=//)")
_INVITE = re.compile(r"(discord(?:app)?\.(?:gg|com/invite))(?=/)", re.IGNORECASE)
_MARKUP = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_~|[]>"} | {"<": f"\\<{_NO_WIDTH}", "@": f"@{_NO_WIDTH}"}
)
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_LINE_START = re.compile(r"^(\d+(?=[.)])|(?=[-+#]))")
_AFTER_URL = ".,;:!?)]}'\"*_~|"


def plain(text: str) -> str:
    """The text on one line, without control, bidirectional and other invisible characters."""
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", _without_piles(text)):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif marks <= MARKS_ALLOWED and _is_shown(character, category):
            kept.append(character)
    return _SPACES.sub(" ", "".join(kept)).strip()


def markup(text: str, links: Collection[str] = ()) -> str:
    """The text as Discord or Markdown shows it literally: nothing formats, pings or previews.

    A URL among `links` becomes `<url>`; any other loses its scheme, so that nothing can be opened
    that no message held.
    """
    return _marked(plain(text), links)


def link(url: str) -> str:
    """A link that people shared as `<url>`: it opens but shows no preview; invites do not open."""
    url = plain(url)
    return f"<{url}>" if opens(url) else _escaped(_without_scheme(url))


def opens(url: str) -> bool:
    """Whether a link that people shared may be opened: http or https, and no invitation."""
    return _URL.fullmatch(url) is not None and _INVITE.search(url) is None


def pieces(text: str, links: Collection[str] = ()) -> Iterator[tuple[str, bool]]:
    """The text as `plain` in pieces, each with whether it is one of these links.

    A URL that is not among them loses its scheme.
    """
    return _pieces(plain(text), links)


def units(text: str) -> int:
    """Its length as Discord's strictest client counts it: in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, room: int) -> str:
    """Text of our own (nothing in it is escaped), with an ellipsis where it must be cut."""
    while units(text) > room:
        text = text.rstrip("…")[: room - 1 - units(text) + len(text)] + "…"
    return text


def shortened(text: str, room: int, links: Collection[str] = ()) -> str:
    """The text as `markup`, cut at a word with an ellipsis so that it fits into `room` units."""
    text = plain(text)
    whole = _marked(text, links)
    if units(whole) <= room:
        return whole
    return _marked(text[: _fitting(text, room - 1, links)].rstrip(), links) + "…"


def split(text: str, room: int, links: Collection[str] = ()) -> list[str]:
    """The whole text as `markup`, in as many pieces as it takes to fit each into `room` units."""
    pieces = []
    rest = plain(text)
    while units(_marked(rest, links)) > room:
        cut = _fitting(rest, room, links)
        pieces.append(_marked(rest[:cut], links))
        rest = rest[cut:].lstrip()
    return [*pieces, _marked(rest, links)]


def _without_piles(text: str) -> str:
    """The text with 32 marks at most on one letter: to order n of them takes NFC n² steps."""
    if max(map(unicodedata.combining, text), default=0) == 0:
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_ORDERED:
            kept.append(character)
    return "".join(kept)


def _is_shown(character: str, category: str) -> bool:
    if category == "Cn":  # emoji newer than Python's tables are here, beside noncharacters
        return ord(character) & 0xFFFE != 0xFFFE and ord(character) < 0xE0000
    return character in _JOINERS or (category[0] != "C" and character not in _BLANK)


def _fitting(text: str, room: int, links: Collection[str]) -> int:
    """How many characters of plain text fit, ending between words where that costs little."""
    low, high = 1, min(len(text), 2 * room)  # a scheme that goes away may make room, but not more
    while low < high:
        middle = (low + high + 1) // 2
        if units(_marked(text[:middle], links)) <= room:
            low = middle
        else:
            high = middle - 1
    space = text.rfind(" ", 0, low + 1)
    return space if space > low // 2 else low


def _marked(text: str, links: Collection[str]) -> str:
    shown = (link(piece) if is_link else _escaped(piece) for piece, is_link in _pieces(text, links))
    return _LINE_START.sub(r"\1\\", "".join(shown))


def _pieces(text: str, links: Collection[str]) -> Iterator[tuple[str, bool]]:
    end = 0
    for found in _URL.finditer(text):
        yield text[end : found.start()], False
        url = _linked(found[0], links)
        yield (url, True) if url else (_without_scheme(found[0]), False)
        end = found.start() + len(url or found[0])
    yield text[end:], False


def _linked(found: str, links: Collection[str]) -> str | None:
    """The link of `links` that a URL in a text is, without what follows it there."""
    while found not in links and found[-1] in _AFTER_URL:
        found = found[:-1]
    return found if found in links else None


def _without_scheme(url: str) -> str:
    return url.partition("://")[2] or url


def _escaped(text: str) -> str:
    text = _SCHEME.sub(f":{_NO_WIDTH}", text.translate(_MARKUP))
    return _INVITE.sub(rf"\1{_NO_WIDTH}", _ENTITY.sub(r"\&", text))
