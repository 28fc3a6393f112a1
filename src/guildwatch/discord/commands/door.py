"""The door of every command and of every suggestion while one is typed: see `access`."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import hikari
import lightbulb
from lightbulb.commands import CommandBase, CommandData, OptionData
from lightbulb.commands.groups import SubGroup

from guildwatch.discord.access import COSTLY, UNGATED, Person, Subject
from guildwatch.discord.commands.desk import Desk, Question
from guildwatch.discord.errors import RefusalError

_log = logging.getLogger(__name__)

Command = type[CommandBase] | lightbulb.Group | SubGroup


@lightbulb.hook(lightbulb.ExecutionSteps.CHECKS)
async def admit(
    _: lightbulb.ExecutionPipeline,
    context: lightbulb.Context,
    desk: Desk = lightbulb.di.INJECTED,
) -> None:
    """Let a command be used, or raise RefusalError; what costs something is counted."""
    subject = subject_of(context.command_data)
    person = await _admitted(context.interaction, subject, desk)
    if person is not None and subject.name in COSTLY:
        desk.access.allowance.take(person.guild.id, person.member.id, int(context.interaction.id))


@lightbulb.hook(lightbulb.ExecutionSteps.POST_INVOKE)
async def give_back(
    pipeline: lightbulb.ExecutionPipeline,
    context: lightbulb.Context,
    desk: Desk = lightbulb.di.INJECTED,
) -> None:
    """Count nothing of a command that came to nothing, such as one about a day that is none."""
    guild_id = context.interaction.guild_id
    if pipeline.invocation_failed and guild_id is not None:
        desk.access.allowance.give_back(int(guild_id), int(context.interaction.id))


def guard(client: lightbulb.Client) -> None:
    """Put the door before all commands of a client, and before all their suggestions."""
    client.hooks = (*client.hooks, admit, give_back)
    for command in _leaves(client.registered_commands):
        data = command._command_data  # noqa: SLF001 - lightbulb shows it at a call only
        for option in data.options.values():
            if option.autocomplete_provider is not hikari.UNDEFINED:
                _guard(option, subject_of(data))


def subject_of(data: CommandData) -> Subject:
    """What a command is to the gates: the whole of what Discord lists under one name.

    Whatever asks Discord for any permission is for those who may manage the server.
    """
    root: Any = data
    while getattr(root, "parent", None) is not None:
        root = root.parent
    return Subject(root.name, root.default_member_permissions is not hikari.UNDEFINED)


def subjects_of(client: lightbulb.Client) -> list[Subject]:
    """All that a client has commands for."""
    return [subject_of(one._command_data) for one in client.registered_commands]  # noqa: SLF001 - lightbulb shows it at a call only


async def _admitted(question: Question, subject: Subject, desk: Desk) -> Person | None:
    """Who asks, once they may; None outside of a guild, where only what is ungated answers."""
    if question.guild_id is None and subject.name in UNGATED and not subject.needs_admin:
        return None
    asker = desk.asker(question)
    person = Person(asker.guild, asker.member, int(question.channel_id))
    await desk.access.admit(person, subject)
    return person


def _guard(option: OptionData[Any, Any], subject: Subject) -> None:
    """Have nothing suggested to who may not use the command."""
    suggest: Any = option.autocomplete_provider
    if isinstance(suggest, _Guarded):  # the options outlive a client
        return
    option.autocomplete_provider = _Guarded(suggest, subject)


class _Guarded:
    """What suggests values, behind the door."""

    def __init__(self, suggest: Any, subject: Subject) -> None:
        self._suggest = suggest
        self._subject = subject

    @lightbulb.di.with_di
    async def __call__(
        self, context: lightbulb.AutocompleteContext[Any], desk: Desk = lightbulb.di.INJECTED
    ) -> None:
        try:
            await self._offer(context, desk)
        except hikari.NotFoundError:
            _log.info("suggestions came too late: whoever was typing has typed on")

    async def _offer(self, context: lightbulb.AutocompleteContext[Any], desk: Desk) -> None:
        try:
            await _admitted(context.interaction, self._subject, desk)
        except RefusalError:
            await context.respond([])
            return
        await self._suggest(context)


def _leaves(commands: Iterable[Command]) -> Iterator[type[CommandBase]]:
    for command in commands:
        if isinstance(command, lightbulb.Group | SubGroup):
            yield from _leaves(command.subcommands.values())
        else:
            yield command
