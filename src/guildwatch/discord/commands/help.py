"""`/help`: the commands that its asker can use, as Discord knows them."""

from collections.abc import Collection, Iterator

import hikari
import lightbulb

from guildwatch.discord import embeds
from guildwatch.discord.access import Person, Subject
from guildwatch.discord.commands.desk import Desk
from guildwatch.discord.commands.door import subjects_of
from guildwatch.discord.commands.replies import answer

loader = lightbulb.Loader()


@loader.command
class Help(
    lightbulb.SlashCommand,
    name="help",
    description="What you can ask me",
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
):
    """`/help`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """List the commands, each with its line, to click on."""
        asker = desk.asker(context.interaction)
        person = Person(asker.guild, asker.member, int(context.interaction.channel_id))
        usable = await desk.access.usable(person, subjects_of(context.client))
        commands = [one for some in context.client.created_commands.values() for one in some]
        lines = [
            line
            for of_admins in (False, True)
            for line in sorted(_lines(commands, _names(usable, of_admins=of_admins)))
        ]
        told = embeds.shortened(lines, embeds.DESCRIPTION)
        await answer(context, embeds=[hikari.Embed(description=told)])


def _names(subjects: Collection[Subject], *, of_admins: bool) -> set[str]:
    return {one.name for one in subjects if one.needs_admin is of_admins}


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
