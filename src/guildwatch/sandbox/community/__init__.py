"""A made-up community that lives a day in a minute: its story, and the player of it."""

from guildwatch.sandbox.community.arrival import Arrival
from guildwatch.sandbox.community.lines import ScriptError
from guildwatch.sandbox.community.player import Ends, Player, PlayProgress
from guildwatch.sandbox.community.script import parse
from guildwatch.sandbox.community.settlement import Settlement
from guildwatch.sandbox.community.story import Story, load_story

__all__ = [
    "Arrival",
    "Ends",
    "PlayProgress",
    "Player",
    "ScriptError",
    "Settlement",
    "Story",
    "load_story",
    "parse",
]
