"""What nobody meant for a report: tokens, keys, passwords, addresses and numbers of people."""

from guildwatch.sensitive.detector import find, holds, masked
from guildwatch.sensitive.found import MARKS, Found, Kind
from guildwatch.sensitive.names import (
    Cleared,
    cleared_channel,
    cleared_guild,
    cleared_role,
    cleared_said,
)
from guildwatch.sensitive.own import OwnToken

__all__ = [
    "MARKS",
    "Cleared",
    "Found",
    "Kind",
    "OwnToken",
    "cleared_channel",
    "cleared_guild",
    "cleared_role",
    "cleared_said",
    "find",
    "holds",
    "masked",
]
