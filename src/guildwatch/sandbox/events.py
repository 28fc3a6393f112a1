"""What the gateway tells, and which intents ask for it.

https://docs.discord.com/developers/events/gateway#list-of-intents
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag

from guildwatch.sandbox.errors import Json


class Intent(IntFlag):
    """Discord's gateway intents; an event goes to whoever has one of its bits."""

    ALWAYS = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    GUILD_MESSAGE_POLLS = 1 << 24
    DIRECT_MESSAGE_POLLS = 1 << 25


EVERY_INTENT = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
"""All intents that exist; other bits make Discord close with 4013."""


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatch: its name, its payload, and the intents of which one is needed (0: none)."""

    name: str
    payload: Json
    intents: int


Listener = Callable[[Event], None]
"""Who hears of every event that the bot may know of; the gateway."""
