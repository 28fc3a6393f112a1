"""`/settings gate|ungate|gates`: who may use which command, and where."""

from collections.abc import Iterator, Sequence

import hikari
import lightbulb

from guildwatch.discord import embeds
from guildwatch.discord.access import UNGATED, is_stale
from guildwatch.discord.commands.channels import seen
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.door import subjects_of
from guildwatch.discord.commands.replies import answer
from guildwatch.discord.commands.settings import settings
from guildwatch.model import EVERY_COMMAND, REPORT_BUTTONS, Gate

_ROOM = 2000
_OFFERED = 25

_NONE = "No command is restricted: every member may use what is not for admins alone, anywhere."
_EVERYBODY = "everybody"
_HEAD = "Who may manage this server may use everything, everywhere. For the others:"
_WHICH = "Name a role or a channel."


async def offer_commands(context: lightbulb.AutocompleteContext[str]) -> None:
    """Show what can be restricted and begins with what was typed."""
    typed = str(context.focused.value).strip().lower().removeprefix("/")
    matching = [name for name in gateable(context.client) if name.lower().startswith(typed)]
    await context.respond(matching[:_OFFERED])


_COMMAND = lightbulb.string(
    "command",
    "The command, such as summary; `all`, or `buttons` for those under reports",
    autocomplete=offer_commands,
    max_length=40,
)


@settings.register
class AddGate(
    lightbulb.SlashCommand,
    name="gate",
    description="Let only members with a role, or only in a channel, use a command",
):
    """`/settings gate <command> [role] [channel]`."""

    command = _COMMAND
    role = lightbulb.role("role", "Only members with this role", default=None)
    channel = lightbulb.channel("channel", "Only in this channel or category", default=None)

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Set it, and say which gates stand now."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        name = command_named(context.client, self.command)
        await desk.store.gates.add(*_wanted(asker, name, self.role, self.channel), by=asker.changes)
        await answer(context, await told(asker))


@settings.register
class RemoveGate(
    lightbulb.SlashCommand, name="ungate", description="Take restrictions of a command away"
):
    """`/settings ungate <command> [role] [channel]`."""

    command = _COMMAND
    role = lightbulb.role("role", "Only the one for this role", default=None)
    channel = lightbulb.channel("channel", "Only the one for this channel", default=None)
    gone = lightbulb.boolean("gone", "Only those whose role or channel is gone", default=False)

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Take them away, and say which gates stand now."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        name = self.command.strip().lower().removeprefix("/")
        named = {int(one.id) for one in (self.role, self.channel) if one is not None}
        found = [
            gate
            for gate in await desk.store.gates.of(asker.guild.id)
            if gate.command.lower() == name
            and (not named or gate.target_id in named)
            and (not self.gone or is_stale(gate, asker.guild))
        ]
        if not found:
            raise RefusalError("There is no such restriction; `/settings gates` lists them all.")
        await desk.store.gates.remove(*found, by=asker.changes)
        await answer(context, await told(asker))


@settings.register
class ListGates(
    lightbulb.SlashCommand, name="gates", description="Who may use which command, and where"
):
    """`/settings gates`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """List them by command."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        await answer(context, await told(asker))


def gateable(client: lightbulb.Client) -> list[str]:
    """What a gate can be for: all, the buttons, and each command that is not for admins."""
    subjects = subjects_of(client)
    names = {one.name for one in subjects if not one.needs_admin and one.name not in UNGATED}
    return [EVERY_COMMAND, REPORT_BUTTONS, *sorted(names)]


def command_named(client: lightbulb.Client, text: str) -> str:
    """The name of what can be gated, as typed with or without a slash; raises RefusalError."""
    wanted, names = text.strip().lower().removeprefix("/"), gateable(client)
    if wanted in UNGATED:
        raise RefusalError(f"`/{wanted}` is every member's right and cannot be restricted.")
    found = next(
        (name for name in names if wanted in (name.lower(), name.lower().split()[0])), None
    )
    if found is None:
        raise RefusalError(f"I have no such command for members; choose {', '.join(names)}.")
    return found


async def told(asker: Asker) -> str:
    """All gates of a guild in lines; what is stale says so."""
    gates = await asker.desk.store.gates.of(asker.guild.id)
    lines = [_HEAD, *_lines(asker, gates)] if gates else [_NONE]
    return embeds.shortened(lines, _ROOM)


def _wanted(
    asker: Asker,
    name: str,
    role: hikari.Role | None,
    channel: hikari.PartialChannel | None,
) -> list[Gate]:
    gates = []
    if role is not None:
        gates.append(Gate(asker.guild.id, name, int(role.id), is_role=True))
    if channel is not None:
        place = seen(asker, int(channel.id))
        gates.append(Gate(asker.guild.id, name, place.id, is_role=False))
    if not gates:
        raise RefusalError(_WHICH)
    return gates


def _lines(asker: Asker, gates: Sequence[Gate]) -> Iterator[str]:
    for name in dict.fromkeys(gate.command for gate in gates):
        roles = [_shown(asker, one) for one in gates if one.command == name and one.is_role]
        places = [_shown(asker, one) for one in gates if one.command == name and not one.is_role]
        parts = []
        if roles:
            parts.append(
                f"only with {' or '.join(roles)}" if _EVERYBODY not in roles else "for everybody"
            )
        if places:
            parts.append(f"only in {' or '.join(places)}")
        yield f"**{_called(name)}** {', '.join(parts)}"
    stale = [gate for gate in gates if is_stale(gate, asker.guild)]
    if stale:
        yield (
            "What is gone opens to nobody. Take it away with `/settings ungate` and `gone:True`, "
            "and the command is open as its other restrictions say."
        )


def _called(name: str) -> str:
    special = {
        EVERY_COMMAND: "Every command without one of its own",
        REPORT_BUTTONS: "Buttons under reports",
    }
    return special.get(name, f"/{name}")


def _shown(asker: Asker, gate: Gate) -> str:
    """The gate's role or channel; one that the admin cannot see is not named."""
    if is_stale(gate, asker.guild):
        return "a role that is gone" if gate.is_role else "a channel that is gone"
    if gate.is_role:
        return _EVERYBODY if gate.target_id == asker.guild.id else gate.target
    try:
        seen(asker, gate.target_id)
    except RefusalError:
        return "a channel that you can't see"
    return gate.target
