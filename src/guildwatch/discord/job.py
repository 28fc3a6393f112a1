"""One post on its way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from guildwatch.discord.line import Line
from guildwatch.discord.parts import Parts
from guildwatch.discord.places import Place
from guildwatch.model import LedgerEntry
from guildwatch.report import Post

Check = Callable[[], Awaitable[None]]
"""Raises OutdatedError when the report has changed since it was rendered."""


async def unchanged() -> None:
    """The check of what nobody changes."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a post says, where it goes, and what of it is out already.

    `check` is asked before each part goes out.
    """

    entry: LedgerEntry
    post: Post
    chart: bytes | None
    place: Place
    parts: Parts
    line: Line
    check: Check = unchanged
