"""What nobody meant for a report: tokens, keys, passwords, addresses and numbers of people."""

from guildwatch.sensitive.detector import find, holds, masked
from guildwatch.sensitive.found import MARKS, Found, Kind
from guildwatch.sensitive.own import OwnToken

__all__ = ["MARKS", "Found", "Kind", "OwnToken", "find", "holds", "masked"]
