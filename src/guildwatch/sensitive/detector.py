"""Everything in a text that should not be repeated, each stretch once."""

import re
from collections.abc import Iterable, Iterator

from guildwatch.sensitive.found import Found
from guildwatch.sensitive.numbers import linked, numbers
from guildwatch.sensitive.places import URL, emails, links, stretch
from guildwatch.sensitive.seeing import seen
from guildwatch.sensitive.tokens import tokens
from guildwatch.sensitive.told import told

_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w{1,64}:|t:|id:|/[^:<>\n]{1,100}:)[^<>\s]{1,40}>")
_MOST_PASSES = 3


def find(text: str) -> list[Found]:
    """The stretches of a text that should not be repeated, in order, none touching another.

    A link that holds one is taken whole. Costs time in proportion to the text's length.
    """
    shown = seen(text)
    urls = [stretch(found) for found in URL.finditer(shown.text)] if "://" in shown.text else []
    found = [*_kept(_all(shown.text, urls), urls, shown.text)]
    spans = ((one, shown.span(one.start, one.end)) for one in _united(found))
    return [Found(one.kind, start, end, one.issuer) for one, (start, end) in spans]


def holds(text: str) -> bool:
    """Whether there is anything of this kind in a text."""
    return bool(find(text))


def masked(text: str) -> str:
    """The text with a mark in the place of each such stretch."""
    for _ in range(_MOST_PASSES):  # what stood beside something may only now be seen for what it is
        found = find(text)
        if not found:
            break
        text = "".join(_replaced(text, found))
    return text


def _replaced(text: str, found: Iterable[Found]) -> Iterator[str]:
    end = 0
    for one in found:
        yield text[end : one.start]
        yield one.kind.mark
        end = one.end
    yield text[end:]


def _all(text: str, urls: list[tuple[int, int]]) -> Iterator[Found]:
    yield from tokens(text)
    yield from told(text)
    yield from links(text)
    yield from emails(text)
    yield from linked(text)
    closed = [*urls, *(found.span() for found in _MARKUP.finditer(text))] if "<" in text else urls
    yield from _outside(numbers(text), closed)


def _outside(found: Iterable[Found], closed: list[tuple[int, int]]) -> Iterator[Found]:
    """Those that begin outside of links and markup, whose numbers are ids."""
    spans = sorted(closed)
    for one in sorted(found, key=lambda one: one.start):
        while spans and spans[0][1] <= one.start:
            spans.pop(0)
        if not spans or one.start < spans[0][0]:
            yield one


def _kept(found: Iterable[Found], urls: list[tuple[int, int]], text: str) -> Iterator[Found]:
    """Each with the whole link that it is in."""
    starts = sorted(urls)
    at = 0
    for one in sorted(found, key=lambda one: one.start):
        while at < len(starts) and starts[at][1] <= one.start:
            at += 1
        if at < len(starts) and starts[at][0] < one.end:
            yield Found(
                one.kind, min(one.start, starts[at][0]), max(one.end, starts[at][1]), one.issuer
            )
        elif one.end > one.start and text[one.start : one.end].strip():
            yield one


def _united(found: Iterable[Found]) -> list[Found]:
    whole: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if whole and one.start < whole[-1].end:
            whole[-1] = whole[-1].united(one)
        else:
            whole.append(one)
    return whole
