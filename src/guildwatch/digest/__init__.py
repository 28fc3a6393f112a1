"""From chat to points with receipts: transcript, conversations, summary, check, merge."""

from guildwatch.digest.digester import Digester
from guildwatch.digest.extractive import UNANSWERED
from guildwatch.digest.following import Following, Quiet
from guildwatch.digest.lines import Context, Line
from guildwatch.digest.mapping import Cache, Mapper
from guildwatch.digest.prompts import Prompts
from guildwatch.digest.ripening import Due
from guildwatch.digest.rollup import roll_up
from guildwatch.digest.summariser import Summariser, SummariserError

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
    "roll_up",
]
