"""Who may use what: the one place where every command, button and suggestion is let through or not.

Discord's own settings of a command's permissions are only what its menu shows: an admin may change
them, so nothing here rests on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from guildwatch.audience import Permissions, can_read
from guildwatch.discord.allowance import Allowance
from guildwatch.discord.errors import RefusalError
from guildwatch.model import (
    EVERY_COMMAND,
    REPORT_BUTTONS,
    Channel,
    ChannelKind,
    Gate,
    Guild,
    Member,
)

UNGATED = frozenset({"help", "privacy"})
"""What no gate closes: what can be asked here at all, and the rights of each member."""

COSTLY = frozenset({"summary"})
"""The commands that make the language model work, and are therefore limited."""

_ADMIN = Permissions.ADMINISTRATOR | Permissions.MANAGE_GUILD
_STALE = "An admin can mend that with `/settings gates`."


class GateKeeping(Protocol):
    """Where the gates are kept."""

    async def of(self, guild_id: int) -> Sequence[Gate]:
        """A guild's gates."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody wants to use: a command by the first word of its name, or report buttons.

    `needs_admin`: it is for those who may manage the server.
    """

    name: str
    needs_admin: bool = False

    @property
    def told(self) -> str:
        """Its name as people know it."""
        return "the buttons under reports" if self.name == REPORT_BUTTONS else f"`/{self.name}`"


@dataclass(frozen=True, slots=True)
class Person:
    """Who wants to use something: a member of a guild as it stands now, and where they are."""

    guild: Guild
    member: Member
    channel_id: int

    @property
    def is_admin(self) -> bool:
        """Whether they may configure the guild: its owner, or a role with Manage Server."""
        roles = (role for role in self.guild.roles if role.id in self.role_ids)
        owns = self.member.id == self.guild.owner_id
        return owns or any(role.permissions & _ADMIN for role in roles)

    @property
    def role_ids(self) -> frozenset[int]:
        """Their roles, @everyone among them."""
        return self.member.role_ids | {self.guild.id}

    @property
    def places(self) -> frozenset[int]:
        """The channel where they are, and what it stands in; of one that is not known it alone."""
        found, at = {self.channel_id}, self.guild.channel(self.channel_id)
        while at is not None and at.parent_id is not None and at.parent_id not in found:
            found.add(at.parent_id)
            at = self.guild.channel(at.parent_id)
        return frozenset(found)

    def sees(self, channel: Channel) -> bool:
        """Whether they may know of a channel; of a category, by what stands in it."""
        if channel.kind is not ChannelKind.CATEGORY:
            return can_read(self.guild, channel, self.member)
        inside = (one for one in self.guild.channels if one.parent_id == channel.id)
        return any(can_read(self.guild, one, self.member) for one in inside)


class Access:
    """Lets members use what their guild's admins and limits leave them."""

    def __init__(self, gates: GateKeeping, allowance: Allowance) -> None:
        self._gates = gates
        self.allowance = allowance

    async def admit(self, person: Person, subject: Subject) -> None:
        """Let a person use something, or raise RefusalError with the reason, told to them.

        Who may manage the server passes every gate. What nobody thought of is closed: a gate whose
        role or channel is gone opens for nobody else.
        """
        if person.is_admin:
            return
        if subject.needs_admin:
            raise RefusalError("Only members who may manage this server can do that.")
        if subject.name not in UNGATED:
            gates = await self._gates.of(person.guild.id)
            if reason := closed(gates, person, subject):
                raise RefusalError(reason)

    async def usable(self, person: Person, subjects: Sequence[Subject]) -> list[Subject]:
        """Those of several that a person may use somewhere: where they are does not count."""
        gates = await self._gates.of(person.guild.id)
        return [one for one in subjects if _is_for(person, one, gates)]


def closed(gates: Sequence[Gate], person: Person, subject: Subject) -> str:
    """Why these gates keep a member from something, in a sentence; empty when they do not."""
    roles, channels = (gates_for(gates, subject.name, is_role=kind) for kind in (True, False))
    if roles and not any(one.target_id in person.role_ids for one in roles):
        return _wrong_roles(roles, person, subject)
    if channels and not any(one.target_id in person.places for one in channels):
        return _wrong_channel(channels, person, subject)
    return ""


def gates_for(gates: Sequence[Gate], name: str, *, is_role: bool) -> list[Gate]:
    """The gates of one kind that hold for a command: its own, else those of every command."""
    kind = [gate for gate in gates if gate.is_role is is_role]
    own = [gate for gate in kind if gate.command == name]
    return own or [gate for gate in kind if gate.command == EVERY_COMMAND]


def is_stale(gate: Gate, guild: Guild) -> bool:
    """Whether a gate's role or channel is not there any more."""
    if gate.is_role:
        return all(role.id != gate.target_id for role in guild.roles)
    return guild.channel(gate.target_id) is None


def _is_for(person: Person, subject: Subject, gates: Sequence[Gate]) -> bool:
    if person.is_admin or subject.needs_admin:
        return person.is_admin
    roles = gates_for(gates, subject.name, is_role=True)
    open_ = not roles or any(one.target_id in person.role_ids for one in roles)
    return open_ or subject.name in UNGATED


def _wrong_roles(roles: Sequence[Gate], person: Person, subject: Subject) -> str:
    there = [one.target for one in roles if not is_stale(one, person.guild)]
    if not there:
        return f"Nobody can use {subject.told} here: the roles that may are gone. {_STALE}"
    return f"Only members with the role {_either(there)} can use {subject.told} here."


def _wrong_channel(channels: Sequence[Gate], person: Person, subject: Subject) -> str:
    """Where it can be used; a channel that the member cannot see is not told of."""
    there = [one for one in channels if not is_stale(one, person.guild)]
    if not there:
        return f"{subject.told} is closed here: the channels for it are gone. {_STALE}"
    known = [person.guild.channel(one.target_id) for one in there]
    seen = [f"<#{one.id}>" for one in known if one is not None and person.sees(one)]
    if not seen:
        return f"You can't use {subject.told} in this channel."
    return f"You can use {subject.told} only in {_either(seen)}."


def _either(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last
