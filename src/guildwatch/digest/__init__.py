"""From chat to points with receipts: transcript, conversations, summary, check, merge."""

from guildwatch.digest.digester import Digester
from guildwatch.digest.lines import Context
from guildwatch.digest.mapping import Cache
from guildwatch.digest.prompts import Prompts
from guildwatch.digest.rollup import roll_up

__all__ = ["Cache", "Context", "Digester", "Prompts", "roll_up"]
