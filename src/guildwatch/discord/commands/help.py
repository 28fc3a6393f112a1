"""`/help`: the commands that its asker can use, as Discord knows them."""

from collections.abc import Collection, Iterator

import hikari
import lightbulb

from guildwatch.discord import embeds
from guildwatch.discord.access import Person
from guildwatch.discord.commands.desk import Desk
from guildwatch.discord.commands.door import subjects_of
from guildwatch.discord.commands.replies import answer

loader = lightbulb.Loader()

_ROOM = 2000
"""Characters of one message."""


@loader.command
class Help(
    lightbulb.SlashCommand,
    name="help",
    description="What you can ask me",
    contexts=[hikari.ApplicationContextType.GUILD],
):
    """`/help`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """List the commands, each with its line, to click on."""
        asker = desk.asker(context.interaction)
        person = Person(asker.guild, asker.member, int(context.interaction.channel_id))
        usable = await desk.access.usable(person, subjects_of(context.client))
        names = {one.name for one in usable}
        registered = context.client.created_commands.values()
        lines = sorted(line for commands in registered for line in _lines(commands, names))
        await answer(context, embeds.shortened(lines, _ROOM))


def _lines(commands: Collection[hikari.PartialCommand], names: Collection[str]) -> Iterator[str]:
    for command in commands:
        if isinstance(command, hikari.SlashCommand) and command.name in names:
            yield from _entries(command)


def _entries(command: hikari.SlashCommand) -> Iterator[str]:
    options = command.options or ()
    parts = [one for one in options if one.type is hikari.OptionType.SUB_COMMAND]
    for part in parts:
        yield f"</{command.name} {part.name}:{command.id}> – {part.description}"
    if not parts:
        yield f"</{command.name}:{command.id}> – {command.description}"
