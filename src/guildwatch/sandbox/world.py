"""The world: all that the sandbox knows, and all that can be done in it."""

from guildwatch.sandbox.acts.answering import Answering


class World(Answering):
    """A little Discord without its network: guilds, people, a bot, and what they do.

    People's acts are methods here; the bot acts through a Server. Every act checks the acting
    member's permissions (RefusedError), stamps ids from the clock and tells the gateway.
    """
