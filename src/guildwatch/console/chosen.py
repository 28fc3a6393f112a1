"""What can be opened in a report: each statement of it, known by the messages it rests on."""

from collections import Counter
from typing import NamedTuple

from guildwatch.console.page import Line, Piece, quiet
from guildwatch.console.receipts import MOST, WITHDRAWN, told
from guildwatch.console.wording import fitted
from guildwatch.model import Guild, Report
from guildwatch.report import passages
from guildwatch.report.around import Around
from guildwatch.report.wrapping import wrapped


class Chosen(NamedTuple):
    """A statement by its receipts; `nth` of those that rest on the very same ones."""

    message_ids: tuple[int, ...]
    nth: int = 0


def report_pieces(report: Report, width: int, head: str) -> list[Piece]:
    """The report, its statements to choose from, under what is to be said of it beforehand."""
    before = [quiet(fitted(head, width).rstrip()), quiet("")] if head else []
    return [*before, *_statements(report, width)]


def receipts_pieces(
    guild: Guild | None, report: Report, chosen: Chosen, receipts: Around, width: int
) -> list[Piece]:
    """A statement of the report, if it still stands there, and below it its receipts."""
    same = (one.lines for one in _statements(report, width) if one.choice == chosen)
    missing = tuple(Line(one) for one in wrapped(WITHDRAWN, width))
    said = Piece(next(same, missing))
    more = len(chosen.message_ids) - MOST
    rest = [quiet(f"And {more} more messages.")] if more > 0 else []
    return [said, quiet(""), *told(guild, report, receipts, width), *rest]


def _statements(report: Report, width: int) -> list[Piece]:
    met: Counter[tuple[int, ...]] = Counter()
    found = []
    for passage in passages(report, width):
        ids = passage.message_ids
        choice = Chosen(ids, met[ids]) if ids else None
        met[ids] += 1
        found.append(Piece(tuple(Line(one) for one in passage.lines), choice))
    return found
