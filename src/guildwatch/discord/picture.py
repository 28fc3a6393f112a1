"""What of a guild decides who reads what: as long as it stays, no post has other readers."""

from collections.abc import Hashable

from guildwatch.audience import is_hidden
from guildwatch.model import ChannelKind, Guild


def audience_of(guild: Guild) -> Hashable:
    """All of a guild that `audience` looks at, to be compared with what it was before."""
    return (
        guild.owner_id,
        frozenset((role.id, role.permissions) for role in guild.roles),
        frozenset(
            (
                one.id,
                one.kind,
                one.parent_id if one.kind.is_thread else None,
                one.age_restricted,
                one.known,
                is_hidden(one),
                frozenset(one.overwrites),
                one.member_ids if one.kind is ChannelKind.PRIVATE_THREAD else None,
            )
            for one in guild.channels
        ),
    )
