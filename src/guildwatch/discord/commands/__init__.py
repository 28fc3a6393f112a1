"""The slash commands: a file a subject, each asking the parts at the desk."""

import lightbulb

from guildwatch.discord.commands import (
    changes,
    channels,
    gating,
    help,  # noqa: A004 named after the command
    mystats,
    options,
    privacy,
    secrets,
    setsummary,
    settings,
    summary,
    widening,
)
from guildwatch.discord.commands.desk import Desk, RefusalError
from guildwatch.discord.commands.door import guard
from guildwatch.discord.commands.replies import answer_failure
from guildwatch.discord.commands.unawaited import answer_unawaited

__all__ = ["Desk", "RefusalError", "install"]

_SUBJECTS = (summary, setsummary, settings, channels, mystats, privacy, help)
_IN_OTHERS = (changes, gating, options, secrets, widening)
"""What is a part of `/settings` or `/channels`, and comes with it."""


async def install(client: lightbulb.GatewayEnabledClient, desk: Desk) -> None:
    """Give the client all commands, their door, what they work with, and what to say on failure."""
    client.di.registry_for(lightbulb.di.Contexts.DEFAULT).register_value(Desk, desk)
    client.error_handler(answer_failure)
    answer_unawaited(client)
    for subject in _SUBJECTS:
        await subject.loader.add_to_client(client)
    guard(client)
