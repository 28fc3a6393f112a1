"""A small guild to ask about: its roles, channels and people."""

from dataclasses import replace

import pytest

from guildwatch.audience import Permissions
from guildwatch.model import Channel, ChannelKind, Guild, Member, Overwrite, Role

GUILD = 1
VIEW = Permissions.VIEW_CHANNEL
USUAL = (
    VIEW
    | Permissions.READ_MESSAGE_HISTORY
    | Permissions.SEND_MESSAGES
    | Permissions.EMBED_LINKS
    | Permissions.CONNECT
)


class Place:
    """Builds a guild step by step; ids are small and chosen by the test."""

    def __init__(self, everyone: int = USUAL, owner: int = 99) -> None:
        everybody = Role(GUILD, "@everyone", int(everyone))
        self.guild = Guild(GUILD, "Place", owner_id=owner, roles=(everybody,))

    def role(self, role_id: int, permissions: int = 0) -> int:
        roles = (*self.guild.roles, Role(role_id, f"role {role_id}", int(permissions)))
        self.guild = replace(self.guild, roles=roles)
        return role_id

    def channel(self, channel_id: int, *overwrites: Overwrite, **fields: object) -> Channel:
        fields = {"name": f"channel-{channel_id}", "kind": ChannelKind.TEXT} | fields
        channel = Channel(channel_id, GUILD, overwrites=overwrites, **fields)
        self.guild = replace(self.guild, channels=(*self.guild.channels, channel))
        return channel

    def member(self, member_id: int = 500, *roles: int, **fields: object) -> Member:
        return Member(GUILD, member_id, f"member {member_id}", frozenset(roles), **fields)

    @staticmethod
    def allow(role_id: int, bits: int = VIEW) -> Overwrite:
        return Overwrite(role_id, is_member=False, allow=int(bits), deny=0)

    @staticmethod
    def deny(role_id: int, bits: int = VIEW) -> Overwrite:
        return Overwrite(role_id, is_member=False, allow=0, deny=int(bits))

    @staticmethod
    def allow_member(member_id: int, bits: int = VIEW) -> Overwrite:
        return Overwrite(member_id, is_member=True, allow=int(bits), deny=0)

    @staticmethod
    def deny_member(member_id: int, bits: int = VIEW) -> Overwrite:
        return Overwrite(member_id, is_member=True, allow=0, deny=int(bits))


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def new_place() -> type[Place]:
    return Place
