"""From chat to points with receipts: transcript, conversations, summary, check, merge."""

from guildwatch.digest.digester import Digester
from guildwatch.digest.extraction.extractive import UNANSWERED
from guildwatch.digest.merging.rollup import of_enough_people, roll_up
from guildwatch.digest.separation.following import Following, Quiet
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.digest.writing.cache import Cache
from guildwatch.digest.writing.mapping import Mapper
from guildwatch.digest.writing.prompts import Prompts
from guildwatch.digest.writing.ripening import Due
from guildwatch.digest.writing.summariser import Summariser, SummariserError

__all__ = [
    "UNANSWERED",
    "Cache",
    "Context",
    "Digester",
    "Due",
    "Following",
    "Line",
    "Mapper",
    "Prompts",
    "Quiet",
    "Summariser",
    "SummariserError",
    "of_enough_people",
    "roll_up",
]
