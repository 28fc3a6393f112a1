"""What of a page would act, load, or stand outside the few elements that our template has."""

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from support.inertness import unseen

RECEIPT = re.compile(r"https://discord\.com/channels/\d+/\d+/\d+")
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+=*")
VOID = {"meta", "img", "source"}
ALLOWED: dict[str, set[str]] = {
    "html": {"lang", "dir"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "a": {"class", "href", "rel", "title", "aria-label", "data-where"},
    "li": {"class"},
    "p": {"class"},
    "div": {"class"},
    "ul": {"class"},
    "span": {"class", "aria-hidden"},
    "strong": {"class"},
    "section": {"class"},
    "picture": {"class"},
    "source": {"srcset", "media"},
    "img": {"src", "width", "height", "alt"},
    "th": {"scope"},
} | {
    name: set()
    for name in (
        *("head", "title", "style", "body", "main", "header", "h1", "h2", "bdi", "dl", "dt", "dd"),
        *("details", "summary", "table", "thead", "tbody", "tr", "td"),
    )
}


class Page(HTMLParser):
    """A page as a strict reader sees it: `faults` is what should not be there."""

    def __init__(self, source: str, links: Collection[str] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self.links = set(links)
        self.faults: list[str] = []
        self.hrefs: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._texts: list[str] = []
        self.feed(source)
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")
        self.faults += unseen(self.text)

    @property
    def text(self) -> str:
        """All words of it, as they are read."""
        return " ".join(" ".join(self._texts).replace("\u00a0", " ").split())

    def all(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a name."""
        return [attributes for each, attributes in self.elements if each == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ALLOWED:
            self.faults.append(f"an element of its own: {tag}")
        for name, value in attrs:
            self.faults += self._attribute(tag, name, value or "")
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"an attribute twice: {attrs}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.append(f"closes itself: {tag}")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"closed without being open: {tag}")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self._texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment: {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"a declaration: {data!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"an instruction: {data!r}")

    def _attribute(self, tag: str, name: str, value: str) -> Iterator[str]:
        if name not in ALLOWED.get(tag, ()):
            yield f"an attribute of its own: {tag} {name}"
        if name in ("src", "srcset") and not PICTURE.fullmatch(value):
            yield f"something to load: {value!r}"
        if name == "href":
            self.hrefs.append(value)
            if not RECEIPT.fullmatch(value) and value not in self.links:
                yield f"a link that nobody shared: {value!r}"
            if not value.startswith(("http://", "https://")):
                yield f"a scheme that should not open: {value!r}"
        yield from unseen(value)
