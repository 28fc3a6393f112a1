"""A strict little Discord on loopback, for the demo and the tests.

    world = World(SandboxClock())
    ada = world.add_user("ada", display_name="Ada")
    guild = world.add_guild("Lighthouse", owner=ada)
    general = world.add_channel(guild, "general")
    world.invite_bot(guild)
    async with Server(world) as server:
        bot = hikari.GatewayBot(server.token, rest_url=server.url, ...)
        ...
        world.say(ada, general, "Good morning!")          # the bot gets MESSAGE_CREATE
        answer = await world.command(ada, general, "summary now", {"hours": 3})
        await answer.wait_for(lambda one: "Good morning" in one.text)
        assert answer.ephemeral

What the bot posted is in `world.messages(channel_id)`, the bytes behind an attachment's or
embed picture's URL in `world.file(url)`, what it asked for in `world.log`.
`world.application.privileged` are the privileged intents that are switched on.
`server.faults` and `server.gateway` make things go wrong; `Server(world, limited=False)` has no
rate limits.
"""

from guildwatch.sandbox.clock import SandboxClock
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.faults import Faults, Trouble
from guildwatch.sandbox.interactions import Answer
from guildwatch.sandbox.messages import Attachment, MessageFlag, Poll
from guildwatch.sandbox.options import CommandError
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.server import Server, ServerError
from guildwatch.sandbox.world import World

__all__ = [
    "Answer",
    "Attachment",
    "CommandError",
    "Faults",
    "Intent",
    "Kind",
    "MessageFlag",
    "Permission",
    "Poll",
    "RefusedError",
    "SandboxClock",
    "Server",
    "ServerError",
    "Trouble",
    "World",
]
