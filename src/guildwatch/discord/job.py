"""One post on its way."""

from dataclasses import dataclass

from guildwatch.discord.line import Line
from guildwatch.discord.parts import Parts
from guildwatch.discord.places import Place
from guildwatch.model import LedgerEntry
from guildwatch.report import Post


@dataclass(frozen=True, slots=True)
class Job:
    """What a post says, where it goes, and what of it is out already."""

    entry: LedgerEntry
    post: Post
    chart: bytes | None
    place: Place
    parts: Parts
    line: Line
