"""The slash commands: a file a subject, each asking the parts at the desk."""

import lightbulb

from guildwatch.discord.commands import channels, help, mystats, setsummary, settings, summary  # noqa: A004 named after the command
from guildwatch.discord.commands.desk import Desk, RefusalError
from guildwatch.discord.commands.replies import answer_failure

__all__ = ["Desk", "RefusalError", "install"]

_SUBJECTS = (summary, setsummary, settings, channels, mystats, help)


async def install(client: lightbulb.Client, desk: Desk) -> None:
    """Give the client all commands, what they work with, and what to say when one fails."""
    client.di.registry_for(lightbulb.di.Contexts.DEFAULT).register_value(Desk, desk)
    client.error_handler(answer_failure)
    for subject in _SUBJECTS:
        await subject.loader.add_to_client(client)
